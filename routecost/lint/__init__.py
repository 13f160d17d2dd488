"""Linter for routing tables."""
