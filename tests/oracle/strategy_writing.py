"""Random strategies, written as documents; a seed repeats them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.oracle.sheet_writing import METERS, TIERS, SheetWriter


class StrategyWriter(SheetWriter):
    """Draws strategies of all kinds."""

    own_success: Mapping[str, Any] = {}
    """The success rates of a task type."""

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
            if self.perhaps(0.3):
                for row in rows[self.count(0, 1) :]:
                    meters = self.random.sample(METERS, 2)
                    row["meters"] = {meter: self.range(self.count(0, 900), ranges) for meter in meters}
            return {"per_call": rows}
        separate: dict[str, Any] = {"independent": True}
        for axis in ("input", "output"):
            separate[axis] = [{"share": row["share"], "tokens": row[axis]} for row in rows]
        return {"per_call": separate}

    def range(self, low: int, allowed: bool) -> Any:
        """Return a number of tokens or a range of them."""
        return [low, low + self.count(1, 3) * low + 10] if allowed and self.perhaps(0.3) else low

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
            if self.perhaps(0.4):
                strategies["table"] |= self.review()
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
        talk = self.conversation(loads)
        if talk is not None:
            choices.append(lambda: talk)
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
        if self.perhaps(0.4):
            stated["reads_input"] = True
        return stated

    def review(self) -> dict[str, Any]:
        """Return the call of the reviewers of a table, and whether escalated work reads what escalated."""
        stated = {key: one for key, one in self.helper().items() if key != "tier"}
        stated["tokens"] = {"input": 1, "output": 0} if self.perhaps(0.1) else stated["tokens"]
        if self.perhaps(0.5):
            stated["share"] = f"{self.count(1, 100)}%"
        return {"review": stated, **({"pass_on": self.perhaps(0.7)} if self.perhaps(0.6) else {})}

    def after(self, tier: str, kinds: bool) -> Any:
        """Return how often repeated work is right; often as other work, which is always possible."""
        if self.perhaps(0.4) and isinstance(self.own_success.get(tier), str):
            return self.own_success[tier]
        if kinds and self.perhaps(0.5):
            return {"when_wrong": self.share(), "when_right": self.share()}
        return self.share()

    def afters(self, tiers: Sequence[str], kinds: bool) -> dict[str, Any]:
        """Return how often repeated work is right, by some of the tiers that may repeat it."""
        return {tier: self.after(tier, kinds) for tier in dict.fromkeys(tiers) if self.perhaps(0.6)}

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
        if self.perhaps(0.4):
            stated["success_after"] = self.afters(path[1:], "detection" in stated)
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
        if self.perhaps(0.5):
            stated["success_after"] = self.after(stated["redo"], kinds=True)
        if self.perhaps(0.5):
            stated["pass_on"] = True
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
            top = self.share()
            stated["review"] = {**self.helper(), **verdict, "escalated": top}
            tiers = [tier for group in groups for tier in _repeating(group["tier"], top)]
            if known and self.perhaps(0.4):
                stated["review"]["success_after"] = self.afters(tiers, kinds=True)
            if self.perhaps(0.5):
                stated["review"]["pass_on"] = True
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


def _repeating(tier: str, top: str) -> Sequence[str]:
    """Return the tiers that repeat rejected work of a tier: the next higher one, and the highest."""
    above = TIERS[min(TIERS.index(tier) + 1, len(TIERS) - 1)]
    return [*([above] if top != "100%" else []), *([TIERS[-1]] if top != "0%" else [])]
