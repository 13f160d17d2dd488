"""Rows of routing tables that are written, within what a taxonomy allows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from routecost.errors import UsageError
from routecost.model.routing.table import TaskKind, Taxonomy


def lowest_tier(kind: TaskKind, taxonomy: Taxonomy, forbidden: Collection[str]) -> str:
    """Return the lowest tier allowed for a task type. Raises UsageError if there is none."""
    allowed = [tier for tier in taxonomy.tiers if tier in kind.tiers and tier not in forbidden]
    if not allowed:
        raise UsageError(
            f'no tier meets what taxonomy "{taxonomy.name}" requires for "{kind.name}"; expected a model '
            'with these "properties" in the pricing sheet'
        )
    return allowed[0]


def row(task: str, tier: str, taxonomy: Taxonomy, forbidden: Collection[str]) -> dict[str, Any]:
    """Return a row; executors below the highest tier must state their confidence.

    Its own path passes no tier that may not see the work.
    """
    above = taxonomy.tiers[taxonomy.tiers.index(tier) + 1 :]
    confidence = {"confidence": "required"} if above else {}
    path = [name for name in above if name not in forbidden]
    own = {} if len(path) == len(above) else {"escalation": path}
    return {"task": task, "tier": tier, **confidence, **own}
