"""Comparison of a scenario's strategies, and check of its claims and budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.api.scenarios import day_of, horizon_of, load_scenario, priced, resolve, with_strategies
from routecost.engine.compare import compare as _compare
from routecost.engine.strategies.mix import Mix
from routecost.errors import UsageError
from routecost.library import PathLike
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.results.claim_check import Check, ClaimResult
    from routecost.model.results.comparison import Comparison
    from routecost.model.scenario.horizon import Horizon
    from routecost.problems import KeyPath

_NUMBERS_PER_RUN = 100
"""An estimate of the numbers in memory per simulated run of one month."""

_PERCENTAGE = re.compile(r"\d{1,3}(\.\d{1,15})?", re.ASCII)


def compare(  # noqa: PLR0913  the options of a comparison
    scenario: PathLike | Scenario,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    mixes: Sequence[str] = (),
    what_if: Sequence[str] = (),
    by: Sequence[str] = (),
    runs: int | str | None = None,
    seed: int | str | None = None,
    library: PathLike | None = None,
) -> Comparison:
    """Price every strategy of a scenario side by side.

    ``strategies`` selects strategies by name; ``mixes`` such as ``"80/15/5"`` (percentages in tier
    order) are added. ``what_if`` changes prices as in :func:`load_scenario`. Prices are those of
    ``as_of``, else of the scenario's own date, else of today. If strategies are selected, others without a
    price are left out. ``by`` divides the costs:
    ``"owner"``, ``"task_type"``, ``"model"``, ``"provider"``, ``"tier"``, ``"strategy"`` or ``"tag:NAME"``.
    ``runs`` and ``seed`` are those of the simulation behind the probability of savings: 100,000 and 7.

    Raises DocumentError, UnknownNameError, UnpricedError and UsageError.
    """
    loaded = resolve(
        scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategies, what_if=what_if
    )
    added = mixes_of(loaded, mixes)
    chosen = with_strategies(replace(loaded, strategies={**loaded.strategies, **added}), strategies, baseline)
    selected = (*strategies, *added) if strategies else ()
    comparison, left_out = priced(
        chosen,
        (*selected, *([baseline] if baseline and selected else [])),
        # A budget is an amount for any strategy, also without the one that it is for.
        lambda scenario: _compare.compare(replace(scenario, budget=chosen.budget), day_of(loaded)),
    )
    comparison = replace(comparison.only(selected), left_out=left_out)
    if comparison.verdict is not None and (chosen.uncertainty is not None or comparison.measured):
        from routecost.engine.uncertainty.doubt.verdict import with_probability  # loads numpy

        comparison = with_probability(comparison, chosen, _drawn_of(chosen), *_sampling(runs, seed))
    return divided(comparison, chosen, by)


def _sampling(runs: int | str | None, seed: int | str | None) -> tuple[int, int]:
    """Return the number of runs, and the seed. Raises UsageError for invalid ones."""
    from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED, read_runs, read_seed

    read = read_runs(str(DEFAULT_RUNS if runs is None else runs), _NUMBERS_PER_RUN)
    return read, read_seed(str(DEFAULT_SEED if seed is None else seed))


def divided(comparison: Comparison, scenario: Scenario, by: Sequence[str]) -> Comparison:
    """Return a comparison with its costs divided. Raises UsageError for what they cannot be divided by."""
    if not by:
        return comparison
    from routecost.engine.breakdown.divide import divide_month  # few comparisons divide costs
    from routecost.engine.compare.unpriced import only
    from routecost.model.results.breakdown.breakdown import read_dimension

    shown = only(scenario, {cost.strategy for cost in comparison.strategies})
    dimensions = [read_dimension(text) for text in dict.fromkeys(by)]
    return replace(comparison, breakdowns=divide_month(shown, comparison.as_of, dimensions))


def check(
    scenario: PathLike | Scenario,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    by: Sequence[str] = (),
    library: PathLike | None = None,
) -> Check:
    """Check the claims and the budget of a scenario, the budgets of owners, and rate limits in 12 months.

    A budget of the plan is checked in its first 12 months, one of the scenario at the stated volume.
    Builds and validates the variants in claims. ``by`` divides the costs of the budget's strategy, or else
    of the proposal and the default, as that of :func:`compare` does. Raises as :func:`compare` does.
    """
    from routecost.documents.scenario.claim_variants import with_variants
    from routecost.engine.compare import claims as _claims

    if isinstance(scenario, Scenario):
        loaded = resolve(with_variants(scenario), pricing=pricing, as_of=as_of, library=library)
    else:
        loaded = with_variants(load_scenario(scenario, pricing=pricing, as_of=as_of, library=library))
    parts = None
    if any(operand.path.part for claim in loaded.claims for operand in claim.operands):
        from routecost.engine.breakdown.part_figures import PartFigures  # few claims are about parts

        parts = PartFigures()
    checked = _claims.check(loaded, day_of(loaded), parts)
    claims = (*checked.claims, *_budgets_and_limits(loaded, as_of))
    checked = replace(checked, claims=claims, warnings=loaded.warnings)
    budget = loaded.budget
    if not by:
        return checked
    related = (loaded.default, loaded.proposed) if budget is None else (budget.strategy,)
    names = [name for name in dict.fromkeys(related) if name is not None]
    return replace(checked, breakdowns=compare(loaded, strategies=names, by=by).breakdowns)


def _budgets_and_limits(scenario: Scenario, as_of: date | None) -> Iterator[ClaimResult]:
    """Yield the checks of budgets of the plan and of owners, and of rate limits; few scenarios have any."""

    def horizon() -> Horizon:
        from routecost.model.scenario.horizon import DEFAULT_MONTHS

        return horizon_of(scenario, DEFAULT_MONTHS, as_of=as_of)

    planned = None if scenario.plan is None else scenario.plan.budget
    if planned is not None:
        from routecost.engine.projection.plan_budget import plan_budget

        result, _ = priced(scenario, (), lambda one: plan_budget(one, horizon()))
        yield result
    if scenario.budget is not None and scenario.budget.owners:
        from routecost.engine.breakdown.budgets import owner_budgets

        yield from owner_budgets(scenario, day_of(scenario))
    if planned is not None and planned.owners:
        from routecost.engine.breakdown.budgets import planned_owner_budgets

        yield from planned_owner_budgets(scenario, horizon())
    if scenario.rate_limits or scenario.pricing.rate_limits:
        from routecost.engine.projection.limit_checks import limit_checks

        yield from limit_checks(scenario, horizon())


def _drawn_of(scenario: Scenario) -> Callable[[Mapping[KeyPath, Any]], Scenario] | None:
    """Return what makes the scenario with other values of its uncertain fields; None if its file cannot."""
    from routecost.documents.scenario.scenario_file import file_of

    file = file_of(scenario)
    return file.resample if file is not None and file.scenario.workload == scenario.workload else None


def mixes_of(scenario: Scenario, texts: Sequence[str]) -> dict[str, Mix]:
    """Return ad hoc mixes such as ``80/15/5`` by name. Raises UsageError for an invalid one."""
    mixes = {f"mix-{'-'.join(_percentages(text))}": read_mix(text, scenario.pricing) for text in texts}
    for name, mix in mixes.items():
        if scenario.strategies.get(name, mix) != mix:
            raise UsageError(f'the scenario has another strategy named "{name}"; rename it')
    return mixes


def _percentages(text: str) -> list[str]:
    return [part.strip().removesuffix("%").rstrip() for part in text.split("/")]


@exact
def read_mix(text: str, sheet: PricingSheet) -> Mix:
    """Return the mix of a text such as ``80/15/5``. Raises UsageError for an invalid one."""
    tiers = sheet.tier_names
    expected = f"expected percentages for {', '.join(tiers)} that sum to 100, such as {_example(len(tiers))}"
    parts = _percentages(text)
    if len(parts) != len(tiers) or not all(map(_PERCENTAGE.fullmatch, parts)):
        raise UsageError(f'"{text}" is not a mix; {expected}')
    shares = [Decimal(part).scaleb(-2) for part in parts]
    total = sum(shares, ZERO) * 100
    if total != 100:
        raise UsageError(f'the mix "{text}" sums to {total.normalize():f}; {expected}')
    return Mix(dict(zip(tiers, shares, strict=True)))


def _example(tiers: int) -> str:
    return {1: "100", 2: "80/20", 3: "80/15/5"}.get(tiers, "/".join(["100"] + ["0"] * (tiers - 1)))
