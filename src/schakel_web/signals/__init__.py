"""What is noticed and asked in the neighbourhood: intake, clarification, search, imports (S018, S022, S035)."""
