"""Invented records for tests: realistic, and nobody’s."""
