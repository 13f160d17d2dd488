"""Bands around a projection: what strategies cost on thousands of paths through what is not known."""

from __future__ import annotations

from routecost.engine.uncertainty.budget_risk import odds
from routecost.engine.uncertainty.monthly_costs import costs
from routecost.engine.uncertainty.percentile_bands import BandCalculator
from routecost.engine.uncertainty.run_on_paths import Resample
from routecost.engine.uncertainty.sampling import draw
from routecost.engine.uncertainty.variance_sources import Sources
from routecost.model.results.outlook import Outlook, StrategyOutlook
from routecost.model.results.projection import Projection
from routecost.model.scenario.scenario import Scenario


def outlook(scenario: Scenario, projection: Projection, resample: Resample, runs: int, seed: int) -> Outlook:
    """Return the bands of a projection of a scenario with something uncertain, from ``runs`` paths.

    ``resample`` returns the scenario with other values of what is uncertain.

    Raises as :func:`routecost.engine.projection.project.project` does, and DocumentError where a draw makes
    no valid scenario.
    """
    horizon = projection.horizon
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    draws = {field.path: draw(field, runs, seed, horizon.months) for field in fields}
    found = costs(scenario, horizon, draws, resample)
    rows = found.rows
    courses, sources = BandCalculator(found.space), Sources(horizon, draws, found)
    made = {name: courses.course(months) for name, months in rows.items()}
    course = projection.budget
    return Outlook(
        runs=runs,
        seed=seed,
        fields=fields,
        strategies=tuple(
            StrategyOutlook(name, each.months, each.cumulative, each.error, sources.of(name, each.total))
            for name, each in made.items()
        ),
        odds=None
        if course is None
        else odds(found, course, rows[course.budget.strategy], made[course.budget.strategy].total),
    )
