"""Scenarios from logged calls: pure functions of cells and of profiles."""
