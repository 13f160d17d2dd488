"""A catalogue into a pricing sheet: a new one, or one that is there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from routecost.documents.core.validate import validate
from routecost.documents.pricing.sheet import PRICING
from routecost.errors import DocumentError, UsageError
from routecost.ingest.prices.catalogue import Catalogue, Skipped
from routecost.ingest.prices.new_sheet import sheet_text
from routecost.ingest.prices.selection import check_tiers, choose, known_to
from routecost.ingest.prices.update import SheetUpdate
from routecost.model.pricing.sheet import PricingSheet
from routecost.problems import Finding, Severity
from routecost.source import Document, read_text
from routecost.source.editing import apply


@dataclass(frozen=True, slots=True)
class Wish:
    """What to take from a catalogue: models (all, or those that the sheet has, if none are named).

    ``day`` takes only the prices in force then; ``checked`` is the day the source was read.
    """

    checked: date
    models: tuple[str, ...] = ()
    tiers: Mapping[str, str] | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PriceImport:
    """The text of a sheet after an import, what contradicts it, and what has no place in it.

    ``models`` and ``entries`` count what is new, ``confirmed`` the entries that were checked anew,
    ``absent`` the models of the source that the sheet does not have.
    """

    text: str
    changed: bool
    skipped: tuple[Skipped, ...]
    findings: tuple[Finding, ...] = ()
    models: int = 0
    entries: int = 0
    confirmed: int = 0
    absent: int = 0


def new_sheet(catalogue: Catalogue, wish: Wish, file: str) -> PriceImport:
    """Return a new sheet. Raises UsageError without tiers, UnknownNameError for unknown names."""
    chosen = choose(catalogue, wish.models, wish.day)
    if not chosen:
        raise UsageError(f"none of these models of {catalogue.name} has a price on {wish.day}")
    if not wish.tiers:
        example = ",".join(f"{tier}={model}" for tier, model in zip(("low", "high"), chosen, strict=False))
        raise UsageError(f"a new sheet needs its tiers, low to high: give them with --tiers, as in {example}")
    check_tiers(wish.tiers, chosen)
    text = sheet_text(catalogue, chosen, wish.tiers, wish.checked)
    _must_load(text, file, list(chosen))
    count = sum(len(model.entries) for model in chosen.values())
    skipped = _relevant(catalogue, wish.models)
    return PriceImport(text, changed=True, skipped=skipped, models=len(chosen), entries=count)


def updated_sheet(catalogue: Catalogue, wish: Wish, document: Document, sheet: PricingSheet) -> PriceImport:
    """Return a sheet brought up to date.

    Raises UsageError where the sheet's currency or tiers are others, or its style allows no edit.
    """
    _refuse_other(catalogue, wish, document, sheet)
    own = [name for name in sheet.models if name in document.get(("models",), {})]
    chosen = choose(catalogue, wish.models, wish.day) if wish.models else known_to(catalogue, own, wish.day)
    update = SheetUpdate(document, catalogue.source, wish.checked)
    try:
        for name, model in chosen.items():
            if name in own:
                update.compare(name, sheet.models[name], model.entries)
            else:
                update.add_model(name, model)
        text = apply(document, update.edits)
    except ValueError as error:
        raise UsageError(f'cannot update "{document.file}" in place: {error}') from error
    _must_load(text, document.file, [*sheet.models, *chosen])
    return PriceImport(
        text,
        changed=bool(update.edits),
        skipped=_relevant(catalogue, wish.models or own),
        findings=tuple(update.findings),
        models=update.models,
        entries=update.entries,
        confirmed=update.confirmed,
        absent=0 if wish.models else len(catalogue.models) - len({model.id for model in chosen.values()}),
    )


def _refuse_other(catalogue: Catalogue, wish: Wish, document: Document, sheet: PricingSheet) -> None:
    if sheet.list_currency != catalogue.currency:
        raise UsageError(
            f'the rates of "{sheet.name}" are in {sheet.list_currency}, those of {catalogue.name} in '
            f"{catalogue.currency}"
        )
    for tier, model in (wish.tiers or {}).items():
        current = [dated.model for dated in sheet.tiers.get(tier, ())]
        if current[-1:] != [model]:
            is_what = f'is "{current[-1]}"' if current else "is missing"
            raise UsageError(
                f'the tier "{tier}" {is_what} in "{document.file}"; an import leaves tiers alone'
            )


def _relevant(catalogue: Catalogue, names: Sequence[str]) -> tuple[Skipped, ...]:
    """Return what was skipped of the models that the names and patterns mean; of all without any."""
    found = (catalogue.find(name) for name in names)
    ids = {model.id for model in found if model is not None}
    return tuple(
        skipped
        for skipped in catalogue.skipped
        if not names or skipped.model in ids or any(fnmatchcase(skipped.model, name) for name in names)
    )


def _must_load(text: str, file: str, models: Sequence[str]) -> None:
    """Raise DocumentError if what is about to be written is no sound sheet."""
    document, findings = read_text(text, file)
    if document is not None:
        _, found = validate(document, PRICING.root, {"model": models})
        findings = [*findings, *found]
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DocumentError(findings)
