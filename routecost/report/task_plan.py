"""Report of a priced task plan."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Audience, Bar, BarFigure, Block, FindingList, Note, Report, Table
from routecost.model.results.task_plan import PlanClaim, PlanCost
from routecost.report.places import figure_places

_STEPS = (
    Column("step", "step"),
    Column("tier", "tier"),
    Column("model", "model"),
    Column("calls", "calls", Unit.COUNT),
    Column("cost", "cost", Unit.MONEY),
    Column("share", "share", Unit.SHARE),
)
_ALTERNATIVES = (
    Column("tier", "all on"),
    Column("every_call", "every call", Unit.MONEY),
    Column("steps_only", "steps only", Unit.MONEY),
    Column("saved", "the plan saves", Unit.SHARE),
)
_MOST_PLACES = 6
_MOST_LINES = 20
_CLAIMS = (
    Column("claim", "claim"),
    Column("published", "published", Unit.NUMBER),
    Column("computed", "computed", Unit.NUMBER),
    Column("within", "within", Unit.NUMBER),
    Column("holds", "status", Unit.FLAG),
    Column("says", "remark"),
)


def report(priced: PlanCost) -> Report:
    """Return the report of a task plan: its steps, the costs on one tier, and its claims."""
    source = priced.plan.source
    return Report(
        command="plan",
        title=f"{priced.plan.title}: {priced.pricing} prices as of {priced.as_of}",
        meta={
            "plan": priced.plan.name,
            "pricing": priced.pricing,
            "as_of": priced.as_of,
            "currency": priced.currency,
            "total": priced.total,
            "overhead": dict(priced.overhead),
            "table": priced.table,
            **({} if source is None else {"is_default_pricing": source.is_default_pricing}),
        },
        blocks=tuple(_blocks(priced)),
        currency=priced.currency,
        figure=_figure(priced),
    )


def _blocks(priced: PlanCost) -> Iterator[Block]:
    places = cost_places(priced)
    steps = [
        [Quantity(cell, Unit.MONEY, places=places) if key == "cost" else cell for key, cell in record.items()]
        for record in priced.records()
    ]
    yield Table("steps", _STEPS, steps)
    yield _total(priced)
    yield from _source_notes(priced)
    rows = [
        [getattr(alternative, column.key) for column in _ALTERNATIVES] for alternative in priced.alternatives
    ]
    yield Table("alternatives", _ALTERNATIVES, rows, "Cost on a single tier")
    if not rows:
        yield Note.of("No tier is at the effort of all calls, and their tokens at other efforts are unknown.")
    blends = [(blend.low, blend.high, blend.share) for blend in priced.blends]
    columns = (Column("low", "from"), Column("high", "to"), Column("share", "share", Unit.SHARE))
    yield Table("blends", columns, blends, audience=Audience.MACHINES)
    yield from _between(priced)
    if priced.claims:
        yield Table("claims", _CLAIMS, [_claim(claim) for claim in priced.claims], "Claims")
    yield from _table_check(priced)


def _source_notes(priced: PlanCost) -> Iterator[Block]:
    """Yield what was assumed about a plan in plain text, and the lines of it that are no steps."""
    source = priced.plan.source
    if source is not None and source.is_default_pricing:
        yield Note.of(
            f"No --pricing is given: the prices are those of {priced.pricing}, the newest built-in sheet."
        )
    if source is not None and source.remarks:
        rows = [(line,) for line in source.remarks]
        yield Table("remarks", (Column("line", "line", Unit.COUNT),), rows, audience=Audience.MACHINES)
        lines = ", ".join(str(line) for line in source.remarks[:_MOST_LINES])
        more = len(source.remarks) - _MOST_LINES
        lines += f" and {more:,} more" if more > 0 else ""
        of = "line" if len(source.remarks) == 1 else "lines"
        yield Note.of(f"Read as remarks, not as steps: {of} {lines} of the text.")


def cost_places(priced: PlanCost) -> int:
    """Return the decimal places of the costs of a plan; below a dollar, enough for them to add up."""
    if priced.total >= 1:
        return 0
    costs = [call.cost for call in priced.calls]
    own = (-int(cost.normalize().as_tuple().exponent) for cost in costs if cost)
    return min(max(own, default=0), _MOST_PLACES)


def _total(priced: PlanCost) -> Note:
    places = cost_places(priced)
    parts: list[str | Quantity] = [
        "A run of the plan costs ",
        Quantity(priced.total, Unit.MONEY, places=places),
    ]
    for at, (name, cost) in enumerate(priced.overhead.items()):
        parts += [" and the " if at else ", including the ", f"{name} "]
        parts.append(Quantity(cost, Unit.MONEY, places=places))
    return Note.of(*parts, ". A thousand runs cost ", Quantity(priced.per_thousand, Unit.MONEY), ".")


def _between(priced: PlanCost) -> Iterator[Note]:
    """Yield the position of the plan between two tiers."""
    for blend in priced.blends:
        if 0 <= blend.share <= 1:
            yield Note.of(
                "With planner and reviewer, the cost is " if priced.overhead else "The cost is ",
                Quantity(blend.share, Unit.SHARE),
                f" of the way from every call on {blend.low} to every call on {blend.high}.",
            )
            return


def _claim(claim: PlanClaim) -> list[Cell]:
    unit = Unit.SHARE if claim.is_share else Unit.MONEY
    numbers = [
        Quantity(value, unit, claim.currency, figure_places(claim, unit) if value else 0)
        for value in (claim.published, claim.computed, claim.within)
    ]
    status = Shown(claim.holds, "holds" if claim.holds else "fails")
    return [claim.claim, *numbers, status, claim.says]


def _table_check(priced: PlanCost) -> Iterator[Block]:
    if priced.table is None:
        return
    if priced.findings:
        yield FindingList(priced.findings)
    named = sum(step.task is not None for step in priced.plan.steps)
    others = len(priced.plan.steps) - named
    agree = named - len(priced.findings)
    text = f"Checked against table {priced.table}: {agree} of {named} steps with a task type agree"
    yield Note.of(
        text + (f"; {others} {'step has' if others == 1 else 'steps have'} no task type." if others else ".")
    )


def _figure(priced: PlanCost) -> BarFigure:
    bars = [Bar(priced.plan.name, float(priced.total), emphasis=True)]
    bars += [Bar(f"every call on {tier.tier}", float(tier.every_call)) for tier in priced.alternatives]
    return BarFigure(
        title=f"{priced.plan.title}: cost of one run",
        axis=f"{priced.currency} per run",
        bars=tuple(bars),
        source=f"Prices: {priced.pricing}, as of {priced.as_of}. Plan: {priced.plan.name}.",
        alt="Bar chart of the cost of one run as planned, and with every call on one tier.",
        unit=Unit.MONEY,
        currency=priced.currency,
    )
