"""Report of claims and budget checks."""

from __future__ import annotations

from routecost.model.report.cells import Cell, Column, Quantity, Scalar, Shown, Unit
from routecost.model.report.report import Note, Report, Table
from routecost.model.results.claim_check import Check, ClaimResult
from routecost.model.scenario.figure_path import FigureKind
from routecost.report.breakdown import tables as breakdown
from routecost.report.caveats import at_means, made_up
from routecost.report.places import figure_places

_COLUMNS = (
    Column("claim", "claim"),
    Column("published", "published", Unit.NUMBER),
    Column("computed", "computed", Unit.NUMBER),
    Column("within", "within", Unit.NUMBER),
    Column("holds", "holds", Unit.FLAG, machine_only=True),
    Column("status", "status"),
    Column("why", "remark"),
    Column("says", "says", machine_only=True),
    Column("currency", "currency", machine_only=True),
)

_UNITS = {FigureKind.MONEY: Unit.MONEY, FigureKind.FRACTION: Unit.SHARE, FigureKind.RATIO: Unit.NUMBER}


def report(check: Check) -> Report:
    """Return the report of a check: a row per claim, and counts by status."""
    rows = [[_cell(claim, column) for column in _COLUMNS] for claim in check.claims]
    return Report(
        command="check",
        title=f"{check.scenario}: claims",
        meta={"scenario": check.scenario},
        currency=check.currency,
        blocks=(
            Table("claims", _COLUMNS, rows),
            tally(check.claims),
            *(block for one in check.breakdowns for block in breakdown.of_month(one)),
            *made_up(check.illustrative),
            *at_means(check.at_means),
        ),
    )


def _cell(claim: ClaimResult, column: Column) -> Cell:
    value: Scalar = getattr(claim, column.key)
    if column.key == "why":
        return Shown(value, claim.why or claim.says or "")
    if column.unit is not Unit.NUMBER:
        return value
    unit = _UNITS[claim.kind]
    return Quantity(value, unit, claim.currency, figure_places(claim, unit) if value else 0)


def tally(claims: tuple[ClaimResult, ...]) -> Note:
    """Return the number of claims by status, and the status of the budget."""
    if not claims:
        return Note.of("The scenario makes no claims and has no budget.", warning=True)
    published = [claim for claim in claims if not (claim.is_budget or claim.is_limit)]
    sentences = [_counts(published)] if published else []
    budgets = [claim for claim in claims if claim.is_budget]
    sentences += [f"{_budget(claim)} {claim.status}." for claim in budgets if claim.holds]
    sentences += [
        f"{_budget(claim)} {'may be' if claim.computed is None else 'is'} exceeded."
        for claim in budgets
        if not claim.holds
    ]
    limits = [claim for claim in claims if claim.is_limit]
    reached = [claim for claim in limits if not claim.holds]
    if limits:
        verb = "is" if len(reached) == 1 else "are"
        sentences.append(f"{len(reached)} of {len(limits)} rate limits {verb} reached.")
        unsure = sum(limit.holds and limit.why is not None for limit in limits)
        if unsure:
            sentences.append(f"{unsure} may be: the peak is known as a lower bound only.")
    return Note.of(" ".join(sentences))


def _budget(claim: ClaimResult) -> str:
    if claim.owner is not None:
        return f"The budget of {claim.owner}{' in the plan' if claim.is_plan else ''}"
    return "The budget of the plan" if claim.is_plan else "The budget"


def _counts(claims: list[ClaimResult]) -> str:
    counts = {
        status: sum(claim.status == status for claim in claims) for status in ("holds", "disputed", "fails")
    }
    return (
        f"{counts['holds']} of {len(claims)} claims hold, {counts['disputed']} are marked as disputed, "
        f"{counts['fails']} fail."
    )
