"""Each task type on the tier that a routing table gives it, and what escalates on the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from decimal import Decimal

from routecost.engine.usage.calls import CallShape
from routecost.engine.usage.redone import Rejected
from routecost.engine.usage.task_flow import Assistant, Ended, TaskFlow, expansion, known_sum
from routecost.errors import UnknownNameError
from routecost.model.routing.table import Review, Route, RoutingTable
from routecost.model.scenario.strategy import Expansion, Payer, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Row(Payer):
    """Run a task on the tier of a row of a table, and the share that escalates also on the next tier.

    ``above`` has the tiers that rejected work goes on to, ``escalated`` the share of the tasks that goes
    on to the first of them, None if unknown. An unknown share counts as none, or as all it may be with
    ``all_escalate``. Which tasks escalate is not known: without another statement they are as any.
    With ``pass_on`` the next tier reads the output that escalates. ``reviewers`` has the reviewing tier
    of each tier whose outputs are reviewed, by a call as in ``review``: without it, none is counted.
    """

    tier: str
    above: tuple[str, ...] = ()
    escalated: Decimal | None = None
    reviewers: Mapping[str, str] = field(default_factory=dict)
    review: Review | None = None
    pass_on: bool = False

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload."""
        return expansion(self.flow(task, tier_models) for task in workload.task_types)

    @exact
    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome."""
        known = self.escalated if self.above else ZERO
        above = self._goes_on(known, tier_models)
        flow = TaskFlow(task, tier_models, mix={} if above else {self.tier: ONE})
        shape = flow.shape(self.tier)
        self._run(flow, self.tier, ONE, shape)
        for tier in above:
            read, shape = shape.output, flow.shape(tier)
            shape = shape.reading(read) if self.pass_on else shape
            self._run(flow, tier, ONE if known is None else known, shape)
        outcome = flow.end(self._right(flow, known), escalated=known, reviewed=self._reviewed)
        is_open = known is None or (bool(known) and len(self.above) > 1)
        unknown = self.review is None and any(tier in self.reviewers for tier in (self.tier, *above))
        return flow, replace(outcome, escalates_unknown=is_open, reviews_unknown=unknown)

    def _goes_on(self, known: Decimal | None, tier_models: TierModels) -> tuple[str, ...]:
        """Return the tiers above that tasks escalate to: the first if their share is known, or all."""
        if known is not None and not known:
            return ()
        return self.above if tier_models.all_escalate else self.above[: 0 if known is None else 1]

    def _run(self, flow: TaskFlow, tier: str, share: Decimal, shape: CallShape) -> None:
        """Run a share of the tasks on a tier, and call its reviewer if it has one and its call is stated."""
        flow.execute(tier, share, shape)
        review, reviewer = self.review, self.reviewers.get(tier)
        if review is not None and reviewer is not None:
            assistant = Assistant(
                "reviewer", reviewer, review.tokens, review.reads_output, review.reads_input
            )
            flow.ask(assistant, share * review.share, shape.output, shape)

    @property
    def _reviewed(self) -> Decimal:
        """The share of the tasks whose first output is seen by a reviewer; none if not stated."""
        return ZERO if self.review is None or self.tier not in self.reviewers else self.review.share

    def _right(self, flow: TaskFlow, known: Decimal | None) -> Decimal | None:
        """Return the share of tasks that end right, on the first tier or the next."""
        first = flow.task.success_rate(self.tier)
        if first is None or not known:
            return first
        again = flow.again(self.above[0], Rejected(known * (1 - first), known * first))
        kept = max(ZERO, first - known) if flow.tier_models.worst_case else first * (1 - known)
        return known_sum((kept, again))


def row_of(
    table: RoutingTable, route: Route, review: Review | None = None, pass_on: bool | None = None
) -> Row:
    """Return the strategy of a row of a table; ``review`` and ``pass_on`` replace those of the row."""
    return Row(
        route.tier,
        table.path_above(route),
        route.escalated,
        table.reviewers_of(route),
        route.review if review is None else review,
        route.pass_on if pass_on is None else pass_on,
    )


@dataclass(frozen=True, slots=True)
class Routed(Payer):
    """Run each task on the tier that ``table`` gives its task type, and what escalates on the next.

    ``review`` and ``pass_on`` replace those of the table.
    """

    table: RoutingTable
    review: Review | None = None
    pass_on: bool | None = None

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the usage of one day of the workload, and the mix that follows from its volumes.

        There is no mix if tasks escalate. Raises UnknownNameError for a task type that the table does
        not route.
        """
        ended = [self.flow(task, tier_models) for task in workload.task_types]
        if not all(flow.mix for flow, _ in ended):
            return expansion(ended)
        volumes = ((self._route(task).tier, task.tasks_per_day) for task in workload.task_types)
        return expansion(ended, induced_mix(volumes, tier_models), mix_follows=True)

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type."""
        return row_of(self.table, self._route(task), self.review, self.pass_on).flow(task, tier_models)

    def _route(self, task: TaskType) -> Route:
        route = self.table.routes_by_task.get(task.routed_as)
        if route is None:
            known = [route.task for route in self.table.routes]
            raise UnknownNameError(
                f'table "{self.table.name}" has no route for task type "{task.routed_as}"'
                f"{did_you_mean(task.routed_as, known)}"
            )
        return route


def induced_mix(volumes: Iterable[tuple[str, Decimal]], tier_models: TierModels) -> Mapping[str, Decimal]:
    """Return the share of tasks per tier, in tier order; empty where there are no tasks."""
    totals: dict[str, Decimal] = {}
    for tier, volume in volumes:
        totals[tier] = totals.get(tier, ZERO) + volume
    total = sum(totals.values(), ZERO)
    return {tier: totals[tier] / total for tier in tier_models.tiers if total and tier in totals}
