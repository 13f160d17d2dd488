"""Scenarios for sweeps over fields and for tornados."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import routecost
from routecost.model.results.sensitivity import FieldSweep

FLEET = "article-fleet"
ROUTED = "routed-80-15-5"
PIPELINE = "content-pipeline"
NOVEMBER = date(2026, 11, 22)

SCENARIO = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-11-22
workload: {tasks_per_day: %s, tokens: {input: %s, output: %s}, cache: {read: %s, write_5m: 10%%}}
strategies:
  small: {tier: small}
  large: {tier: large}
  routed: {mix: {small: 70%%, large: 30%%}}
baseline: large
proposed: routed
"""
SHEET = """\
version: 1
currency: %s
source: invented
tiers: {small: little, large: big}
models:
  little: [{input: 2, output: 3, cache_read: 0.2, cache_write_5m: 2.5, checked: 2026-11-22}]
  big: [{input: 1, output: 15, cache_read: 0.1, cache_write_5m: 1.25, checked: 2026-11-22}]
"""


def written(folder: Path, *values: object) -> Path:
    (folder / "sheet.yaml").write_text(SHEET % "USD", encoding="utf-8")
    scenario = folder / "fleet.yaml"
    scenario.write_text(SCENARIO % (values or (500, 2000, 500, "30%")), encoding="utf-8")
    return scenario


def costs(sweep: FieldSweep) -> list[tuple[object, ...]]:
    return [
        (cost.strategy, cost.cost_per_day, cost.cost_per_month, cost.vs_baseline)
        for point in sweep.points
        for cost in point.costs
    ]


def compared(comparison: routecost.Comparison) -> list[tuple[object, ...]]:
    return [
        (cost.strategy, cost.cost_per_day, cost.cost_per_month, cost.vs_baseline)
        for cost in comparison.strategies
    ]


def in_assign(folder: Path, shares: str) -> Path:
    """Return a scenario whose only strategy has a mix for its one task type, as a mix and in ``assign``."""
    scenario = written(folder)
    text = scenario.read_text(encoding="utf-8")
    mix = f"{{mix: {shares}}}"
    nested = text.replace("workload: {", "workload: {task_types: {drafting: {").replace(
        "strategies:", f"strategies:\n  nested: {{assign: {{drafting: {mix}}}}}\n  plain: {mix}"
    )
    nested = nested.replace("write_5m: 10%}}\n", "write_5m: 10%}}}}\n")
    scenario.write_text(nested, encoding="utf-8")
    return scenario


def two_types(folder: Path, *values: object) -> Path:
    """Return a scenario with two task types: the tasks per day of each, then the cached share of each."""
    first, second, *reads = values or (100, 50, "40%", "60%")
    written(folder)
    scenario = folder / "two.yaml"
    scenario.write_text(TWO_TYPES % (first, reads[0], second, reads[1]), encoding="utf-8")
    return scenario


TWO_TYPES = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-11-22
workload:
  task_types:
    draft: {tasks_per_day: %s, tokens: {input: 2000, output: 500}, cache: {read: %s, write_5m: 0}}
    check: {tasks_per_day: %s, tokens: {input: 900, output: 70}, cache: {read: %s, write_5m: 0}}
strategies:
  small: {tier: small}
  large: {tier: large}
"""
