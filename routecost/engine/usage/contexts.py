"""The calls of one task, one after another: what each carries, and what a cache serves of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.calls import CallShape, meters_in_context
from routecost.engine.usage.independent_draws import Span, Sum, Tokens, sums_of_calls, tokens_of
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.model.scenario.caching import LIFETIMES
from routecost.model.scenario.workload import ONE_CALL, Carry, Drawn, TaskCalls
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TierModels


def calls_of_task(
    shape: CallShape, series: TaskCalls, parts: Sequence[tuple[str, int]], tier_models: TierModels
) -> Iterator[tuple[str, CallShape, bool]]:
    """Yield the tier and the shape of each call of a task, in order, and whether its cache has expired.

    ``shape`` is a call by itself, ``parts`` the tiers in turn with the number of calls on each. The
    k-th call has the context: system + k x prompt + (k - 1) x output + what the task was passed.
    """
    last_calls: dict[str, int] = {}
    at, most = 0, sum(count for _, count in parts)
    is_stepped = any(tier_models.context_edges[tier_models.model(tier)] for tier, _ in parts)
    is_drawn = series.drawn is Drawn.PER_CALL and series.carry is Carry.ALL and is_stepped
    sums = sums_of_calls(shape.prompt, shape.output, most - 1) if is_drawn else None
    for tier, count in parts:
        model = tier_models.model(tier)
        apart = None if sums is None else _around_steps(shape, series, model, tier_models)
        earlier = _earlier(shape, sums, apart)
        for _ in range(count):
            last = last_calls.get(model)
            call = shape if series == ONE_CALL else _call(shape, series, at, last, earlier)
            yield tier, call, bool(series.cached) and last is not None and not _is_warm(series, at - last)
            last_calls[model] = at
            at += 1


Earlier = Callable[[int, int, int], Quantity]
"""(at, inputs, outputs) -> the tokens of that many inputs and outputs of the first ``at`` calls."""


def _earlier(shape: CallShape, sums: list[list[Sum]] | None, apart: Sequence[Span] | None) -> Earlier:
    """Return the tokens of earlier calls; their distribution matters only where prices have steps."""
    if sums is None:
        return lambda _, inputs, outputs: (
            shape.prompt.times(Decimal(inputs)) + shape.output.times(Decimal(outputs))
        )
    known: dict[int, Tokens] = {}

    def of_a_sum(at: int, inputs: int, outputs: int) -> Quantity:
        if not at:
            return NOTHING
        if at not in known:
            known[at] = tokens_of(sums[at], apart)
        # Of calls that are drawn alike, each has the same mean where their sum is known.
        sent, written = known[at]
        return sent.times(Decimal(inputs) / at) + written.times(Decimal(outputs) / at)

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
    carried = at if series.carry is Carry.ALL else 0
    if not series.cached:
        context = system + shape.prompt + earlier(at, carried, carried)
        return shape.in_context(context, NOTHING, NOTHING, series.window)
    is_warm = last is not None and _is_warm(series, at - last)
    shape, system = replace(shape, passed=NOTHING), system + shape.passed
    if series.carry is Carry.NONE:
        cached, stored = (system, NOTHING) if is_warm else (NOTHING, system)
        plain = shape.prompt
    elif last is None or not is_warm:
        cached, stored, plain = NOTHING, system + shape.prompt + earlier(at, at, at), NOTHING
    else:
        cached, stored = (
            system + earlier(at, last + 1, last),
            shape.prompt + earlier(at, at - last - 1, at - last),
        )
        plain = NOTHING
    if series.cached != 1:
        plain = plain + (cached + stored).times(ONE - series.cached)
        cached, stored = cached.times(series.cached), stored.times(series.cached)
    return shape.in_context(plain, cached, stored, series.window)


def _is_warm(series: TaskCalls, calls_ago: int) -> bool:
    if series.pause is None:
        return calls_ago == 1
    return calls_ago * series.pause <= LIFETIMES[series.window]
