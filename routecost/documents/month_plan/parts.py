"""Faults of names of owners and other parts that budgets, commitments and past spend state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from routecost.documents.core.faults import Fault
from routecost.documents.month_plan.budget import BudgetDocument, spent_by
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.workload import Workload
from routecost.problems import KeyPath, did_you_mean

if TYPE_CHECKING:
    from routecost.documents.month_plan.plan import MonthPlanDocument

_SPENT = ("plan", "spent_so_far")


def _owner_faults(names: Iterable[str], owners: Mapping[str, None], place: KeyPath) -> Iterator[Fault]:
    """Look for owners without a task type."""
    for name in names:
        if name not in owners:
            message = f'no task type has the owner "{name}"{did_you_mean(name, owners)}'
            yield Fault(message, (*place, name), on_key=True)


def part_faults(
    budget: BudgetDocument | None, plan: MonthPlanDocument | None, work: Workload
) -> Iterator[Fault]:
    """Look for owners and task types that the work of a scenario and its plan does not have."""
    owners = dict.fromkeys(task.owner for task in work.task_types if task.owner is not None)
    if budget is not None:
        yield from _owner_faults(budget.owners, owners, ("budget", "owners"))
    if plan is None:
        return
    if plan.budget is not None:
        yield from _owner_faults(plan.budget.owners, owners, ("plan", "budget", "owners"))
    for at, commitment in enumerate(plan.commitments):
        yield from _owner_faults(commitment.shares, owners, ("plan", "commitments", at, "allot"))
    spent = spent_by(plan.spent_so_far)
    yield from _owner_faults(spent.get("owner", ()), owners, (*_SPENT, "owner"))
    tasks = [task.name for task in work.task_types]
    yield from _unknown(spent.get("task_type", ()), tasks, "task_type")


def sheet_part_faults(plan: MonthPlanDocument, sheet: PricingSheet) -> Iterator[Fault]:
    """Look for past spend of models, providers and tiers that a sheet does not have."""
    spent = spent_by(plan.spent_so_far)
    known = {"model": tuple(sheet.models), "provider": sheet.providers, "tier": sheet.tier_names}
    for kind, names in known.items():
        yield from _unknown(spent.get(kind, ()), names, kind)


def _unknown(names: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            message = f'unknown {kind.replace("_", " ")} "{name}"{did_you_mean(name, known)}'
            yield Fault(message, (*_SPENT, kind, name), on_key=True)
