"""A plan for a budget meeting, as a function: a scenario in, all that is found about it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from routecost.api.breakeven import breakeven
from routecost.api.compare import check, compare
from routecost.api.pricing import show_pricing
from routecost.api.project import project
from routecost.api.scenarios import open_file
from routecost.api.sensitivity import tornado_of
from routecost.api.validate import validate
from routecost.documents.scenario import stated_fields as _stated
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.library import PathLike, portable
from routecost.model.results.comparison import Comparison
from routecost.model.results.planning_document import Planning, RoutedBy
from routecost.model.results.sampling import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.results.sweep_axis import read_change
from routecost.problems import Finding


def planning(  # noqa: PLR0913  the options of a plan
    scenario: PathLike,
    *,
    months: int = 12,
    growth: str | Decimal | float | None = None,
    start: str | None = None,
    days: str | None = None,
    runs: int | str = DEFAULT_RUNS,
    seed: int | str = DEFAULT_SEED,
    by: str = "20%",
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    config: PathLike | None = None,
    library: PathLike | None = None,
) -> Planning:
    """Find all that a plan for a budget meeting says of a scenario.

    ``months``, ``growth``, ``start``, ``days``, ``runs`` and ``seed`` are those of
    :func:`routecost.project`, ``by`` is that of :func:`routecost.tornado`, and ``config`` that of
    :func:`routecost.validate`. What is wrong with routing tables is part of the result, unless no
    strategy can be priced with it.

    Raises as these functions do.
    """
    file = open_file(scenario, pricing=pricing, as_of=as_of, library=library)
    loaded = file.scenario
    comparison = compare(loaded, baseline=baseline)
    judged = check(loaded) if loaded.claims or loaded.budget else None
    return Planning(
        scenario=loaded,
        description=_stated.description(file),
        comparison=comparison,
        projection=project(
            loaded,
            months=months,
            growth=growth,
            start=start,
            days=days,
            runs=runs,
            seed=seed,
            as_of=as_of,
            baseline=baseline,
        ),
        breakevens=breakeven(loaded),
        tornado=tornado_of(file, read_change(by)),
        routed_by=tuple(_routed_by(file, comparison.as_of, config, library)),
        check=judged,
        stated=_stated.stated(file),
        prices=show_pricing(loaded.pricing, as_of=comparison.as_of, models=models_used(comparison)),
        warnings=loaded.warnings if judged is None else judged.warnings,
    )


def models_used(comparison: Comparison) -> tuple[str, ...]:
    """Return the models that the bills of a comparison are for."""
    lines = (line for cost in comparison.strategies for line in cost.bill.lines)
    return tuple(dict.fromkeys(line.key.model for line in lines))


def _routed_by(
    file: ScenarioFile, as_of: date, config: PathLike | None, library: PathLike | None
) -> Iterator[RoutedBy]:
    """Hold each table against the fleet, once."""
    by_table: dict[Path, list[str]] = {}
    for strategy, table in _stated.table_files(file).items():
        by_table.setdefault(table, []).append(strategy)
    for table, strategies in by_table.items():
        made = validate(table, scenario=file.scenario, as_of=as_of, config=config, library=library)
        yield RoutedBy(tuple(strategies), replace(made, findings=tuple(map(_portable, made.findings))))


def _portable(finding: Finding) -> Finding:
    place = finding.position
    return replace(finding, position=replace(place, file=portable(place.file)))
