"""Routing section of a planner's prompt, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routecost.lint.facts.evidence import failure_rate_text, pooled
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route, TaskKind

_LEAD = (
    "Assign every subtask one task type from the list below, and the tier listed with it. Tiers, from "
    "cheapest to most capable: {tiers}."
)
_SIGNAL = (
    '- Executors marked "states confidence" end with a line "confidence: high|medium|low, reason: ...". '
    "Any answer with less than high confidence goes to the reviewer before it is used."
)
_FEEDBACK = (
    "A tier that fails often was assigned tasks that looked simpler than they were. If a subtask "
    "resembles such a task, assign the next tier up."
)


_FORMAT = """\
Write one line per subtask, and no other list or table:

1. Subtask [task type] -> tier (reason) x 12

"[task type]" and the tier are those of the list above. "(reason)" is optional. "x 12" is the number of \
calls; leave it out for one call. A subtask that says "for each company" always states the number. For \
example:"""

EXAMPLE_START = "```text"
EXAMPLE_END = "```"


def prompt(subject: Subject) -> str:
    """Return the section: tiers, task types with their tiers, failure rates and instructions."""
    return "\n".join(line for part in _parts(subject) for line in (*part, "")).rstrip("\n") + "\n"


def _parts(subject: Subject) -> Iterator[list[str]]:
    yield ["## Routing"]
    yield [_LEAD.format(tiers=", ".join(subject.taxonomy.tiers))]
    yield [_row(subject, route, kind) for route, kind in subject.known_routes()]
    yield list(_instructions(subject))
    failures = [*_failures_by_tier(subject), *_failures_by_task(subject)]
    if failures:
        yield ["## Observed failure rates"]
        yield failures
        yield [_FEEDBACK]
    if any(True for _ in subject.known_routes()):
        yield ["## Plan format"]
        yield [_FORMAT]
        yield [EXAMPLE_START, *_example(subject), EXAMPLE_END]


def _example(subject: Subject) -> Iterator[str]:
    """Yield the lines of a plan in the format that ``routecost plan`` reads, with task types of the table."""
    forms = ("Prepare the {} [{}] -> {} (the input is clean)", "For each company, do the {} [{}] -> {} x 12")
    yield "Task: the whole task in one line"
    routes = list(subject.known_routes())
    for number, form in enumerate(forms, start=1):
        route, kind = routes[min(number, len(routes)) - 1]
        yield f"{number}. " + form.format("input" if number == 1 else "work", kind.name, route.tier)


def _row(subject: Subject, route: Route, kind: TaskKind) -> str:
    levels = f"reasoning {kind.reasoning}, ambiguity {kind.ambiguity}, stakes {kind.stakes}"
    examples = f"; e.g. {', '.join(kind.examples)}" if kind.examples else ""
    reviewer = subject.reviewer_of(route)
    checks = ["states confidence"] if route.signals else []
    checks += [f"reviewed by {reviewer}"] if reviewer else []
    checks += _own_path(subject, route)
    checked = f" [{', '.join(checks)}]" if checks else ""
    line = f"- `{kind.name}` -> **{route.tier}**{checked}: {kind.title} ({levels}{examples})"
    return " ".join(line.split())  # titles may span several lines


def _own_path(subject: Subject, route: Route) -> list[str]:
    """Return a note on the escalation path of a row, if it has its own."""
    path = subject.path_of(route)
    if path is None:
        return []
    above = [tier for tier in path.stops if subject.ranks[tier] > subject.ranks[route.tier]]
    return ["rejected work goes to " + ", then ".join(above) if above else "rejected work is not retried"]


def _instructions(subject: Subject) -> Iterator[str]:
    yield "- If no task type fits, or more than one does, choose the one with the higher tier and state why."
    if any(route.signals for route, _ in subject.known_routes()):
        yield _SIGNAL
    steps = [f"from {low} to {high}" for low, high in pairwise(subject.table.escalation)]
    if steps:
        own = any(route.escalation is not None for route, _ in subject.known_routes())
        unless = ", unless its task type says otherwise" if own else ""
        yield f"- Rejected work is retried higher up: {', '.join(steps)}{unless}."


def _failures_by_tier(subject: Subject) -> Iterator[str]:
    for tier in subject.ranks:
        whole = pooled(evidence.sample for route, evidence in subject.measured_routes if route.tier == tier)
        if whole is not None:
            yield f"- Work assigned to {tier} fails {failure_rate_text(whole, subject.confidence)}."


def _failures_by_task(subject: Subject) -> Iterator[str]:
    for task in subject.taxonomy.task_types:
        for tier, measured in subject.evidence_by_tier(task).items():
            rate = failure_rate_text(measured.sample, subject.confidence)
            old = "" if subject.validity.is_valid(measured.evidence) else ", which is not current"
            yield f"- `{task}` on {tier} fails {rate}; measured on {measured.evidence.evaluated}{old}."
