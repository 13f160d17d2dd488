"""Rows of FOCUS from the command line."""
