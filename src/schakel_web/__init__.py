"""The Schakel application: an empty room for now (DESIGN §4)."""
