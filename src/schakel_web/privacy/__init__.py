"""What is personal, how long it is kept, and proof of both (R14, R15). Knows models only by what they declare."""
