"""What ``routecost compare`` should say of a scenario, worked out anew from the documents.

Plain Python without any code of routecost, written from the pages in docs/. Slow, and with floats
for money: only the tests use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
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


Case = tuple[float, float | None, float | None, float | None, float | None]
"""The cost of a month and its outcome."""


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
        places = set()
        try:
            for task in self.tasks:
                self.exchange.amount(task.failure_cost or 0)
                self.exchange.amount((task.rework or {}).get("cost", 0))
        except NoRateError:
            places.add("currency")
        for name, stated in self.scenario["strategies"].items():
            world = replace(self.world, impossible=set())
            for task in self.tasks:
                flow_of(stated, task, world)
            places |= {name if place == "strategies" else place for place in world.impossible}
        return places

    def figures(self) -> dict[str, Any]:
        """Return the figures of all strategies, and the savings."""
        cases = {name: self._cases(stated, name) for name, stated in self.scenario["strategies"].items()}
        figures: dict[str, Any] = {name: _figures(of_one) for name, of_one in cases.items()}
        if "proposed" in self.scenario:
            default, proposed = self.scenario["default"], self.scenario["proposed"]
            figures["savings"] = _savings(cases[default], cases[proposed], default == proposed)
        return figures

    def _cases(self, stated: Stated, name: str) -> list[Case]:
        """Return the usual case, the worst one, and those between where a step makes the cost jump."""
        flows = [flow_of(stated, task, self.world) for task in self.tasks]
        worst = [flow_of(stated, task, replace(self.world, case=LOW)) for task in self.tasks]
        usual = self._bill(flows)
        most = usual if _counts(worst) == _counts(flows) else self._bill(worst)
        month = self._settled(usual, name)[0]
        high = month if most is usual else self._settled(most, name)[0]
        ends = [(month, *self._outcome(flows, month)), (high, *self._outcome(worst, high))]
        if most is usual:
            return ends
        tasks = sum(float(task.per_day) for task in self.tasks) * self.days
        return [*ends, *(_mixed(ends, at, cost, tasks) for at, cost in self._jumps(usual, most, name))]

    def _jumps(self, usual: Vector, worst: Vector, name: str) -> Iterator[tuple[float, float]]:
        """Yield where between two bills a retroactive step is reached, and the cost on both sides."""

        def at(share: float) -> tuple[float, float, list[float]]:
            return (share, *self._settled(usual * (1 - share) + worst * share, name))

        pending = [(at(0.0), at(1.0))]
        while pending:
            low, high = pending.pop()
            if low[2] == high[2]:
                continue
            if high[0] - low[0] < 2.0**-44:
                yield from (low[:2], high[:2])
                continue
            middle = at((low[0] + high[0]) / 2)
            pending += [(low, middle), (middle, high)]

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

    def _bill(self, flows: list[Flow]) -> Vector:
        """Return the units and list prices of the calls of a month."""
        bill = Vector()
        for flow in flows:
            one = bill_of_task(flow.task, flow.calls, self.sheet, self.scenario.get("tokens_measured_on"))
            bill += one * (float(flow.task.per_day) * self.days)
        return bill

    def _settled(self, bill: Vector, name: str) -> tuple[float, list[float]]:
        """Return what the calls of a strategy cost in a month, and the retroactive steps that they reach."""
        bill = _with_fees(bill, self.scenario, self.sheet, self.days, name)
        items = {(model, meter) for model, meter, _ in bill}
        units, listed = ({item: bill[*item, what] for item in items} for what in ("units", "money"))
        reached: list[float] = []
        return self.sheet.month(units, listed, self.days, reached), reached


def _figures(cases: list[Case]) -> Figures:
    """Return the figures of the usual case, and the highest and lowest ones."""
    ends = [_end(values, max) for values in zip(*cases, strict=True)]
    ends[1] = _end([case[1] for case in cases], min)
    return Figures(*cases[0], *ends)


def _end(values: Iterable[float | None], of: Callable[[list[float]], float]) -> float | None:
    stated = list(values)
    known = [value for value in stated if value is not None]
    return of(known) if len(known) == len(stated) else None


def _mixed(ends: list[Case], at: float, cost: float, tasks: float) -> Case:
    """Return the case that is a share ``at`` of the way from the usual to the worst one."""
    usual, worst = ends
    rate, failures = (
        None if one is None or other is None else one * (1 - at) + other * at
        for one, other in ((usual[1], worst[1]), (usual[3], worst[3]))
    )
    per_success = cost / (rate * tasks) if rate else None
    return cost, rate, per_success, failures, None if failures is None else cost + failures


def _counts(flows: list[Flow]) -> list[list[Fraction]]:
    return [[call.count for call in flow.calls] for flow in flows]


def _savings(default: list[Case], proposed: list[Case], is_same: bool) -> Savings:
    """Return the savings, and their range over the cases of both strategies.

    Both are in the worst case, or neither; or only one of them, if its success has a range. If the cost of
    one jumps between these cases, any two cases may meet.
    """
    cases = list(zip(default[:2], proposed[:2], strict=True))
    cases += [(default[1], proposed[0])] if default[0][1] != default[1][1] else []
    cases += [(default[0], proposed[1])] if proposed[0][1] != proposed[1][1] else []
    if len(default) > 2 or len(proposed) > 2:
        cases = list(product(default, proposed))
    if is_same:
        cases = cases[:1]
    months, totals = ([_minus(one[at], other[at]) for one, other in cases] for at in (0, 4))
    saved, cost = default[0][0] - proposed[0][0], default[0][0]
    fraction = saved / cost if cost > 1e-9 else None
    return Savings(fraction, saved, totals[0], *_ends(months), *_ends(totals))


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


def _with_fees(bill: Vector, scenario: Mapping[str, Any], sheet: Sheet, days: float, strategy: str) -> Vector:
    """Return the bill with capacity, which serves a share of the tokens, and with storage."""
    used = {model for model, _, _ in bill}
    for capacity in scenario.get("capacity", []):
        models = [model for model in sorted(used) if "provisioned_hour" in sheet.entries[model]]
        if "tier" in capacity:
            models = [model for model in used if model == sheet.tiers[capacity["tier"]]]
        if not models or capacity.get("strategy", strategy) != strategy:
            continue
        hours = float(number(capacity.get("hours", 24)))
        tokens = [key for key in bill if key[0] in models and key[1] in TOKENS]
        served = float(number(capacity.get("covers", 0)))
        if "tokens_per_hour" in capacity:
            daily = sum(bill[key] for key in tokens if key[2] == "units") / days
            served = min(1.0, float(number(capacity["tokens_per_hour"])) * hours / daily) if daily else 0.0
        bill = Vector({key: value * (1 - served if key in tokens else 1) for key, value in bill.items()})
        bill += _fee(sheet, models[0], "provisioned_hour", float(number(capacity["units"])) * hours * days)
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
