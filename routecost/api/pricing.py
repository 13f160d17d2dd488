"""Pricing sheets: list, show, compare, import and check them, and price calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.api import scenarios as api
from routecost.documents.pricing.load import load_pricing_document
from routecost.engine.compare import pricing_diff as _pricing_diff
from routecost.engine.pricing import price_list as _price_list
from routecost.engine.pricing import pricer as _pricer
from routecost.engine.pricing.rate_changes import later_prices, with_models
from routecost.engine.pricing.sheet_check import Remark, sheet_remarks
from routecost.errors import DocumentError, EnvironmentFailure, UsageError
from routecost.library import PathLike, argument, open_library
from routecost.model.frames import Results
from routecost.model.pricing.sheet import STANDARD, PricingSheet
from routecost.model.results.price_lists import (
    Importable,
    ModelListing,
    PriceList,
    PricingCheck,
    PricingDiff,
    PricingUpdate,
    ProviderSummary,
    SheetSummary,
)
from routecost.problems import Finding, Severity
from routecost.records import dataclass
from routecost.source import Document

if TYPE_CHECKING:
    from routecost.engine.pricing.pricer import Pricer
    from routecost.ingest.prices.catalogue import Catalogue, ListedModel
    from routecost.ingest.prices.import_sheet import PriceImport

MAX_AGE_DAYS = 90


def list_pricing(*, library: PathLike | None = None) -> tuple[Results[SheetSummary], list[Finding]]:
    """Return a summary of every named sheet, and the findings of invalid sheets."""
    summaries = Results[SheetSummary]()
    findings: list[Finding] = []
    for name in open_library(library).names("pricing"):
        try:
            summaries.append(_summary(api.load_pricing(name, library=library)))
        except DocumentError as error:
            findings += error.findings
    return summaries, findings


def show_pricing(
    sheet: PathLike | PricingSheet,
    *,
    as_of: date | None = None,
    models: Sequence[str] = (),
    library: PathLike | None = None,
) -> PriceList:
    """Return the rates of a sheet in force on ``as_of`` (default: today), optionally of ``models`` only.

    Raises as :func:`routecost.load_pricing` does; UnknownNameError also for an unknown model.
    """
    return _price_list.price_list(_sheet(sheet, library), as_of or date.today(), models)


def diff_pricing(
    before: PathLike | PricingSheet,
    after: PathLike | PricingSheet | None = None,
    *,
    as_of: date | None = None,
    since: date | None = None,
    scenario: PathLike | None = None,
    library: PathLike | None = None,
) -> PricingDiff:
    """Return the differences of two sheets on ``as_of`` (else the scenario's day, else today).

    Without a second sheet, return those of one sheet between the days ``since`` and ``as_of`` (default:
    today). With a scenario, also return the change of each strategy's cost per month. Raises UsageError
    for sheets in different currencies, otherwise as :func:`routecost.compare` does.
    """
    old = _sheet(before, library)
    if after is None:
        return _between_days(old, since, as_of or date.today(), scenario, library)
    if since is not None:
        raise UsageError("two days are compared in one sheet; leave out the second")
    new = _sheet(after, library)
    if scenario is None:
        return _pricing_diff.pricing_diff(old, new, as_of or date.today())
    loaded = api.load_scenario(scenario, as_of=as_of, library=library)
    priced = (api.repriced(loaded, old, loaded.as_of), api.repriced(loaded, new, loaded.as_of))
    return _pricing_diff.pricing_diff(old, new, api.day_of(loaded), priced)


def _between_days(
    sheet: PricingSheet, since: date | None, day: date, scenario: PathLike | None, library: PathLike | None
) -> PricingDiff:
    if since is None:
        raise UsageError("nothing to compare with; expected a second sheet, or --from and --to for two days")
    if since >= day:
        raise UsageError(f"--from {since} is not before --to {day}")
    if scenario is None:
        return _pricing_diff.pricing_diff(sheet, sheet, day, since=since)
    loaded = api.load_scenario(scenario, as_of=day, library=library)
    priced = (api.repriced(loaded, sheet, since), api.repriced(loaded, sheet, day))
    return _pricing_diff.pricing_diff(sheet, sheet, day, priced, since)


@dataclass(frozen=True, slots=True)
class PriceSource:
    """Source of prices: a provider in genai-prices, or a file from OpenRouter or LiteLLM.

    With a file, ``provider`` selects the models of one provider.
    """

    provider: str | None = None
    openrouter: Path | None = None
    litellm: Path | None = None

    def catalogue(self) -> Catalogue:
        """Return the models of the source. Raises UsageError, UnknownNameError, EnvironmentFailure."""
        if self.openrouter and self.litellm:
            raise UsageError("--openrouter cannot be used with --litellm")
        if self.openrouter:
            from routecost.ingest.prices.sources.openrouter import openrouter_catalogue

            return openrouter_catalogue(self.openrouter, self.provider)
        if self.litellm:
            from routecost.ingest.prices.sources.litellm import litellm_catalogue

            return litellm_catalogue(self.litellm, self.provider)
        if self.provider is None:
            raise UsageError(
                "no price source; expected a provider (see routecost pricing models), --openrouter FILE or "
                "--litellm FILE"
            )
        from routecost.ingest.prices.sources.genai import genai_catalogue

        return genai_catalogue(self.provider)


def list_providers() -> Results[ProviderSummary]:
    """Return the providers of the installed genai-prices. Raises EnvironmentFailure if it is missing."""
    from routecost.ingest.prices.sources.genai import genai_providers

    providers = genai_providers().values()
    return Results(ProviderSummary(one.id, one.name, len(one.models)) for one in providers)


def list_models(
    source: PriceSource | str, *, models: Sequence[str] = (), as_of: date | None = None
) -> Importable:
    """Return the models of a source that :func:`import_pricing` can import, with rates on ``as_of``.

    ``source`` may be the name of a provider in genai-prices, ``models`` are names or patterns. Raises as
    :func:`import_pricing` does.
    """
    from routecost.ingest.prices.selection import choose

    day = as_of or date.today()
    catalogue = (PriceSource(source) if isinstance(source, str) else source).catalogue()
    chosen = choose(catalogue, models, None)
    left_out = (
        (skipped.model, skipped.part, skipped.reason)
        for skipped in catalogue.skipped
        if not models or skipped.model in chosen or any(fnmatchcase(skipped.model, name) for name in models)
    )
    listings = (_listing(name, model, day) for name, model in chosen.items())
    return Importable(catalogue.source, day, tuple(listings), tuple(left_out))


def import_pricing(  # noqa: PLR0913  the options of an import
    source: PriceSource | str,
    file: PathLike | None = None,
    *,
    models: Sequence[str] = (),
    tiers: str | None = None,
    add_tiers: Sequence[str] = (),
    as_of: date | None = None,
    checked: date | None = None,
    library: PathLike | None = None,
) -> PriceImport:
    """Return the text of a pricing sheet with the prices of a source, without writing it.

    ``source`` may be the name of a provider in genai-prices.
    An existing ``file`` is updated: dated prices are added, and ``checked`` becomes the day given
    (default: today) where the source agrees; where it differs, there is a finding. Otherwise the text
    is that of a new sheet. ``models`` are names or patterns, ``tiers`` is
    ``"haiku=claude-haiku-5-5,sonnet=..."``, low to high, of a new sheet. ``add_tiers`` are further ones of
    a new or an existing sheet, such as ``"gpt5=gpt-5"``, which is above all others, or
    ``"gpt5=gpt-5 above haiku"``; their models are imported. ``as_of`` selects the prices of one day.

    Raises UsageError, UnknownNameError, DocumentError, and EnvironmentFailure if genai-prices is missing.
    """
    from routecost.ingest.prices.import_sheet import ImportOptions, new_sheet, updated_sheet
    from routecost.ingest.prices.new_tiers import read_new_tier
    from routecost.ingest.prices.selection import read_tiers

    options = ImportOptions(
        checked or date.today(),
        tuple(models),
        None if tiers is None else read_tiers(tiers),
        as_of,
        tuple(map(read_new_tier, add_tiers)),
    )
    catalogue = (PriceSource(source) if isinstance(source, str) else source).catalogue()
    if file is None or not Path(file).exists():
        return new_sheet(catalogue, options, str(file or "sheet.yaml"))
    sheet, document = load_pricing_document(argument(Path(file)), open_library(library))
    return updated_sheet(catalogue, options, document, sheet)


def update_pricing(
    file: PathLike,
    source: PriceSource | None = None,
    *,
    scenarios: Sequence[PathLike] = (),
    checked: date | None = None,
    library: PathLike | None = None,
) -> PricingUpdate:
    """Return a pricing sheet with the newest prices of its sources, without writing it.

    The sources are those in the installed genai-prices that the rows of the sheet name, or ``source``.
    The result has the text, the differences of the prices on ``checked`` (default: today), and the change
    of the cost per month of each strategy of ``scenarios``, on sheets that extend this one, too. Raises
    as :func:`import_pricing` and :func:`compare` do.
    """
    from routecost.ingest.prices.refresh import refreshed

    day, path, known = checked or date.today(), Path(file), open_library(library)
    loaded = load_pricing_document(argument(path), known)
    catalogue = None if source is None else source.catalogue()
    refresh = refreshed(path, loaded, known, day, catalogue)
    effects = [
        _pricing_diff.scenario_changes(
            scenario,
            api.repriced(scenario, with_models(scenario.pricing, refresh.before, refresh.after), day),
        )
        for scenario in (api.load_scenario(name, as_of=day, library=library) for name in scenarios)
    ]
    diff = _pricing_diff.pricing_diff(refresh.before, refresh.after, day)
    return PricingUpdate(
        text=refresh.text,
        diff=diff,
        imports=refresh.imports,
        unknown=refresh.unknown,
        later=later_prices(refresh.before, refresh.after, day),
        scenarios=tuple(effects),
    )


def check_pricing(
    sheet: PathLike,
    *,
    as_of: date | None = None,
    max_age_days: int = MAX_AGE_DAYS,
    library: PathLike | None = None,
) -> PricingCheck:
    """Return the findings about a sheet on ``as_of`` (default: today).

    Reports prices that were not checked for ``max_age_days``, were checked in the future or have ended,
    tiers whose prices are not in order, and differences from the installed genai-prices. Raises as
    :func:`routecost.load_pricing`.
    """
    from routecost.ingest.prices.cross_check import genai_remarks

    if max_age_days < 0:
        raise UsageError(f"a limit of {max_age_days} days is invalid; expected 0 or more")
    loaded, document = load_pricing_document(argument(sheet), open_library(library))
    day = as_of or date.today()
    remarks = list(sheet_remarks(loaded, day, max_age_days, date.today()))
    try:
        disagreements, notes = genai_remarks(loaded, day)
    except EnvironmentFailure as error:
        disagreements, notes = [], [f"Not compared with another source: {error}."]
    findings = [_finding(document, remark) for remark in (*remarks, *disagreements)]
    return PricingCheck(loaded.name, day, sorted(findings, key=Finding.sort_key), tuple(notes))


def pricer(
    sheet: PathLike | PricingSheet,
    model: str,
    as_of: date | None = None,
    *,
    mode: str = STANDARD,
    library: PathLike | None = None,
) -> Pricer:
    """Return a fast pricer for calls of a model, at the rates in force on ``as_of`` (default: today).

    ``pricer(...)(input=2000, output=500)`` is the exact price of one call; ``.many(input=array)``
    prices arrays. Raises as :func:`routecost.load_pricing` and :func:`routecost.price` do.
    """
    return _pricer.pricer(_sheet(sheet, library), model, as_of or date.today(), mode)


def _sheet(sheet: PathLike | PricingSheet, library: PathLike | None) -> PricingSheet:
    return sheet if isinstance(sheet, PricingSheet) else api.load_pricing(sheet, library=library)


def _summary(sheet: PricingSheet) -> SheetSummary:
    checked = [entries[-1].checked for entries in sheet.models.values()]
    known = [day for day in checked if day is not None]
    oldest = min(known) if known and len(known) == len(checked) else None
    return SheetSummary(sheet.name, sheet.currency, sheet.tier_names, len(sheet.models), oldest, sheet.source)


def _listing(name: str, model: ListedModel, day: date) -> ModelListing:
    entry = model.on(day)
    is_over = entry is not None and entry.until is not None and entry.until < day
    known = entry or model.entries[-1]
    return ModelListing(
        model=name,
        name=model.name,
        provider=known.provider,
        context=model.context,
        above_tokens=tuple(step.above_tokens for step in known.steps),
        modes=tuple(known.card.modes),
        start=known.start,
        is_deprecated=model.is_deprecated or is_over,
        rates={} if entry is None or is_over else entry.card.standard,
    )


def _finding(document: Document, remark: Remark) -> Finding:
    position = document.position(remark.path)
    finding = document.places.finding_at(remark.message, position, Severity.WARNING)
    return replace(finding, rule=remark.rule)
