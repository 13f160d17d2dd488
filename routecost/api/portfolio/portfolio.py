"""Portfolios of several scenarios: costs by member and owner, savings and budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from routecost.api.scenarios import horizon_of
from routecost.documents.portfolio.load import load_portfolio as _load
from routecost.engine.portfolio.combine import combine_month, combine_months
from routecost.errors import UsageError
from routecost.library import PathLike, argument, open_library
from routecost.model.results.breakdown.breakdown import read_dimension
from routecost.model.results.portfolio.portfolio import Portfolio
from routecost.model.results.portfolio.totals import PortfolioCosts
from routecost.model.scenario.horizon import DEFAULT_MONTHS, month_name, read_month


def load_portfolio(
    portfolio: PathLike, *, as_of: date | None = None, library: PathLike | None = None
) -> Portfolio:
    """Load a portfolio file with its scenarios; ``as_of`` overrides their dates.

    Raises UsageError (unreadable file) and DocumentError (all findings of all files).
    """
    return _load(argument(portfolio), open_library(library), as_of)


def compare_portfolio(portfolio: PathLike | Portfolio, *, by: Sequence[str] = ()) -> PortfolioCosts:
    """Return the costs of a month of a portfolio: of the defaults and of the proposals of its scenarios.

    They are divided by scenario and owner, and by what ``by`` names, as in :func:`routecost.compare`.
    Raises as :func:`routecost.compare` and :func:`load_portfolio` do.
    """
    loaded = portfolio if isinstance(portfolio, Portfolio) else load_portfolio(portfolio)
    dimensions = [read_dimension(text, has_scenarios=True) for text in by]
    return combine_month(loaded, date.today(), dimensions)


def project_portfolio(
    portfolio: PathLike | Portfolio,
    *,
    months: int = DEFAULT_MONTHS,
    start: str | None = None,
    as_of: date | None = None,
    by: Sequence[str] = (),
) -> PortfolioCosts:
    """Return the costs of the months of a portfolio, divided as those of :func:`compare_portfolio`.

    The first month is ``start``, that of ``as_of``, that of the portfolio, or that on which the plans of
    all scenarios agree. Prices are those in force in each month, or those of ``as_of`` throughout.
    Raises as :func:`routecost.project` and :func:`load_portfolio` do; UsageError if plans begin in
    different months.
    """
    loaded = portfolio if isinstance(portfolio, Portfolio) else load_portfolio(portfolio)
    dimensions = [read_dimension(text, has_scenarios=True) for text in by]
    first = read_month(start) if start is not None else None if as_of is not None else loaded.start
    begins = None if first is None else month_name(first)
    horizons = {
        member.name: horizon_of(member.scenario, months, None, begins, as_of) for member in loaded.members
    }
    starts = {name: month_name(horizon.start) for name, horizon in horizons.items()}
    if len(set(starts.values())) > 1:
        begun = ", ".join(f"{name} in {start}" for name, start in starts.items())
        raise UsageError(f'the plans begin in different months ({begun}); set "start" in the portfolio')
    return combine_months(loaded, horizons, dimensions)
