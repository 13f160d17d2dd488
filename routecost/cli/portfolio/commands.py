"""``routecost compare``, ``project`` and ``check`` of a portfolio file in place of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import typer

from routecost.api.portfolio.portfolio import compare_portfolio, load_portfolio, project_portfolio
from routecost.cli.output import Output, emit, show_findings
from routecost.errors import UsageError
from routecost.model.results.portfolio.portfolio import Portfolio
from routecost.model.results.portfolio.totals import PortfolioCosts
from routecost.report.portfolio.portfolio import planning as planning_report
from routecost.report.portfolio.portfolio import report


def opened(
    name: str | None, as_of: date | None, library: Path | None, refused: Mapping[str, object]
) -> Portfolio:
    """Load a portfolio and show its warnings; raises UsageError for options that it does not have."""
    given = [f"--{option}" for option, value in refused.items() if value]
    if given:
        raise UsageError(f"{given[0]} does not apply to a portfolio; state it in its scenarios")
    portfolio = load_portfolio(str(name), as_of=as_of, library=library)
    show_findings(portfolio.warnings)
    return portfolio


def compare(portfolio: Portfolio, target: Output, by: Sequence[str] | None) -> None:
    """Print the costs of a month of a portfolio."""
    _show(compare_portfolio(portfolio, by=by or ()), "compare", target, by)


def check(portfolio: Portfolio, target: Output, by: Sequence[str] | None) -> None:
    """Check the budget of a portfolio; exit 1 if it is exceeded."""
    if portfolio.budget is None:
        raise UsageError(f'portfolio "{portfolio.name}" has no budget to check')
    costs = compare_portfolio(portfolio, by=by or ())
    _show(costs, "check", target, by)
    _fail_over_budget(costs, is_certain=False)


def project(
    portfolio: Portfolio,
    target: Output,
    by: Sequence[str] | None,
    *,
    months: int,
    start: str | None,
    as_of: date | None,
    fail_over_budget: bool,
) -> None:
    """Print the costs of the months of a portfolio; exit 1 if its budget is exceeded and this fails."""
    if fail_over_budget and portfolio.budget is None:
        raise UsageError(f'portfolio "{portfolio.name}" has no budget for --fail-over-budget to check')
    costs = project_portfolio(portfolio, months=months, start=start, as_of=as_of, by=by or ())
    _show(costs, "project", target, by)
    if fail_over_budget:
        _fail_over_budget(costs)


def planning(  # noqa: PLR0917  the options of a report
    portfolio: Portfolio,
    target: Output,
    by: Sequence[str],
    months: int,
    start: str | None,
    as_of: date | None,
) -> None:
    """Write the planning report of a portfolio."""
    projected = project_portfolio(portfolio, months=months, start=start, as_of=as_of, by=by)
    emit(planning_report(compare_portfolio(portfolio, by=by), projected), target)


def _show(costs: PortfolioCosts, command: str, target: Output, by: Sequence[str] | None) -> None:
    """Print a report; CSV holds the costs by what is named first, or by scenario."""
    emit(report(costs, command, by[0] if by else "scenario"), target)


def _fail_over_budget(costs: PortfolioCosts, *, is_certain: bool = True) -> None:
    """Exit with 1 if a budget is exceeded, or may be, unless only what ``is_certain`` fails."""
    lines = (costs.budget, *costs.owner_budgets.values())
    if any(line.is_over or (line.may_exceed and not is_certain) for one in lines for line in one):
        raise typer.Exit(1)
