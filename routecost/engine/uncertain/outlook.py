"""Bands around a projection: what strategies cost on thousands of paths through what is not known."""

from __future__ import annotations

from routecost.engine.uncertain.courses import Courses
from routecost.engine.uncertain.monthly import costs
from routecost.engine.uncertain.odds import odds
from routecost.engine.uncertain.sampling import draw
from routecost.engine.uncertain.sources import Sources
from routecost.model.horizon import Horizon
from routecost.model.outlook import Outlook, StrategyOutlook
from routecost.model.scenario import Scenario
from routecost.model.uncertain import Uncertainty


def outlook(scenario: Scenario, uncertainty: Uncertainty, horizon: Horizon, runs: int, seed: int) -> Outlook:
    """Return the bands of a projection of the scenario, from ``runs`` paths.

    Raises as :func:`routecost.engine.project.project` does, and DocumentError where a draw makes
    no valid scenario.
    """
    draws = {field.path: draw(field, runs, seed, horizon.months) for field in uncertainty.fields}
    space, rows = costs(scenario, uncertainty, horizon, draws)
    courses = Courses(space)
    found = {name: courses.course(months) for name, months in rows.items()}
    sources = Sources(scenario, uncertainty, horizon, draws)
    budget = scenario.budget
    return Outlook(
        runs=runs,
        seed=seed,
        fields=uncertainty.fields,
        strategies=tuple(
            StrategyOutlook(
                name, each.months, each.cumulative, each.error, sources.of(name, space, each.total)
            )
            for name, each in found.items()
        ),
        odds=None if budget is None else odds(budget, scenario, rows[budget.strategy], space),
    )
