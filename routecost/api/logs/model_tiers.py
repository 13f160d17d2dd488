"""Tiers of logged models, and a sheet with tiers for those that have none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from routecost.engine.logs.pricing import CellPricer
from routecost.errors import UsageError
from routecost.model.logs.cells import Cell
from routecost.model.logs.efforts import of_effort, with_effort
from routecost.source.editing.yaml_writer import block_yaml
from routecost.units import listed


def tier_ranks(cells: Iterable[Cell], pricer: CellPricer) -> dict[str, int]:
    """Return the rank of the tier of each logged model that has one, from 0 for the lowest."""
    ranks = {tier: rank for rank, tier in enumerate(pricer.sheet.tier_names)}
    tiers = {cell.model: pricer.tier(cell) for cell in cells}
    return {model: ranks[tier] for model, tier in tiers.items() if tier is not None}


def models_without_tier(cells: Iterable[Cell], pricer: CellPricer) -> dict[str, int]:
    """Return the models of the sheet that serve no tier when they were called, and their calls.

    A model has its effort in its name if it is logged, and tiers of the sheet differ by effort only.
    """
    calls: dict[str, int] = {}
    for cell in cells:
        if pricer.tier(cell) is None:
            model = pricer.model(cell.model)
            if _has_efforts(model, pricer):
                model = with_effort(model, of_effort(cell.model)[1])
            calls[model] = calls.get(model, 0) + cell.calls
    return dict(sorted(calls.items()))


def _has_efforts(model: str, pricer: CellPricer) -> bool:
    tiers = (entry for dated in pricer.sheet.tiers.values() for entry in dated)
    return any(entry.model == model and entry.effort for entry in tiers)


def refuse_without_tier(calls: Mapping[str, int], pricer: CellPricer) -> None:
    """Raise UsageError if there are models without a tier."""
    if calls:
        names = listed([f"{model} ({count:,} call{'s'[: count - 1]})" for model, count in calls.items()])
        raise UsageError(
            f'no tier of pricing sheet "{pricer.sheet.name}" is the model of these calls: {names}; scenarios '
            "name tiers: --write-pricing FILE writes a sheet that extends it with them"
        )


def _own_tier(logged: str) -> tuple[str, Any]:
    model, effort = of_effort(logged)
    return (f"{model}-{effort}", {"model": model, "effort": effort}) if effort else (model, model)


def extended_sheet(models: Sequence[str], extends: str) -> str:
    """Return the text of a sheet in which each of these models is a tier of its own, above the others."""
    data: dict[str, Any] = {
        "version": "1",
        "extends": extends,
        "source": "routecost calibrate: a tier for each model of the log that had none",
    }
    tiers = {"tiers": dict(map(_own_tier, models))} if models else {}
    return block_yaml({**data, **tiers})
