"""A plan for a budget meeting, as a function: a scenario in, all that is found about it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from routecost.api import scenarios as api
from routecost.api.breakeven import breakeven
from routecost.api.pricing import show_pricing
from routecost.api.project import project
from routecost.api.sensitivity import tornado
from routecost.api.validate import validate
from routecost.documents.scenario import stated_fields as _stated
from routecost.documents.scenario.variants import Variants
from routecost.library import PathLike, argument, open_library, portable
from routecost.model.results.comparison import Comparison
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.results.planning_document import Planning, RoutedBy
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
    loaded = api.load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    comparison = api.compare(loaded, baseline=baseline)
    where = open_library(library)
    variants = Variants.open(argument(scenario), where, api.overrides(where, pricing, as_of))
    return Planning(
        scenario=loaded,
        description=_stated.description(variants),
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
        tornado=tornado(scenario, by=by, pricing=pricing, as_of=as_of, library=library),
        routed_by=tuple(_routed_by(variants, comparison.as_of, pricing, config, library)),
        check=api.check(loaded) if loaded.claims or loaded.budget else None,
        stated=_stated.stated(variants),
        prices=show_pricing(loaded.pricing, as_of=comparison.as_of, models=models_used(comparison)),
        warnings=loaded.warnings,
    )


def models_used(comparison: Comparison) -> tuple[str, ...]:
    """Return the models that the bills of a comparison are for."""
    lines = (line for cost in comparison.strategies for line in cost.bill.lines)
    return tuple(dict.fromkeys(line.key.model for line in lines))


def _routed_by(
    variants: Variants,
    as_of: date,
    pricing: PathLike | None,
    config: PathLike | None,
    library: PathLike | None,
) -> Iterator[RoutedBy]:
    """Hold each table against the fleet, once."""
    by_file: dict[Path, list[str]] = {}
    for strategy, file in _stated.table_files(variants).items():
        by_file.setdefault(file, []).append(strategy)
    for file, strategies in by_file.items():
        found = validate(
            file,
            scenario=variants.loading.path,
            pricing=pricing,
            as_of=as_of,
            config=config,
            library=library,
        )
        yield RoutedBy(tuple(strategies), replace(found, findings=tuple(map(_portable, found.findings))))


def _portable(finding: Finding) -> Finding:
    place = finding.position
    return replace(finding, position=replace(place, file=portable(place.file)))
