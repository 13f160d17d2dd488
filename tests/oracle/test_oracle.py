"""`routecost compare` against an independent implementation, on random scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.model.results.comparison import StrategyCost
from tests.oracle.oracle import Figures, figures
from tests.oracle.writing import Documents, Writer

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
    local = {f"./{name}": document for name, document in documents.sheets.items()}
    tables = {f"./{name}": document for name, document in documents.tables.items()}
    return figures(documents.scenario, local, tables)


def differences(documents: Documents) -> list[str]:
    """Return the figures that differ, with both values."""
    ours, theirs = computed(documents), expected(documents)
    assert ours.keys() == theirs.keys()
    return [
        f"{strategy}.{name}: routecost {getattr(ours[strategy], name)}, oracle {value}"
        for strategy, figure in theirs.items()
        for name, value in vars(figure).items()
        if getattr(ours[strategy], name)
        != (value if value is None else pytest.approx(value, rel=CLOSE, abs=1e-12))
    ]


@given(st.integers(0, 2**40))
def test_compare_agrees_with_the_oracle(seed: int) -> None:
    documents = Writer(seed).documents()
    found = differences(documents)
    assert not found, "\n".join([*found, json.dumps(documents.scenario), json.dumps(documents.sheets)])
