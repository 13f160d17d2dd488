"""The decimal places of figures that a reader compares, and the labels of claims."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from routecost.model.report.cells import Unit
from routecost.model.report.report import Audience, Table
from routecost.model.results.breakeven import Answer, BreakEven, Breakevens, Question
from routecost.render.rounding import shown_table
from routecost.report.breakeven import report
from routecost.report.places import own_places, telling_apart
from tests.cli.running import routecost as run
from tests.support.build import DAY

CLAIM = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload: {tasks_per_day: 10, tokens: {input: 1000, output: 100}}
strategies: {one: {tier: haiku}}
claims:
  - that: strategies.one.cost_per_task
    is: 0.00045001
    within: 0
    with: {workload.calls: {per_task: 3, carry: none}, workload.tokens.output: 100}
"""


@pytest.mark.parametrize(
    ("unit", "one", "other", "places"),
    [
        (Unit.MONEY, "1", "2", 0),
        (Unit.MONEY, "1", "1", 0),
        (Unit.MONEY, "0.051", "0.054", 3),
        (Unit.MONEY, "0.00171", "0.00174", 5),
        (Unit.SHARE, "0.9951", "0.9954", 2),
        (Unit.SHARE, "0.5", "0.9", 0),
        (Unit.MONEY, "1", "1.00000000000001", 0),
    ],
)
def test_figures_have_the_places_that_tell_them_apart(unit: Unit, one: str, other: str, places: int) -> None:
    assert telling_apart(unit, Decimal(one), Decimal(other)) == places
    assert telling_apart(unit, Decimal(one), None) == 0


def test_a_published_figure_keeps_its_digits() -> None:
    assert own_places(Decimal("0.0757"), Unit.MONEY) == 4
    assert own_places(Decimal("0.3865"), Unit.SHARE) == 2
    assert own_places(Decimal(1200), Unit.MONEY) == 0


def test_a_claim_that_fails_shows_why(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(CLAIM, encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert "$0.00045001  $0.00045000" in done.stdout
    (claim,) = json.loads(run("check", str(path), "-f", "json").stdout)["claims"]
    assert claim["claim"].endswith(
        " with workload.calls: {per_task: 3, carry: none}, workload.tokens.output: 100"
    )


def test_a_break_even_near_the_present_value_differs_from_it() -> None:
    row = BreakEven(
        Question.FAILURE_COST, "a", Decimal("0.0512"), "USD", Answer.AT, "m", now=Decimal("0.0548")
    )
    (table,) = (
        block
        for block in report(Breakevens("s", "p", DAY, "USD", "d", "q", (row,))).blocks
        if isinstance(block, Table) and block.audience is Audience.PEOPLE
    )
    _, ((_, value, now, _),) = shown_table(table, "USD")
    assert (value, now) == ("$0.051", "$0.055")
