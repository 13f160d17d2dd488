"""The doubt about a verdict."""
