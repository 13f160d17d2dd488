"""Capacity, storage and free units that are more than any strategy of a scenario uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from routecost.engine.compare.compare import price_all
from routecost.engine.pricing.settlement import SecondStage
from routecost.errors import RoutecostError
from routecost.model.pricing.bill import Bill
from routecost.model.scenario.fixed_fees import Capacity
from routecost.problems import Severity
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.problems import Finding


def unused_terms(scenario: Scenario, day: date) -> tuple[Finding, ...]:
    """Return a warning at each term that no strategy uses up with the workload's volume.

    There is none if a strategy has no price, which is an error of the command, or if a plan changes
    the volume.
    """
    plan = scenario.plan
    if plan is not None and (plan.growth or plan.steps or plan.launches or plan.seasons):
        return ()
    try:
        bills = [bill for _, bill in price_all(scenario, day).values()]
    except RoutecostError:
        return ()
    stage = SecondStage.of(scenario)
    findings = [*_unused_fees(scenario, stage, bills), *_unused_allowances(scenario, stage, bills)]
    return tuple(replace(finding, severity=Severity.WARNING) for finding in findings)


def _unused_fees(scenario: Scenario, stage: SecondStage, bills: Sequence[Bill]) -> Iterator[Finding]:
    if scenario.place is None or not any(bill.lines for bill in bills):
        return
    due = {fee for bill in bills for fee in stage.due(bill)}
    tokens: dict[Capacity, Decimal] = {}
    for bill in bills:
        for capacity, count in stage.served(bill):
            tokens[capacity] = max(tokens.get(capacity, ZERO), count)
    for fee in scenario.fixed_fees:
        if fee.strategy is not None and fee.strategy not in scenario.strategies:
            continue
        uses, has = "no strategy uses", "no strategy has more than"
        if fee.strategy is not None:
            uses, has = f'strategy "{fee.strategy}" does not use', f'strategy "{fee.strategy}" has'
        if fee not in due:
            yield scenario.place(
                f'{uses} "{fee.tier}", so that this is in no bill; expected a tier that '
                f"{'one' if fee.strategy is None else 'it'} uses",
                (*fee.path, "tier"),
            )
        elif isinstance(fee, Capacity) and (most := fee.tokens_per_day or ZERO) > tokens.get(fee, ZERO):
            yield scenario.place(
                f'capacity for {most:,f} tokens a day is more than all traffic of "{fee.traffic}": '
                f"{has} {_rounded_up(tokens.get(fee, ZERO))} tokens a day there",
                (*fee.path, "tokens_per_hour"),
            )


def _unused_allowances(scenario: Scenario, stage: SecondStage, bills: Sequence[Bill]) -> Iterator[Finding]:
    counts: dict[object, Decimal] = {}
    for bill in bills:
        for allowance, count in stage.counted(bill, scenario.days_per_month):
            counts[allowance] = max(counts.get(allowance, ZERO), count)
    for terms in scenario.pricing.terms:
        for at, allowance in enumerate(terms.allowances):
            count = counts.get(allowance, allowance.free + 1)
            if terms.place is not None and count <= allowance.free:
                yield terms.place(
                    f"{allowance.free:,f} free {allowance.meter} a {allowance.per} are more than all volume: "
                    f'no strategy of "{scenario.name}" has more than {_rounded_up(count)} a {allowance.per}',
                    ("allowances", at, "free"),
                )


def _rounded_up(count: Decimal) -> str:
    return f"{count.to_integral_value(ROUND_CEILING):,f}"
