"""Sweeps of fields of a plan: every point is a projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from routecost.api.project import project
from routecost.api.scenarios import open_file
from routecost.api.sensitivity import Grid, Progress, check_distinct, fields_of, names_of, texts_of
from routecost.errors import UsageError
from routecost.library import PathLike, open_library
from routecost.model.results.months.plan_sweep import PlanCost, PlanPoint, PlanSweep
from routecost.model.results.projection import Projection
from routecost.model.results.sensitivity import Value, read_axes
from routecost.model.scenario.horizon import DEFAULT_MONTHS
from routecost.model.scenario.scenario import Scenario


def sweep_plan(  # noqa: PLR0913  the options of a sweep
    scenario: PathLike,
    over: Sequence[str],
    *,
    months: int = DEFAULT_MONTHS,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    library: PathLike | None = None,
    progress: Progress | None = None,
) -> PlanSweep:
    """Project every strategy of a scenario at all combinations of values of up to three fields.

    ``over`` has texts as in :func:`routecost.sweep_over`, also of fields of the plan, such as
    ``"plan.growth=0:10%:2%"``. The costs of a point are the totals of ``months`` months. Uncertain fields are
    at their means.

    Raises as :func:`routecost.project` and :func:`routecost.sweep_over` do.
    """
    axes = read_axes(over)
    file = open_file(scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategies)
    fields, files = fields_of(file, axes), open_library(library)
    check_distinct(axes, fields, pricing, as_of)
    texts = tuple(texts_of(files, *pair) for pair in zip(axes, fields, strict=True))
    projected = partial(_projected, months=months, as_of=as_of, baseline=baseline, strategies=strategies)
    grid = Grid(file, axes, fields, texts, projected)
    points, sheets, starts, first = [], dict[str, None](), dict[date, None](), None
    for values, projection in grid.compared(progress):
        first = first or projection
        if projection.currency != first.currency:
            raise UsageError("the swept sheets have different currencies; expected sheets of one currency")
        sheets[projection.pricing] = starts[projection.horizon.start] = None
        points.append(_point(values, projection))
    assert first is not None
    swept = names_of(fields)
    return PlanSweep(
        scenario=first.scenario,
        pricing=tuple(sheets),
        currency=first.currency,
        starts=tuple(starts),
        months=months,
        has_payback=first.payback is not None,
        baseline=first.baseline,
        default=first.default,
        proposed=first.proposed,
        parameters=grid.parameters(),
        points=tuple(points),
        warnings=tuple(dict.fromkeys((*file.warnings, *grid.warnings))),
        at_means=tuple(name for name in file.at_means if name not in swept),
    )


def _projected(
    scenario: Scenario, *, months: int, as_of: date | None, baseline: str | None, strategies: Sequence[str]
) -> Projection:
    certain = replace(scenario, uncertainty=None)
    return project(certain, months=months, as_of=as_of, baseline=baseline, strategies=strategies)


def _point(values: tuple[Value, ...], projection: Projection) -> PlanPoint:
    counted = projection.counts_failures
    costs = tuple(
        PlanCost(one.strategy, one.total, one.vs_baseline, one.with_failures if counted else None)
        for one in projection.strategies
    )
    return PlanPoint(values, costs, None if projection.payback is None else projection.payback.latest)
