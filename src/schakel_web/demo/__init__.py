"""A made-up municipality to try everything with."""
