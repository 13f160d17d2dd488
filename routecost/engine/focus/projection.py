"""Charges of the months of a projection."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from routecost.engine.breakdown.cells import tasks_of
from routecost.engine.compare.compare import tier_models_of
from routecost.engine.focus.collect import FORECAST, TAG, Charges, Line, Tags, rest
from routecost.engine.focus.prices import sku_of, unit_price
from routecost.engine.pricing.commitments import Years
from routecost.engine.pricing.pieces import Paid, Pieces, PlanMonth, Settlement
from routecost.engine.pricing.price import price
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.month_bills import begun_years, billed
from routecost.engine.projection.project import PricedWork, price_schedule
from routecost.engine.projection.schedule import schedule
from routecost.engine.strategies.assigned import flows_among
from routecost.model.pricing.bill import BillLine
from routecost.model.pricing.subscription import PaidBy
from routecost.model.pricing.usage import Usage
from routecost.model.results.focus.charges import (
    SUMS,
    Bought,
    Charge,
    Sku,
    UnitPrice,
    amount_charge,
    bought_charge,
    rounded,
    total_of,
    unused_charges,
)
from routecost.model.results.focus.rows import next_month
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part, Work
from routecost.units import ONE, ZERO, exact

_Lines = list[tuple[BillLine, date, Tags, str | None]]
"""Lines of a bill of a day, each with the day of its price, its tags, and the owner of the task type."""


class _Fleet(NamedTuple):
    """What all months of a projection have in common."""

    scenario: Scenario
    works: Sequence[Work]
    priced: PricedWork
    stage: SecondStage
    pinned: date | None
    tags: Tags


@exact
def charges_of(
    scenario: Scenario, horizon: Horizon, strategy: str, costs: Sequence[tuple[Decimal, Decimal]]
) -> list[Charge]:
    """Return the charges of the months of a strategy, or migration, which sum to the costs of the months.

    A cost is that of the best and of the worst case.
    """
    planned = schedule(scenario, horizon)
    months = planned.rows[strategy]
    priced = price_schedule(scenario, replace(planned, rows={strategy: months}), horizon)
    tags = ((FORECAST, True), (f"{TAG}scenario", scenario.name), (f"{TAG}strategy", strategy))
    fleet = _Fleet(scenario, planned.works, priced, SecondStage.of_month_plan(scenario), horizon.pinned, tags)
    years, charges = begun_years(scenario, months[0].month), list[Charge]()
    daily = cache(lambda part: _daily(fleet, part))
    for month, (cost, most) in zip(months, costs, strict=True):
        lines = Charges()
        settled = None if fleet.stage.is_empty else _settled(fleet, month, years)
        done = {} if settled is None or settled.paid is None else settled.paid.done
        for part, ends in _parts(month):
            _add_usage(lines, fleet, daily(_anchor(part)), month, part, ends, done)
        _add_fixed(lines, fleet, month)
        of_month = [*lines.all(), *(() if settled is None else _of_totals(fleet, month, settled))]
        whole = month.month, next_month(month.month)
        charges += [*of_month, *_left(fleet, of_month, cost, month, whole)]
        if most > cost:
            more = amount_charge(whole, ZERO, "Most that the month may cost in addition", dict(fleet.tags))
            charges.append(replace(more, high=SUMS.subtract(most, cost)))
    return charges


def _anchor(part: Part) -> Part:
    """Return a part that represents all with the same cost per day."""
    return part if part.follows_volume else part._replace(begins=part.since, days=1)


def _parts(month: MonthSchedule) -> Iterator[tuple[Part, date]]:
    """Yield the parts of a month, each with the day on which it has ended."""
    starts = sorted({part.begins for part in month.parts})
    ends = dict(zip(starts, [*starts[1:], next_month(month.month)], strict=True))
    for part in month.parts:
        yield part, ends[part.begins]


def _daily(fleet: _Fleet, part: Part) -> _Lines:
    """Return the lines of the bill of a day of a part's work, for each task type."""
    workload = part.work_of(fleet.works)
    scenario = replace(fleet.scenario, workload=workload)
    tiers = tier_models_of(scenario, fleet.pinned or part.since)
    flow_of = flows_among(scenario.strategies[part.strategy], workload, tiers)
    known, lines = tasks_of(fleet.scenario), _Lines()
    for task in workload.task_types:
        if not task.tasks_per_day:
            continue
        flow, _ = flow_of(task)
        by_tier = defaultdict(list)
        for calls, (_, used) in zip(flow.calls, flow.usages(), strict=True):
            by_tier[calls.tier].append(used)
        stated = known.get(task.name, task)
        own = [("owner", stated.owner), ("task_type", task.name)]
        for tier, usages in by_tier.items():
            named = ((f"{TAG}{key}", value) for key, value in [*own, ("tier", tier)] if value)
            tags = (*fleet.tags, *named, *sorted(stated.tags.items()))
            bill = price(Usage.total(usages), scenario.pricing, tiers.day)
            lines += [(line, tiers.day, tags, stated.owner) for line in bill.lines]
    return lines


def _add_usage(  # noqa: PLR0917  a part of a month
    charges: Charges,
    fleet: _Fleet,
    daily: _Lines,
    month: MonthSchedule,
    part: Part,
    ends: date,
    done: Mapping[tuple[str, int, str | None], Decimal],
) -> None:
    """Add the units of a part of a month: those of a day of its work times the days, as far as it is done."""
    days = month.days * part.days
    volume = part.volume * part.factor
    times = days if part.follows_volume else days * volume
    if part.follows_volume and not volume:
        return
    for line, day, tags, owner in daily:
        row = Line((part.begins, ends), *_priced(line, fleet, day), tags)
        share = _share_done(fleet.scenario.subscriptions.get(part.strategy), part, day, owner, done)
        charges.add(row, line.quantity * times / month.counted * share)


def _share_done(
    paid: PaidBy | None,
    part: Part,
    day: date,
    owner: str | None,
    done: Mapping[tuple[str, int, str | None], Decimal],
) -> Decimal:
    """Return the share of the work of an owner that is done: a subscription may stop within the month."""
    if paid is None:
        return ONE
    payer = next((name for name in (owner, None) if name in paid.seats_on(part.since)), "")
    return done.get((part.strategy, paid.subscription.at(day) or 0, payer), ONE)


def _priced(line: BillLine, fleet: _Fleet, day: date) -> tuple[Sku, UnitPrice]:
    sheet = fleet.scenario.pricing
    return sku_of(line, sheet), unit_price(line, sheet, day)


def _add_fixed(charges: Charges, fleet: _Fleet, month: MonthSchedule) -> None:
    """Add the fixed fees, which are due once on each day with work that uses them."""
    calendar = monthrange(month.month.year, month.month.month)[1]
    counted = month.days if month.counted == calendar else calendar
    fees = {}
    for part, ends in _parts(month):
        bill = fleet.priced[part.work, part.priced_on][part.strategy][1]
        for name, fee in fleet.stage.fixed(bill):
            fees[part.begins, name] = part.days, ends, fee
    for (begins, _), (days, ends, fee) in fees.items():
        for line in fee.lines:
            row = Line((begins, ends), *_priced(line, fleet, fee.day or begins), fleet.tags)
            charges.add(row, line.quantity * days * counted / month.counted)


def _of_totals(fleet: _Fleet, month: MonthSchedule, settled: Settlement) -> Iterator[Charge]:
    """Yield what subscriptions, allowances, volume discounts, capacity and unused commitments change."""
    period, tags = (month.month, next_month(month.month)), dict(fleet.tags)
    paid = settled.paid or Paid({})
    for plan in paid.plans:
        yield from _of_plan(plan, period, tags)
    for line in settled.lines[len(paid.lines) :]:
        if amount := rounded(line.amount):
            yield amount_charge(period, amount, f"{line.name[:1].upper()}{line.name[1:]}", tags)
    for commitment, shortfall in settled.shortfalls.items():
        if amount := rounded(shortfall):
            yield from unused_charges(period, amount, _name(fleet, commitment), tags)


def _of_plan(plan: PlanMonth, period: tuple[date, date], tags: Mapping[str, str | bool]) -> Iterator[Charge]:
    """Yield the fees of a subscription and the credits that are bought, and the usage that these pay for.

    Purchases have no effective cost: it is that of the usage which they cover.
    """
    seats = Bought(plan.plan, "Seats", "Seat-Months", rounded(plan.seats), plan.fee, recurs=True)
    more = Bought(plan.plan, "Credits", "Credits", rounded(plan.credits), plan.credit_price, recurs=False)
    amount = effective = rounded(-plan.unbilled)
    for bought, text in ((seats, "Seats"), (more, "Credits beyond the included usage")):
        if bought.quantity and bought.price:
            charge = bought_charge(period, bought, f"{text} of subscription {plan.plan}", tags)
            effective = SUMS.add(effective, charge.billed)
            yield charge
    if amount or effective:
        text = f"Usage paid by subscription {plan.plan}"
        yield replace(amount_charge(period, amount, text, tags), effective=effective)


def _settled(fleet: _Fleet, month: MonthSchedule, years: Years) -> Settlement:
    @cache
    def pieces(work: int, since: date, strategy: str) -> Pieces:
        return fleet.stage.pieces(fleet.priced[work, since][strategy][1])

    return billed(month, lambda part: pieces(part.work, part.priced_on, part.strategy), fleet.stage, years)


def _left(
    fleet: _Fleet, charges: Sequence[Charge], cost: Decimal, month: MonthSchedule, period: tuple[date, date]
) -> list[Charge]:
    """Return the discount of commitments, and the rounding, of which there is nothing yet in charges."""
    tags = dict(fleet.tags)
    held = [one for one in fleet.stage.commitments if one.holds(month.month)]
    names = ", ".join(_name(fleet, one) for one in held if one.discount or one.discount_above or one.yearly)
    missing = SUMS.subtract(cost, total_of(charges))
    discount = rounded(missing) if names else None
    more = [amount_charge(period, discount, f"Discount of {names}", tags, names)] if discount else []
    return [*more, *rest([*charges, *more], cost, period, tags)]


def _name(fleet: _Fleet, commitment: Commitment) -> str:
    return f"commitment-{fleet.stage.commitments.index(commitment) + 1}"
