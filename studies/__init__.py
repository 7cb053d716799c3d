"""Long measurements whose figures are committed."""
