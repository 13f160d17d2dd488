"""Simulation of a projection: costs of strategies over thousands of runs with sampled inputs."""

from __future__ import annotations

from routecost.engine.uncertainty.budget_risk import budget_risk
from routecost.engine.uncertainty.doubt.rebased import rebased_outlook
from routecost.engine.uncertainty.joint_draws import draw_all
from routecost.engine.uncertainty.monthly_costs import costs
from routecost.engine.uncertainty.percentile_bands import BandCalculator
from routecost.engine.uncertainty.run_on_paths import Resample
from routecost.engine.uncertainty.variance_sources import Sources
from routecost.model.results.outlook import Outlook, StrategyOutlook
from routecost.model.results.projection import Projection
from routecost.model.scenario.scenario import Scenario


def outlook(scenario: Scenario, projection: Projection, resample: Resample, runs: int, seed: int) -> Outlook:
    """Return the outlook of a projection of a scenario with uncertain inputs, from ``runs`` paths.

    ``resample`` returns the scenario with other values of the uncertain inputs.

    Raises as :func:`routecost.engine.projection.project.project` does, and DocumentError if a draw
    makes an invalid scenario.
    """
    horizon = projection.horizon
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    draws = draw_all(fields, scenario.uncertainty, runs, seed, horizon.months)
    by_month = costs(scenario, horizon, draws, resample)
    rows = by_month.rows
    calculator, sources = BandCalculator(by_month.space), Sources(horizon, draws, by_month)
    bands = {name: calculator.bands_of(months) for name, months in rows.items()}
    tracking = projection.budget
    return Outlook(
        runs=runs,
        seed=seed,
        fields=fields,
        strategies=tuple(
            StrategyOutlook(
                name, strategy.months, strategy.cumulative, strategy.error, sources.of(name, strategy.total)
            )
            for name, strategy in bands.items()
        ),
        budget_risk=None
        if tracking is None or tracking.budget.counts_failures
        else budget_risk(
            by_month, tracking, rows[tracking.budget.strategy], bands[tracking.budget.strategy].total
        ),
        rebased=None if projection.actuals is None else rebased_outlook(by_month, projection.actuals),
    )
