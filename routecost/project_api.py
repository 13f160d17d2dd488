"""Projections of a scenario's spend, as a function: names and options in, a result out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from routecost.api import day_of, resolve, with_strategies
from routecost.engine import project as _project
from routecost.errors import UsageError
from routecost.library import PathLike
from routecost.model.horizon import Horizon, read_growth, read_month
from routecost.model.projection import Projection
from routecost.model.scenario import Scenario

DEFAULT_RUNS = 100_000
DEFAULT_SEED = 7
MOST_BYTES = 4 * 10**9
"""The most memory that the paths of a projection may need."""

_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?(e\d{1,2})?", re.ASCII)
_BYTES = 8
_WORKING_VECTORS = 24


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
    runs: int | str = DEFAULT_RUNS,
    seed: int | str = DEFAULT_SEED,
    library: PathLike | None = None,
) -> Projection:
    """Price every strategy of a scenario month by month; ``strategies`` names those to keep.

    ``growth`` per month, ``"5%"`` or ``0.05``, compounds from the second month on. ``start`` is
    ``YYYY-MM``, else the month of ``as_of``, of the scenario's own date, or of today. Prices are
    those in force as the months pass, or those of ``as_of`` throughout.

    Where fields of the scenario are ``uncertain``, costs are at their means, and ``outlook`` has
    quantiles, odds and the sources of the variance from ``runs`` paths, the same for the same
    ``seed``.

    Raises as :func:`compare` does, UsageError also for runs and seeds that make no sense.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    first = day_of(loaded).replace(day=1) if start is None else read_month(start)
    horizon = Horizon(first, months, read_growth(str(growth)), as_of)
    count, source = read_runs(str(runs), loaded), read_seed(str(seed))
    chosen = with_strategies(loaded, strategies, baseline)
    made = _project.project(chosen, horizon)
    if chosen.uncertainty is not None:
        from routecost.engine.uncertain.outlook import outlook  # loads numpy

        made = made.with_outlook(outlook(chosen, chosen.uncertainty, horizon, count, source))
    return made.only(strategies)


def read_runs(text: str, scenario: Scenario) -> int:
    """Read how many paths to draw, such as ``100000`` or ``1e5``.

    Raises UsageError for none, and for more than fit into memory.
    """
    runs = _whole(text)
    if runs is None or runs < 1:
        raise UsageError(f'cannot draw "{text}" paths; expected a whole number of 1 or more')
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    vectors = _WORKING_VECTORS + len(fields)
    if _BYTES * vectors * runs > MOST_BYTES:
        most = MOST_BYTES // (_BYTES * vectors)
        raise UsageError(
            f"{runs:,} paths need about {_BYTES * vectors * runs / 10**9:,.0f} GB of memory; "
            f"expected at most {most:,}"
        )
    return runs


def read_seed(text: str) -> int:
    """Read a seed; raises UsageError for what is none."""
    seed = _whole(text)
    if seed is None or seed < 0:
        raise UsageError(f'"{text}" is no seed; expected a whole number of 0 or more')
    return seed


def _whole(text: str) -> int | None:
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = Decimal(text.strip())
    return int(number) if number == number.to_integral_value() else None
