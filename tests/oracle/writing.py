"""Random scenarios and tables, written as documents; a seed repeats one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.oracle.sheet_writing import AS_OF, KINDS_OF_TASK, METERS, OTHER_DAYS, TIERS
from tests.oracle.strategy_writing import StrategyWriter


class Documents:
    """A scenario with the sheets and tables that it names; ``options`` replace its sheet and its day."""

    def __init__(
        self,
        scenario: dict[str, Any],
        sheets: dict[str, Any],
        tables: dict[str, Any],
        **options: str,
    ) -> None:
        self.scenario, self.sheets, self.tables, self.options = scenario, sheets, tables, options

    def write(self, folder: Path) -> Path:
        """Write all documents; return the path of the scenario. JSON is YAML, too."""
        for name, document in {**self.sheets, **self.tables, "scenario.yaml": self.scenario}.items():
            (folder / name).write_text(json.dumps(document, indent=1), encoding="utf-8")
        return folder / "scenario.yaml"


class Writer(StrategyWriter):
    """Draws scenarios with the sheets and tables that they name."""

    def documents(self) -> Documents:
        """Return a scenario with one strategy of each kind, more or less."""
        sheets = self.sheets()
        chosen = self.random.sample(KINDS_OF_TASK, self.count(1, 3))
        loads = {name: self.load() for name in chosen}
        aggregate = len(chosen) == 1 and self.perhaps(0.5)
        workload: dict[str, Any] = {"task_types": loads, "batch": self.share()}
        if aggregate:
            (load,) = loads.values()
            load.pop("type", None)
            workload, loads = load, {"tasks": load}
        if any(load.get("modes") for load in loads.values()):
            workload.pop("batch", None) if not aggregate else None
        scenario = {
            "version": 1,
            "pricing": f"./{next(reversed(sheets))}",
            "as_of": AS_OF,
            "days_per_month": self.one_of([30, 21, "30.4"]),
            "workload": workload,
        }
        if self.perhaps(0.3):
            scenario["working_days_per_month"] = self.one_of([20, "20.5"])
        if self.perhaps(0.3):
            scenario["tokens_measured_on"] = "model-a"
        tables = {"table.yaml": self.table()}
        self.own_success = next(iter(loads.values())).get("success", {})
        scenario["strategies"] = self.strategies(loads, aggregate)
        if self.perhaps(0.2):
            scenario["capacity"] = [self.capacity(list(scenario["strategies"]))]
        strategies = scenario["strategies"].items()
        same_work = [name for name, stated in strategies if "conversation" not in json.dumps(stated)]
        if self.perhaps(0.5):
            scenario |= dict(zip(("default", "proposed"), self.random.sample(same_work, 2), strict=True))
        options = self.options(list(sheets))
        if self.perhaps(0.4):
            self.add_tier_tokens(loads, sheets["base.yaml"]["tiers"])
        return Documents(scenario, sheets, tables, **options)

    def add_tier_tokens(self, loads: Mapping[str, Any], tiers: dict[str, Any]) -> None:
        """Let the tokens of tiers differ, where this is possible, and perhaps their effort."""
        if self.one_by_one or any(load.get("rework", {}).get("pass_on") for load in loads.values()):
            return
        for load in loads.values():
            load["tokens"]["reasoning"] = self.share()
            load["tier_tokens"] = {
                tier: {"output_factor": self.one_of([1, "0.5", 4]), "reasoning": self.share()}
                for tier in TIERS
            }
            load["carry_reasoning"] = self.perhaps(0.5)
        if self.perhaps(0.5):
            tiers.update(
                {
                    tier: {"model": model, "effort": "high"}
                    for tier, model in tiers.items()
                    if isinstance(model, str)
                }
            )

    def capacity(self, strategies: list[str]) -> dict[str, Any]:
        """Return capacity of a tier, perhaps in one strategy only."""
        fee: dict[str, Any] = {"tier": "haiku", "units": 2, "hours": self.count(1, 24)}
        if self.perhaps(0.5):
            fee["strategy"] = self.one_of(strategies)
        if self.perhaps(0.5):
            return fee | {"covers": self.share()}
        return fee | {"tokens_per_hour": 10 ** self.count(2, 6)}

    def options(self, sheets: list[str]) -> dict[str, str]:
        """Return another sheet and another day, or nothing."""
        options = {"pricing": f"./{self.one_of(sheets)}"} if self.perhaps(0.4) else {}
        return options | ({"as_of": self.one_of(OTHER_DAYS)} if self.perhaps(0.2) else {})

    def load(self) -> dict[str, Any]:
        """Return a task type."""
        volume = self.one_of(["day", "day", "day", "week", "month", "working_day"])
        load: dict[str, Any] = {f"tasks_per_{volume}": self.one_of([1, 100, 2500, "0.5"])}
        load["tokens"] = self.tokens()
        if self.perhaps(0.3):
            load["type"] = self.one_of(KINDS_OF_TASK)
        if self.perhaps(0.4) and "meters" not in json.dumps(load["tokens"]):
            load["meters"] = {meter: self.count(0, 900) for meter in self.random.sample(METERS, 2)}
        self.add_modes(load)
        if self.perhaps(0.35):
            load["calls"] = self.calls()
        if self.perhaps(0.5) and not load.get("calls", {}).get("cached"):
            load["cache"] = self.cache(load["tokens"])
        self.add_arrivals(load)
        if self.perhaps(0.85):
            load["success"] = {tier: self.success() for tier in TIERS}
        if self.perhaps(0.7):
            load["failure_cost"] = self.amount(50)
        if self.perhaps(0.5):
            load["rework"] = self.rework()
        return load

    def rework(self) -> dict[str, Any]:
        """Return the handling of wrong results that are noticed."""
        stated: dict[str, Any] = {"noticed": self.share(), "cost": self.amount(9)}
        if self.perhaps(0.7):
            stated["tier"] = self.one_of(TIERS)
            if self.perhaps(0.4):
                stated["success_after"] = self.share()
            if self.perhaps(0.4):
                stated["pass_on"] = True
        return stated

    def amount(self, most: int) -> Any:
        """Return an amount of money, sometimes in a currency of its own."""
        amount = self.count(0, most)
        return f"{amount} {self.one_of(['USD', 'EUR', 'GBP', 'CHF'])}" if self.perhaps(0.2) else amount

    def success(self) -> Any:
        """Return a success rate, stated or measured."""
        trials = self.count(1, 9) * 2**4
        return self.share() if self.perhaps(0.8) else {"successes": self.count(0, trials), "trials": trials}

    def add_modes(self, load: dict[str, Any]) -> None:
        """Let some calls run as batch or in another mode."""
        flex, batch, _ = self.shares(3)
        if self.perhaps(0.3):
            load["modes"] = {"flex": flex}
        if self.perhaps(0.4):
            load["batch_tolerant"] = True
            if load.get("modes") or self.perhaps(0.7):
                load["batch"] = batch

    def add_arrivals(self, load: dict[str, Any]) -> None:
        """State when calls arrive, from which the hits of a cache may follow, or the share of hours."""
        if self.by_hour and self.perhaps(0.3):
            flex, batch, off_peak, _ = self.shares(4)
            load["modes"] = {"flex": flex, "off_peak": off_peak}
            load |= {"batch": batch, "batch_tolerant": True}
            return
        if self.by_hour or self.perhaps(0.2):
            load["arrivals"] = self.arrivals()
            if self.perhaps(0.6):
                load.get("cache", {}).pop("reuse", None)

    def cache(self, tokens: Mapping[str, Any]) -> dict[str, Any]:
        """Return shares of the input, or a prefix that every call of the task has."""
        if self.perhaps(0.5):
            read, five, hour, _ = self.shares(4)
            return {"read": read, "write_5m": five, "write_1h": hour}
        rows = tokens.get("per_call", [tokens])
        rows = [{"input": row["tokens"]} for row in rows["input"]] if isinstance(rows, dict) else rows
        least = min(row["input"][0] if isinstance(row["input"], list) else row["input"] for row in rows)
        cache: dict[str, Any] = {"prefix": self.count(0, least), "reuse": self.one_of([0, 1, 3, 9, "2.5"])}
        return cache if self.perhaps(0.5) else {**cache, "window": "1h"}

    def calls(self) -> dict[str, Any]:
        """Return the calls of a task."""
        calls: dict[str, Any] = {"per_task": self.count(1, 6), "system": self.one_of([0, 300, 5000])}
        calls["carry"] = self.one_of(["all", "none"])
        if self.one_by_one:
            calls |= {"per_task": self.count(1, 4), "drawn": "per_call"}
        if self.perhaps(0.6):
            calls["cached"] = self.one_of(["100%", "100%", "35%"])
            if self.perhaps(0.6):
                calls["pause"] = self.one_of(["90s", "2m", "5m", "20m", "1h", "2h"])
            if self.perhaps(0.4):
                calls["window"] = "1h"
        return calls

    def table(self) -> dict[str, Any]:
        """Return a routing table for all kinds of tasks."""
        table: dict[str, Any] = {"version": 1, "taxonomy": "agent-fleet"}
        table["routes"] = [self.route(name) for name in KINDS_OF_TASK]
        reviewed = {table["routes"][0]["tier"], self.one_of(TIERS)}
        table["reviewer"] = {tier: self.one_of(TIERS) for tier in sorted(reviewed)}
        if self.perhaps(0.8):
            table["escalation"] = list(TIERS) if self.perhaps(0.7) else self.random.sample(TIERS, 2)
        if self.perhaps(0.3):
            table["confidence"] = self.one_of(["required", "none"])
        return table | (self.review() if self.perhaps(0.6) else {})

    def route(self, task: str) -> dict[str, Any]:
        """Return a row of a routing table."""
        row: dict[str, Any] = {"task": task, "tier": self.one_of(TIERS)}
        if self.perhaps(0.3):
            row["confidence"] = self.one_of(["required", "none"])
        if self.perhaps(0.3):
            others = [tier for tier in TIERS if tier != row["tier"]]
            row["escalation"] = [row["tier"], *others[: self.count(0, 2)]]
        if self.perhaps(0.7):
            trials = self.count(1, 40)
            row["evidence"] = {"successes": 0, "trials": trials, "evaluated": AS_OF}
            row["evidence"]["escalated"] = self.count(0, trials)
        if self.perhaps(0.5):
            row |= {"reviewer": self.one_of(TIERS), **(self.review() if self.perhaps(0.5) else {})}
        return row
