"""Dialects of logs, one file each."""
