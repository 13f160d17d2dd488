"""Loading of scenarios and pricing sheets by name or path, and repricing of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from routecost.documents.pricing.load import load_pricing as _load_pricing
from routecost.documents.scenario.scenario_file import ScenarioFile, file_of, open_scenario
from routecost.engine.pricing.exchange import with_prices
from routecost.errors import UnpricedError, UsageError, known_strategy
from routecost.library import Library, PathLike, argument, open_library
from routecost.model.scenario.scenario import Claim, Operand, Scenario

if TYPE_CHECKING:
    from decimal import Decimal

    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.scenario.horizon import Horizon
    from routecost.problems import KeyPath

T = TypeVar("T")


def load_pricing(sheet: PathLike, *, library: PathLike | None = None) -> PricingSheet:
    """Load a pricing sheet by name or path.

    ``library`` is a folder with your own ``pricing/``, ``scenarios/`` and ``tables/``.
    Raises UnknownNameError, UsageError (unreadable file) and DocumentError (all findings).
    """
    return _load_pricing(argument(sheet), open_library(library))


def load_scenario(
    scenario: PathLike,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
    strategies: Sequence[str] = (),
    what_if: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> Scenario:
    """Load a scenario by name or path, with the pricing sheet that it names (or ``pricing``).

    If ``strategies`` names some, others that are at fault are left out with a warning. :func:`check`
    builds the variants in its claims. ``what_if`` changes prices: ``"claude-sonnet-5-5 input -20% from
    2027-06"``, with a model, tier or provider, a meter or none for all, a change in percent or a new rate,
    and days or months. ``settings`` replace fields: ``"tokens.input=3000"``, with names as in
    :func:`sweep_over`. Raises as :func:`load_pricing` does.
    """
    return open_file(
        scenario,
        pricing=pricing,
        as_of=as_of,
        library=library,
        strategies=strategies,
        what_if=what_if,
        settings=settings,
    ).scenario


def open_file(
    scenario: PathLike,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
    strategies: Sequence[str] = (),
    what_if: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> ScenarioFile:
    """Open the file of a scenario, for variants of it. Raises as :func:`load_scenario` does."""
    files = open_library(library)
    overrides = _overrides(files, pricing, as_of)
    file = open_scenario(argument(scenario), files, overrides, strategies, what_if)
    if not settings:
        return file
    from routecost.documents.scenario.settings import changes_of  # few runs set fields

    overrides |= changes_of(file, settings)
    return open_scenario(argument(scenario), files, overrides, strategies, what_if)


def _overrides(files: Library, pricing: PathLike | None, as_of: date | None) -> dict[KeyPath, Any]:
    """Return the fields of a scenario that options override, and their values."""
    overrides: dict[KeyPath, Any] = {}
    if pricing is not None:
        overrides["pricing",] = sheet_path(files, pricing)
    if as_of is not None:
        overrides["as_of",] = as_of.isoformat()
    return overrides


def sheet_path(files: Library, pricing: PathLike) -> str:
    """Return the absolute path of a sheet's file. Raises UsageError if it does not exist."""
    path = files.find("pricing", argument(pricing))
    if not path.exists():
        raise UsageError(f'cannot read "{path}": no such file')
    return str(path.absolute())


def resolve(
    scenario: PathLike | Scenario,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
    strategies: Sequence[str] = (),
    what_if: Sequence[str] = (),
) -> Scenario:
    """Return a loaded scenario for a name, a path or a scenario, with options applied."""
    if not isinstance(scenario, Scenario):
        return load_scenario(
            scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategies, what_if=what_if
        )
    sheet = scenario.pricing if pricing is None else load_pricing(pricing, library=library)
    stated = file_of(scenario)
    if pricing is not None and stated is not None and stated.checked.parsed.price_changes:
        raise UsageError("a scenario with price_changes takes other prices when it is loaded: give its path")
    if what_if:
        from routecost.engine.pricing.what_if import with_what_if  # an option that few runs give

        file, sheet = file_of(scenario), with_what_if(sheet, what_if)
        scenario = replace(scenario, origin=None if file is None else file.with_what_if(what_if))
    return repriced(scenario, sheet, as_of or scenario.as_of)


def repriced(scenario: Scenario, sheet: PricingSheet, as_of: date | None) -> Scenario:
    """Return a scenario with other prices, also in its claims that do not set their own.

    Amounts of money are converted into the currency of the prices. Raises CurrencyError (a UsageError)
    if neither sheet has a rate for that.
    """

    def moved(variant: Scenario) -> Scenario:
        prices = sheet if variant.pricing == scenario.pricing else variant.pricing
        day = as_of if variant.as_of == scenario.as_of else variant.as_of
        return with_prices(variant, prices, day, day or date.today())

    def moved_with(operand: Operand) -> Operand:
        return operand if operand.scenario is None else replace(operand, scenario=moved(operand.scenario))

    def moved_claim(claim: Claim) -> Claim:
        own = claim.operands[0].path.currency(scenario.pricing) if claim.is_money else None
        operands = tuple(map(moved_with, claim.operands))
        return replace(claim, operands=operands, currency=claim.currency or own)

    claims = tuple(map(moved_claim, scenario.claims))
    return replace(moved(scenario), claims=claims)


def day_of(scenario: Scenario) -> date:
    """Return the day whose prices apply: the scenario's own, else today."""
    return scenario.as_of or date.today()


def horizon_of(
    scenario: Scenario,
    months: int,
    growth: str | Decimal | float | None = None,
    start: str | None = None,
    as_of: date | None = None,
) -> Horizon:
    """Return the months of a projection of a scenario, with the given growth or else that of its plan.

    They begin in ``start``, else the month of ``as_of``, of the plan, of the scenario's date or of today.
    """
    from routecost.model.scenario.horizon import Horizon, read_growth, read_month  # compare needs none
    from routecost.model.scenario.month_plan import NO_PLAN

    plan = scenario.plan or NO_PLAN
    planned = None if as_of is not None else plan.start
    first = planned or day_of(scenario).replace(day=1) if start is None else read_month(start)
    if growth is not None:
        return Horizon(first, months, read_growth(str(growth)), as_of)
    steps = plan.growth
    if len(steps) == 1 and steps[0].start is None:
        return Horizon(first, months, steps[0].rate, as_of)
    return Horizon(first, months, pinned=as_of, steps=steps)


def priced(
    scenario: Scenario, selected: Sequence[str], price: Callable[[Scenario], T]
) -> tuple[T, tuple[str, ...]]:
    """Return the result of ``price`` for a scenario, and why strategies are left out.

    A strategy without a price is left out if others are selected. Raises UnpricedError, naming every
    strategy at fault, if it is selected, or if none is selected.
    """
    try:
        return price(scenario), ()
    except (UnpricedError, UsageError):
        if not selected:
            raise
    from routecost.engine.compare.unpriced import without_unpriced  # most strategies have a price

    return without_unpriced(scenario, selected, price)


def with_strategies(scenario: Scenario, names: Sequence[str], baseline: str | None) -> Scenario:
    """Return the scenario with another baseline. Raises UnknownNameError for unknown strategies."""
    for name in (*names, *([baseline] if baseline else [])):
        known_strategy(name, scenario.strategies)
    return scenario if baseline is None else replace(scenario, baseline=baseline)
