"""Scenarios and pricing sheets by name or path, as functions; and scenarios with other prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from routecost.documents.pricing.load import load_pricing as _load_pricing
from routecost.documents.scenario.scenario_file import ScenarioFile, open_scenario
from routecost.errors import UnknownNameError, UsageError
from routecost.library import Library, PathLike, argument, open_library
from routecost.model.scenario.scenario import Operand, Scenario
from routecost.problems import did_you_mean

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet


def load_pricing(sheet: PathLike, *, library: PathLike | None = None) -> PricingSheet:
    """Load a pricing sheet by name or path.

    ``library`` is a folder with ``pricing/``, ``scenarios/`` and ``tables/`` of your own.
    Raises UnknownNameError, UsageError (unreadable file) and DocumentError (every finding).
    """
    return _load_pricing(argument(sheet), open_library(library))


def load_scenario(
    scenario: PathLike,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Scenario:
    """Load a scenario by name or path, with the pricing sheet that it names (or ``pricing``).

    The variants that its claims speak of are left for :func:`check` to build. Raises as
    :func:`load_pricing` does.
    """
    return open_file(scenario, pricing=pricing, as_of=as_of, library=library).scenario


def open_file(
    scenario: PathLike,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> ScenarioFile:
    """Open the file of a scenario, of which variants can be made, as :func:`load_scenario` does."""
    where = open_library(library)
    return open_scenario(argument(scenario), where, _overrides(where, pricing, as_of))


def _overrides(where: Library, pricing: PathLike | None, as_of: date | None) -> dict[tuple[str, ...], str]:
    """Return the fields of a scenario that options take the place of, with their values."""
    made: dict[tuple[str, ...], str] = {}
    if pricing is not None:
        made["pricing",] = sheet_path(where, pricing)
    if as_of is not None:
        made["as_of",] = as_of.isoformat()
    return made


def sheet_path(where: Library, pricing: PathLike) -> str:
    """Return the path of a sheet's file, wherever a scenario stands; UsageError if there is none."""
    found = where.find("pricing", argument(pricing))
    if not found.exists():
        raise UsageError(f'cannot read "{found}": no such file')
    return str(found.absolute())


def resolve(
    scenario: PathLike | Scenario,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Scenario:
    """Return a scenario from a name, a path or an already loaded one."""
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    sheet = scenario.pricing if pricing is None else load_pricing(pricing, library=library)
    return repriced(scenario, sheet, as_of or scenario.as_of)


def repriced(scenario: Scenario, sheet: PricingSheet, as_of: date | None) -> Scenario:
    """Return a scenario at other prices, and its claims with it, except where they name their own.

    Raises UsageError for prices in another currency than a budget says it is in.
    """
    for budget in (scenario.budget, None if scenario.plan is None else scenario.plan.budget):
        if budget is not None and budget.currency not in (None, sheet.currency):
            raise UsageError(
                f'a budget in "{budget.currency}", but prices of "{sheet.name}" in {sheet.currency}; '
                f"expected a sheet in {budget.currency}"
            )

    def moved(variant: Scenario) -> Scenario:
        return replace(
            variant,
            pricing=sheet if variant.pricing == scenario.pricing else variant.pricing,
            as_of=as_of if variant.as_of == scenario.as_of else variant.as_of,
        )

    def moved_with(operand: Operand) -> Operand:
        return operand if operand.scenario is None else replace(operand, scenario=moved(operand.scenario))

    claims = tuple(
        replace(claim, operands=tuple(map(moved_with, claim.operands))) for claim in scenario.claims
    )
    return replace(moved(scenario), claims=claims)


def day_of(scenario: Scenario) -> date:
    """Return the day whose prices apply: the scenario's own, else today."""
    return scenario.as_of or date.today()


def with_strategies(scenario: Scenario, names: Sequence[str], baseline: str | None) -> Scenario:
    """Return the scenario with another baseline; UnknownNameError for names that it lacks."""
    for name in (*names, *([baseline] if baseline else [])):
        if name not in scenario.strategies:
            raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, scenario.strategies)}')
    return scenario if baseline is None else replace(scenario, baseline=baseline)
