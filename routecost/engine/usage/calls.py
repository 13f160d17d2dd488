"""Usage of calls to a model: tokens per meter, in the context-size buckets of price steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from routecost.model.pricing.sheet import BATCH, STANDARD
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.model.scenario.workload import TaskType, TokenCell, TokenShape
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TierModels


class Bucket(NamedTuple):
    """A share of calls in one context-size bucket, with their mean tokens."""

    above: int
    upto: int | None
    weight: Decimal
    input: Decimal
    output: Decimal
    fresh: Decimal = ZERO


@exact
def calls(task: TaskType, tier: str, tier_models: TierModels, count: Decimal) -> Usage:
    """Return the usage of ``count`` calls of a task type on a tier."""
    model = tier_models.model(tier)
    scaling = tier_models.scaling.get(model)
    factor = Decimal(1) if scaling is None else scaling.factor
    share = count / task.tasks_per_day if task.tasks_per_day else Decimal(1)
    modes = ((STANDARD, 1 - task.batch_share), (BATCH, task.batch_share))
    return Usage.total(
        _bucket_usage(
            model, mode, bucket, _per_call(task, bucket, factor, share), count * part * bucket.weight
        )
        for mode, part in modes
        if part
        for bucket in buckets(task.tokens.scaled(factor), tier_models.context_edges[model])
    )


def _per_call(task: TaskType, bucket: Bucket, factor: Decimal, share: Decimal) -> Mapping[str, Decimal]:
    """Return the mean counts of one call; cached tokens scale as the rest of the input does."""
    cached = task.cache.meters((bucket.input - bucket.fresh) / factor, share)
    scaled = {meter: tokens * factor for meter, tokens in cached.items()}
    scaled["input"] += bucket.fresh
    return {CALLS: Decimal(1), **scaled, "output": bucket.output, **task.meters}


def _bucket_usage(
    model: str, mode: str, bucket: Bucket, per_call: Mapping[str, Decimal], count: Decimal
) -> Usage:
    return Usage(
        {
            UsageKey(model, meter, mode, bucket.above, bucket.upto): quantity * count
            for meter, quantity in per_call.items()
            if quantity
        }
    )


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
            yield Bucket(above, upto, cell.weight * share, (low + high) / 2, cell.output, cell.fresh)


def _share_between(cell: TokenCell, low: Decimal, high: Decimal) -> Decimal:
    return max(ZERO, high - low) / (cell.input_high - cell.input_low)


def _holds(point: TokenCell, above: int, upto: int | None) -> Decimal:
    is_above = point.input_low > above or above == 0
    return Decimal(is_above and (upto is None or point.input_low <= upto))
