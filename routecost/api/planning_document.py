"""Contents of a planning document: all results for one scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from routecost.api.breakeven import breakeven
from routecost.api.compare import check, compare
from routecost.api.pricing import show_pricing
from routecost.api.project import project
from routecost.api.scenarios import open_file, priced
from routecost.api.sensitivity import tornado_of
from routecost.api.validate import load_table, validate
from routecost.documents.routing.load import open_table
from routecost.documents.scenario import stated_fields as _stated
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.errors import UnknownNameError, UnpricedError, UsageError
from routecost.library import PathLike, portable
from routecost.model.results.breakeven import Breakevens
from routecost.model.results.claim_check import Check
from routecost.model.results.comparison import Comparison
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.results.planning_document import Planning, RoutedBy
from routecost.model.results.projection import Projection
from routecost.model.results.sensitivity import read_change
from routecost.model.scenario.figure_path import Root
from routecost.model.scenario.horizon import DEFAULT_MONTHS
from routecost.model.scenario.scenario import Claim, Scenario
from routecost.problems import Finding


def planning(  # noqa: PLR0913  the options of a projection
    scenario: PathLike,
    *,
    months: int = DEFAULT_MONTHS,
    growth: str | Decimal | float | None = None,
    start: str | None = None,
    days: str | None = None,
    actuals: PathLike | None = None,
    actuals_sheet: str | None = None,
    runs: int | str = DEFAULT_RUNS,
    seed: int | str = DEFAULT_SEED,
    by: str = "20%",
    parts: Sequence[str] = (),
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    config: PathLike | None = None,
    rules_from: Sequence[str] = (),
    what_if: Sequence[str] = (),
    library: PathLike | None = None,
) -> Planning:
    """Compute all results of a planning document for a scenario.

    ``months``, ``growth``, ``start``, ``days``, ``actuals``, ``actuals_sheet``, ``runs``, ``seed`` and
    ``what_if`` are options of
    :func:`routecost.project`, ``by`` of :func:`routecost.tornado`, ``parts`` is ``by`` of
    :func:`routecost.compare`, and ``config`` and ``rules_from`` of
    :func:`routecost.validate`. Findings about routing tables are part of the result, unless they
    prevent the pricing of a strategy. ``strategies`` selects strategies by name: others are left out,
    except that the proposal is still compared with the default. Assumptions are changed for the
    proposal if it is selected, else for the first selected strategy.

    Raises as these functions do.
    """
    file = open_file(
        scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategies, what_if=what_if
    )
    loaded = file.scenario
    comparison = compare(loaded, baseline=baseline, strategies=strategies, by=parts, runs=runs, seed=seed)
    checked, unchecked = _checked(loaded, strategies)
    comparison = replace(comparison, left_out=tuple(dict.fromkeys((*comparison.left_out, *unchecked))))
    return Planning(
        scenario=loaded,
        description=_stated.description(file),
        comparison=comparison,
        projection=_of_choice(
            project(
                loaded,
                months=months,
                growth=growth,
                start=start,
                days=days,
                actuals=actuals,
                actuals_sheet=actuals_sheet,
                runs=runs,
                seed=seed,
                as_of=as_of,
                baseline=baseline,
                strategies=strategies,
                by=parts,
            )
        ),
        breakevens=_breakevens(
            loaded, strategies, partial(breakeven, months=months, growth=growth, start=start, as_of=as_of)
        ),
        tornado=tornado_of(file, read_change(by), _first(loaded, strategies)),
        routed_by=tuple(_routed_by(file, strategies, as_of, config, rules_from, library)),
        check=checked,
        stated=_stated.stated(file),
        prices=show_pricing(loaded.pricing, as_of=comparison.as_of, models=models_used(comparison)),
        warnings=loaded.warnings if checked is None else checked.warnings,
        options=_options(
            start=start or as_of, months=None if months == DEFAULT_MONTHS else months, growth=growth
        ),
    )


def _of_choice(projection: Projection) -> Projection:
    """Return a projection of which only the proposal and the default are divided into parts."""
    names = (projection.proposed, projection.default)
    return replace(projection, breakdowns=tuple(one.only(names) for one in projection.breakdowns))


_UNCHECKED = (UnpricedError, UsageError, UnknownNameError)


def _checked(scenario: Scenario, selected: Sequence[str]) -> tuple[Check | None, tuple[str, ...]]:
    """Return the check of claims and budget, and why some are left out: they need other strategies.

    Raises as :func:`routecost.check` does if no strategy is selected.
    """
    budgets = [scenario.budget, None if scenario.plan is None else scenario.plan.budget]
    if not (scenario.claims or any(budgets)):
        return None, ()
    try:
        return check(scenario), ()
    except _UNCHECKED:
        if not selected:
            raise
    kept, reasons = [], []
    for claim in scenario.claims:
        try:
            check(replace(_without_budgets(scenario), claims=(claim,)))
            kept.append(claim)
        except _UNCHECKED as error:
            if _named(claim, scenario) <= {*selected}:
                raise
            reasons.append(f"a claim: {error}")
    rest = scenario
    try:
        check(replace(scenario, claims=()))
    except _UNCHECKED as error:
        if all(budget is None or budget.strategy in selected for budget in budgets):
            raise
        rest, budgets = _without_budgets(scenario), []
        reasons.append(f"the budget: {error}")
    rest = replace(rest, claims=tuple(kept))
    return (check(rest) if kept or any(budgets) else None), tuple(reasons)


def _without_budgets(scenario: Scenario) -> Scenario:
    plan = scenario.plan and replace(scenario.plan, budget=None, budget_steps=())
    return replace(scenario, budget=None, plan=plan)


def _named(claim: Claim, scenario: Scenario) -> set[str | None]:
    """Return the strategies that a claim is about."""
    of_savings = {scenario.default, scenario.proposed}
    paths = [operand.path for operand in claim.operands]
    named = {path.name for path in paths if path.root in (Root.STRATEGIES, Root.PARTS)}
    return named | (of_savings if any(path.root is Root.SAVINGS for path in paths) else set())


def _breakevens(
    scenario: Scenario, selected: Sequence[str], breakeven: Callable[[Scenario], Breakevens]
) -> Breakevens:
    """Return the break-evens of the selected strategies, and of the proposal and the default."""
    if not selected:
        return breakeven(scenario)
    from routecost.engine.compare.unpriced import only  # few reports select strategies

    shown = only(scenario, {*selected, scenario.proposed, scenario.default})
    return priced(shown, selected, breakeven)[0]


def _first(scenario: Scenario, selected: Sequence[str]) -> str | None:
    """Return the strategy whose assumptions are changed; None for the scenario's own choice."""
    return None if not selected or scenario.proposed in selected else selected[0]


def _options(**given: object) -> frozenset[str]:
    return frozenset(name for name, value in given.items() if value is not None)


def models_used(comparison: Comparison) -> tuple[str, ...]:
    """Return the models in the bills of a comparison."""
    lines = (line for cost in comparison.strategies for line in cost.bill.lines)
    return tuple(dict.fromkeys(line.key.model for line in lines))


def _routed_by(  # noqa: PLR0917  the options of a check
    file: ScenarioFile,
    selected: Sequence[str],
    as_of: date | None,
    config: PathLike | None,
    rules_from: Sequence[str],
    library: PathLike | None,
) -> Iterator[RoutedBy]:
    """Check each table against the fleet, once."""
    by_table: dict[Path, list[str]] = {}
    for strategy, table in _stated.table_files(file).items():
        if selected and strategy not in selected:
            continue
        by_table.setdefault(table, []).append(strategy)
    for table, strategies in by_table.items():
        opened = open_table(file.loading.loader, table)
        subject = load_table(opened, scenario=file.scenario, as_of=as_of, config=config, library=library)
        validation = validate(subject, rules_from=rules_from)
        yield RoutedBy(
            tuple(strategies), replace(validation, findings=tuple(map(_portable, validation.findings)))
        )


def _portable(finding: Finding) -> Finding:
    position = finding.position
    return replace(finding, position=replace(position, file=portable(position.file)))
