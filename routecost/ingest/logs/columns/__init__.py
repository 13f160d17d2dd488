"""Columns and paths of rows of any kind."""
