"""Arrangements: one help request, answered with a combination that the resident directs (S010, S033, S107, S134)."""
