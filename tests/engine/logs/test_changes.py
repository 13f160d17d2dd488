"""The causes of a change of cost add up to it, and each is found alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.changes import type_changes
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import priced
from routecost.errors import UsageError
from routecost.model.logs.cells import Cell
from routecost.model.results.logs.changes import Cause, TypeChange, read_days

PRICER = CellPricer(load_pricing("claude-2026-11"))
SONNET, HAIKU, OPUS = "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"
UNITS = {"input": 800_000, "cache_read": 200_000, "output": 100_000}
USUAL = Cell(
    {"task_type": "a"},
    SONNET,
    "standard",
    (date(2026, 11, 18),),
    0,
    100_000,
    False,
    100,
    UNITS,
    False,
    0,
    None,
)


def times(cell: Cell, factor: int) -> Cell:
    return replace(
        cell, calls=cell.calls * factor, units={key: count * factor for key, count in cell.units.items()}
    )


def with_units(**units: int) -> Cell:
    return replace(USUAL, units={**UNITS, **units})


def of_type(task_type: str, cell: Cell = USUAL) -> Cell:
    return replace(cell, keys={"task_type": task_type})


def split(before: list[Cell], after: list[Cell]) -> tuple[TypeChange, list[TypeChange]]:
    return type_changes(priced(before, PRICER), priced(after, PRICER), PRICER)


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        ([times(USUAL, 3)], Cause.VOLUME),
        ([replace(USUAL, model=OPUS)], Cause.MODELS),
        ([with_units(output=300_000)], Cause.TOKENS),
        ([with_units(input=1_600_000, cache_read=400_000)], Cause.TOKENS),
        ([with_units(input=1_000_000, cache_read=0)], Cause.CACHE),
        ([replace(USUAL, above=200_000, upto=None, model=SONNET)], None),
    ],
)
def test_a_single_cause_is_all_of_the_change(after: list[Cell], cause: Cause | None) -> None:
    total, _ = split([USUAL], after)
    assert {key for key, part in total.parts.items() if part} == ({cause} if cause else set())
    assert total.change == sum(total.parts.values())


def test_longer_contexts_with_other_prices_are_a_matter_of_tokens() -> None:
    cell = replace(USUAL, model=HAIKU)
    total, _ = split([cell, times(cell, 2)], [cell, replace(cell, above=100_000, upto=None)])
    assert {key for key, part in total.parts.items() if part} == {Cause.TOKENS, Cause.VOLUME}
    total, _ = split([cell], [replace(cell, above=100_000, upto=None)])
    assert {key for key, part in total.parts.items() if part} == {Cause.TOKENS}
    assert total.change > 0


def test_other_task_types_change_their_shares_and_the_largest_change_is_first() -> None:
    total, types = split([times(of_type("a"), 2)], [of_type("a"), of_type("b", replace(USUAL, model=OPUS))])
    assert [change.task_type for change in types] == ["b", "a"]
    assert {key for key, part in total.parts.items() if part} == {Cause.TASK_TYPES}
    assert types[1].change == types[1].parts[Cause.TASK_TYPES] < 0
    assert total.change == sum(change.change for change in types)


def test_a_period_without_calls_is_a_matter_of_volume() -> None:
    total, _ = split([], [USUAL])
    assert total.parts[Cause.VOLUME] + total.parts[Cause.TASK_TYPES] == total.change == total.after.cost


METERS = st.sampled_from(["input", "cache_read", "cache_write_5m", "output", "web_search"])
COUNTS = st.integers(0, 10**7)
CELLS = st.lists(
    st.builds(
        lambda task_type, model, calls, units: replace(
            USUAL, keys={"task_type": task_type}, model=model, calls=calls, units=units
        ),
        st.sampled_from([None, "a", "b"]),
        st.sampled_from([SONNET, HAIKU, OPUS]),
        st.integers(1, 10**6),
        st.dictionaries(
            st.sampled_from(["input", "cache_read", "cache_write_5m", "output", "web_search"]), COUNTS
        ),
    ),
    max_size=4,
)


@given(CELLS, CELLS)
def test_the_parts_of_every_type_add_up_to_the_change(before: list[Cell], after: list[Cell]) -> None:
    total, types = split(before, after)
    for change in (total, *types):
        with localcontext(prec=100):
            assert sum(change.parts.values(), Decimal(0)) == change.change
    cost = [sum(cost.low for _, cost in priced(cells, PRICER) if cost) for cells in (before, after)]
    assert [total.before.cost, total.after.cost] == cost
    back, _ = split(after, before)
    assert all(abs(back.parts[cause] + total.parts[cause]) < Decimal("1e-15") for cause in Cause)


def test_periods_are_read() -> None:
    days = read_days("2026-11-09..2026-11-15")
    assert (days.length, str(days)) == (7, "2026-11-09..2026-11-15")
    assert read_days("2026-11-09").length == 1
    assert str(read_days("2026-W46")) == "2026-11-09..2026-11-15"
    assert str(read_days("2026-02..2026-03")) == "2026-02-01..2026-03-31"
    wrong = ("2026-11-15..2026-11-09", "last week", "..2026-11-09", "2026-11-09..x", "2026-11-09..")
    for text in (*wrong, "2026-W54", "2026-13", "2026-11-31", "20261109", "2026-W46-1"):
        with pytest.raises(UsageError):
            read_days(text)
