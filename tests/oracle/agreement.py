"""Figures of ``routecost compare`` and of the oracle for the same documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import routecost
from routecost.model.results.comparison import StrategyCost
from tests.oracle.oracle import Figures, figures
from tests.oracle.writing import Documents

CLOSE = 1e-9


def computed(documents: Documents) -> dict[str, Figures]:
    """Return what routecost says of the strategies."""
    with TemporaryDirectory() as folder:
        comparison = routecost.compare(documents.write(Path(folder)))
    return {cost.strategy: _figures(cost) for cost in comparison.strategies}


def _figures(cost: StrategyCost) -> Figures:
    quality, month = cost.quality, float(cost.cost_per_month)
    if quality is None:
        return Figures(month, None, None, None)
    failures, success = quality.failure_cost_per_month, quality.cost_per_success
    return Figures(
        month,
        float(quality.success_rate),
        None if success is None else float(success),
        None if failures is None else float(failures),
    )


def expected(documents: Documents) -> dict[str, Figures]:
    """Return what the oracle says of the strategies."""
    sheets = {f"./{name}": document for name, document in documents.sheets.items()}
    tables = {f"./{name}": document for name, document in documents.tables.items()}
    return figures(documents.scenario, sheets, tables)


def differences(ours: Mapping[str, Figures], theirs: Mapping[str, Figures]) -> list[str]:
    """Return the figures that differ, with both values."""
    assert ours.keys() == theirs.keys()
    return [
        f"{strategy}.{name}: routecost {getattr(ours[strategy], name)}, oracle {value}"
        for strategy, figure in theirs.items()
        for name, value in vars(figure).items()
        if not alike(getattr(ours[strategy], name), value)
    ]


def alike(ours: float | None, theirs: float | None) -> bool:
    """Return whether two figures agree to nine digits, or both are unknown."""
    return ours == (theirs if theirs is None else pytest.approx(theirs, rel=CLOSE, abs=1e-12))
