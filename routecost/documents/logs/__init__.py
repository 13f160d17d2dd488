"""Documents about logs: which columns hold what, and rules for task types."""
