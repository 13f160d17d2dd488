"""Lint rules, one file each: a generator of hits; its docstring has documentation and tests."""
