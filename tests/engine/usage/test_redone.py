"""The worst case of work that is done again, against joint distributions enumerated here.

A task is a history: what each tier would make of it, and what the judge says. Only the success rates and
the detection rates are fixed; everything else is drawn, or chosen to be as bad as possible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.usage.redone import Redone, Rejected, contradiction
from routecost.model.scenario.strategy import Outcome, Strategy
from routecost.model.scenario.success import Detection, Rework, SuccessAfter
from routecost.model.scenario.workload import TaskType, Workload
from tests.support.build import DAY, entry, sheet, successes, task, tokens

ON = sheet(low=entry(input=1, output=5), middle=entry(input=3, output=15), high=entry(input=5, output=25))
TIERS = ("low", "middle", "high")
Cell = tuple[tuple[bool, ...], Decimal]
"""A history (right, rejected, right, rejected, ...), and the share of tasks that has it."""

Share = Callable[[list[Cell], Decimal], list[Decimal]]
"""Returns how much of each cell has a property, so that all of it together is a given share of tasks."""


def expand(strategy: Strategy, one: TaskType, *, worst_case: bool) -> Outcome:
    line = replace(tier_models(ON, DAY), worst_case=worst_case)
    (only,) = strategy.expand(Workload((one,)), line).outcomes
    return only


def rated(low: Decimal, middle: Decimal, high: Decimal) -> TaskType:
    return successes(task(100, tokens(1, 1)), low=str(low), middle=str(middle), high=str(high))


def drawn(random: Random) -> Share:
    """Share a property out at random: any amounts, scaled to the total from below or from above."""

    def share(cells: list[Cell], total: Decimal) -> list[Decimal]:
        part = [weight * Decimal(random.random()) for _, weight in cells]
        whole, taken = sum(weight for _, weight in cells), sum(part)
        if taken >= total:
            return [amount * total / taken if taken else amount for amount in part]
        lack = (whole - total) / (whole - taken)
        return [weight - (weight - amount) * lack for (_, weight), amount in zip(cells, part, strict=True)]

    return share


def worst(cells: list[Cell], total: Decimal) -> list[Decimal]:
    """Give a property first to the tasks that an earlier tier ended, where it does no good."""
    amounts = []
    for history, weight in sorted(cells, key=lambda cell: _is_rejected(cell[0])):
        amounts.append((history, min(weight, total)))
        total -= amounts[-1][1]
    by_history = dict(amounts)
    return [by_history[history] for history, _ in cells]


def _is_rejected(history: tuple[bool, ...]) -> bool:
    return all(history[1::2])


def split(cells: list[Cell], total: Decimal, share: Share) -> list[Cell]:
    amounts = share(cells, total)
    pairs = zip(cells, amounts, strict=True)
    return [
        ((*history, flag), part)
        for (history, weight), amount in pairs
        for flag, part in ((True, amount), (False, weight - amount))
        if part
    ]


def ends_right(rates: list[Decimal], detection: Detection, share: Share) -> Decimal:
    """Return how many tasks a cascade ends right, under one joint distribution."""
    cells: list[Cell] = [((), Decimal(1))]
    right = Decimal(0)
    for step, rate in enumerate(rates):
        cells = split(cells, rate, share)
        reaching = [cell for cell in cells if _is_rejected(cell[0][:-1])]
        if step == len(rates) - 1:
            return right + sum(weight for history, weight in reaching if history[-1])
        ended = [((*history, False), weight) for history, weight in cells if not _is_rejected(history[:-1])]
        judged = []
        for good, part in ((True, detection.right_rejected), (False, detection.wrong_rejected)):
            group = [cell for cell in reaching if cell[0][-1] is good]
            judged += split(group, part * sum(weight for _, weight in group), share)
        right += sum(weight for history, weight in judged if history[-2] and not history[-1])
        cells = ended + judged
    raise AssertionError("no rates")


def _percent(random: Random) -> Decimal:
    return Decimal(random.randrange(0, 101)).scaleb(-2)


@pytest.mark.parametrize("seed", range(60))
def test_no_joint_distribution_is_worse_and_one_is_as_bad(seed: int) -> None:
    random = Random(seed)
    rates = [_percent(random) for _ in range(3)]
    detection = Detection(_percent(random), _percent(random))
    tiers = TIERS[: random.choice((2, 3))]
    cascade = Cascade(tiers, detection=detection)
    low = expand(cascade, rated(*rates), worst_case=True).right
    independent = expand(cascade, rated(*rates), worst_case=False).right
    assert low is not None
    assert independent is not None
    assert low <= independent
    used = rates[: len(tiers)]
    attained = ends_right(used, detection, worst)
    assert attained == pytest.approx(low, abs=Decimal("1e-20"))
    for _ in range(20):
        assert ends_right(used, detection, drawn(random)) >= low - Decimal("1e-20")


def test_the_worst_case_by_hand() -> None:
    """11.5% escalate, and the 2% that the next tier fails are all among them."""
    cascade = Cascade(("low", "middle"), detection=Detection(Decimal("0.7"), Decimal("0.05")))
    one = rated(Decimal("0.9"), Decimal("0.98"), Decimal(1))
    independent = Decimal("0.855") + Decimal("0.115") * Decimal("0.98")
    assert expand(cascade, one, worst_case=False).right == independent
    assert expand(cascade, one, worst_case=True).right == Decimal("0.855") + Decimal("0.095")


def test_stated_success_after_has_no_range() -> None:
    after = {"middle": SuccessAfter(Decimal("0.8"), Decimal("0.9"))}
    cascade = Cascade(
        ("low", "middle"), detection=Detection(Decimal("0.7"), Decimal("0.05")), success_after=after
    )
    one = rated(Decimal("0.9"), Decimal("0.98"), Decimal(1))
    ends = [expand(cascade, one, worst_case=case) for case in (False, True)]
    assert ends[0] == ends[1]
    assert not ends[0].is_assumed
    by_hand = Decimal("0.855") + Decimal("0.07") * Decimal("0.8") + Decimal("0.045") * Decimal("0.9")
    assert ends[0].right == by_hand


def test_a_judge_that_rejects_what_is_right_costs_most_where_success_is_greatest() -> None:
    """What ends right is the least, and what is called is the most, over all joint distributions."""
    cascade = Cascade(TIERS, detection=Detection(Decimal(0), Decimal(1)))
    one = rated(Decimal("0.5"), Decimal("0.5"), Decimal(1))
    line = replace(tier_models(ON, DAY), worst_case=True)
    flow, outcome = cascade.flow(one, line)
    calls = {calls.tier: calls.per_task for calls in flow.calls}
    assert calls == {"low": 1, "middle": Decimal("0.5"), "high": Decimal("0.5")}
    assert outcome.right == 0


@pytest.mark.parametrize("success_after", [None, Decimal("0.6")])
def test_rework_may_fail_too(success_after: Decimal | None) -> None:
    """Of 10% wrong results 8% are reworked; of these a tier at 95% fails at most 5%."""
    rework = Rework(Decimal("0.8"), tier="middle", success_after=success_after)
    one = replace(rated(Decimal("0.9"), Decimal("0.95"), Decimal(1)), rework=rework)
    failed = [expand(Cascade(("low",)), one, worst_case=case).rework_failed for case in (False, True)]
    assert failed == ([0, Decimal("0.05")] if success_after is None else [Decimal("0.032")] * 2)


@pytest.mark.parametrize(
    ("rate", "is_possible"), [("0.82", False), ("0.83", True), ("1", True), ("0", False)]
)
def test_what_is_stated_must_be_possible(rate: str, is_possible: bool) -> None:
    """At 98% on all tasks, of which 11.5% escalate, at least 9.5 of these 11.5 points succeed."""
    rejected = Rejected(Decimal("0.07"), Decimal("0.045"))
    stated = Redone("middle", rejected, SuccessAfter.always(Decimal(rate)))
    assert (contradiction(stated, Decimal("0.98")) is None) is is_possible
