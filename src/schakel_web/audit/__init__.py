"""Who did what, when, to which record: append-only, chained, and without content (R16)."""
