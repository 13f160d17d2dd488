"""Statistics of executed policies: metrics, intervals, bounds of risk and reliability."""
