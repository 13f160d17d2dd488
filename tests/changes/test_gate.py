"""Limits on increases: which strategy they judge, and that unknown differences do not pass."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.errors import UnknownNameError, UsageError
from routecost.model.results.changes.changes import Gate, Judgement
from routecost.model.results.failures import Between
from tests.changes.repository import FILES, SCENARIO
from tests.cli import running

SCENARIO_FILE = SCENARIO.replace("../pricing", "./pricing").replace("../tables", "./tables")
COSTLIER = ("tasks_per_day: 100,", "tasks_per_day: 120,")  # large: 2 dollars a day, of 23
FAILING = ("sort: {", "sort: {failure_cost: 2, success: {large: 99%}, ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gate(
    limit: str, before: list[tuple[str, str]], after: list[tuple[str, str]], *strategies: str
) -> tuple[Gate, ...]:
    for name, replaced in (("before", before), ("after", after)):
        text = SCENARIO_FILE
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        Path(f"{name}.yaml").write_text(text)
    return routecost.diff("./before.yaml", "./after.yaml", max_increase=limit, strategies=strategies).gates


@pytest.mark.parametrize(
    ("limit", "judgement"),
    [
        ("20%", Judgement.PASSES),
        ("17.3%", Judgement.FAILS),
        ("0.2", Judgement.FAILS),
        ("$54", Judgement.PASSES),
        ("54 USD", Judgement.PASSES),
        ("$53.99", Judgement.FAILS),
        ("0%", Judgement.FAILS),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_share_or_an_amount_includes_its_end(limit: str, judgement: Judgement) -> None:
    (one,) = gate(limit, [], [COSTLIER])
    assert (one.judgement, one.strategy, one.role, one.limit) == (judgement, "routed", "proposed", limit)
    assert one.change == Between.exactly(Decimal(54))
    assert one.before == Between.exactly(Decimal(312))


@pytest.mark.usefixtures("folder")
def test_the_side_before_says_which_strategy_is_judged() -> None:
    unproposed = ("proposed: routed\n", "")
    bare = ("default: all-large\n", "")
    (default,) = gate("0%", [unproposed], [])
    assert (default.strategy, default.role) == ("all-large", "default")
    (kept,) = gate("0%", [], [unproposed])
    assert (kept.strategy, kept.role, kept.judgement) == ("routed", "proposed", Judgement.PASSES)
    (renamed,) = gate("0%", [], [("routed", "cheap")])
    assert (renamed.strategy_before, renamed.strategy, renamed.change) == ("routed", "cheap", Between())
    assert [one.strategy for one in gate("0%", [bare, unproposed], [bare, unproposed])] == [
        "all-large",
        "routed",
    ]
    assert [one.strategy for one in gate("0%", [], [], "all-large", "routed")] == ["all-large", "routed"]
    with pytest.raises(UnknownNameError, match='no strategy named "routd"'):
        gate("0%", [], [], "routd")


@pytest.mark.usefixtures("folder")
def test_what_is_unknown_does_not_pass() -> None:
    gone = ("  all-large: {tier: large}\n", "  other: {tier: large}\n")
    (one,) = gate("1000%", [], [gone, ("default: all-large\n", "")], "all-large")
    assert (one.judgement, one.after) == (Judgement.UNKNOWN, None)
    failing = ("sort: {", "sort: {failure_cost: 2, ")
    (unknown,) = gate(
        "50%",
        [failing],
        [failing, ("routed: {table: ./tables/routing.yaml}", "routed: {mix: {small: 90%, large: 10%}}")],
    )
    assert (unknown.judgement, unknown.counts_failures) == (Judgement.UNKNOWN, True)
    (same,) = gate("0%", [failing], [failing])
    assert same.judgement is Judgement.PASSES, "what is unknown is the same on both sides"


@pytest.mark.usefixtures("folder")
def test_the_total_decides_where_failures_cost_something() -> None:
    known = ("sort: {", "sort: {failure_cost: 2, success: {small: 99%, large: 99%}, ")
    worse = ("sort: {", "sort: {failure_cost: 2, success: {small: 98%, large: 99%}, ")
    (one,) = gate("$599", [known], [worse])
    assert (one.judgement, one.change) == (Judgement.FAILS, Between.exactly(Decimal(600)))
    assert one.before == Between(Decimal(912), None), "what a failure of the other tasks costs is not stated"


@pytest.mark.usefixtures("folder")
def test_a_new_scenario_has_the_cost_of_nothing_before(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "fleet.yaml").write_text(SCENARIO)
    for limit, judgement in (("$312", "passes"), ("$311", "fails"), ("900%", "fails")):
        (one,) = routecost.diff("./old", "./new", max_increase=limit).gates
        assert (one.judgement.value, one.before) == (judgement, Between())
    assert routecost.diff("./new", "./old", max_increase="0%").gates == ()


@pytest.mark.parametrize("limit", ["ten", "-5%", "-$5", "$5 EUR", "", "5%%", "NaN", "1e999999%"])
@pytest.mark.usefixtures("folder")
def test_a_limit_that_is_none(limit: str) -> None:
    with pytest.raises(UsageError, match="is no limit; expected a percentage or an amount"):
        gate(limit, [], [])


@pytest.mark.usefixtures("folder")
def test_a_limit_in_another_currency() -> None:
    with pytest.raises(UsageError, match='the limit "5 EUR" is in EUR, the scenario in USD'):
        gate("5 EUR", [], [])


@pytest.mark.usefixtures("folder")
def test_the_message_names_strategy_costs_and_limit() -> None:
    gate("10%", [], [COSTLIER])
    done = running.routecost("diff", "./before.yaml", "./after.yaml", "--max-increase", "10%")
    expected = (
        "after: routed (proposed) costs $312.00 before and $366.00 after, a difference of $54.00 a month: "
    )
    assert (done.code, done.stderr) == (1, f"{expected}more than 10%.\n")
