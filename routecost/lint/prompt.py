"""A routing table as the routing section of a planner's prompt, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routecost.lint.facts.evidence import failing, pooled
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route, TaskKind

_LEAD = (
    "Assign every subtask one task type of the list below, and the tier that stands with it. Tiers, from "
    "the cheapest to the most capable: {tiers}."
)
_SIGNAL = (
    '- Executors marked "states confidence" end with a line "confidence: high|medium|low, reason: ...". '
    "What is not high goes to the reviewer before anybody uses it."
)
_FEEDBACK = (
    "A tier that fails often was assigned tasks that looked simpler than they were. When a subtask shows "
    "signs of such a task, assign the next tier up."
)


def prompt(subject: Subject) -> str:
    """Return the section: tiers, task types with their tier, failure rates, and what to do in doubt."""
    return "\n".join(line for part in _parts(subject) for line in (*part, "")).rstrip("\n") + "\n"


def _parts(subject: Subject) -> Iterator[list[str]]:
    yield ["## Routing"]
    yield [_LEAD.format(tiers=", ".join(subject.taxonomy.tiers))]
    yield [_row(subject, route, kind) for route, kind in subject.placed()]
    yield list(_instructions(subject))
    failures = [*_failures_by_tier(subject), *_failures_by_task(subject)]
    if failures:
        yield ["## What was observed"]
        yield failures
        yield [_FEEDBACK]


def _row(subject: Subject, route: Route, kind: TaskKind) -> str:
    levels = f"reasoning {kind.reasoning}, ambiguity {kind.ambiguity}, stakes {kind.stakes}"
    examples = f"; such as {', '.join(kind.examples)}" if kind.examples else ""
    reviewer = subject.reviewer_of(route)
    checks = ["states confidence"] if route.signals else []
    checks += [f"reviewed by {reviewer}"] if reviewer else []
    checks += _own_path(subject, route)
    checked = f" [{', '.join(checks)}]" if checks else ""
    line = f"- `{kind.name}` -> **{route.tier}**{checked}: {kind.title} ({levels}{examples})"
    return " ".join(line.split())  # titles may run over several lines


def _own_path(subject: Subject, route: Route) -> list[str]:
    """Return where rejected work of a row with its own path goes."""
    path = subject.path_of(route)
    if path is None:
        return []
    above = [tier for tier in path.stops if subject.ranks[tier] > subject.ranks[route.tier]]
    return ["rejected work goes to " + ", then ".join(above) if above else "rejected work is not retried"]


def _instructions(subject: Subject) -> Iterator[str]:
    yield "- When no task type fits, or two do, take the one with the higher tier, and say why."
    if any(route.signals for route, _ in subject.placed()):
        yield _SIGNAL
    steps = [f"from {low} to {high}" for low, high in pairwise(subject.table.escalation)]
    if steps:
        own = any(route.escalation is not None for route, _ in subject.placed())
        unless = ", unless its task type says otherwise" if own else ""
        yield f"- Rejected work is retried higher up: {', '.join(steps)}{unless}."


def _failures_by_tier(subject: Subject) -> Iterator[str]:
    for tier in subject.ranks:
        whole = pooled(found.sample for route, found in subject.rested if route.tier == tier)
        if whole is not None:
            yield f"- Work assigned to {tier} fails {failing(whole, subject.confidence)}."


def _failures_by_task(subject: Subject) -> Iterator[str]:
    for task in subject.taxonomy.task_types:
        for tier, found in subject.measured_tiers(task).items():
            rate = failing(found.sample, subject.confidence)
            yield f"- `{task}` on {tier} fails {rate}; measured on {found.evidence.evaluated}."
