"""Projections of a scenario's spend by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.api.scenarios import day_of, horizon_of, priced, resolve
from routecost.documents.scenario.scenario_file import file_of
from routecost.engine.pricing.exchange import has_money, rates_change
from routecost.engine.projection import project as _project
from routecost.errors import UsageError, known_strategy
from routecost.library import PathLike
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED, read_runs, read_seed
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import DEFAULT_MONTHS, Horizon
from routecost.model.scenario.month_plan import NO_PLAN, read_days
from routecost.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from routecost.api.frames import Frame

_TEMPORARY_NUMBERS = 40


def project(  # noqa: PLR0913  the options of a projection
    scenario: PathLike | Scenario,
    *,
    months: int = DEFAULT_MONTHS,
    growth: str | Decimal | float | None = None,
    start: str | None = None,
    days: str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    actuals: PathLike | Frame | None = None,
    actuals_sheet: str | None = None,
    what_if: Sequence[str] = (),
    runs: int | str = DEFAULT_RUNS,
    seed: int | str = DEFAULT_SEED,
    by: Sequence[str] = (),
    library: PathLike | None = None,
) -> Projection:
    """Price every strategy of a scenario month by month, or only ``strategies``.

    The options override the scenario's month plan. ``growth`` per month, ``"5%"`` or ``0.05``,
    compounds from the second month on. ``start`` is ``YYYY-MM``, else the month of ``as_of``, of the
    plan, of the scenario's own date, or of today. ``days`` is ``"per_month"``, ``"calendar"`` or
    ``"working"``. Prices are those in force in each month, or those of ``as_of`` throughout.
    ``actuals`` is a YAML or CSV file, a workbook (``actuals_sheet`` names its sheet), or a frame of pandas or
    Polars, with the spend of past months: the plan is compared with it and re-based on it. ``what_if``
    changes prices as in :func:`load_scenario`.

    If fields of the scenario are ``uncertain``, costs use their means, and ``outlook`` has quantiles,
    probabilities and the sources of the variance from ``runs`` simulated runs, which ``seed`` makes
    reproducible.

    ``by`` divides the costs of months, fiscal quarters and years, as that of :func:`compare` does.

    Raises as :func:`compare` does; also raises DocumentError for work that starts before the plan and
    for samples without a valid scenario, UsageError for invalid runs and seeds.
    """
    loaded = resolve(
        scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategies, what_if=what_if
    )
    chosen = as_planned(loaded, strategies, baseline, days, growth)
    horizon = horizon_of(chosen, months, growth, start, as_of)
    sampling = read_runs(str(runs), _numbers_per_run(chosen, horizon)), read_seed(str(seed))
    selected = (*strategies, *([baseline] if baseline and strategies else []))
    projection, left_out = priced(chosen, selected, lambda scenario: _project.project(scenario, horizon))
    if left_out:
        from routecost.engine.compare.unpriced import only  # most strategies have a price

        chosen = only(chosen, [spend.strategy for spend in projection.strategies])
    projection = replace(projection, left_out=left_out, exchanged_on=_exchanged_on(loaded, horizon))
    if projection.budget is not None and projection.budget.budget.owners:
        from routecost.engine.breakdown.budgets import track_owners  # few budgets name owners

        projection = replace(projection, owner_budgets=track_owners(chosen, horizon))
    if actuals is not None:
        from routecost.api.frames import table_file  # few projections have actuals

        with table_file(actuals, "actuals") as table:
            read = table.path, actuals_sheet
            projection = _with_actuals(projection, chosen, read, date.today())
    file = file_of(chosen)
    if chosen.uncertainty is not None:
        from routecost.engine.uncertainty.simulate import outlook  # loads numpy
        from routecost.model.results.projection import banded

        if file is None:
            raise UsageError("a scenario with uncertain fields must be loaded from a file to be simulated")
        projection = banded(projection, outlook(chosen, projection, file.resample, *sampling))
    if projection.savings is not None and (chosen.uncertainty is not None or _has_trials(chosen)):
        from routecost.engine.uncertainty.doubt.horizon import with_probability  # loads numpy

        projection = with_probability(projection, chosen, None if file is None else file.resample, *sampling)
    return _divided(projection.only(strategies), chosen, horizon, by)


def _divided(projection: Projection, scenario: Scenario, horizon: Horizon, by: Sequence[str]) -> Projection:
    if not by:
        return projection
    from routecost.engine.breakdown.divide import divide_months  # few projections divide costs
    from routecost.model.results.breakdown.breakdown import read_dimension

    names = [spend.strategy for spend in projection.strategies]
    dimensions = [read_dimension(text) for text in dict.fromkeys(by)]
    return replace(projection, breakdowns=divide_months(scenario, horizon, names, dimensions))


def _has_trials(scenario: Scenario) -> bool:
    works = (scenario.workload, *(launch.workload for launch in (scenario.plan or NO_PLAN).launches))
    tasks = (task for work in works for task in work.task_types)
    return any(rate.trials for task in tasks for rate in task.success.values())


def _exchanged_on(scenario: Scenario, horizon: Horizon) -> date | None:
    """Return the day of the exchange rates of amounts, if rates change before the last month."""
    day = day_of(scenario)
    if not has_money(scenario):
        return None
    file = file_of(scenario)
    sheets = (scenario.pricing, None if file is None else file.own_sheet)
    changes = any(sheet and rates_change(sheet, day, horizon.first_days[-1]) for sheet in sheets)
    return day if changes else None


def as_planned(
    scenario: Scenario,
    strategies: Sequence[str] = (),
    baseline: str | None = None,
    days: str | None = None,
    growth: object = None,
) -> Scenario:
    """Return the scenario with another baseline, and the days and growth of its plan overridden.

    Raises UnknownNameError for unknown strategies.
    """
    scenario = _chosen(scenario, strategies, baseline)
    plan, uncertainty = scenario.plan, scenario.uncertainty
    if days is not None:
        plan = replace(plan or NO_PLAN, days=read_days(days))
    if growth is not None and plan is not None:
        plan = replace(plan, growth=())
        uncertainty = None if uncertainty is None else uncertainty.without("plan", "growth")
    return replace(scenario, plan=plan, uncertainty=uncertainty)


def _with_actuals(
    projection: Projection, scenario: Scenario, file: tuple[Path, str | None], today: date
) -> Projection:
    from routecost.documents.actuals.load import load_actuals
    from routecost.engine.actuals.plan_vs_actual import compare_with_actuals

    source = file_of(scenario)
    own = None if source is None else source.own_sheet
    path, sheet = file
    actuals = load_actuals(path, scenario, projection.horizon, today, own, sheet)
    return replace(projection, actuals=compare_with_actuals(scenario, projection, actuals))


def _numbers_per_run(scenario: Scenario, horizon: Horizon) -> int:
    """Return an upper estimate of the numbers in memory per simulated run."""
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    sampled = sum(field.numbers(horizon.months) for field in fields)
    plan = scenario.plan or NO_PLAN
    is_planned = any(field.path[0] == "plan" for field in fields)
    by_month = horizon.months * (1 + len(plan.launches)) * is_planned
    works = (scenario.workload, *(launch.workload for launch in plan.launches))
    days = horizon.months * len(scenario.strategies) * sum(work.follows_volume for work in works)
    return _TEMPORARY_NUMBERS + 3 * (sampled + by_month + days)


def _chosen(scenario: Scenario, names: Sequence[str], baseline: str | None) -> Scenario:
    """Return the scenario with another baseline. Raises UnknownNameError for unknown strategies."""
    known = (*scenario.strategies, *(scenario.plan or NO_PLAN).migrations)
    for name in (*names, *([baseline] if baseline else [])):
        known_strategy(name, known)
    return scenario if baseline is None else replace(scenario, baseline=baseline)
