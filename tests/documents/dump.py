"""Models back to YAML text, for tests that what is written is what is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, RateCard
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import TaskType


def text_of(data: Any) -> str:
    """Return YAML in which every scalar is as it is in the data: numbers plain, names quoted."""

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  equal parts are written out
            return True

    def number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
        # The tag that the text itself would get, or else it would be written out.
        text = f"{value:f}"
        return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)

    Dumper.add_representer(Decimal, number)
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True)


def sheet_data(sheet: PricingSheet) -> dict[str, Any]:
    """Return a pricing sheet as the data of its document."""
    return {
        "version": 1,
        "currency": sheet.currency,
        "source": sheet.source,
        "tiers": {
            tier: [{"model": one.model, **_start(one.start)} for one in dated]
            for tier, dated in sheet.tiers.items()
        },
        "models": {model: [_entry(entry) for entry in found] for model, found in sheet.models.items()},
    }


def _entry(entry: PriceEntry) -> dict[str, Any]:
    steps = [{"tokens": step.above_tokens, **_card(step.card)} for step in entry.steps]
    return {**_start(entry.start), **_card(entry.card), "above": steps}


def _card(card: RateCard) -> dict[str, Any]:
    return {**card.standard, "modes": {mode: dict(rates) for mode, rates in card.modes.items()}}


def _start(start: date | None) -> dict[str, Any]:
    return {} if start is None else {"from": start}


def scenario_data(scenario: Scenario, pricing: str) -> dict[str, Any]:
    """Return a scenario (without claims) as the data of its document."""
    budget = scenario.budget
    data = {
        "version": 1,
        "pricing": pricing,
        "workload": {"task_types": {task.name: _task(task) for task in scenario.workload.task_types}},
        "strategies": {name: _strategy(strategy) for name, strategy in scenario.strategies.items()},
        "baseline": scenario.baseline,
        "default": scenario.default,
        "proposed": scenario.proposed,
        "as_of": scenario.as_of,
        "days_per_month": scenario.days_per_month,
        "budget": budget and {"amount": budget.amount, "per": str(budget.per), "strategy": budget.strategy},
    }
    return {key: value for key, value in data.items() if value is not None}


def _task(task: TaskType) -> dict[str, Any]:
    cache: Any = task.cache
    return {
        "tasks_per_day": task.tasks_per_day,
        "tokens": {"per_call": [_row(cell) for cell in task.tokens.cells]},
        "cache": {key: getattr(cache, key) for key in ("read", "write_5m", "write_1h")},
        "batch": task.batch_share,
        "batch_tolerant": task.batch_share > 0,
        "meters": dict(task.meters),
    }


def _row(cell: Any) -> dict[str, Any]:
    return {
        "share": cell.weight,
        "input": [cell.input_low, cell.input_high],
        "output": [cell.output_low, cell.output_high],
        "meters": {meter: list(ends) for meter, ends in cell.meters.items()},
    }


def _strategy(strategy: Any) -> dict[str, Any]:
    if isinstance(strategy, UniformTier):
        return {"tier": strategy.tier}
    assert isinstance(strategy, Mix)
    return {"mix": dict(strategy.shares)}
