"""Projections of a scenario's spend, as a function: names and options in, a result out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from routecost.api import day_of, resolve, with_strategies
from routecost.engine import project as _project
from routecost.library import PathLike
from routecost.model.horizon import Horizon, read_growth, read_month
from routecost.model.projection import Projection
from routecost.model.scenario import Scenario


def project(  # noqa: PLR0913  the options of a plan
    scenario: PathLike | Scenario,
    *,
    months: int = 12,
    growth: str | Decimal | float = "0%",
    start: str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    actuals: PathLike | None = None,
    library: PathLike | None = None,
) -> Projection:
    """Price every strategy of a scenario month by month; ``strategies`` names those to keep.

    ``growth`` per month, ``"5%"`` or ``0.05``, compounds from the second month on. ``start`` is
    ``YYYY-MM``, else the month of ``as_of``, of the scenario's own date, or of today. Prices are
    those in force as the months pass, or those of ``as_of`` throughout. ``actuals`` is a YAML or
    CSV file of what months that are over cost: the plan is held against it, and re-based on it.

    Raises as :func:`compare` does.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    first = day_of(loaded).replace(day=1) if start is None else read_month(start)
    horizon = Horizon(first, months, read_growth(str(growth)), as_of)
    chosen = with_strategies(loaded, strategies, baseline)
    made = _project.project(chosen, horizon)
    if actuals is not None:
        made = _with_actuals(made, chosen, Path(actuals), date.today())
    return made.only(strategies)


def _with_actuals(made: Projection, scenario: Scenario, file: Path, today: date) -> Projection:
    from routecost.documents.actuals_load import load_actuals
    from routecost.engine.actuals import hold_against

    known = load_actuals(file, scenario, made.horizon, today)
    return replace(made, actuals=hold_against(scenario, made, known))
