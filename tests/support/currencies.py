"""A sheet in euros beside one in dollars."""

from __future__ import annotations


def euros(exchange: str) -> str:
    """Return a sheet that extends ``dollars.yaml``, at the given rates of exchange."""
    return f"""\
version: 1
extends: ./dollars.yaml
source: invented
currency: EUR
exchange: {exchange}
"""
