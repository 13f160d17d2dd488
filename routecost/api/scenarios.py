"""What the command line does, as functions: names and options in, results out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.documents.scenario.load import load_pricing as _load_pricing
from routecost.documents.scenario.load import load_scenario as _load_scenario
from routecost.engine.compare import claims as _check
from routecost.engine.compare import compare as _compare
from routecost.engine.strategies.mix import Mix
from routecost.errors import UnknownNameError, UsageError
from routecost.library import Library, PathLike, argument, open_library
from routecost.model.scenario.scenario import Scenario
from routecost.problems import did_you_mean
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.results.claim_check import Check
    from routecost.model.results.comparison import Comparison

_PERCENTAGE = re.compile(r"\d{1,3}(\.\d{1,15})?", re.ASCII)


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

    Raises as :func:`load_pricing` does.
    """
    where = open_library(library)
    return _load_scenario(argument(scenario), where, overrides(where, pricing, as_of))


def compare(
    scenario: PathLike | Scenario,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    mixes: Sequence[str] = (),
    library: PathLike | None = None,
) -> Comparison:
    """Price every strategy of a scenario side by side.

    ``strategies`` names those to keep; ``mixes`` such as ``"80/15/5"`` (percentages in tier order)
    are added to them. Prices are those of ``as_of``, else of the scenario's own
    date, else of today.

    Raises DocumentError, UnknownNameError, UnpricedError and UsageError.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    added = mixes_of(loaded, mixes)
    chosen = with_strategies(replace(loaded, strategies={**loaded.strategies, **added}), strategies, baseline)
    return _compare.compare(chosen, day_of(loaded)).only((*strategies, *added) if strategies else ())


def check(
    scenario: PathLike | Scenario,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Check:
    """Judge the claims of a scenario, and its budget. Raises as :func:`compare` does."""
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    return _check.check(loaded, day_of(loaded))


def json_schema(kind: str) -> str:
    """Return the JSON Schema of a kind of document as JSON text. Raises UnknownNameError."""
    from routecost.documents.json_schema import schema

    return schema(kind)


def overrides(where: Library, pricing: PathLike | None, as_of: date | None) -> dict[tuple[str, ...], str]:
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

    claims = tuple(
        replace(claim, operands=tuple(replace(one, scenario=moved(one.scenario)) for one in claim.operands))
        for claim in scenario.claims
    )
    return replace(moved(scenario), claims=claims)


def day_of(scenario: Scenario) -> date:
    """Return the day whose prices apply: the scenario's own, else today."""
    return scenario.as_of or date.today()


def mixes_of(scenario: Scenario, texts: Sequence[str]) -> dict[str, Mix]:
    """Return ad hoc mixes such as ``80/15/5`` by name; UsageError for one that makes no sense."""
    mixes = {f"mix-{'-'.join(_percentages(text))}": _mix(text, scenario.pricing) for text in texts}
    for name, mix in mixes.items():
        if scenario.strategies.get(name, mix) != mix:
            raise UsageError(f'the scenario has another strategy named "{name}"; rename that one')
    return mixes


def _percentages(text: str) -> list[str]:
    return [part.strip().removesuffix("%").rstrip() for part in text.split("/")]


@exact
def _mix(text: str, sheet: PricingSheet) -> Mix:
    tiers = sheet.tier_names
    expected = f"expected percentages for {', '.join(tiers)} that sum to 100, such as {_example(len(tiers))}"
    parts = _percentages(text)
    if len(parts) != len(tiers) or not all(map(_PERCENTAGE.fullmatch, parts)):
        raise UsageError(f'"{text}" is not a mix; {expected}')
    shares = [Decimal(part).scaleb(-2) for part in parts]
    total = sum(shares, Decimal(0)) * 100
    if total != 100:
        raise UsageError(f'the mix "{text}" sums to {total.normalize():f}; {expected}')
    return Mix(dict(zip(tiers, shares, strict=True)))


def _example(tiers: int) -> str:
    return {1: "100", 2: "80/20", 3: "80/15/5"}.get(tiers, "/".join(["100"] + ["0"] * (tiers - 1)))


def with_strategies(scenario: Scenario, names: Sequence[str], baseline: str | None) -> Scenario:
    """Return the scenario with another baseline; UnknownNameError for names that it lacks."""
    for name in (*names, *([baseline] if baseline else [])):
        if name not in scenario.strategies:
            raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, scenario.strategies)}')
    return scenario if baseline is None else replace(scenario, baseline=baseline)
