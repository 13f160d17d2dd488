"""The verdict names what the scenario does not state, and includes stated costs of routing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import routecost
from routecost.model.report.report import Audience, Table
from routecost.model.results.verdicts.verdict import Verdict
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.render.rounding import shown_table
from routecost.report.compare.verdict import conditions, note


def verdict_of(name: str, costs: RoutingCosts | None = None) -> Verdict:
    scenario = replace(routecost.load_scenario(name), routing_costs=costs)
    verdict = routecost.compare(scenario).verdict
    assert verdict is not None
    return verdict


def sentence(verdict: Verdict) -> str:
    return "".join(map(str, note(verdict).parts))


def test_what_is_not_stated_is_named_with_its_key() -> None:
    assert sentence(verdict_of("article-fleet")) == (
        "Verdict: routed-80-15-5 instead of all-sonnet is worth it on call costs alone. Unknown: success"
        " rates (set success), failure costs (set failure_cost), engineering and upkeep (set routing_costs)."
    )
    assert sentence(verdict_of("coding-agents")) == (
        "Verdict: tests-decide instead of all-sonnet is worth it, if measurements confirm the success rates."
        " Unknown: engineering and upkeep (set routing_costs)."
    )


@pytest.mark.parametrize(("upkeep", "pays"), [("28.29", True), ("28.30", False)])
def test_savings_repay_engineering_and_upkeep(upkeep: str, pays: bool) -> None:
    """The savings are 78.30 a month: 600 / 12 of engineering leave 28.30 for upkeep."""
    verdict = verdict_of("article-fleet", RoutingCosts(Decimal(600), Decimal(upkeep), 12))
    savings = verdict.conditions[-1]
    assert savings.threshold == 50 + Decimal(upkeep)
    assert "routing_costs" not in sentence(verdict)
    if pays:
        assert "is worth it on call costs alone" in sentence(verdict)
    else:
        assert sentence(verdict).endswith(
            "is not worth it: it saves less than engineering and upkeep cost (savings)."
        )


def test_a_figure_and_its_threshold_look_different() -> None:
    """The savings are 78.30 a month: a hundredth of a cent less than upkeep."""
    costs = RoutingCosts(Decimal(0), Decimal("78.3001"), 12)
    scenario = replace(routecost.load_scenario("article-fleet"), routing_costs=costs)
    (table,) = conditions(routecost.compare(scenario), Audience.PEOPLE)
    assert isinstance(table, Table)
    (row,) = [shown for shown in shown_table(table, "USD")[1] if shown[0] == "savings"]
    assert row[2:4] == ("$78.3000", "$78.3001")
