"""What is true of every bill: the laws that fast paths and users rely on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.pricing.price import price
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import BATCH, STANDARD, PricingSheet
from routecost.model.pricing.usage import Usage
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import TaskType, TokenShape, Workload
from routecost.units import EXACT_DIGITS, ZERO
from tests.examples import FEWER_EXAMPLES
from tests.support.build import DAY, card, cost, entry, mean_input, mean_output, sheet, tokens
from tests.support.strategies import (
    TIERS,
    cards,
    mixes,
    numbers,
    points,
    ranges,
    shapes,
    sheets,
    task_types,
    workloads,
)

tiers = st.sampled_from(TIERS)
strategies = mixes() | tiers.map(UniformTier)


@pytest.fixture(autouse=True)
def room_for_digits() -> Iterator[None]:
    """Let the sums of the tests themselves be as exact as those of the engine."""
    with localcontext() as context:
        context.prec = EXACT_DIGITS
        yield


def usage(strategy: Strategy, work: Workload, on: PricingSheet) -> Usage:
    return strategy.expand(work, tier_models(on, DAY)).usage


def assert_same(actual: Decimal, expected: Decimal, *terms: Decimal) -> None:
    """Equal but for the 64th digit: where a range is cut at a price step, a quotient may never end.

    ``terms`` are those whose difference ``actual`` is, if it is one: the digit is theirs.
    """
    assert abs(actual - expected) <= max(map(abs, (expected, *terms))).scaleb(-50)


@given(strategies, strategies, workloads(), sheets())
def test_cost_is_additive_over_usages(one: Strategy, two: Strategy, work: Workload, on: PricingSheet) -> None:
    first, second = usage(one, work, on), usage(two, work, on)
    both = price(first + second, on, DAY).total
    assert_same(both, price(first, on, DAY).total + price(second, on, DAY).total)


@given(strategies, workloads(points()), sheets())
def test_a_bill_is_the_sum_of_its_lines(strategy: Strategy, work: Workload, on: PricingSheet) -> None:
    bill = price(usage(strategy, work, on), on, DAY)
    assert bill.total == sum(line.quantity * line.rate / line.per for line in bill.lines)


@given(strategies, workloads(), sheets(), numbers(50))
def test_cost_is_linear_in_volume(
    strategy: Strategy, work: Workload, on: PricingSheet, factor: Decimal
) -> None:
    more = Workload(
        tuple(replace(task, tasks_per_day=task.tasks_per_day * factor) for task in work.task_types)
    )
    assert_same(cost(strategy, more, on), factor * cost(strategy, work, on))
    assert usage(strategy, more, on).counts.keys() <= usage(strategy, work, on).counts.keys()


@given(strategies, st.lists(task_types(), min_size=1, max_size=3), sheets())
def test_task_types_add_up(strategy: Strategy, tasks: list[Any], on: PricingSheet) -> None:
    apart = sum((cost(strategy, Workload((task,)), on) for task in tasks), Decimal(0))
    assert_same(cost(strategy, Workload(tuple(tasks)), on), apart)


@given(strategies, task_types(), st.lists(numbers(1_000), min_size=1, max_size=4), sheets())
def test_types_with_equal_tokens_cost_what_their_aggregate_does(
    strategy: Strategy, task: Any, volumes: list[Decimal], on: PricingSheet
) -> None:
    by_type = Workload(tuple(replace(task, tasks_per_day=volume) for volume in volumes))
    aggregate = Workload((replace(task, tasks_per_day=sum(volumes)),))
    assert_same(cost(strategy, by_type, on), cost(strategy, aggregate, on))


@given(tiers, workloads(), sheets())
def test_a_mix_of_one_tier_is_that_tier(tier: str, work: Workload, on: PricingSheet) -> None:
    alone = {other: Decimal(other == tier) for other in TIERS}
    assert usage(Mix(alone), work, on) == usage(UniformTier(tier), work, on)
    assert usage(Mix({tier: Decimal(1)}), work, on) == usage(UniformTier(tier), work, on)


@given(mixes(), workloads(), sheets())
def test_a_mix_costs_the_weighted_mean_of_its_tiers(mixed: Mix, work: Workload, on: PricingSheet) -> None:
    mean = sum((share * cost(tier, work, on) for tier, share in mixed.shares.items()), Decimal(0))
    assert_same(cost(mixed, work, on), mean)


@given(strategies, workloads(), sheets(), st.data())
def test_cost_never_falls_when_a_rate_rises(
    strategy: Strategy, work: Workload, on: PricingSheet, data: st.DataObject
) -> None:
    model = data.draw(st.sampled_from(sorted(on.models)))
    old = on.models[model][0]
    mode = data.draw(st.sampled_from([STANDARD, BATCH]))
    meter = data.draw(st.sampled_from(sorted(old.card.standard)))
    rise = data.draw(numbers(10))
    new = replace(old, card=raised(old.card, mode, meter, rise))
    assert cost(strategy, work, replace(on, models={**on.models, model: (new,)})) >= cost(strategy, work, on)


def raised(old: Any, mode: str, meter: str, rise: Decimal) -> Any:
    rates = old.rates(mode)
    changed = {**rates, meter: rates[meter] + rise}
    return replace(old, standard=changed) if mode == STANDARD else replace(old, modes={mode: changed})


@given(mixes(), workloads(), sheets(), st.sampled_from([(0, 1), (0, 2), (1, 2)]), st.data())
def test_cost_follows_a_share_moved_to_another_tier(
    mixed: Mix, work: Workload, on: PricingSheet, pair: tuple[int, int], data: st.DataObject
) -> None:
    source, target = sorted((TIERS[one] for one in pair), key=lambda tier: cost(tier, work, on))
    moved = mixed.shares[source] * data.draw(numbers(1))
    shares = {**mixed.shares, source: mixed.shares[source] - moved}
    shares[target] += moved
    after, before = cost(Mix(shares), work, on), cost(mixed, work, on)
    expected = moved * (cost(target, work, on) - cost(source, work, on))
    assert_same(after - before, expected, after, before)
    assert after >= before - Decimal("1e-40")


edges = st.lists(st.integers(1, 500_000), max_size=4, unique=True).map(lambda found: tuple(sorted(found)))


def counted(shape: TokenShape, at: tuple[int, ...]) -> dict[tuple[int, int | None], dict[str, Decimal]]:
    """Return the usage of one call by context-size bucket and meter."""
    stepped = sheet(**dict.fromkeys(TIERS, entry(*((edge, card()) for edge in at))))
    used = UniformTier(TIERS[0]).expand(
        Workload((TaskType("one", Decimal(1), shape),)), tier_models(stepped, DAY)
    )
    buckets: dict[tuple[int, int | None], dict[str, Decimal]] = {}
    for key, count in used.usage.counts.items():
        buckets.setdefault((key.above, key.upto), {})[key.meter] = count
    return buckets


@given(shapes(), edges)
def test_buckets_keep_the_calls_and_their_mean_tokens(shape: TokenShape, at: tuple[int, ...]) -> None:
    buckets = counted(shape, at).values()
    assert_same(sum((bucket["request"] for bucket in buckets), Decimal(0)), Decimal(1))
    assert_same(sum((bucket.get("input", ZERO) for bucket in buckets), ZERO), mean_input(shape))
    assert_same(sum((bucket.get("output", ZERO) for bucket in buckets), ZERO), mean_output(shape))


@given(points(), edges)
def test_a_point_is_in_exactly_one_bucket(shape: TokenShape, at: tuple[int, ...]) -> None:
    ((above, upto),) = counted(shape, at)
    tokens_in = mean_input(shape)
    assert tokens_in > above or above == 0
    assert upto is None or tokens_in <= upto


@given(shapes(), edges)
def test_buckets_lie_between_neighbouring_edges(shape: TokenShape, at: tuple[int, ...]) -> None:
    for (above, upto), bucket in counted(shape, at).items():
        assert (above, upto) in set(zip((0, *at), (*at, None), strict=True))
        mean = bucket.get("input", ZERO) / bucket["request"]
        assert above <= mean + Decimal("1e-30")
        assert upto is None or mean <= upto + Decimal("1e-30")


@given(task_types(), sheets(with_steps=False), tiers)
def test_without_a_step_only_the_mean_matters(task: Any, on: PricingSheet, tier: str) -> None:
    mean = tokens(mean_input(task.tokens), mean_output(task.tokens))
    assert_same(cost(tier, Workload((task,)), on), cost(tier, Workload((replace(task, tokens=mean),)), on))


@given(task_types(), cards(), ranges(), tiers)
def test_a_step_outside_of_all_calls_changes_nothing(task: Any, other: Any, span: Any, tier: str) -> None:
    shape = TokenShape(
        tuple(replace(one, input_low=span[0], input_high=span[1]) for one in task.tokens.cells)
    )
    work = Workload((replace(task, tokens=shape),))
    plain = sheet(**dict.fromkeys(TIERS, replace(entry(), card=other)))
    stepped = replace(entry((int(span[1]) + 1, card())), card=other)
    assert cost(tier, work, sheet(**dict.fromkeys(TIERS, stepped))) == cost(tier, work, plain)


@pytest.mark.parametrize("precision", [1, 5, 28])
@FEWER_EXAMPLES
@given(strategy=strategies, work=workloads(), on=sheets())
def test_the_decimal_context_of_the_caller_changes_nothing(
    precision: int, strategy: Strategy, work: Workload, on: PricingSheet
) -> None:
    with localcontext() as context:
        context.prec = precision
        used = usage(strategy, work, on)
        bill = price(used, on, DAY)
        seen = used, bill, bill.total, work.tasks_per_day
    expected = price(usage(strategy, work, on), on, DAY)
    assert seen == (usage(strategy, work, on), expected, expected.total, work.tasks_per_day)


def test_laws_can_fail() -> None:
    with pytest.raises(AssertionError):
        assert_same(Decimal(1), Decimal("1.0000000001"))
