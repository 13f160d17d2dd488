"""Caveats of an interactive page that hold at all its settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from routecost.model.report.report import Note
from routecost.model.results.interactive.what_if_page import Key
from routecost.report.caveats import (
    at_means,
    cold_caches,
    left_out,
    made_up,
    named,
    what_if_notes,
    work_differs,
)
from routecost.report.compare.subscriptions import warnings

if TYPE_CHECKING:
    from routecost.model.results.interactive.what_if_page import WhatIfPage


def notes(page: WhatIfPage) -> Iterator[Note]:
    """Yield what a reader of the page must know, whatever the sliders say."""
    compared = page.comparison
    yield from made_up(compared.illustrative)
    yield from at_means(compared.at_means)
    yield from what_if_notes(compared.what_if)
    yield from left_out(compared.left_out)
    paid = {cost.strategy: cost.subscribed for cost in compared.strategies if cost.subscribed is not None}
    unserved = [name for name, month in paid.items() if month.leaves_tasks]
    yield from work_differs(compared.calls_per_task, unserved)
    for name, month in paid.items():
        yield from warnings(name, month)
    yield from cold_caches(compared)
    if compared.of_plan:
        yield Note.of(
            f"Costs of the plan are not counted here: {named(compared.of_plan)}. See `routecost project`."
        )
    if compared.scaling is not None:
        yield Note.of(
            f"Tokens were measured on {compared.scaling.measured_on}, and are scaled for other models."
        )
    can_cache = any(Key.CACHE not in sheet.reasons for sheet in page.sheets)
    if can_cache and not page.has_writes:
        yield Note.of(
            "The scenario states no cache writes: with a cache share, only the reads are billed here."
        )
