"""The calls of one task, one after another: what each carries, and what a cache serves of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.calls import CallShape, meters_in_context
from routecost.engine.usage.independent_draws import Span, Sum, Tokens, sums_of_calls, tokens_of
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.errors import UsageError
from routecost.model.scenario.caching import LIFETIMES
from routecost.model.scenario.workload import ONE_CALL, Carry, Drawn, TaskCalls
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TierModels


def calls_of_task(
    series: TaskCalls, parts: Sequence[Part], tier_models: TierModels
) -> Iterator[tuple[str, CallShape, bool]]:
    """Yield the tier and the shape of each call of a task, in order, and whether its cache has expired.

    The k-th call has the context: system + the inputs of k calls + the outputs of k - 1 calls + what the
    task was passed.
    """
    last_calls: dict[tuple[str, str | None], int] = {}
    at = 0
    sums = _sums(series, parts, tier_models)
    for tier, count, shape in parts:
        cache = tier_models.cache(tier)
        apart = None if sums is None else _around_steps(shape, series, cache[0], tier_models)
        earlier = _of_parts(parts) if sums is None else _of_a_sum(sums, apart)
        for _ in range(count):
            last = last_calls.get(cache)
            call = shape if series == ONE_CALL else _call(shape, series, at, last, earlier)
            yield tier, call, bool(series.cached) and last is not None and not _is_warm(series, at - last)
            last_calls[cache] = at
            at += 1


Part = tuple[str, int, CallShape]
"""A tier, the number of calls that it makes in turn, and one of them by itself."""

Range = tuple[int, int]
"""The number of the first of some calls of a task, from 0, and that of the call after their last."""

Earlier = Callable[[int, Range, Range], Quantity]
"""(at, inputs, outputs) -> the inputs of some and the outputs of others of the first ``at`` calls."""


def _sums(series: TaskCalls, parts: Sequence[Part], tier_models: TierModels) -> list[list[Sum]] | None:
    """Return the tokens of calls that are drawn one by one; None if their distribution does not matter.

    It matters only where prices have steps. Raises UsageError for tiers with different tokens.
    """
    is_stepped = any(tier_models.context_edges[tier_models.model(tier)] for tier, _, _ in parts)
    if series.drawn is not Drawn.PER_CALL or series.carry is not Carry.ALL or not is_stepped:
        return None
    shape = parts[0][2]
    if any(other is not shape for _, _, other in parts):
        raise UsageError(
            "calls of a task that are drawn one by one have different tokens on the tiers of a conversation; "
            'expected "drawn: per_task", or tiers with the same tokens'
        )
    return sums_of_calls(shape.prompt, shape.carried, sum(count for _, count, _ in parts) - 1)


def _of_parts(parts: Sequence[Part]) -> Earlier:
    def of_parts(_: int, inputs: Range, outputs: Range) -> Quantity:
        total, start = NOTHING, 0
        for _tier, count, shape in parts:
            sent, written = (_common(start, start + count, *some) for some in (inputs, outputs))
            total = total + shape.prompt.times(Decimal(sent)) if sent else total
            total = total + shape.carried.times(Decimal(written)) if written else total
            start += count
        return total

    return of_parts


def _common(start: int, end: int, first: int, after: int) -> int:
    """Return how many whole numbers are in both of two ranges."""
    return max(0, min(end, after) - max(start, first))


def _of_a_sum(sums: list[list[Sum]], apart: Sequence[Span] | None) -> Earlier:
    known: dict[int, Tokens] = {}

    def of_a_sum(at: int, inputs: Range, outputs: Range) -> Quantity:
        if not at:
            return NOTHING
        if at not in known:
            known[at] = tokens_of(sums[at], apart)
        # Of calls that are drawn alike, each has the same mean where their sum is known.
        sent, written = known[at]
        return sent.times(Decimal(inputs[1] - inputs[0]) / at) + written.times(
            Decimal(outputs[1] - outputs[0]) / at
        )

    return of_a_sum


def _around_steps(
    shape: CallShape, series: TaskCalls, model: str, tier_models: TierModels
) -> list[Span] | None:
    """Return the sizes of earlier calls with which a call may be on either side of a price step.

    None if other sizes matter, too: those of a shared prefix.
    """
    if shape.cache.least_input is not None:
        return None
    (least, most), (least_passed, most_passed) = shape.prompt.bounds, shape.passed.bounds
    scaling = tier_models.scaling.get(model)
    factor = ONE if scaling is None else scaling.factor
    fewest, greatest = meters_in_context(shape).bounds
    return [
        (
            (edge - greatest) / factor - series.system - most - most_passed,
            (edge - fewest) / factor - series.system - least - least_passed,
        )
        for edge in tier_models.context_edges[model]
    ]


def _call(shape: CallShape, series: TaskCalls, at: int, last: int | None, earlier: Earlier) -> CallShape:
    """Return the call numbered ``at``, from 0; ``last`` is the last call before it on the same model."""
    system = Quantity.of(series.system) if series.system else NOTHING
    carried = (0, at) if series.carry is Carry.ALL else (at, at)
    if not series.cached:
        context = system + shape.prompt + earlier(at, carried, carried)
        return shape.in_context(context, NOTHING, NOTHING, series.window)
    is_warm = last is not None and _is_warm(series, at - last)
    shape, system = replace(shape, passed=NOTHING), system + shape.passed
    if series.carry is Carry.NONE:
        cached, stored = (system, NOTHING) if is_warm else (NOTHING, system)
        plain = shape.prompt
    elif last is None or not is_warm:
        cached, stored, plain = NOTHING, system + shape.prompt + earlier(at, (0, at), (0, at)), NOTHING
    else:
        cached = system + earlier(at, (0, last + 1), (0, last))
        stored, plain = shape.prompt + earlier(at, (last + 1, at), (last, at)), NOTHING
    if series.cached != 1:
        plain = plain + (cached + stored).times(ONE - series.cached)
        cached, stored = cached.times(series.cached), stored.times(series.cached)
    return shape.in_context(plain, cached, stored, series.window)


def _is_warm(series: TaskCalls, calls_ago: int) -> bool:
    if series.pause is None:
        return calls_ago == 1
    return calls_ago * series.pause <= LIFETIMES[series.window]
