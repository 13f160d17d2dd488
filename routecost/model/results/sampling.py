"""How many paths to draw, and from which seed."""

from __future__ import annotations

import re
from decimal import Decimal

from routecost.errors import UsageError

DEFAULT_RUNS = 100_000
DEFAULT_SEED = 7

MOST_BYTES = 4 * 10**9
"""The most memory that paths may need."""

_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE]\d{1,2})?", re.ASCII)
_BYTES_EACH = 8


def read_runs(text: str, numbers_per_path: int) -> int:
    """Read how many paths to draw, such as ``100000`` or ``1e5``, each of so many numbers at once.

    Raises UsageError for none, and for more than fit into memory.
    """
    runs = _whole(text)
    if runs is None or runs < 1:
        raise UsageError(f'cannot draw "{text}" paths; expected a whole number of 1 or more')
    each = _BYTES_EACH * numbers_per_path
    if each * runs > MOST_BYTES:
        raise UsageError(
            f"{runs:,} paths need about {_gigabytes(each * runs)} of memory; expected at most "
            f"{MOST_BYTES // each:,} paths, which need {_gigabytes(MOST_BYTES)}"
        )
    return runs


def read_seed(text: str) -> int:
    """Read a seed; raises UsageError for what is none."""
    seed = _whole(text)
    if seed is None or seed < 0:
        raise UsageError(f'"{text}" is no seed; expected a whole number of 0 or more')
    return seed


def _gigabytes(size: int) -> str:
    return f"{size / 10**9:,.0f} GB"


def _whole(text: str) -> int | None:
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = Decimal(text.strip())
    return int(number) if number == number.to_integral_value() else None
