"""Rules agree: no two ask to move a row up and down, and advice that is followed does not come back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from routecost.lint.hit import LocatedHit
from routecost.lint.registry import rules
from routecost.lint.run import run_rules
from routecost.lint.suggest import suggestions
from routecost.model.routing.table import Evidence, Taxonomy
from tests.lint.mutations.layouts import LUCK, Choices
from tests.lint.worlds import DAY, LENIENT, Data, World, kind, sheet, without_gaps

UP, DOWN = {"RT201", "RT404", "RT405", "RT408"}, {"RT202", "RT406"}
PLACEMENT = {"RT201", "RT202", "RT203", "RT205", "RT206", "RT307", "RT404", "RT406", "RT407", "RT408"}
TIERS = ["small", "middle", "large", "huge"]
TASKS = ["a", "b", "c"]


@st.composite
def fleets(draw: st.DrawFn) -> World:
    """Draw rows, evidence and failure costs on any tier, and tiers that may not see some work."""
    choices = Choices(draw(LUCK))
    kinds = {}
    for name in TASKS:
        some = [tier for tier in TIERS if choices.of([True, False])] or TIERS
        requires = choices.of([{}, {}, {"region": ("east",)}])
        kinds[name] = replace(kind(name, tuple(some)), requires=requires)
    table: Data = {"version": "1", "taxonomy": "world", "escalation": TIERS, "confidence": "required"}
    if choices.of([False, True]):
        table["reviewer"] = dict(pairwise(TIERS))
    table["routes"] = [_row(name, choices) for name in TASKS]
    measured = [
        _measured(name, tier, choices) for name in TASKS for tier in TIERS if choices.of([True, False])
    ]
    regions = {tier: {"region": (choices.of(["east", "east", "west"]),)} for tier in TIERS}
    priced = sheet({tier: 10 * rank for rank, tier in enumerate(TIERS, start=1)})
    prices = replace(priced, properties=regions)
    volumes = dict.fromkeys(TASKS, 1000)
    return World(Taxonomy("world", tuple(TIERS), kinds), table, prices, tuple(measured), volumes, LENIENT)


def _row(task: str, choices: Choices) -> Data:
    row: Data = {"task": task, "tier": choices.of(TIERS)}
    cost = choices.of([None, None, None, None, "0", "0.001", "1", "100"])
    return row if cost is None else {**row, "failure_cost": cost}


def _measured(task: str, tier: str, choices: Choices) -> Evidence:
    trials = choices.of([20, 60, 240, 1000])
    failed = trials * choices.of(range(60)) // 200
    escalated = choices.of([None, None, None, 0, trials // 2])
    return Evidence(task, tier, trials - failed, trials, DAY, escalated=escalated)


def hits(world: World) -> list[tuple[str, str, LocatedHit]]:
    """Return the code and the task type of each hit about a row."""
    located = run_rules(world.subject(json.dumps(world.table)), rules()).hits
    return [(hit.finding.code or "", hit.finding.task or "", hit) for hit in located]


def moved(world: World, moves: Mapping[str, str]) -> World:
    """Return the world with rows on other tiers, which the taxonomy allows."""
    table, kinds = deepcopy(world.table), dict(world.taxonomy.task_types)
    for row in table["routes"]:
        tier = moves.get(row["task"])
        if tier is not None:
            row["tier"] = tier
            known = kinds[row["task"]]
            nearest = min(known.tiers, key=lambda other: abs(TIERS.index(other) - TIERS.index(tier)))
            more = (one for one in without_gaps([tier, nearest], TIERS) if one not in known.tiers)
            kinds[row["task"]] = replace(known, tiers=(*known.tiers, *more))
    return replace(world, table=table, taxonomy=Taxonomy("world", tuple(TIERS), kinds))


@given(fleets())
def test_no_two_rules_ask_for_opposite_moves(world: World) -> None:
    own = {row["task"]: TIERS.index(row["tier"]) for row in world.table["routes"]}
    asked: dict[str, set[bool]] = {}
    for code, task, hit in hits(world):
        if hit.hit.move_to is not None:
            asked.setdefault(task, set()).add(TIERS.index(hit.hit.move_to) > own[task])
        elif code in UP | DOWN:
            asked.setdefault(task, set()).add(code in UP)
    assert all(len(directions) == 1 for directions in asked.values()), asked


@given(fleets())
def test_advice_that_is_followed_does_not_come_back(world: World) -> None:
    advice = {(code, task): hit.hit.move_to for code, task, hit in hits(world) if hit.hit.move_to is not None}
    after = {
        (code, task) for code, task, _ in hits(moved(world, {task: to for (_, task), to in advice.items()}))
    }
    assert not after & {*advice}
    changed = {task for _, task in advice}
    assert not {(code, task) for code, task in after if task in changed and code in PLACEMENT}
    lowered = {task for code, task in advice if code in {"RT203", "RT406"}}
    assert not {task for code, task in after if code == "RT405"} & lowered


@given(fleets())
def test_what_is_suggested_lints_clean(world: World) -> None:
    rows = suggestions(world.subject(json.dumps(world.table))).rows
    moves = {row.task: row.suggested for row in rows if row.suggested is not None}
    after = hits(moved(world, moves))
    staying = {row.task for row in rows if row.suggested == row.tier}
    steps = {(code, task) for code, task, _ in hits(world) if code == "RT307" and task in staying}
    found = {(code, task) for code, task, _ in after if task in moves and code in PLACEMENT}
    assert not found - steps, "a row that stays keeps its path"
    compared = {row.task for row in rows if row.runner_up is not None}
    assert not {task for code, task, _ in after if code == "RT405"} & compared
