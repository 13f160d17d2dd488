"""Cells as numbers, names and codes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routecost.characters import HARMFUL
from routecost.ingest.outcomes.options import CONFIDENCE, SCORE

Floats = NDArray[np.float64]

MAX_NAME = 200
_TRUTHS = {"true": 1.0, "false": 0.0}
_INFINITIES = ("inf", "infinity")


def numbers(values: Sequence[Any], name: str = "") -> tuple[Floats, list[int]]:
    """Return cells as numbers, NaN where there is none, and the indexes of those that are no numbers.

    Scores may be ``true`` and ``false``, confidences infinite (a log probability of zero is).
    """
    if bool not in set(map(type, values)):
        try:
            read = np.array(
                [nan if value is None or value == "" else float(value) for value in values], float
            )
        except (ValueError, TypeError, OverflowError):
            pass
        else:
            odd = np.flatnonzero(~np.isfinite(read)).tolist()
            bad = [at for at in odd if not _is_missing(values[at]) and _number(values[at], name) is None]
            read[bad] = nan
            return read, bad
    parsed = [nan if _is_missing(value) else _number(value, name) for value in values]
    bad = [at for at, number in enumerate(parsed) if number is None]
    return np.array([nan if number is None else number for number in parsed], float), bad


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _number(value: Any, name: str) -> float | None:
    text = str(value).strip().lower()
    if name == SCORE and text in _TRUTHS:
        return _TRUTHS[text]
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    is_infinite = name == CONFIDENCE and text.lstrip("+-") in _INFINITIES
    return number if isfinite(number) or is_infinite else None


def texts(values: Sequence[Any]) -> list[str]:
    """Return cells as texts without surrounding spaces, empty where there is none."""
    if set(map(type, values)) <= {str}:
        return list(map(str.strip, values))
    return ["" if value is None else str(value).strip() for value in values]


def codes(values: Sequence[str], known: dict[str, int]) -> NDArray[np.int32]:
    """Return the number of each text; new ones are added to ``known``."""
    return np.array([known.setdefault(value, len(known)) for value in values], np.int32)


def is_bad_name(name: str) -> bool:
    """Return whether a name of a model or category is empty, too long or has characters that do not print."""
    return not name or len(name) > MAX_NAME or HARMFUL.search(name) is not None
