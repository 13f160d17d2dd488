"""Requirements of task types (residency, vendor, data classes) and what a sheet says of its models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.routing.table import TaskKind

VENDOR = "vendor"
"""The property that is the provider of a model if the sheet states no other."""


def unmet(requires: Mapping[str, Sequence[str]], sheet: PricingSheet, model: str) -> str | None:
    """Return the first requirement that a model does not meet, as text; None if it meets all.

    A requirement is met by any of its values. What the sheet does not state is not met.
    """
    stated = sheet.properties.get(model, {})
    for name, values in requires.items():
        provider = sheet.provider(model) if name == VENDOR else None
        own = stated.get(name) or ((provider,) if provider is not None else ())
        if not set(own) & set(values):
            wanted = " or ".join(f'"{value}"' for value in values)
            stated_values = " and ".join(f'"{value}"' for value in own)
            is_stated = f"is {stated_values}" if own else "is not stated"
            return f'it requires {name} {wanted}, and that of "{model}" {is_stated} in "{sheet.name}"'
    return None


def gap(kind: TaskKind, tiers: Sequence[str]) -> frozenset[str]:
    """Return the tiers that a task type leaves out between others that it allows."""
    ranks = [tiers.index(tier) for tier in kind.tiers]
    return frozenset(tiers[min(ranks) : max(ranks)]) - {*kind.tiers}


def forbidden(
    kind: TaskKind, tiers: Sequence[str], sheet: PricingSheet, models: Mapping[str, str]
) -> frozenset[str]:
    """Return the tiers that may not see the work of a task type, given their ``models`` in a sheet."""
    unfit = (tier for tier in tiers if tier in models and unmet(kind.requires, sheet, models[tier]))
    return gap(kind, tiers) | frozenset(unfit)
