"""Import of a catalogue into a new or an existing pricing sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase

from routecost.documents.core.validate import validate
from routecost.documents.pricing.sheet import PRICING
from routecost.errors import DocumentError, UsageError
from routecost.ingest.prices.catalogue import Catalogue, Skipped
from routecost.ingest.prices.new_sheet import sheet_text
from routecost.ingest.prices.new_tiers import NewTier, missing, placed, tier_edits, with_new
from routecost.ingest.prices.selection import Chosen, check_tiers, choose, models_in
from routecost.ingest.prices.sources.vendors import SAME_VENDOR, vendor_of
from routecost.ingest.prices.update import SheetUpdate
from routecost.model.frames import Result
from routecost.model.pricing.sheet import PricingSheet
from routecost.problems import Finding, Severity
from routecost.records import dataclass
from routecost.source import Document, read_text
from routecost.source.editing import apply


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Selection of what to import; without ``models``, all models or those of the existing sheet.

    ``day`` selects the prices in force on that day; ``checked`` is the day the source was read.
    ``new_tiers`` are added to those of the sheet; their models are imported, too. ``only`` limits what is
    compared to these models of the sheet. With ``adds_changes``, a changed price becomes an entry from
    ``checked`` on.
    """

    checked: date
    models: tuple[str, ...] = ()
    tiers: Mapping[str, str] | None = None
    day: date | None = None
    new_tiers: tuple[NewTier, ...] = ()
    only: frozenset[str] | None = None
    adds_changes: bool = False

    @property
    def wanted(self) -> tuple[str, ...]:
        """The models to import into a new sheet; all if empty."""
        return (*self.models, *(new.model for new in self.new_tiers)) if self.models else ()


@dataclass(frozen=True, slots=True)
class PriceImport(Result):
    """The text of a sheet after an import, contradictions, and skipped parts of the source.

    ``models`` and ``entries`` count additions, ``confirmed`` the entries with a new ``checked`` date,
    ``absent`` the models of the source that are not in the sheet, ``cache_writes`` the entries whose
    cache writes are now priced as input. ``tiers`` has all tiers from low to high, if some are new.
    ``unconfirmed`` says which entries agree with the source without being compared in full, ``renewed``
    counts changed prices, which are among ``entries``.
    """

    text: str
    changed: bool
    skipped: tuple[Skipped, ...]
    findings: tuple[Finding, ...] = ()
    models: int = 0
    entries: int = 0
    confirmed: int = 0
    absent: int = 0
    cache_writes: int = 0
    tiers: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    renewed: int = 0

    @property
    def lossy(self) -> int:
        """The number of models of which a price is lost."""
        return len({skipped.model for skipped in self.skipped if skipped.is_lost})

    @property
    def incomplete(self) -> int:
        """The number of models of which the source states a rate for some calls only."""
        return len({skipped.model for skipped in self.skipped if skipped.is_unstated})


def new_sheet(catalogue: Catalogue, options: ImportOptions, file: str) -> PriceImport:
    """Return a new sheet. Raises UsageError without tiers, UnknownNameError for unknown names."""
    chosen = choose(catalogue, options.wanted, options.day)
    if not chosen:
        raise UsageError(f"none of these models of {catalogue.name} has a price on {options.day}")
    tiers = with_new(options.tiers or {}, options.new_tiers)
    if not tiers:
        example = ",".join(f"{tier}={model}" for tier, model in zip(("low", "high"), chosen, strict=False))
        raise UsageError(f"a new sheet needs tiers, low to high; add --tiers {example}")
    check_tiers(tiers, chosen)
    text = sheet_text(catalogue, chosen, tiers, options.checked)
    _must_load(text, file, list(chosen))
    count = sum(len(model.entries) for model in chosen.values())
    skipped = _relevant(catalogue, options.models)
    return PriceImport(
        text,
        changed=True,
        skipped=skipped,
        models=len(chosen),
        entries=count,
        tiers=tuple(tiers) if options.new_tiers else (),
    )


def updated_sheet(
    catalogue: Catalogue, options: ImportOptions, document: Document, sheet: PricingSheet
) -> PriceImport:
    """Return an existing sheet with new prices added and unchanged ones confirmed.

    Raises UsageError if currency or tiers differ, or if its style cannot be edited in place.
    """
    _check_compatible(catalogue, options, document, sheet)
    own = [
        name
        for name in sheet.models
        if name in document.get(("models",), {}) and (options.only is None or name in options.only)
    ]
    further = missing(options.new_tiers, sheet, document.file)
    wanted = (*options.models, *(new.model for new in further if new.model not in sheet.models))
    chosen = dict(choose(catalogue, wanted, options.day)) if wanted else {}
    if not options.models:
        chosen |= models_in(catalogue, own, options.day)
    others = dict(_of_other_vendors(chosen, sheet))
    chosen = {name: model for name, model in chosen.items() if name not in others}
    check_tiers({new.tier: new.model for new in further}, {*sheet.models, *chosen})
    update = SheetUpdate(document, catalogue.source, options.checked, options.adds_changes)
    try:
        for name, model in chosen.items():
            if name in own:
                update.compare(name, sheet.models[name], model.entries)
            else:
                update.add_model(name, model)
        update.edits += tier_edits(document, sheet, further)  # after models: both may be at the end
        update.add_limits({name: model for name, model in chosen.items() if name not in own})
        if update.models:
            update.name_source(catalogue, {name: model for name, model in chosen.items() if name not in own})
        text = apply(document, update.edits)
    except ValueError as error:
        raise UsageError(f'cannot update "{document.file}" in place: {error}') from error
    _must_load(text, document.file, [*sheet.models, *chosen])
    return PriceImport(
        text,
        changed=bool(update.edits),
        skipped=(
            *_relevant(catalogue, options.models or own),
            *dict.fromkeys(update.unknown),
            *(
                Skipped(name, f"the sheet has that of {vendor}", None, False)
                for name, vendor in others.items()
            ),
        ),
        findings=tuple(update.findings),
        unconfirmed=tuple(update.unconfirmed),
        renewed=update.renewed,
        models=update.models,
        entries=update.entries,
        confirmed=update.confirmed,
        cache_writes=update.cache_writes,
        tiers=tuple(placed(sheet.tier_names, further)) if further else (),
        absent=0 if options.models else len(catalogue.models) - len({model.id for model in chosen.values()}),
    )


def _of_other_vendors(chosen: Chosen, sheet: PricingSheet) -> Iterator[tuple[str, str]]:
    """Yield the models whose prices in the sheet are those of another vendor, with that vendor."""
    for name, model in chosen.items():
        ours, theirs = vendor_of(sheet.models.get(name, ())), vendor_of(model.entries)
        if ours and theirs and SAME_VENDOR.get(ours, ours) != SAME_VENDOR.get(theirs, theirs):
            yield name, ours


def _check_compatible(
    catalogue: Catalogue, options: ImportOptions, document: Document, sheet: PricingSheet
) -> None:
    if sheet.list_currency != catalogue.currency:
        raise UsageError(
            f'the rates of "{sheet.name}" are in {sheet.list_currency}, those of {catalogue.name} in '
            f"{catalogue.currency}"
        )
    for tier, model in (options.tiers or {}).items():
        current = [dated.model for dated in sheet.tiers.get(tier, ())]
        if not current:
            raise UsageError(
                f'the tier "{tier}" is missing in "{document.file}"; add it with --tier {tier}={model}'
            )
        if current[-1] != model:
            raise UsageError(
                f'the tier "{tier}" is "{current[-1]}" in "{document.file}"; an import does not change tiers'
            )


def _relevant(catalogue: Catalogue, names: Sequence[str]) -> tuple[Skipped, ...]:
    """Return the skipped parts of the models that ``names`` select; of all models if empty."""
    models = (catalogue.find(name) for name in names)
    ids = {model.id for model in models if model is not None}
    return tuple(
        skipped
        for skipped in catalogue.skipped
        if not names or skipped.model in ids or any(fnmatchcase(skipped.model, name) for name in names)
    )


def _must_load(text: str, file: str, models: Sequence[str]) -> None:
    """Raise DocumentError if the new text is not a valid sheet."""
    document, findings = read_text(text, file)
    if document is not None:
        _, invalid = validate(document, PRICING.root, {"model": models})
        findings = [*findings, *invalid]
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DocumentError(findings)
