"""Policies that are learned from outcomes, as data."""
