"""Costs by owner and other parts: worked by hand, and sums that are exact in every period."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

import routecost
from routecost.errors import UsageError
from routecost.model.results.breakdown.breakdown import UNUSED, Breakdown
from routecost.model.results.failures import Between
from tests.engine.breakdown.fleet import FLEET, written


def month(breakdown: Breakdown, strategy: str, at: int = 0) -> dict[str, Decimal]:
    """Return the costs of a month of a strategy by part."""
    return {part: costs[at].cost for part, costs in breakdown.costs[strategy].items()}


def compared(path: Path, by: str, **options: object) -> Breakdown:
    return routecost.compare(path, by=[by], **options).breakdowns[0]  # type: ignore[arg-type]


def near(parts: dict[str, Decimal], **expected: str) -> bool:
    names = {name.strip("()").replace(" ", "_"): cost for name, cost in parts.items()}
    return names.keys() == expected.keys() and all(
        abs(names[name] - Decimal(amount)) < Decimal("1e-12") for name, amount in expected.items()
    )


@pytest.mark.parametrize(
    ("by", "all_small", "mixed"),
    [
        # 30 days: chat 6, mail 3, code 12, misc 0.60; twice that in the mix, where large costs three times
        ("task_type", {"chat": "6", "mail": "3", "code": "12", "misc": "0.6"}, None),
        ("owner", {"support": "9", "platform": "12", "no_owner": "0.6"}, None),
        ("tag:product", {"web": "6", "mail": "3", "no_product": "12.6"}, None),
        ("model", {"m-small": "21.6"}, {"m-small": "10.8", "m-large": "32.4"}),
        ("tier", {"small": "21.6"}, {"small": "10.8", "large": "32.4"}),
        ("provider", {"acme": "21.6"}, {"acme": "10.8", "bolt": "32.4"}),
        ("strategy", {"all-small": "21.6"}, {"mixed": "43.2"}),
    ],
)
def test_a_month_by_hand(
    tmp_path: Path, by: str, all_small: dict[str, str], mixed: dict[str, str] | None
) -> None:
    breakdown = compared(written(tmp_path), by)
    assert near(month(breakdown, "all-small"), **all_small)
    twice = {name: str(2 * Decimal(amount)) for name, amount in all_small.items()}
    assert near(month(breakdown, "mixed"), **(mixed or twice))


def test_a_discount_is_of_the_parts_that_it_covers(tmp_path: Path) -> None:
    terms = "volume_discounts: {providers: [bolt], steps: [{above: 16.4, share: 50%}]}"
    breakdown = compared(written(tmp_path, terms=terms), "provider")
    # 16 of 32.40 on bolt cost half: 24.40; acme pays its calls
    assert near(month(breakdown, "mixed"), acme="10.8", bolt="24.4")
    owners = compared(tmp_path / "fleet.yaml", "owner")
    # each owner: half of a task on small (a quarter of the cost), three quarters on large
    share = Decimal("24.4") / Decimal("32.4")
    support = Decimal("4.5") + Decimal("13.5") * share
    assert abs(month(owners, "mixed")["support"] - support) < Decimal("1e-12")


def test_a_fixed_fee_is_of_the_calls_to_the_models_of_its_tier(tmp_path: Path) -> None:
    path = written(tmp_path, "capacity: [{tier: large, units: 1, covers: 50%}]")
    # 720 hours at 0.10 are 72; half of 32.40 on large is served
    assert near(month(compared(path, "tier"), "mixed"), small="10.8", large="88.2")
    # support has 13.50 of the 32.40 on large: 4.50 + 13.50/32.40 x 88.20
    assert near(month(compared(path, "owner"), "mixed"), support="41.25", platform="55", no_owner="2.75")


def test_a_commitment_is_shared_by_the_calls_that_it_covers(tmp_path: Path) -> None:
    path = written(tmp_path, "plan: {commitments: [{amount: 108, from: 2026-02}]}")
    (breakdown,) = routecost.project(path, months=1, by=["owner"]).breakdowns
    # 108 instead of 21.60: five times the calls
    assert near(month(breakdown, "all-small"), support="45", platform="60", no_owner="3")


def test_a_commitment_without_calls_is_a_part_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, "plan: {commitments: [{amount: 50, from: 2026-02, providers: [bolt]}]}")
    (breakdown,) = routecost.project(path, months=1, by=["provider"]).breakdowns
    assert month(breakdown, "all-small") == {"acme": Decimal("21.6"), UNUSED: 50}
    assert near(month(breakdown, "mixed"), acme="10.8", bolt="50")


def test_a_migration_is_divided_by_the_strategy_in_force(tmp_path: Path) -> None:
    plan = "plan: {migrations: {move: [{strategy: mixed}, {from: 2026-02-15, strategy: all-small}]}}"
    (breakdown,) = routecost.project(written(tmp_path, plan), months=2, by=["strategy"]).breakdowns
    assert month(breakdown, "move") == {"mixed": Decimal("21.6"), "all-small": Decimal("10.8")}
    assert month(breakdown, "move", 1) == {"mixed": 0, "all-small": Decimal("21.6")}


def test_failures_belong_to_task_types_and_stay_bounds(tmp_path: Path) -> None:
    fleet = FLEET.replace(
        "owner: platform", "owner: platform, success: {small: 90%, large: 100%}, failure_cost: 2"
    )
    fleet = fleet.replace("owner: support, tags: {product: web}", "owner: support, failure_cost: 1")
    path = written(tmp_path, fleet=fleet)
    comparison = routecost.compare(path, by=["owner", "model"])
    owners, models = comparison.breakdowns
    costs = owners.costs["all-small"]
    assert costs["platform"][0].failures == Between.exactly(Decimal(240))  # 40 x 30 x 10% x 2
    assert costs["support"][0].failures == Between(Decimal(0), None)  # mail states no cost of a failure
    assert owners.total("all-small", owners.periods[0]).total == comparison["all-small"].total
    assert (owners.has_failures, models.has_failures) == (True, False)
    assert all(cost[0].failures is None for cost in models.costs["mixed"].values())


def test_fiscal_quarters_and_years(tmp_path: Path) -> None:
    path = written(tmp_path, "plan: {fiscal_year_starts: april, start: 2026-02}")
    (breakdown,) = routecost.project(path, months=6, by=["owner"]).breakdowns
    periods = [one for one in breakdown.periods if one.kind != "month"]
    assert [(one.name, one.first, one.last, one.lacks) for one in periods] == [
        ("Q4 FY2025/26", "2026-02", "2026-03", 1),
        ("Q1 FY2026/27", "2026-04", "2026-06", 0),
        ("Q2 FY2026/27", "2026-07", "2026-07", 2),
        ("FY2025/26", "2026-02", "2026-03", 10),
        ("FY2026/27", "2026-04", "2026-07", 8),
        ("total", "2026-02", "2026-07", 0),
    ]
    costs = [breakdown.cost("all-small", "support", one).cost for one in periods]
    assert costs == [18, 27, 9, 18, 36, 54]


def test_years_that_begin_in_january_have_one_number(tmp_path: Path) -> None:
    path = written(tmp_path, "plan: {fiscal_year_starts: january, start: 2026-11}")
    (breakdown,) = routecost.project(path, months=3, by=["owner"]).breakdowns
    assert [one.name for one in breakdown.periods[3:]] == ["Q4 2026", "Q1 2027", "2026", "2027", "total"]


KINDS = ("task_type", "model", "provider", "tier", "strategy", "owner", "tag:product")
CONTRACTS = """\
capacity: [{tier: large, units: 1, tokens_per_hour: 1000}]
plan:
  start: 2026-02
  days: calendar
  growth: 7%
  seasonality: {march: 1.3}
  fiscal_year_starts: april
  volume: [{from: 2026-04-11, factor: 1.5, task_types: [code]}]
  launches:
    bot:
      from: 2026-03-05
      workload: {task_types: {bot: {tasks_per_day: 7, tokens: {input: 900, output: 77}, owner: sales}}}
    again: {from: 2026-05-05, factor: 30%}
  migrations: {move: [{strategy: mixed}, {from: 2026-04-03, strategy: all-small}]}
  commitments: [{amount: 31.7, from: 2026-03, discount: 7%, discount_above: 13%, providers: [bolt]}]
"""
TERMS = """\
allowances:
  - {meter: output, free: 1000, per: day, steps: [{above: 20000, share: 3%}]}
volume_discounts: {steps: [{above: 20, share: 7%}, {above: 33, share: 11%}]}
"""


@pytest.mark.parametrize("terms", ["", TERMS])
@pytest.mark.parametrize("extra", ["", CONTRACTS])
def test_parts_sum_exactly_in_every_period(tmp_path: Path, extra: str, terms: str) -> None:
    path = written(tmp_path, extra, terms)
    comparison = routecost.compare(path, by=KINDS)
    for breakdown in comparison.breakdowns:
        for strategy in breakdown.costs:
            assert added(month(breakdown, strategy).values()) == comparison[strategy].cost_per_month
    projection = routecost.project(path, months=7, by=KINDS)
    assert [str(one.by) for one in projection.breakdowns] == list(KINDS)
    for breakdown in projection.breakdowns:
        for spend in projection.strategies:
            for period in breakdown.periods:
                costs = [
                    breakdown.cost(spend.strategy, part, period).cost
                    for part in breakdown.costs[spend.strategy]
                ]
                assert added(costs) == added(spend.months[at].cost for at in period.months)


def test_owners_are_the_sums_of_their_task_types(tmp_path: Path) -> None:
    path = written(tmp_path, CONTRACTS, TERMS)
    owners, tasks = routecost.project(path, months=7, by=["owner", "task_type"]).breakdowns
    for at in range(7):
        by_task, by_owner = month(tasks, "move", at), month(owners, "move", at)
        assert abs(added((by_task["chat"], by_task["mail"], by_owner["support"].copy_negate()))) < Decimal(
            "1e-30"
        )
        assert abs(added((by_task["bot"], by_owner["sales"].copy_negate()))) < Decimal("1e-30")


def added(costs: Iterable[Decimal]) -> Decimal:
    with localcontext(prec=300):
        return sum(costs, Decimal(0))


def test_a_routing_error_stays_with_the_task_that_made_it(tmp_path: Path) -> None:
    fleet = FLEET.replace(
        "  mixed:",
        "  routed:\n    assign: {chat: {tier: small}, mail: {tier: small}, "
        "code: {tier: large}, misc: {tier: small}}\n"
        "    router: {tier: small, tokens: {input: 500, output: 0}}\n    mistakes: 3%\n  mixed:",
    )
    comparison = routecost.compare(written(tmp_path, fleet=fleet), by=["task_type"])
    parts = month(comparison.breakdowns[0], "routed")
    # misc: 300 tasks, 1% of which run on large: 300 x (0.99 x 0.002 + 0.01 x 0.006) + 300 x 0.0005
    assert abs(parts["misc"] - Decimal("0.762")) < Decimal("1e-12")
    assert sum(parts.values()) == comparison["routed"].cost_per_month


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("ownr", 'cannot be divided by "ownr".*did you mean "owner"'),
        ("tag", "expected task_type, model, provider, tier, strategy, owner or tag:NAME"),
        ("tag:prodct", 'no task type has a tag "prodct"; did you mean "product"'),
    ],
)
def test_an_unknown_part_is_refused(tmp_path: Path, by: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        routecost.compare(written(tmp_path), by=[by])


@pytest.mark.parametrize("key", ["owner: {text}", "tags: {{product: {text}}}", "tags: {{{text}: web}}"])
@pytest.mark.parametrize("text", ['"a\\u001b[31m"', '"a\\nb"', "x" * 300, '""'])
def test_hostile_names_are_refused_at_their_place(tmp_path: Path, key: str, text: str) -> None:
    fleet = FLEET.replace("owner: platform", key.format(text=text))
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_scenario(written(tmp_path, fleet=fleet))
    lines = {getattr(finding.position, "line", None) for finding in caught.value.findings}
    assert lines == {8}


def test_the_capacity_of_a_strategy_is_of_its_calls_to_models_with_a_rate(tmp_path: Path) -> None:
    path = written(tmp_path, "capacity: [{strategy: mixed, units: 1, covers: 50%}]")
    comparison = routecost.compare(path, by=["tier"])
    (breakdown,) = comparison.breakdowns
    assert near(month(breakdown, "mixed"), small="10.8", large="88.2")
    assert near(month(breakdown, "all-small"), small="21.6")
    assert added(month(breakdown, "mixed").values()) == comparison["mixed"].cost_per_month
