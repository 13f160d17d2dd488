"""Capabilities about the plan of a scenario."""
