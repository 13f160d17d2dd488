"""Results of comparisons of a scenario before and after a change."""
