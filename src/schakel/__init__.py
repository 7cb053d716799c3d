"""Schakel: which individual questions in a neighbourhood are really shared, with evidence."""

from importlib.metadata import version

__version__ = version("schakel")
