"""Reports of logs of calls."""
