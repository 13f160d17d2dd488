"""The month plan of a scenario, as a document: changes over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.money import InStatedCurrency
from routecost.documents.core.scalars import Context, Day, Leaf, Name, Share, fault, read_text
from routecost.documents.month_plan.budget import Spent, SpentDocument, spent_by
from routecost.documents.month_plan.commitments import (
    CommitmentDocument,
    PlanBudgetDocument,
    commitment_faults,
)
from routecost.documents.month_plan.dated import Growth, Month, build_growth, growth_faults
from routecost.documents.month_plan.migrations import Migrations, RowName, migration_faults
from routecost.documents.month_plan.proposal_costs import EngineeringByName, UpkeepByName
from routecost.documents.month_plan.seasons import MonthName, MonthNumber, build_seasons, season_faults
from routecost.documents.month_plan.volumes import (
    Factor,
    LaunchDocument,
    WorkStepDocument,
    same_work_faults,
    step_faults,
)
from routecost.documents.workload.volume import Calendar
from routecost.errors import UnknownNameError
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import DayCount, Plan, read_days
from routecost.model.scenario.workload import Workload
from routecost.source import Document


def _read_day_count(value: Any, _: Context) -> DayCount:
    try:
        return read_days(read_text(value))
    except UnknownNameError as error:
        raise fault(str(error)) from None


Days = Annotated[DayCount, Leaf(_read_day_count, {"enum": list(DayCount)})]


@document
class MonthPlanDocument:
    """Volume, migrations, commitments and budget by date; omitted parts do not change."""

    start: Month | None = None
    growth: Growth | None = None
    volume: tuple[Annotated[WorkStepDocument, Checked()], ...] = ()
    launches: dict[Name, Annotated[LaunchDocument, Checked()]] = field(default_factory=dict)
    seasonality: dict[MonthName, Factor] = field(default_factory=dict)
    days: Days = DayCount.PER_MONTH
    holidays: tuple[Day, ...] = ()
    migrations: Migrations = field(default_factory=dict)
    commitments: tuple[Annotated[CommitmentDocument, InStatedCurrency(), Checked()], ...] = ()
    proposed: RowName | None = None
    budget: Annotated[PlanBudgetDocument, InStatedCurrency(), Checked()] | None = None
    fiscal_year_starts: MonthNumber | None = None
    engineering: EngineeringByName = field(default_factory=dict)
    upkeep: UpkeepByName = field(default_factory=dict)
    discount_rate: Share | None = None
    spent_so_far: Spent | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for dates out of order, duplicates and contradictions."""
        yield from growth_faults(self.growth, "growth")
        yield from step_faults(self.volume)
        yield from season_faults(self.seasonality)
        yield from migration_faults(self.migrations)
        yield from commitment_faults(self.commitments)
        for at, day in enumerate(self.holidays):
            if day in self.holidays[:at]:
                yield Fault(f"{day} is given twice", ("holidays", at))
        if self.discount_rate is not None and not (self.engineering or self.upkeep):
            message = (
                '"discount_rate" applies to savings less "engineering" and "upkeep"; expected one of them'
            )
            yield Fault(message, ("discount_rate",), on_key=True)
        yield from self._spent_faults()
        yield from self._contract_faults()
        if self.holidays and self.days is DayCount.PER_MONTH:
            message = '"holidays" apply only to working days; expected "days: working"'
            yield Fault(message, ("holidays",), on_key=True)

    def _spent_faults(self) -> Iterator[Fault]:
        """Look for spend before a plan whose first year begins with it, or in an unknown month."""
        if self.spent_so_far is None:
            return
        if isinstance(self.spent_so_far, SpentDocument):
            for fault in self.spent_so_far.faults():
                yield replace(fault, path=("spent_so_far", *fault.path))
        needed = {"start": self.start, "fiscal_year_starts": self.fiscal_year_starts}
        missing = [key for key, value in needed.items() if value is None]
        if missing:
            keys = " and ".join(f'"{key}"' for key in missing)
            message = f'"spent_so_far" is the spend of the fiscal year before the plan; expected {keys} too'
            yield Fault(message, ("spent_so_far",), on_key=True)
        elif self.start is not None and self.start.month == self.fiscal_year_starts:
            message = (
                f"the plan starts with a fiscal year, in {month_name(self.start)}; nothing was spent before"
            )
            yield Fault(message, ("spent_so_far",), on_key=True)

    def _contract_faults(self) -> Iterator[Fault]:
        """Look for spend of a contract year before a plan that does not start within one."""
        for at, commitment in enumerate(self.commitments):
            contract, start = commitment.build(), self.start
            if contract.spent_so_far is None or not contract.yearly:
                continue
            if start is None or not contract.holds(start) or not contract.month_of_year(start):
                message = '"spent_so_far" applies to a plan whose "start" is within a contract year'
                yield Fault(message, ("commitments", at, "spent_so_far"), on_key=True)

    def launch_workloads(self, calendar: Calendar) -> dict[str, Workload]:
        """Return the workloads that launches state, by launch."""
        workloads = {name: launch.own_workload(name, calendar) for name, launch in self.launches.items()}
        return {name: workload for name, workload in workloads.items() if workload is not None}

    def fleet_faults(
        self, workload: Workload, launches: Mapping[str, Workload], fleets: Mapping[str, str]
    ) -> Iterator[Fault]:
        """Look for duplicate task types, and steps before a launch."""
        for launch, launched in launches.items():
            for task in launched.task_types:
                if fleets[task.name] != launch:
                    message = f'task type "{task.name}" already exists; expected another name'
                    yield Fault(message, ("plan", "launches", launch), on_key=True)
        for clash in same_work_faults(self.volume, [task.name for task in workload.task_types]):
            yield replace(clash, path=("plan", *clash.path))
        yield from self._early_steps(fleets)

    def _early_steps(self, fleets: Mapping[str, str]) -> Iterator[Fault]:
        for at, step in enumerate(self.volume):
            for index, task in enumerate(step.task_types or ()):
                launch = self.launches.get(fleets.get(task, ""))
                if launch is not None and step.start <= launch.start:
                    message = f'"{task}" is launched on {launch.start}; expected a later day'
                    yield Fault(message, ("plan", "volume", at, "task_types", index))

    def build(self, workload: Workload, calendar: Calendar, where: Document) -> Plan:
        """Return the plan of a scenario with a workload."""
        spent = self.spent_so_far
        return Plan(
            start=self.start,
            growth=build_growth(self.growth),
            steps=tuple(step.build(where, at) for at, step in enumerate(self.volume)),
            launches=tuple(
                launch.build(name, workload, calendar, where) for name, launch in self.launches.items()
            ),
            seasons=build_seasons(self.seasonality),
            days=self.days,
            holidays=frozenset(self.holidays),
            migrations={
                name: tuple(phase.build() for phase in phases) for name, phases in self.migrations.items()
            },
            commitments=tuple(commitment.build() for commitment in self.commitments),
            proposed=self.proposed,
            budget=None if self.budget is None else self.budget.build(),
            budget_steps=() if self.budget is None else self.budget.build_steps(),
            year_starts=self.fiscal_year_starts,
            engineering=tuple(cost.build(name) for name, cost in self.engineering.items()),
            upkeep=tuple(cost.build(name) for name, cost in self.upkeep.items()),
            discount_rate=self.discount_rate,
            spent_so_far=spent.amount if isinstance(spent, SpentDocument) else spent,
            spent_by=spent_by(spent),
        )


def fleets_of(workload: Workload, launches: Mapping[str, Workload]) -> dict[str, str]:
    """Return the launch that adds each task type, "" for those of the workload."""
    fleets = {task.name: "" for task in workload.task_types}
    for launch, launched in launches.items():
        for task in launched.task_types:
            fleets.setdefault(task.name, launch)
    return fleets
