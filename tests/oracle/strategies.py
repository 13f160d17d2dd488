"""Calls and outcomes of each kind of strategy. Part of the oracle, written from the pages in docs/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from statistics import median
from typing import Any

from tests.oracle.amounts import Amount, Draw, number
from tests.oracle.calls import NONE, Call, Task
from tests.oracle.flow import HIGH, LOW, ONE, ZERO, Flow, Stated, World, is_true, row_of_table


def flow_of(stated: Stated, task: Task, world: World) -> Flow:
    """Return the flow of a task of one type under a strategy."""
    flow = Flow(task, world, task.calls)
    for key, kind in KINDS.items():
        if key in stated:
            return kind(stated, flow)
    raise AssertionError(f"the oracle does not know the strategy {stated}")


def _shares(flow: Flow, shares: Mapping[str, Fraction]) -> Flow:
    right: Fraction | None = ZERO
    for tier, share in shares.items():
        if share:
            flow.run(tier, share)
            rate = flow.rate(tier)
            right = None if right is None or rate is None else right + share * rate
    return flow.end(right)


def _tier(stated: Stated, flow: Flow) -> Flow:
    return _shares(flow, {stated["tier"]: ONE})


def _mix(stated: Stated, flow: Flow) -> Flow:
    return _shares(flow, {tier: number(share) for tier, share in stated["mix"].items()})


def _judged(rate: Fraction, detection: Stated, share: Fraction = ONE) -> tuple[Fraction, Fraction]:
    """Return how often a right and a wrong output of a share of the tasks come about and are rejected."""
    return (
        rate * number(detection.get("right_rejected", 0)),
        (share - rate) * number(detection["wrong_rejected"]),
    )


def _cascade(stated: Stated, flow: Flow) -> Flow:
    """Call each tier as often as it is reached; in the worst case as often as it may be."""
    steps = list(_steps(stated, flow, flow.world.case))
    judge, passed = stated.get("judge"), NONE
    judge_draw = Draw(judge["tokens"]) if judge else None
    judged = [_detection(stated, tier) for tier in stated["cascade"][:-1]]
    is_odd = any(
        number(one.get("right_rejected", 0)) > number(one.get("wrong_rejected", 1)) for one in judged
    )
    most = _steps(stated, flow, HIGH) if flow.world.case == LOW and is_odd else steps
    for at, (tier, reaching, _) in enumerate(most):
        own = stated.get("tokens", {}).get(tier)
        call = flow.shape(None if own is None else Draw(own), tier)
        call.passed = passed if is_true(stated.get("pass_on")) else NONE
        flow.run(tier, reaching, call)
        if judge and judge_draw and at < len(steps) - 1:
            flow.ask(judge, judge_draw, reaching, call.output, call)
        passed = call.output
    kept = [right for _, reaching, right in steps if reaching]
    return flow.end(None if None in kept else sum((right or ZERO for right in kept), ZERO))


def _steps(stated: Stated, flow: Flow, case: str) -> Iterator[tuple[str, Fraction, Fraction | None]]:
    """Yield each tier with the share of tasks that reach it, and the share that it ends right."""
    path, reaching = stated["cascade"], ONE
    rejected: tuple[Fraction, ...] = ()
    for at, tier in enumerate(path):
        after = stated.get("success_after", {}).get(tier)
        good = flow.again(tier, reaching, after, rejected, case) if at else flow.rate(tier)
        share, kept = ZERO, good
        if at < len(path) - 1 and "detection" in stated:
            assert good is not None
            rejected = _judged(good, _detection(stated, tier), reaching)
            share, kept = sum(rejected, ZERO), good - rejected[0]
        elif at < len(path) - 1:
            share, kept = _unaccepted(stated["accept"], tier, reaching, good)
        yield tier, reaching, kept
        reaching = share


def _detection(stated: Stated, tier: str) -> Stated:
    """Return how well the outputs of a tier are judged; nothing is stated with ``accept``."""
    detection: Stated = stated.get("detection", {})
    own: Stated = detection.get(tier, detection)
    return own


def _unaccepted(
    accept: Any, tier: str, reaching: Fraction, good: Fraction | None
) -> tuple[Fraction, Fraction | None]:
    """Return the share of tasks whose output is not accepted, and the share accepted and right."""
    share = number(accept[tier] if isinstance(accept, Mapping) else accept)
    kept = ZERO if share == 0 or not reaching else good if share == 1 else None
    return reaching * (1 - share), kept


def _confidence(stated: Stated, flow: Flow) -> Flow:
    stated = stated["confidence"]
    call = flow.shape(tier=stated["executor"])
    written = number(stated.get("self_assessment", 0))
    call.output += Amount(constant=written)
    flow.run(stated["executor"], ONE, call)
    rate = flow.rate(stated["executor"])
    assert rate is not None
    doubted = [number(stated[key].get(level, 0)) for key in REPORTS for level in ("medium", "low")]
    right, wrong = rate * sum(doubted[:2]), (1 - rate) * sum(doubted[2:])
    flow.ask(stated["reviewer"], Draw(stated["reviewer"]["tokens"]), right + wrong, call.output, call)
    rejected = _judged(right, stated["detection"], right + wrong)
    again = flow.shape(tier=stated["redo"])
    again.passed = call.output if is_true(stated.get("pass_on")) else NONE
    flow.run(stated["redo"], sum(rejected, ZERO), again)
    redone = flow.again(stated["redo"], sum(rejected, ZERO), stated.get("success_after"), rejected)
    return flow.end(None if redone is None else rate - rejected[0] + redone)


REPORTS = ("when_right", "when_wrong")


def _conversation(stated: Stated, flow: Flow) -> Flow:
    tiers = [part["tier"] for part in stated["conversation"] for _ in range(int(part["turns"]))]
    if flow.series is None:
        cached = is_true(stated.get("cached", True))
        flow.series = {"per_task": len(tiers), "system": stated.get("system", 0), "carry": "all"}
        flow.series |= {"cached": int(cached)}
    flow.do([flow.shape(tier=tier) for tier in tiers], tiers, ONE)
    return flow.end(flow.rate(tiers[-1]))


def _plan(stated: Stated, flow: Flow) -> Flow:
    stated = stated["plan_and_execute"]
    review, hand_on = stated.get("review"), Amount(constant=number(stated.get("hand_on", 0)))
    flow.ask(stated["planner"], Draw(stated["planner"]["tokens"]), ONE)
    groups = [(group, Draw(group["tokens"]) if "tokens" in group else None) for group in stated["executors"]]
    written = NONE
    subtasks: list[tuple[Stated, Draw | None, Call]] = []
    for group, own in groups:
        for _ in range(int(group["count"])):
            call = flow.shape(own, group["tier"])
            written += call.output
            call.passed = hand_on if subtasks else NONE
            subtasks.append((group, own, call))
    rates: list[Fraction | None] = []
    for group, own, call in subtasks:
        flow.run(group["tier"], ONE, call, once=own is not None)
        rate = flow.rate(group["tier"])
        if review is not None:
            rate = _redone(flow, review, group["tier"], call, own)
        rates.append(rate)
    if review is not None:
        flow.ask(review, Draw(review["tokens"]), ONE, written)
    if len(rates) > 1 and not is_true(stated.get("independent")):
        return flow.end(None)
    return flow.end(_product(rates))


def _product(rates: Sequence[Fraction | None]) -> Fraction | None:
    result = ONE
    for rate in rates:
        if rate is None:
            return None
        result *= rate
    return result


def _redone(flow: Flow, review: Stated, tier: str, call: Call, own: Draw | None) -> Fraction | None:
    """Do a subtask again as far as it is rejected; return how often it ends right."""
    rate, tiers = flow.rate(tier), list(flow.world.sheet.tiers)
    kept: Fraction | None = None
    rejected: tuple[Fraction, ...] = ()
    if "detection" in review:
        assert rate is not None
        rejected = _judged(rate, review["detection"])
        share, kept = sum(rejected, ZERO), rate - rejected[0]
    else:
        share = number(review["rejects"])
        kept = ZERO if share == 1 else None if share else rate
    top = number(review.get("escalated", 0))
    above = tiers[min(tiers.index(tier) + 1, len(tiers) - 1)]
    parts = {above: 1 - top, tiers[-1]: top} if above != tiers[-1] else {above: ONE}
    for other, part in parts.items():
        again = flow.shape(own, other)
        again.passed = call.passed + (call.output if is_true(review.get("pass_on")) else NONE)
        flow.run(other, share * part, again, once=own is not None)
        after = review.get("success_after", {}).get(other)
        right = flow.again(other, share * part, after, [part * one for one in rejected])
        kept = None if kept is None or right is None else kept + right
    return kept


def _agents(stated: Stated, flow: Flow) -> Flow:
    stated = stated["agents"]
    agents: list[tuple[str, Draw | None]] = []
    for role in stated["roles"]:
        own = Draw(role["tokens"]) if "tokens" in role else None
        agents += [(role["tier"], own)] * int(role.get("count", 1))
    if stated["mode"] == "reviewer-loop":
        return _loop(stated, flow, *agents[0])
    rates = [flow.rate(tier) for tier, _ in agents]
    if stated["mode"] == "chain":
        _chain(flow, agents)
        right = _together(rates, stated, min, all)
    else:
        _debate(stated, flow, agents)
        right = _together(rates, stated, median, _majority)
    return flow.end(number(stated["success"]) if "success" in stated else right)


def _majority(marks: Sequence[bool]) -> Fraction:
    return Fraction(1, 2) if 2 * sum(marks) == len(marks) else Fraction(2 * sum(marks) > len(marks))


def _together(
    rates: Sequence[Fraction | None], stated: Stated, alike: Callable[..., Any], score: Callable[..., Any]
) -> Fraction | None:
    """Return how often agents are right together, over all that each of them may be."""
    known = [rate for rate in rates if rate is not None]
    if len(known) < len(rates):
        return None
    if len(known) == 1:
        return known[0]
    if "correlation" not in stated or "judge" in stated:
        return None
    apart = ZERO
    for marks in product((True, False), repeat=len(known)):
        chance = _product([rate if mark else 1 - rate for rate, mark in zip(known, marks, strict=True)])
        apart += (chance or ZERO) * score(marks)
    common = number(stated["correlation"])
    together: Fraction = alike(known)
    return common * together + (1 - common) * apart


def _chain(flow: Flow, agents: Sequence[tuple[str, Draw | None]]) -> None:
    read = NONE
    for tier, own in agents:
        call = flow.shape(own, tier)
        call.passed = read
        flow.run(tier, ONE, call, once=own is not None)
        read += call.output


def _debate(stated: Stated, flow: Flow, agents: Sequence[tuple[str, Draw | None]]) -> None:
    written: list[Amount] = []
    for _ in range(int(stated.get("rounds", 1))):
        for agent in agents:
            _speak(stated, flow, agent, written, ONE)
        written.append(_sum([flow.shape(own, tier).output for tier, own in agents]))
    if "judge" in stated:
        flow.ask(stated["judge"], Draw(stated["judge"]["tokens"]), ONE, written[-1])


def _sum(amounts: Sequence[Amount]) -> Amount:
    total = NONE
    for amount in amounts:
        total += amount
    return total


def _speak(
    stated: Stated, flow: Flow, agent: tuple[str, Draw | None], written: Sequence[Amount], count: Fraction
) -> None:
    """Call an agent that reads what was written in the rounds before."""
    tier, own = agent
    call, is_last = flow.shape(own, tier), len(written) == int(stated.get("rounds", 1)) - 1
    if is_true(stated.get("cached")) and (written or not is_last):
        new = written[-1] if written else call.own
        call.cache = {}
        call.read = call.own + _sum(written[:-1]) if written else NONE
        call.own, call.written = (new, NONE) if is_last else (NONE, new)
        flow.run(tier, count, call, once=True)
    else:
        call.passed = _sum(written)
        flow.run(tier, count, call, once=own is not None)


def _loop(stated: Stated, flow: Flow, tier: str, own: Draw | None) -> Flow:
    rounds, judge, rate = int(stated.get("rounds", 1)), stated.get("judge"), flow.rate(tier)
    judge_draw = Draw(judge["tokens"]) if judge else None
    cases, written = list(_cases(stated, rate)), list[Amount]()
    for at in range(rounds):
        count = sum((chance * rejected**at for chance, rejected, _ in cases), ZERO)
        _speak(stated, flow, (tier, own), written, count)
        one = flow.shape(own, tier)
        written.append(one.output)
        if judge and judge_draw:
            if at < rounds - 1:
                flow.ask(judge, judge_draw, count, written[-1], one)
            written[-1] += flow.drawn(judge_draw).output * (1 - judge_draw.reasoning)
    if "success" in stated:
        return flow.end(number(stated["success"]))
    if rate is None or ("detection" not in stated and rounds > 1 and number(stated["rejects"]) not in (0, 1)):
        return flow.end(None)
    right = ZERO
    for chance, rejected, success in cases:
        lost = number(stated["detection"].get("right_rejected", 0)) if "detection" in stated else rejected
        for at in range(rounds):
            right += chance * rejected**at * success * (1 if at == rounds - 1 else 1 - lost)
    return flow.end(right)


def _cases(stated: Stated, rate: Fraction | None) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """Yield chance, share rejected of each try, and success of each try: alike or independent tries."""
    if "detection" not in stated:
        yield ONE, number(stated.get("rejects", 0)), rate or ZERO
        return
    assert rate is not None
    alike = number(stated["correlation"])
    for chance, success in ((alike * rate, ONE), (alike * (1 - rate), ZERO), (1 - alike, rate)):
        yield chance, sum(_judged(success, stated["detection"]), ZERO), success


def _table(stated: Stated, flow: Flow) -> Flow:
    table = flow.world.tables[stated["table"]]

    def strategy(task: Task) -> Stated:
        row = next(route for route in table["routes"] if route["task"] == task.kind)
        return {"row": {**table, **row, **stated}, "reviewers": table.get("reviewer", {})}

    return _routed(stated, flow, strategy)


def _assign(stated: Stated, flow: Flow) -> Flow:
    return _routed(stated, flow, lambda task: stated["assign"][task.name])


def _routed(stated: Stated, flow: Flow, strategy: Callable[[Task], Stated]) -> Flow:
    """Treat the tasks as their own type, or as the type that the router takes them for."""
    flow.right = flow.wrong = flow.reworked = flow.still_wrong = ZERO
    for other in flow.world.tasks:
        share = _taken(stated.get("mistakes", 0), flow.task, other, flow.world.tasks)
        if not share and other is not flow.task:
            continue
        world = replace(flow.world, impossible=set())
        part = flow_of(strategy(other), flow.task, world)
        flow.world.impossible |= world.impossible - {"workload"}  # rework is that of all parts
        if not share:
            continue
        flow.calls += [Call(**{**call.__dict__, "count": call.count * share}) for call in part.calls]
        for name in ("right", "wrong", "reworked", "still_wrong"):
            before, value = getattr(flow, name), getattr(part, name)
            setattr(flow, name, None if before is None or value is None else before + share * value)
    if "router" in stated:
        flow.ask(stated["router"], Draw(stated["router"]["tokens"]), ONE)
    if flow.task.rework and flow.reworked:
        flow.wrong_after_rework(flow.task.rework, flow.reworked)
    return flow


def _taken(mistakes: Any, task: Task, other: Task, tasks: Sequence[Task]) -> Fraction:
    if not isinstance(mistakes, Mapping):
        others = len(tasks) - 1
        evenly = number(mistakes) / others if others else ZERO
        mistakes = {task.name: {one.name: evenly for one in tasks if one is not task}}
    shares = {name: number(share) for name, share in mistakes.get(task.name, {}).items()}
    return 1 - sum(shares.values(), ZERO) if other is task else shares.get(other.name, ZERO)


KINDS: Mapping[str, Callable[[Stated, Flow], Flow]] = {
    "tier": _tier,
    "mix": _mix,
    "cascade": _cascade,
    "confidence": _confidence,
    "conversation": _conversation,
    "plan_and_execute": _plan,
    "agents": _agents,
    "table": _table,
    "row": row_of_table,
    "assign": _assign,
}
"""The kinds of strategies, by the key that identifies them."""
