"""Break-evens of subscriptions: the volume, the seats and the use of a seat at which they pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from routecost.engine.breakeven.pairwise_cost import Query
from routecost.engine.compare.compare import settled_bill, tier_models_of
from routecost.engine.compare.day_bill import day_bill
from routecost.engine.numeric.root_finding import difference, upwards
from routecost.engine.pricing.subscriptions.payers import subscribed_months
from routecost.model.pricing.subscription import Beyond, PaidBy, PlanTerms, SeatGroup, Seats
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from routecost.units import ONE, ZERO

Value = Callable[[Decimal], Scenario]
"""The scenario at a value of a parameter."""


def subscriptions(scenario: Scenario, day: date) -> Iterator[BreakEven]:
    """Yield when each strategy that a subscription pays for costs less than at the rates of the sheet."""
    for name, paid in scenario.subscriptions.items():
        if name not in scenario.strategies:
            continue
        seats, tasks = paid.seats_on(day), scenario.workload.tasks_per_day
        query = Query(Question.SUBSCRIPTION, f"{name}: tasks a day", "tasks a day", now=tasks)
        if not seats or not tasks:
            yield query.not_modelled(f"{name} has no {'tasks' if seats else 'seats'} on {day}.")
            continue
        yield from _answers(query, _Costs(name, day, _times(scenario)), tasks)
        if seats.keys() == {None}:
            query = Query(Question.SUBSCRIPTION, f"{name}: seats", "seats", now=seats[None])
            at = _with_seats(scenario, name, paid, seats[None])
            yield from _answers(query, _Costs(name, day, at), seats[None])
        yield from _one_seat(scenario, day, name, paid)


def _one_seat(scenario: Scenario, day: date, name: str, paid: PaidBy) -> Iterator[BreakEven]:
    """Yield the use of one seat, of each owner and group, at which it pays."""
    for owner, count in paid.seats_on(day).items():
        work = scenario.workload.task_types
        own = tuple(task for task in work if owner in (None, task.owner) and task.tasks_per_day)
        tasks = sum((task.tasks_per_day for task in own), ZERO)
        if not tasks:
            continue
        alone = _of_one_seat(scenario, name, paid, Workload(own))
        for group in paid.groups or (SeatGroup("", ONE, ONE),):
            if not group.seats:
                continue
            use = tasks * scenario.days_per_month * group.work / (count * group.seats)
            of = " ".join(part for part in (owner, group.name) if part)
            parameter = f"{name}: tasks a month of a seat{f' of {of}' if of else ''}"
            now = use if paid.groups or count == 1 else None
            query = Query(Question.SUBSCRIPTION, parameter, "tasks a month per seat", now=now)
            yield from _answers(query, _Costs(name, day, _times(alone)), tasks * scenario.days_per_month)


def _of_one_seat(scenario: Scenario, name: str, paid: PaidBy, work: Workload) -> Scenario:
    """Return the scenario in which one seat does some work."""

    def marginal(terms: PlanTerms) -> PlanTerms:
        return replace(terms, minimum_seats=ZERO)

    subscription = replace(paid.subscription, terms=tuple(map(marginal, paid.subscription.terms)))
    one = replace(
        paid, subscription=subscription, seats=(Seats(None, {None: ONE}),), groups=(SeatGroup("", ONE, ONE),)
    )
    return replace(scenario, workload=work, subscriptions={name: one})


def _times(scenario: Scenario) -> Value:
    """Return the scenario with a multiple of its work."""
    return lambda factor: replace(scenario, workload=scenario.workload.times(factor))


def _with_seats(scenario: Scenario, name: str, paid: PaidBy, now: Decimal) -> Value:
    """Return the scenario with another number of seats, given as a factor of the present one."""

    def at(factor: Decimal) -> Scenario:
        seats = (Seats(None, {None: now * factor}),)
        return replace(scenario, subscriptions={name: replace(paid, seats=seats)})

    return at


class _Costs:
    """The costs of a strategy at values of a parameter, by subscription and at the rates of the sheet."""

    def __init__(self, name: str, day: date, at: Value) -> None:
        self.name, self.day, self.at = name, day, at
        self.of = cache(self._of)

    def gap(self, factor: Decimal) -> Decimal:
        """Return how much more the rates of the sheet cost."""
        paid, api, _ = self.of(factor)
        return difference(api, paid)

    def served(self, factor: Decimal) -> Decimal:
        """Return 1 if all tasks are served, -1 if not, and 0 without any."""
        return ZERO if not factor else ONE if self.of(factor)[2] else -ONE

    def _of(self, factor: Decimal) -> tuple[Decimal, Decimal, bool]:
        scenario = self.at(factor)
        tiers, strategy = tier_models_of(scenario, self.day), scenario.strategies[self.name]
        own = day_bill(scenario, strategy, tiers)
        _, bill = day_bill(scenario, replace(strategy, fees_of=None), tiers)  # type: ignore[type-var]
        months = subscribed_months(scenario, {self.name: own})
        missing = any(one.total("tasks_not_served") for one in months.values())
        return settled_bill(own[1], scenario).total, settled_bill(bill, scenario).total, not missing


def _answers(query: Query, costs: _Costs, per: Decimal) -> Iterator[BreakEven]:
    """Yield the value at which the subscription costs less, and up to which it serves all tasks.

    The parameter is ``per`` times a factor.
    """
    name = costs.name

    def cheaper() -> BreakEven:
        turn = upwards(costs.gap, ONE, bends=True)
        if turn.at is None:
            answer = Answer.ALWAYS if turn.true_first else Answer.NEVER
            which = "any" if turn.true_first else "no"
            return query.answer(answer, f"At {which} value, {name} costs less by subscription.")
        if not costs.of(turn.at)[2]:
            meaning = f"Where {name} would cost less by subscription, it does not serve all tasks."
            return query.answer(Answer.NEVER, meaning)
        since = "Up to this value" if turn.true_first else "From this value on"
        meaning = f"{since}, {name} costs less by subscription than at the rates of the sheet."
        return query.at(turn.at * per, meaning)

    def serves() -> BreakEven:
        turn = upwards(costs.served, ONE, bends=True)
        if turn.at is None:
            answer, which = (Answer.ALWAYS, "any") if turn.true_first else (Answer.NEVER, "no")
            return asked.answer(answer, f"At {which} value, {name} serves all tasks.")
        since = "Up to this value" if turn.true_first else "From this value on"
        return asked.at(turn.at * per, f"{since}, {name} serves all tasks.")

    yield query.unless_unpriced(cheaper)
    asked = replace(query, question=Question.SERVED)
    if any(one.beyond is Beyond.STOP for one in costs.at(ONE).subscriptions[name].subscription.terms):
        yield query.unless_unpriced(serves)
