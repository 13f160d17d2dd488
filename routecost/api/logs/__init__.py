"""Logs of calls: usage and cost, and their comparison with plans, bills and earlier periods."""
