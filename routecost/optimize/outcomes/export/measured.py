"""Figures of a policy's execution as texts of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from routecost.optimize.outcomes.data import Floats

_PLACES = 12


def number(value: float) -> str:
    """Return a measured figure as the text of a document."""
    return np.format_float_positional(round(value, _PLACES), trim="-")


def ratio(part: Floats, whole: Floats) -> float:
    """Return the sum of a part by that of the whole; 0 if the whole is empty."""
    total = float(whole.sum())
    return min(1.0, max(0.0, float(part.sum()) / total)) if total else 0.0


def whole_shares(weights: Mapping[str, float]) -> dict[str, str]:
    """Return weights as shares whose texts sum to exactly 1."""
    total = sum(weights.values())
    units = {name: round(weight / total * 10**_PLACES) for name, weight in weights.items()}
    last = max(units, key=lambda name: units[name])
    units[last] += 10**_PLACES - sum(units.values())
    return {name: number(unit / 10**_PLACES) for name, unit in units.items() if unit}


def mean_tokens(tokens: Mapping[str, Floats], at: int, weights: Floats) -> dict[str, Any]:
    """Return the mean tokens of the calls of a model, of queries with these weights."""
    return {
        meter: number(float(np.average(counts[:, at], weights=weights))) for meter, counts in tokens.items()
    }
