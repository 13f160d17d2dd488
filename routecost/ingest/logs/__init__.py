"""Logs of calls: readers of dialects, the store of calls, and the group-by over it (extra ``logs``)."""
