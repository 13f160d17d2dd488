"""What ``routecost compare`` should say of a scenario, worked out anew from the documents.

Plain Python without any code of routecost, written from the pages in docs/. Slow, and with floats
for money: only the tests use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.amounts import Vector, number
from tests.oracle.calls import Days, Task, bill_of_task
from tests.oracle.flow import Flow, World
from tests.oracle.prices import PER_MILLION, Sheet
from tests.oracle.strategies import flow_of

TOKENS = [meter for meter in PER_MILLION if meter != "input_character"]


@dataclass
class Figures:
    """The figures of a strategy; None if unknown."""

    cost_per_month: float
    success_rate: float | None
    cost_per_success: float | None
    failure_cost_per_month: float | None


def figures(
    scenario: Mapping[str, Any],
    sheets: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Figures]:
    """Return the figures of all strategies; ``sheets`` and ``tables`` are documents by name."""
    sheet = Sheet(scenario["pricing"], sheets, date.fromisoformat(str(scenario["as_of"])))
    tasks = _tasks(scenario["workload"], _days(scenario))
    world = World(sheet, tables or {}, tasks)
    return {
        name: _figures(scenario, sheet, [flow_of(stated, task, world) for task in tasks])
        for name, stated in scenario["strategies"].items()
    }


def _days(scenario: Mapping[str, Any]) -> Days:
    month = number(scenario.get("days_per_month", 30))
    return Days(month, number(scenario.get("working_days_per_month", month * 5 / 7)))


def _tasks(workload: Mapping[str, Any], days: Days) -> list[Task]:
    if "task_types" not in workload:
        return [Task("tasks", workload, {}, days)]
    return [Task(name, load, workload, days) for name, load in workload["task_types"].items()]


def _figures(scenario: Mapping[str, Any], sheet: Sheet, flows: list[Flow]) -> Figures:
    days = float(number(scenario.get("days_per_month", 30)))
    bill = Vector()
    for flow in flows:
        one = bill_of_task(flow.task, flow.calls, sheet, scenario.get("tokens_measured_on"))
        bill += one * (float(flow.task.per_day) * days)
    bill = _with_fees(bill, scenario, sheet, days)
    items = {(model, meter) for model, meter, _ in bill}
    units, listed = ({item: bill[*item, what] for item in items} for what in ("units", "money"))
    month = sheet.month(units, listed, days)
    tasks = sum(float(flow.task.per_day) for flow in flows)
    if not tasks or any(flow.right is None for flow in flows):
        return Figures(month, None, None, None)
    right = sum(float(flow.right or 0) * float(flow.task.per_day) for flow in flows)
    costs = [_failure_cost(flow) for flow in flows]
    failures = None if None in costs else sum(cost or 0 for cost in costs) * days
    return Figures(month, right / tasks, month / (right * days) if right else None, failures)


def _failure_cost(flow: Flow) -> float | None:
    """Return what the failures of a day cost."""
    task = flow.task
    if flow.wrong and task.per_day and task.failure_cost is None:
        return None
    unnoticed = float(flow.wrong or 0) * float(number(task.failure_cost or 0))
    reworked = float(flow.reworked or 0) * float(number((task.rework or {}).get("cost", 0)))
    return (unnoticed + reworked) * float(task.per_day)


def _with_fees(bill: Vector, scenario: Mapping[str, Any], sheet: Sheet, days: float) -> Vector:
    """Return the bill with capacity, which serves a share of the tokens, and with storage."""
    used = {model for model, _, _ in bill}
    for capacity in scenario.get("capacity", []):
        model, hours = sheet.tiers[capacity["tier"]], float(number(capacity.get("hours", 24)))
        if model not in used:
            continue
        tokens = [key for key in bill if key[0] == model and key[1] in TOKENS]
        served = float(number(capacity.get("covers", 0)))
        if "tokens_per_hour" in capacity:
            daily = sum(bill[key] for key in tokens if key[2] == "units") / days
            served = min(1.0, float(number(capacity["tokens_per_hour"])) * hours / daily) if daily else 0.0
        bill = Vector({key: value * (1 - served if key in tokens else 1) for key, value in bill.items()})
        bill += _fee(sheet, model, "provisioned_hour", float(number(capacity["units"])) * hours * days)
    for storage in scenario.get("storage", []):
        model, hours = sheet.tiers[storage["tier"]], float(number(storage.get("hours", 24)))
        for key, meter in (("tokens", "cache_storage"), ("gigabytes", "file_storage")):
            if key in storage and model in used:
                bill += _fee(sheet, model, meter, float(number(storage[key])) * hours * days)
    return bill


def _fee(sheet: Sheet, model: str, meter: str, units: float) -> Vector:
    per = 1e6 if meter == "cache_storage" else 1.0
    rate = float(number(sheet.entries[model][meter])) / per
    return Vector({(model, meter, "units"): units, (model, meter, "money"): units * rate})
