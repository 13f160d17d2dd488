"""Costs of logged calls: pure functions of cells, which the group-by of a log returns."""
