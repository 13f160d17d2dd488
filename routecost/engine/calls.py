"""Calls of a model to usage: tokens per meter, in the buckets that price steps ask for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from routecost.model.pricing import BATCH, STANDARD
from routecost.model.strategy import Lineup
from routecost.model.usage import CALLS, Usage, UsageKey
from routecost.model.workload import ZERO, TaskType, TokenCell, TokenShape
from routecost.units import exact


class Bucket(NamedTuple):
    """A share of calls in one context-size bucket, with their mean tokens."""

    above: int
    upto: int | None
    weight: Decimal
    input: Decimal
    output: Decimal


@exact
def calls(task: TaskType, tier: str, lineup: Lineup, count: Decimal) -> Usage:
    """Return the usage of ``count`` calls of a task type on a tier."""
    model = lineup.model(tier)
    shares = ((STANDARD, 1 - task.batch_share), (BATCH, task.batch_share))
    return Usage.total(
        _bucket_usage(task, model, mode, bucket, count * share * bucket.weight)
        for mode, share in shares
        if share
        for bucket in buckets(task.tokens, lineup.context_edges[model])
    )


def _bucket_usage(task: TaskType, model: str, mode: str, bucket: Bucket, count: Decimal) -> Usage:
    cache = task.cache
    per_call = {
        CALLS: Decimal(1),
        "input": bucket.input * cache.uncached,
        "output": bucket.output,
        "cache_read": bucket.input * cache.read,
        "cache_write_5m": bucket.input * cache.write_5m,
        "cache_write_1h": bucket.input * cache.write_1h,
        **task.meters,
    }
    return Usage(
        {
            UsageKey(model, meter, mode, bucket.above, bucket.upto): quantity * count
            for meter, quantity in per_call.items()
            if quantity
        }
    )


@exact
def buckets(shape: TokenShape, edges: tuple[int, ...]) -> tuple[Bucket, ...]:
    """Split a token shape at context sizes; an edge belongs to the bucket below it.

    Within a cell the input is uniform, so the part of a cell between two edges has the share of
    its length and the mean of its ends: exact, not sampled.
    """
    return tuple(bucket for cell in shape.cells for bucket in _split(cell, edges))


def _split(cell: TokenCell, edges: tuple[int, ...]) -> Iterable[Bucket]:
    for above, upto in zip((0, *edges), (*edges, None), strict=True):
        low = max(cell.input_low, Decimal(above))
        high = cell.input_high if upto is None else min(cell.input_high, Decimal(upto))
        share = (
            _share_between(cell, low, high) if cell.input_high > cell.input_low else _holds(cell, above, upto)
        )
        if share:
            yield Bucket(above, upto, cell.weight * share, (low + high) / 2, cell.output)


def _share_between(cell: TokenCell, low: Decimal, high: Decimal) -> Decimal:
    return max(ZERO, high - low) / (cell.input_high - cell.input_low)


def _holds(point: TokenCell, above: int, upto: int | None) -> Decimal:
    is_above = point.input_low > above or above == 0
    return Decimal(is_above and (upto is None or point.input_low <= upto))
