"""Counts over a log besides its cells."""
