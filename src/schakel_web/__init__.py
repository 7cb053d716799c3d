"""The Schakel application: Django, thin; everything that computes is in `schakel` (DESIGN §4)."""
