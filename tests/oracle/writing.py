"""Random scenarios and tables, written as documents; a seed repeats one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.oracle.sheet_writing import AS_OF, KINDS_OF_TASK, METERS, TIERS, SheetWriter


class Documents:
    """A scenario with the sheets and tables that it names."""

    def __init__(self, scenario: dict[str, Any], sheets: dict[str, Any], tables: dict[str, Any]) -> None:
        self.scenario, self.sheets, self.tables = scenario, sheets, tables

    def write(self, folder: Path) -> Path:
        """Write all documents; return the path of the scenario. JSON is YAML, too."""
        for name, document in {**self.sheets, **self.tables, "scenario.yaml": self.scenario}.items():
            (folder / name).write_text(json.dumps(document, indent=1), encoding="utf-8")
        return folder / "scenario.yaml"


class Writer(SheetWriter):
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
        if self.perhaps(0.2):
            served = (
                {"covers": self.share()} if self.perhaps(0.5) else {"tokens_per_hour": 10 ** self.count(2, 6)}
            )
            scenario["capacity"] = [{"tier": "haiku", "units": 2, "hours": self.count(1, 24), **served}]
        if self.perhaps(0.3):
            scenario["tokens_measured_on"] = "model-a"
        tables = {"table.yaml": self.table()}
        scenario["strategies"] = self.strategies(loads, aggregate)
        return Documents(scenario, sheets, tables)

    # Sheets

    def tokens(self, small: bool = False, ranges: bool = True) -> dict[str, Any]:
        """Return the tokens of a call."""
        unit = 1 if small else self.one_of([1, 1, 10, 100])
        if self.perhaps(0.6):
            return {"input": self.count(1, 2000) * unit, "output": self.count(0, 1000)}
        ranges = ranges and not self.one_by_one  # a sum of ranges is approximate
        rows = [
            {
                "share": share,
                "input": self.range(self.count(1, 2000) * unit, ranges),
                "output": self.range(self.count(0, 1000), ranges),
            }
            for share in self.shares(self.count(1, 2 if self.one_by_one else 3))
        ]
        if self.one_by_one or self.perhaps(0.7):
            return {"per_call": rows}
        separate: dict[str, Any] = {"independent": True}
        for axis in ("input", "output"):
            separate[axis] = [{"share": row["share"], "tokens": row[axis]} for row in rows]
        return {"per_call": separate}

    def range(self, low: int, allowed: bool) -> Any:
        """Return a number of tokens or a range of them."""
        return [low, low + self.count(1, 3) * low + 10] if allowed and self.perhaps(0.3) else low

    def load(self) -> dict[str, Any]:
        """Return a task type."""
        volume = self.one_of(["day", "day", "day", "week", "month", "working_day"])
        load: dict[str, Any] = {f"tasks_per_{volume}": self.one_of([1, 100, 2500, "0.5"])}
        load["tokens"] = self.tokens()
        if self.perhaps(0.3):
            load["type"] = self.one_of(KINDS_OF_TASK)
        if self.perhaps(0.4):
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
            load["failure_cost"] = self.count(0, 50)
        if self.perhaps(0.5):
            load["rework"] = {"noticed": self.share(), "cost": self.count(0, 9)}
            if self.perhaps(0.7):
                load["rework"]["tier"] = self.one_of(TIERS)
        return load

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

    # Strategies

    def strategies(self, loads: Mapping[str, Any], aggregate: bool) -> dict[str, Any]:
        """Return strategies of all kinds that this workload allows."""
        known = all("success" in load for load in loads.values())
        strategies: dict[str, Any] = {"tier": {"tier": self.one_of(TIERS)}, "mix": self.mix()}
        strategies["cascade"] = self.cascade(known)
        strategies["plan"] = self.plan(known)
        strategies["agents"] = self.agents(known, loads)
        strategies["more-agents"] = self.agents(known, loads)
        if known:
            strategies["confidence"] = self.confidence()
        talk = self.conversation(loads)
        if talk is not None:
            strategies["conversation"] = talk
        nested = {name: self.nested(known, loads) for name in loads}
        strategies["assign"] = {"assign": nested, **self.router(list(loads))}
        if not aggregate:
            strategies["table"] = {"table": "./table.yaml", **self.router(list(loads))}
        return strategies

    def nested(self, known: bool, loads: Mapping[str, Any]) -> dict[str, Any]:
        """Return a strategy of one task type; mistakes may send any other type to it."""
        choices: list[Callable[[], dict[str, Any]]] = [
            lambda: {"tier": self.one_of(TIERS)},
            self.mix,
            lambda: self.cascade(known),
        ]
        choices += [lambda: self.plan(known), lambda: self.agents(known, loads)]
        if known:
            choices.append(self.confidence)
        chosen: dict[str, Any] = self.one_of(choices)()
        return chosen

    def mix(self) -> dict[str, Any]:
        """Return a mix."""
        return {"mix": dict(zip(TIERS, self.shares(3), strict=True))}

    def detection(self) -> dict[str, Any]:
        """Return how well outputs are judged."""
        stated = {"wrong_rejected": self.share()}
        return {**stated, "right_rejected": self.share()} if self.perhaps(0.8) else stated

    def helper(self, reads: bool = True) -> dict[str, Any]:
        """Return a planner, judge, reviewer or router."""
        stated: dict[str, Any] = {"tier": self.one_of(TIERS), "tokens": self.tokens(small=True, ranges=False)}
        if reads and self.perhaps(0.6):
            stated["reads_output"] = True
        return stated

    def cascade(self, known: bool) -> dict[str, Any]:
        """Return a cascade."""
        path = self.random.sample(TIERS, self.count(1, 3))
        stated: dict[str, Any] = {"cascade": path}
        if known and self.perhaps(0.6):
            stated["detection"] = self.detection()
        elif self.perhaps(0.5) or len(path) == 1:
            stated["accept"] = self.share()
        else:
            stated["accept"] = {tier: self.share() for tier in path[:-1]}
        if self.perhaps(0.5):
            stated["judge"] = self.helper()
        if self.perhaps(0.5):
            stated["pass_on"] = True
        if len(path) > 1 and self.perhaps(0.4):
            stated["success_after"] = {self.one_of(path[1:]): self.share()}
        if self.perhaps(0.4):
            stated["tokens"] = {self.one_of(path): self.tokens(small=True)}
        return stated

    def confidence(self) -> dict[str, Any]:
        """Return confidence routing."""
        reports = {
            key: dict(zip(("high", "medium", "low"), self.shares(3), strict=True))
            for key in ("when_right", "when_wrong")
        }
        stated = {"executor": self.one_of(TIERS), **reports, "reviewer": self.helper()}
        stated |= {"detection": self.detection(), "redo": self.one_of(TIERS)}
        return {"confidence": {**stated, "self_assessment": self.one_of([0, 40, 700])}}

    def plan(self, known: bool) -> dict[str, Any]:
        """Return plan-and-execute."""
        groups: list[dict[str, Any]] = []
        for _ in range(self.count(1, 2)):
            group: dict[str, Any] = {"tier": self.one_of(TIERS), "count": self.count(1, 3)}
            if self.perhaps(0.4):
                group["tokens"] = self.tokens(small=True)
            groups.append(group)
        stated: dict[str, Any] = {"planner": self.helper(reads=False), "executors": groups}
        if self.perhaps(0.4):
            stated["parallel"] = True
        elif self.perhaps(0.6):
            stated["hand_on"] = self.count(1, 900)
        if self.perhaps(0.5):
            stated["independent"] = True
        if self.perhaps(0.7):
            verdict = {"detection": self.detection()} if known else {"rejects": self.share()}
            stated["review"] = {**self.helper(), **verdict, "escalated": self.share()}
        return {"plan_and_execute": stated}

    def agents(self, known: bool, loads: Mapping[str, Any]) -> dict[str, Any]:
        """Return agents that work together."""
        mode = self.one_of(["single", "chain", "debate", "ensemble", "reviewer-loop"])
        one = mode in ("single", "reviewer-loop")
        stated: dict[str, Any] = {"mode": mode, "roles": self.roles(one)}
        if mode in ("debate", "reviewer-loop"):
            stated["rounds"] = self.count(1, 2 if self.one_by_one else 4)
            plain = all("calls" not in load and "cache" not in load for load in loads.values())
            if self.perhaps(0.5) and plain:
                stated["cached"] = True
        if mode in ("debate", "ensemble", "reviewer-loop") and self.perhaps(0.5):
            stated["judge"] = self.helper()
        if mode == "reviewer-loop":
            verdict = {"detection": self.detection(), "correlation": self.share()}
            stated |= verdict if known and self.perhaps(0.7) else {"rejects": self.share()}
        elif self.perhaps(0.7):
            stated["correlation"] = self.share()
        if self.perhaps(0.2):
            stated["success"] = self.share()
        return {"agents": stated}

    def roles(self, one: bool) -> list[dict[str, Any]]:
        """Return agents, one or several."""
        roles: list[dict[str, Any]] = []
        for _ in range(1 if one else self.count(1, 3)):
            role: dict[str, Any] = {"tier": self.one_of(TIERS)}
            if not one and not self.one_by_one and self.perhaps(0.5):
                role["count"] = self.count(1, 2)
            if self.perhaps(0.4):
                role["tokens"] = self.tokens(small=True)
            roles.append(role)
        return roles

    def conversation(self, loads: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a conversation, if the task types of the workload can be one."""
        totals = {int(load["calls"]["per_task"]) if "calls" in load else 0 for load in loads.values()}
        free = {load.get("calls") is None for load in loads.values()} == {True}
        if not free and len(totals) > 1:
            return None
        turns = self.count(1, 6) if free else totals.pop()
        parts, rest = [], turns
        while rest:
            taken = self.count(1, rest)
            parts.append({"tier": self.one_of(TIERS), "turns": taken})
            rest -= taken
        stated: dict[str, Any] = {"conversation": parts}
        if free:
            stated["system"] = self.one_of([0, 1000])
            stated["cached"] = self.perhaps(0.6) and all("cache" not in load for load in loads.values())
        return stated

    def router(self, names: list[str]) -> dict[str, Any]:
        """Return a router and its mistakes, or nothing."""
        stated: dict[str, Any] = {}
        if self.perhaps(0.6):
            stated["router"] = self.helper(reads=False)
        if len(names) > 1 and self.perhaps(0.6):
            first, second, *_ = names
            stated["mistakes"] = self.share() if self.perhaps(0.5) else {first: {second: self.share()}}
        return stated

    def table(self) -> dict[str, Any]:
        """Return a routing table for all kinds of tasks."""
        routes = [{"task": name, "tier": self.one_of(TIERS)} for name in KINDS_OF_TASK]
        return {"version": 1, "taxonomy": "agent-fleet", "routes": routes}
