"""Costs of a day's calls in the smallest parts that are told apart: strategy, task type, tier and model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.pricing.pieces import SPEND, Covers
from routecost.engine.pricing.price import price
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.strategies.assigned import flows_among
from routecost.model.pricing.usage import Usage
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import TaskType
from routecost.units import exact


class Cell(NamedTuple):
    """Calls for the tasks of one type, on one tier and its model, under one strategy.

    ``member`` is the scenario of a portfolio. A cell of an ``owner`` has no calls: it is the part of a
    commitment that an owner pays and does not use.
    """

    strategy: str
    task: str
    tier: str = ""
    model: str = ""
    member: str = ""
    owner: str = ""


Spends = Mapping[Cell, Mapping[Covers, Decimal]]
"""The cost of the calls of each cell, before terms on totals, by the scopes of these that cover it."""


@exact
def daily_spends(scenario: Scenario, strategy: str, stage: SecondStage, tiers: TierModels) -> Spends:
    """Return the costs of a day's calls of a strategy, at the prices of the day of the tiers."""
    flow_of = flows_among(scenario.strategies[strategy], scenario.workload, tiers)
    spends: dict[Cell, Mapping[Covers, Decimal]] = {}
    for task in scenario.workload.task_types:
        if not task.tasks_per_day:
            continue
        flow, _ = flow_of(task)
        by_tier = defaultdict(list)
        for calls, (_, used) in zip(flow.calls, flow.usages(), strict=True):
            by_tier[calls.tier].append(used)
        for tier, usages in by_tier.items():
            bill = price(Usage.total(usages), scenario.pricing, tiers.day)
            bill = replace(bill, fees_of=scenario.strategies[strategy].fees_of)
            cell = Cell(strategy, task.name, tier, tiers.model(tier))
            pieces = stage.pieces(bill).items()
            spends[cell] = {piece.covers: money for piece, money in pieces if piece.what == SPEND}
    return spends


def tasks_of(scenario: Scenario) -> dict[str, TaskType]:
    """Return the task types of a scenario and of the launches of its plan, by name."""
    launches = () if scenario.plan is None else scenario.plan.launches
    tasks: dict[str, TaskType] = {}
    for fleet in (scenario.workload, *(launch.workload for launch in launches)):
        for task in fleet.task_types:
            tasks.setdefault(task.name, task)
    return tasks
