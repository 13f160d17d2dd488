"""Strategies without a price, and their places in a scenario."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from routecost.errors import RoutecostError, UnpricedError, UsageError
from routecost.model.pricing.sheet import BATCH, STANDARD
from routecost.model.pricing.usage import UsageKey
from routecost.model.scenario.caching import NO_CACHE

if TYPE_CHECKING:
    from routecost.model.scenario.month_plan import Plan
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.workload import TaskType
    from routecost.problems import Finding, KeyPath

T = TypeVar("T")


def without_unpriced(
    scenario: Scenario, selected: Collection[str], price: Callable[[Scenario], T]
) -> tuple[T, tuple[str, ...]]:
    """Return the result of ``price`` without the strategies that it cannot price, and why they are left out.

    Raises UnpricedError, naming every strategy at fault, or UsageError, if one of them is selected.
    """
    phases = {} if scenario.plan is None else scenario.plan.migrations
    needed = {*selected, *(phase.strategy for name in selected for phase in phases.get(name, ()))}
    errors = {}
    for name in scenario.strategies:
        try:
            price(only(scenario, {name}))
        except (UnpricedError, UsageError) as error:
            errors[name] = error
    kept = scenario.strategies.keys() - (errors.keys() - needed)
    return price(only(scenario, kept)), tuple(str(error) for error in errors.values())


def only(scenario: Scenario, names: Collection[str | None]) -> Scenario:
    """Return the scenario with just these strategies, and without what refers to others."""
    strategies = {name: strategy for name, strategy in scenario.strategies.items() if name in names}
    plan = None if scenario.plan is None else _plan_of(scenario.plan, strategies)
    rows = {*strategies, *(plan.migrations if plan else ())}
    budget = scenario.budget
    return replace(
        scenario,
        strategies=strategies,
        baseline=scenario.baseline if scenario.baseline in rows else None,
        default=scenario.default if scenario.default in rows else None,
        proposed=scenario.proposed if scenario.proposed in rows else None,
        budget=budget if budget and budget.strategy in rows else None,
        plan=plan,
    )


def _plan_of(plan: Plan, strategies: Collection[str]) -> Plan:
    migrations = {
        name: phases
        for name, phases in plan.migrations.items()
        if all(phase.strategy in strategies for phase in phases)
    }
    rows = {*strategies, *migrations}
    has_budget = plan.budget is not None and plan.budget.strategy in rows
    return replace(
        plan,
        migrations=migrations,
        proposed=plan.proposed if plan.proposed in rows else None,
        budget=plan.budget if has_budget else None,
        budget_steps=plan.budget_steps if has_budget else (),
    )


def all_unpriced(errors: Mapping[str, UnpricedError]) -> UnpricedError:
    """Return one error for all strategies without a price, by name."""
    by_cause: dict[str, list[str]] = {}
    by_finding: dict[Finding, list[str]] = {}
    for name, error in errors.items():
        by_cause.setdefault(str(error), []).append(name)
        for finding in error.findings:
            by_finding.setdefault(finding, []).append(name)
    combined = UnpricedError("; ".join(f"{_named(names)}: {cause}" for cause, names in by_cause.items()))
    if all(error.findings for error in errors.values()):
        combined.findings = tuple(
            replace(finding, message=f"{_named(names)}: {finding.message}")
            for finding, names in by_finding.items()
        )
    return combined


def _named(names: Sequence[str]) -> str:
    return ("strategy " if len(names) == 1 else "strategies ") + ", ".join(f'"{name}"' for name in names)


def with_place(error: RoutecostError, scenario: Scenario, strategy: str) -> RoutecostError:
    """Return the error of a strategy with its place in the scenario: of its cause, else of the strategy.

    A strategy that is not in the document, such as a mix of the command line, has that of the prices.
    """
    place = scenario.place
    if place is None or error.findings:
        return error
    finding = place(str(error), _cause(error, scenario) or ("strategies", strategy))
    if finding == place(str(error), ("strategies",)):
        finding = place(str(error), ("pricing",))
    error.findings = (finding,)
    return error


def _cause(error: RoutecostError, scenario: Scenario) -> KeyPath | None:
    """Return the path of what causes an error in the scenario; None if it is not known."""
    about = getattr(error, "about", ())
    if not isinstance(about, UsageKey):
        return cast("KeyPath", about) or None
    for task in scenario.workload.task_types:
        path = _stated(task, about)
        if path is not None and task.path:
            return (*task.path, *path)
    return None


def _stated(task: TaskType, key: UsageKey) -> KeyPath | None:
    """Return the field of a task type that leads to usage of a mode or meter; None if none does."""
    if key.mode != STANDARD:
        path = ("batch",) if key.mode == BATCH else ("modes", key.mode)
        return path if key.mode in task.mode_shares else None
    if key.meter in task.meters:
        return ("meters", key.meter)
    for row, cell in enumerate(task.tokens.cells):
        if key.meter in cell.meters:
            return ("tokens", "per_call", row, "meters", key.meter)
    if key.meter.startswith("cache_"):
        return ("calls", "cached") if task.calls.cached else None if task.cache == NO_CACHE else ("cache",)
    return None
