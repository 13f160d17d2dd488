"""What the command line does, as functions: names and options in, results out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from routecost.documents.load import load_pricing as _load_pricing
from routecost.documents.load import load_scenario as _load_scenario
from routecost.engine import check as _check
from routecost.engine import compare as _compare
from routecost.engine.strategies.mix import Mix
from routecost.errors import UnknownNameError, UsageError
from routecost.library import Library
from routecost.model.pricing import PricingSheet
from routecost.model.results import Check, Comparison
from routecost.model.scenario import Scenario
from routecost.problems import did_you_mean
from routecost.units import exact

PathLike = str | os.PathLike[str]


def load_pricing(sheet: PathLike, *, library: PathLike | None = None) -> PricingSheet:
    """Load a pricing sheet by name or path.

    ``library`` is a folder with ``pricing/``, ``scenarios/`` and ``tables/`` of your own.
    Raises UnknownNameError, UsageError (unreadable file) and DocumentError (every finding).
    """
    return _load_pricing(_argument(sheet), _library(library))


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
    where = _library(library)
    overrides: dict[tuple[str, ...], str] = {}
    if pricing is not None:
        found = where.find("pricing", _argument(pricing))
        overrides[("pricing",)] = str(found.absolute())
    if as_of is not None:
        overrides[("as_of",)] = as_of.isoformat()
    return _load_scenario(_argument(scenario), where, overrides)


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

    ``mixes`` such as ``"80/15/5"`` (percentages in tier order) are added to the strategies;
    ``strategies`` names those to keep. Prices are those of ``as_of``, else of the scenario's own
    date, else of today.

    Raises DocumentError, UnknownNameError, UnpricedError and UsageError.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    chosen = with_strategies(with_mixes(loaded, mixes), strategies, baseline)
    return _compare.compare(chosen, day_of(loaded)).only(strategies)


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
    from routecost.documents.schema import schema

    return schema(kind)


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
    if pricing is not None:
        scenario = replace(scenario, pricing=load_pricing(pricing, library=library))
    return scenario if as_of is None else replace(scenario, as_of=as_of)


def day_of(scenario: Scenario) -> date:
    """Return the day whose prices apply: the scenario's own, else today."""
    return scenario.as_of or date.today()


def with_mixes(scenario: Scenario, mixes: Sequence[str]) -> Scenario:
    """Return the scenario with ad hoc mixes such as ``80/15/5`` added."""
    added = {f"mix-{text.replace('/', '-')}": _mix(text, scenario.pricing) for text in mixes}
    return replace(scenario, strategies={**scenario.strategies, **added})


@exact
def _mix(text: str, sheet: PricingSheet) -> Mix:
    tiers = sheet.tier_names
    expected = f"expected percentages for {', '.join(tiers)} that sum to 100, such as {_example(len(tiers))}"
    try:
        shares = [Decimal(part.strip().removesuffix("%")).scaleb(-2) for part in text.split("/")]
    except InvalidOperation:
        raise UsageError(f'"{text}" is not a mix; {expected}') from None
    if len(shares) != len(tiers) or not all(share.is_finite() and share >= 0 for share in shares):
        raise UsageError(f'"{text}" is not a mix; {expected}')
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


def _argument(value: PathLike) -> str:
    """Return what the library looks up: a Path is a path, however short; a str may be a name."""
    return value if isinstance(value, str) else os.path.join(os.curdir, os.fspath(value))


def _library(folder: PathLike | None) -> Library:
    chosen = folder or os.environ.get("ROUTECOST_LIBRARY")
    return Library(Path(chosen) if chosen else None)
