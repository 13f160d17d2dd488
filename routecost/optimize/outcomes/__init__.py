"""Policies learned from the measured outcomes of queries."""
