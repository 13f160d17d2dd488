"""The calls of one task, one after another: what each carries, and what a cache serves of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.usage.calls import CallShape
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.model.scenario.workload import ONE_CALL, Carry, TaskCalls
from routecost.units import ONE

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TierModels

LIFETIMES = {"5m": 300, "1h": 3600}
"""Seconds that a cache keeps what was written to it, or read from it, last."""


def calls_of_task(
    shape: CallShape, series: TaskCalls, parts: Sequence[tuple[str, int]], tier_models: TierModels
) -> Iterator[tuple[str, CallShape]]:
    """Yield the tier and the shape of each call of a task, in order.

    ``shape`` is a call by itself, ``parts`` the tiers in turn with the number of calls on each. The
    k-th call has the context: system + k x prompt + (k - 1) x output + what the task was passed.
    """
    last_calls: dict[str, int] = {}
    at = 0
    for tier, count in parts:
        model = tier_models.model(tier)
        for _ in range(count):
            yield tier, shape if series == ONE_CALL else _call(shape, series, at, last_calls.get(model))
            last_calls[model] = at
            at += 1


def _call(shape: CallShape, series: TaskCalls, at: int, last: int | None) -> CallShape:
    """Return the call numbered ``at``, from 0; ``last`` is the last call before it on the same model."""
    system = Quantity.of(series.system) if series.system else NOTHING
    earlier = at if series.carry is Carry.ALL else 0
    if not series.cached:
        grown = _grown(shape, earlier)
        return shape.in_context(system + shape.prompt + grown, NOTHING, NOTHING, series.window)
    is_warm = last is not None and _is_warm(series, at - last)
    shape, system = replace(shape, passed=NOTHING), system + shape.passed
    if series.carry is Carry.ALL:
        known = 0 if last is None or not is_warm else last + 1
        cached = system + shape.prompt + _grown(shape, known - 1) if known else NOTHING
        new = earlier + 1 - known
        stored = shape.prompt.times(Decimal(new)) + shape.output.times(Decimal(new - 1 if not known else new))
        stored = stored if known else system + stored
        plain = NOTHING
    else:
        cached, stored = (system, NOTHING) if is_warm else (NOTHING, system)
        plain = shape.prompt
    if series.cached != 1:
        rest = ONE - series.cached
        plain = plain + (cached + stored).times(rest)
        cached, stored = cached.times(series.cached), stored.times(series.cached)
    return shape.in_context(plain, cached, stored, series.window)


def _grown(shape: CallShape, turns: int) -> Quantity:
    """Return the tokens that earlier calls added to the context."""
    return (shape.prompt + shape.output).times(Decimal(turns)) if turns else NOTHING


def _is_warm(series: TaskCalls, calls_ago: int) -> bool:
    if series.pause is None:
        return calls_ago == 1
    return calls_ago * series.pause <= LIFETIMES[series.window]
