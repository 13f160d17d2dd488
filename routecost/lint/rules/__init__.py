"""The rules, one file each: a generator of hits, whose docstring is documentation and test."""
