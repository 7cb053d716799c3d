"""Pages for residents and partners without an account."""
