"""RT504 unrouted-fleet."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import as_percent
from routecost.lint.facts.name_suggestions import suggest_names
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity
from routecost.units import ZERO

_MOST_NAMES = 5


@rule("RT504", "unrouted-fleet", Severity.WARNING, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """Tasks of the scenario have no route in the table.

    The table lacks their type, or the scenario states no task types. What RT502 and RT503 say is then
    about a part of the tasks, or nothing.

    Why:
        The scenario is the fleet that the table routes. Tasks without a route go to whatever tier the code
        uses by default, and a table that matches no task routes another fleet. (Our own reasoning.)

    Example with --scenario other-steps --evidence all-steps:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead with --scenario steps --evidence all-steps:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    name = "" if subject.scenario is None else subject.scenario.name
    if not subject.volumes:
        yield Hit(
            f'"{name}" states no task types, so none of its tasks has a route', ("routes",), on_key=True
        )
        return
    unrouted = {
        task: volume for task, volume in subject.volumes.items() if task not in subject.routes_by_task
    }
    total, missing = sum(subject.volumes.values(), ZERO), sum(unrouted.values(), ZERO)
    if not missing:
        return
    unknown = [task for task in unrouted if task not in subject.taxonomy.task_types]
    suggestions = suggest_names(unknown, subject.routes_by_task)
    names = ", ".join(f'"{task}"{_near(suggestions.get(task, ""))}' for task in list(unrouted)[:_MOST_NAMES])
    more = f" and {len(unrouted) - _MOST_NAMES:,} more" if len(unrouted) > _MOST_NAMES else ""
    share = as_percent(float(missing / total), 0.0)
    yield Hit(f'{share} of the tasks of "{name}" have no route: {names}{more}', ("routes",), on_key=True)


def _near(suggestion: str) -> str:
    """Return a suggestion in brackets; without one nothing, not the list of known names."""
    return f" ({suggestion.removeprefix('; ')})" if "did you mean" in suggestion else ""
