"""Results of logs of calls."""
