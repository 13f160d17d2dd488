"""What ``routecost compare`` should say of a scenario, worked out anew from the documents.

Plain Python without any code of routecost, written from the pages in docs/. Slow, and with floats
for money: only the tests use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.amounts import Vector, number
from tests.oracle.calls import Days, Task, bill_of_task
from tests.oracle.flow import LOW, Flow, Stated, World
from tests.oracle.prices import PER_MILLION, Exchange, NoRateError, Sheet
from tests.oracle.strategies import flow_of

TOKENS = [meter for meter in PER_MILLION if meter != "input_character"]


@dataclass
class Figures:
    """The figures of a strategy, with those of the worst case of repeated work; None if unknown."""

    cost_per_month: float
    success_rate: float | None = None
    cost_per_success: float | None = None
    failure_cost_per_month: float | None = None
    total_cost_per_month: float | None = None
    cost_per_month_high: float | None = None
    success_rate_low: float | None = None
    cost_per_success_high: float | None = None
    failure_cost_per_month_high: float | None = None
    total_cost_per_month_high: float | None = None


@dataclass
class Savings:
    """What the proposed strategy saves compared with the default."""

    fraction: float | None
    per_month: float
    with_failures_per_month: float | None
    per_month_low: float | None
    per_month_high: float | None
    with_failures_per_month_low: float | None
    with_failures_per_month_high: float | None


Outcome = tuple[float | None, float | None, float | None, float | None]
"""The success rate, the cost per success, and the costs of failures and of all in a month."""


class Oracle:
    """A scenario with its sheets and tables, which are documents by name.

    ``pricing`` and ``as_of`` replace those of the scenario.
    """

    def __init__(
        self,
        scenario: Mapping[str, Any],
        sheets: Mapping[str, Mapping[str, Any]],
        tables: Mapping[str, Mapping[str, Any]],
        pricing: str | None = None,
        as_of: str | None = None,
    ) -> None:
        day = date.fromisoformat(str(as_of or scenario["as_of"]))
        self.scenario, self.sheet = scenario, Sheet(pricing or scenario["pricing"], sheets, day)
        self.exchange = Exchange(Sheet(scenario["pricing"], sheets, day), self.sheet)
        self.tasks = _tasks(scenario["workload"], _days(scenario))
        self.world = World(self.sheet, tables, self.tasks)
        self.days = float(number(scenario.get("days_per_month", 30)))

    def refused(self) -> set[str]:
        """Return the strategies whose statements are refused, "workload" or "currency"."""
        try:
            for task in self.tasks:
                self.exchange.amount(task.failure_cost or 0)
                self.exchange.amount((task.rework or {}).get("cost", 0))
        except NoRateError:
            return {"currency"}
        places = set()
        for name, stated in self.scenario["strategies"].items():
            world = replace(self.world, impossible=set())
            for task in self.tasks:
                flow_of(stated, task, world)
            places |= {name if place == "strategies" else place for place in world.impossible}
        return places

    def figures(self) -> dict[str, Any]:
        """Return the figures of all strategies, and the savings."""
        figures: dict[str, Any] = {
            name: self._figures(stated) for name, stated in self.scenario["strategies"].items()
        }
        if "proposed" in self.scenario:
            figures["savings"] = _savings(*(figures[self.scenario[key]] for key in ("default", "proposed")))
        return figures

    def _figures(self, stated: Stated) -> Figures:
        flows = [flow_of(stated, task, self.world) for task in self.tasks]
        worst = [flow_of(stated, task, replace(self.world, case=LOW)) for task in self.tasks]
        month = self._month(flows)
        high = month if _counts(worst) == _counts(flows) else self._month(worst)
        return Figures(month, *self._outcome(flows, month), high, *self._outcome(worst, high))

    def _outcome(self, flows: list[Flow], month: float) -> Outcome:
        """Return the outcome of a month whose calls cost ``month``."""
        tasks = sum(float(flow.task.per_day) for flow in flows)
        if not tasks or any(flow.right is None for flow in flows):
            return None, None, None, None
        right = sum(float(flow.right or 0) * float(flow.task.per_day) for flow in flows)
        costs = [self._failure_cost(flow) for flow in flows]
        failures = None if None in costs else sum(cost or 0 for cost in costs) * self.days
        per_success = month / (right * self.days) if right else None
        return right / tasks, per_success, failures, None if failures is None else month + failures

    def _failure_cost(self, flow: Flow) -> float | None:
        """Return what the failures of a day cost."""
        task = flow.task
        wrong = float((flow.wrong or 0) + (flow.still_wrong or 0))
        if wrong and task.per_day and task.failure_cost is None:
            return None
        unnoticed = wrong * float(self.exchange.amount(task.failure_cost or 0))
        reworked = float(flow.reworked or 0) * float(self.exchange.amount((task.rework or {}).get("cost", 0)))
        return (unnoticed + reworked) * float(task.per_day)

    def _month(self, flows: list[Flow]) -> float:
        """Return what the calls of a month cost."""
        bill = Vector()
        for flow in flows:
            one = bill_of_task(flow.task, flow.calls, self.sheet, self.scenario.get("tokens_measured_on"))
            bill += one * (float(flow.task.per_day) * self.days)
        bill = _with_fees(bill, self.scenario, self.sheet, self.days)
        items = {(model, meter) for model, meter, _ in bill}
        units, listed = ({item: bill[*item, what] for item in items} for what in ("units", "money"))
        return self.sheet.month(units, listed, self.days)


def _counts(flows: list[Flow]) -> list[list[Fraction]]:
    return [[call.count for call in flow.calls] for flow in flows]


def _savings(default: Figures, proposed: Figures) -> Savings:
    """Return the savings, and their range over the cases of both strategies.

    Both are in the worst case, or neither; or only one of them, if its success has a range.
    """
    cases = [("", ""), ("_high", "_high")]
    cases += [("_high", "")] if default.success_rate != default.success_rate_low else []
    cases += [("", "_high")] if proposed.success_rate != proposed.success_rate_low else []
    if default is proposed:
        cases = cases[:1]
    months, totals = (
        [_minus(getattr(default, name + one), getattr(proposed, name + other)) for one, other in cases]
        for name in ("cost_per_month", "total_cost_per_month")
    )
    month = default.cost_per_month - proposed.cost_per_month
    fraction = month / default.cost_per_month if default.cost_per_month > 1e-9 else None
    return Savings(fraction, month, totals[0], *_ends(months), *_ends(totals))


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _ends(saved: list[float | None]) -> tuple[float | None, float | None]:
    known = [one for one in saved if one is not None]
    return min(known, default=None), max(known, default=None)


def _days(scenario: Mapping[str, Any]) -> Days:
    month = number(scenario.get("days_per_month", 30))
    return Days(month, number(scenario.get("working_days_per_month", month * 5 / 7)))


def _tasks(workload: Mapping[str, Any], days: Days) -> list[Task]:
    if "task_types" not in workload:
        return [Task("tasks", workload, {}, days)]
    return [Task(name, load, workload, days) for name, load in workload["task_types"].items()]


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
