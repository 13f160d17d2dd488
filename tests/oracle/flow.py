"""The flow of one task in the oracle: its calls and its outcome, which strategies add to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.amounts import Amount, Draw, number
from tests.oracle.calls import NONE, Call, Task, series_calls
from tests.oracle.prices import Sheet

ONE, ZERO = Fraction(1), Fraction(0)
Stated = Mapping[str, Any]

INDEPENDENT, LOW, HIGH = "independent", "low", "high"
"""How repeated work turns out: as all other work, as often wrong as possible, as often right."""


def is_true(stated: Any) -> bool:
    """Return whether a document says true."""
    return stated in (True, "true")


def bounds(share: Fraction, rate: Fraction) -> tuple[Fraction, Fraction]:
    """Return how many tasks may be repeated and then right, by Frechet."""
    return max(ZERO, share + rate - 1), min(share, rate)


@dataclass
class World:
    """What a strategy may depend on besides its task.

    ``case`` is how repeated work turns out. ``impossible`` collects where a stated ``success_after``
    contradicts the success rates.
    """

    sheet: Sheet
    tables: Mapping[str, Stated] = field(default_factory=dict)
    tasks: Sequence[Task] = ()
    case: str = INDEPENDENT
    impossible: set[str] = field(default_factory=set)


@dataclass
class Flow:
    """The calls of one task, counted by how likely they are, and how often it ends right.

    ``still_wrong`` is the part of ``reworked`` that stays wrong."""

    task: Task
    world: World
    series: Stated | None
    calls: list[Call] = field(default_factory=list)
    right: Fraction | None = None
    wrong: Fraction | None = None
    reworked: Fraction | None = None
    still_wrong: Fraction | None = None

    def shape(self, own: Draw | None = None, tier: str | None = None) -> Call:
        """Return one call of the task by itself on a tier, with its own tokens or other ones."""
        task, factor = self.task, ONE
        stated = own or task.draw
        share = stated.reasoning
        if own is None and tier in task.tier_tokens:
            of_tier = task.tier_tokens[tier]
            own, factor, share = of_tier.draw, of_tier.factor, of_tier.reasoning
        draw = self.drawn(own or task.draw)
        stating = self.drawn(task.draw) if own and not own.meters else draw
        written = draw.output * factor
        return Call(
            "",
            draw.input,
            written * (1 - share),
            cache=task.cache,
            modes=task.modes,
            meters=stating.others or task.meters,
            reasoning=written * share,
            carries=task.carries,
        )

    def drawn(self, draw: Draw) -> Draw:
        """Return a draw for one more call: another one if calls are drawn one by one."""
        drawn = (self.task.calls or {}).get("drawn", "per_task")
        return draw.again() if drawn == "per_call" else draw

    def do(
        self, each: Sequence[Call], tiers: Sequence[str], count: Fraction, is_rework: bool = False
    ) -> None:
        """Make all calls of the task, one on each tier."""
        before = None
        for one in series_calls(each, tiers, self.world.sheet, self.series):
            cache = self.world.sheet.cache(one.tier)
            one.count, one.is_rework, one.is_visit = count, is_rework, cache != before
            self.calls.append(one)
            before = cache

    def run(
        self,
        tier: str,
        count: Fraction,
        call: Call | None = None,
        is_rework: bool = False,
        once: bool = False,
    ) -> None:
        """Do the task on a tier; ``once`` with a single call."""
        call = call or self.shape(tier=tier)
        if once:
            self.calls.append(Call(**{**call.__dict__, "tier": tier, "count": count}))
            return
        per_task = 1 if self.series is None else int(number(self.series["per_task"]))
        self.do([call] * per_task, [tier] * per_task, count, is_rework)

    def ask(
        self, helper: Stated, draw: Draw, count: Fraction, output: Amount = NONE, judged: Call | None = None
    ) -> None:
        """Call a planner, judge, reviewer or router; ``judged`` is the call whose input it may read."""
        reads = output if is_true(helper.get("reads_output")) else NONE
        meters = draw.others
        if is_true(helper.get("reads_input")):
            judged = judged or self.shape()
            reads += judged.own
            for meter, amount in judged.meters.items():
                unit = meter.replace("cache_read_", "input_")
                if unit.startswith("input_") or unit == "document_page":
                    meters[unit] = meters.get(unit, NONE) + amount
        answer, thought = draw.output * (1 - draw.reasoning), draw.output * draw.reasoning
        call = Call(helper["tier"], draw.input, answer, meters=meters, passed=reads, count=count)
        call.reasoning = thought
        self.calls.append(call)

    def rate(self, tier: str) -> Fraction | None:
        """Return the success rate of a tier, if stated."""
        return self.task.success.get(tier)

    def again(
        self,
        tier: str,
        share: Fraction,
        after: Any = None,
        rejected: Sequence[Fraction] = (),
        case: str | None = None,
        place: str = "strategies",
    ) -> Fraction | None:
        """Return the share of all tasks that is repeated on a tier, and then right.

        ``rejected`` has the parts of ``share`` that were right and wrong before. ``case`` replaces that
        of the world.
        """
        rate = self.rate(tier)
        if isinstance(after, Mapping):
            stated = [number(after[key]) for key in ("when_right", "when_wrong")]
            right = sum((part * each for part, each in zip(rejected, stated, strict=True)), ZERO)
        elif after is not None:
            right = share * number(after)
        elif rate is None:
            return None if share else ZERO
        else:
            low, high = bounds(share, rate)
            return {INDEPENDENT: share * rate, LOW: low, HIGH: high}[case or self.world.case]
        if rate is not None and self.world.case == INDEPENDENT:
            low, high = bounds(share, rate)
            self.world.impossible |= set() if low <= right <= high else {place}
        return right

    def end(self, right: Fraction | None) -> Flow:
        """End the task: a share of the wrong results is noticed, and done again."""
        self.right = right
        if right is None:
            return self
        rework = self.task.rework or {"noticed": 0}
        self.reworked = (1 - right) * number(rework["noticed"])
        self.wrong = 1 - right - self.reworked
        self.still_wrong = self.wrong_after_rework(rework, self.reworked)
        if rework.get("tier") is not None and self.reworked:
            call = self.shape(tier=rework["tier"])
            call.passed = self.shape().output if is_true(rework.get("pass_on")) else NONE
            self.run(rework["tier"], self.reworked, call, is_rework=True)
        return self

    def wrong_after_rework(self, rework: Stated, share: Fraction) -> Fraction:
        """Return the share of all tasks that is wrong after rework: none if nothing is stated."""
        tier, after = rework.get("tier"), rework.get("success_after")
        if after is not None:
            right = self.again(tier or "", share, after, place="workload")
            assert right is not None
            return share - right
        if tier is None or not share:
            return ZERO
        rate = self.rate(tier)
        wrong = share if rate is None else share - bounds(share, rate)[0]
        return wrong if self.world.case == LOW else ZERO


def row_of_table(stated: Stated, flow: Flow) -> Flow:
    """Run a row of a table, what it escalates on the next tier, and the reviewers of both."""
    row, tier = stated["row"], stated["row"]["tier"]
    reviewers = dict(stated["reviewers"])
    if isinstance(row.get("reviewer"), str):
        reviewers[tier] = row["reviewer"]
    path = list(row.get("escalation", []))
    above = path[path.index(tier) + 1 :] if tier in path else []
    if row.get("confidence") == "none" and tier not in reviewers:
        above = []
    share = number(row.get("evidence", {}).get("escalated", 0)) / number(
        row.get("evidence", {}).get("trials", 1)
    )
    draw = Draw(row["review"]["tokens"]) if "review" in row else None
    passed = NONE
    for one, count in [(tier, ONE), *((one, share) for one in above[:1] if share)]:
        call = flow.shape(tier=one)
        call.passed = passed
        flow.run(one, count, call)
        if draw and one in reviewers:
            seen = count * number(row["review"].get("share", 1))
            flow.ask({**row["review"], "tier": reviewers[one]}, draw, seen, call.output, call)
        passed = call.output if is_true(row.get("pass_on")) else NONE
    rate = flow.rate(tier)
    if rate is None or not (share and above):
        return flow.end(rate)
    kept = max(ZERO, rate - share) if flow.world.case == LOW else rate * (1 - share)
    again = flow.again(above[0], share)
    return flow.end(None if again is None else kept + again)
