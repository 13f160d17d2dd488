"""Task types of a scenario from cells: none is lost, and each costs what was logged."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.calibration.figures import number, whole_shares
from routecost.engine.logs.calibration.lines import (
    SIZES,
    TOLERANCE,
    TierPrices,
    lines,
    logged_cost,
    misfit,
    modelled,
    summed,
    tiered,
)
from routecost.engine.logs.pricing import CellPricer, context_edges
from routecost.model.logs.cells import Cell
from routecost.units import CONTEXT_METERS
from tests.engine.logs.test_usage import cell

SHEET = load_pricing("claude-2026-11")
DAY = date(2026, 11, 18)
EDGES = (*sorted({*SIZES, *context_edges([SHEET])}),)
PRICES = TierPrices.of(CellPricer(SHEET), DAY, context_edges([SHEET]))
MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")


def placed(model: str, mode: str, task_type: str | None, calls: int, units: dict[str, int]) -> Cell:
    """Calls with equal units."""
    from dataclasses import replace

    size = sum(units.get(meter, 0) for meter in CONTEXT_METERS)
    above = max((edge for edge in EDGES if edge < size), default=0)
    upto = min((edge for edge in EDGES if edge >= size), default=None)
    found = cell(
        model,
        {meter: count * calls for meter, count in units.items()},
        mode=mode,
        calls=calls,
        task_type=task_type,
        length=0,
    )
    return replace(found, above=above, upto=upto)


UNITS = st.fixed_dictionaries(
    {
        meter: st.sampled_from([0, 1, 500, 60_000, 150_000])
        for meter in ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "web_search")
    }
)
CELLS = st.lists(
    st.builds(
        placed,
        st.sampled_from(MODELS),
        st.sampled_from(["standard", "batch", "fast"]),
        st.sampled_from([None, "a", "b"]),
        st.integers(1, 1000),
        UNITS,
    ).filter(lambda one: one.mode != "fast" or one.model == MODELS[2]),
    min_size=1,
    max_size=12,
)


@given(CELLS)
def test_lines_keep_all_calls_and_cost_what_they_cost(cells: list[Cell]) -> None:
    known = tiered(cells, PRICES, EDGES)
    found = lines(known, PRICES)
    assert sum(line.calls for line in found) == sum(one.calls for one in cells)
    kept = summed(one for line in found for one in line.cells)
    assert kept == summed(known)
    for line in found:
        assert misfit(line.cells, PRICES) <= TOLERANCE
        assert {one.cell.keys["task_type"] for one in line.cells} == {line.task_type}
        cost, actual = modelled(line.cells, PRICES), logged_cost(line.cells, PRICES)
        assert cost is not None
        assert actual is not None
        assert abs(cost - actual) <= TOLERANCE * actual


@given(
    st.dictionaries(st.text(min_size=1), st.integers(0, 10**12), min_size=1).filter(lambda w: sum(w.values()))
)
def test_shares_sum_to_exactly_one(weights: dict[str, int]) -> None:
    from decimal import Decimal

    shares = whole_shares(weights)
    assert sum(map(Decimal, shares.values())) == 1
    assert all(Decimal(share) > 0 for share in shares.values())


def test_figures_have_twelve_digits() -> None:
    from decimal import Decimal

    assert number(Decimal(2) / 3) == "0.666666666667"
    assert number(Decimal(2) / 3, down=True) == "0.666666666666"
    assert number(Decimal("1e6")) == "1000000"
