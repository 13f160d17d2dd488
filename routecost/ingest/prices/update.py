"""In-place update of a pricing sheet: adds prices, never changes one.

Existing text and comments stay. Where the source has all rates of an entry, and agrees, ``checked``
advances. Where it differs, a finding is reported and the sheet is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import field, replace
from datetime import date, timedelta

from routecost.documents.pricing.sheet_text import entry_data
from routecost.engine.pricing.rate_changes import contradictions, rate_pairs
from routecost.engine.pricing.tier_models import in_force
from routecost.ingest.prices.catalogue import Catalogue, ListedModel, Skipped
from routecost.ingest.prices.figure_names import figure_path, figure_text
from routecost.ingest.prices.new_sheet import header_lines, limits_of, model_text
from routecost.ingest.prices.selection import Chosen
from routecost.model.pricing.sheet import AT_INPUT_RATE, CACHE_WRITES, STANDARD, PriceEntry
from routecost.problems import Finding, KeyPath
from routecost.records import dataclass
from routecost.source import Document
from routecost.source.editing import Edit, comment_edit, item_edit, key_edit, scalar_edit, text_yaml
from routecost.source.editing.yaml_writer import block_yaml, flow_yaml
from routecost.units import listed

Entries = Sequence[PriceEntry]

_VERSION = re.compile(r"(?<=genai-prices )[^,;\s]+")


@dataclass
class SheetUpdate:
    """The edits that update a sheet, and findings where the source differs.

    ``models`` and ``entries`` count additions, ``confirmed`` the entries with a new ``checked`` date,
    ``cache_writes`` those whose cache writes are now priced as input, ``renewed`` the prices that
    differed and are followed by a new entry. ``unconfirmed`` says which entries
    were not compared in full, ``unknown`` which rates of the source their last ones lack.
    With ``adds_changes``, prices in force that differ become a new entry from ``checked`` on, and earlier
    ones may differ.
    """

    document: Document
    source: str
    checked: date
    adds_changes: bool = False
    edits: list[Edit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    unknown: list[Skipped] = field(default_factory=list)
    models: int = 0
    entries: int = 0
    confirmed: int = 0
    cache_writes: int = 0
    renewed: int = 0

    def add_model(self, name: str, model: ListedModel) -> None:
        """Add a model to the sheet."""
        self.edits.append(key_edit(self.document, ("models",), name, model_text(model, self.checked)))
        self.models += 1
        self.entries += len(model.entries)

    def add_limits(self, chosen: Chosen) -> None:
        """Add the rate limits of models that are new in the sheet."""
        limits = list(limits_of(chosen, self.source))
        if limits and self.document.get(("rate_limits",)) is None:
            self.edits.append(key_edit(self.document, (), "rate_limits", block_yaml(limits)))
            return
        for limit in limits:
            self.edits.append(item_edit(self.document, ("rate_limits",), flow_yaml(limit)))

    def name_source(self, catalogue: Catalogue, chosen: Chosen) -> None:
        """Name a further source of models in the sheet's ``source`` and in the comments above it."""
        stated = str(self.document.get(("source",)))
        short = _VERSION.sub("", catalogue.source)
        if any(f"{_VERSION.sub('', part)},".startswith(f"{short},") for part in stated.split("; ")):
            return
        with suppress(ValueError):  # a text in block style, or a sheet on one line, stays as it is
            source = scalar_edit(self.document, ("source",), text_yaml(f"{stated}; {catalogue.source}"))
            self.edits += [comment_edit(self.document, list(header_lines(catalogue, chosen))), source]

    def compare(self, name: str, ours: Entries, theirs: Entries) -> None:
        """Compare the entries of a model with the source, and add missing dated ones."""
        missing = [entry for entry in theirs if _begins_after(entry, ours[-1])]
        changed = self._change((*ours, *missing), theirs) if self.adds_changes else None
        overlapping: Entries = ()
        for index, entry in enumerate(ours):
            following = ours[index + 1 :] or missing
            span = (entry.start or date.min, _end(entry, following[0].start if following else None))
            overlapping = list(_overlapping(theirs, *span))
            is_over = span[1] <= self.checked or (changed is not None and entry is ours[-1])
            if not (self.adds_changes and is_over and self._differs(entry, overlapping)):
                self._check((name, index), entry, overlapping)
        added = [*missing, *([] if changed is None else [changed])]
        self.unknown += () if added else _not_in(ours[-1], overlapping, name)
        for before, entry in zip((ours[-1], *added), added, strict=False):
            self._append(name, replace(entry, checked=self.checked), before)

    def _change(self, known: tuple[PriceEntry, ...], theirs: Entries) -> PriceEntry | None:
        """Return the price of the source as an entry from the day on, if that in force differs."""
        ours, current = in_force(known, self.checked), in_force(tuple(theirs), self.checked)
        if ours is None or current is None or not self._differs(ours, [current]):
            return None
        if ours is not known[-1] or (ours.start or date.min) >= self.checked:
            return None  # a finding, since the entry cannot be followed by another
        is_over = current.until is not None and current.until < self.checked
        if is_over or _not_compared(ours, [current]):
            return None  # a finding, since the source does not know all rates
        self.renewed += 1
        return replace(current, start=self.checked)

    @staticmethod
    def _differs(entry: PriceEntry, theirs: Entries) -> bool:
        return any(contradictions(entry, other) or _hour_changes(entry, other) for other in theirs)

    def _check(self, at: tuple[str, int], entry: PriceEntry, theirs: Entries) -> None:
        where = ("models", *at)
        changes = [(other, change) for other in theirs for change in contradictions(entry, other)]
        for other, change in changes:
            since = f" from {other.start}" if other.start else ""
            message = f"{self.source} disagrees{since}: {figure_text(change, at[0])}"
            path = figure_path(entry, change, where)
            self.findings.append(self.document.finding(message, path))
        hours = list(self._hours(at[0], entry, theirs, where))
        self.findings += hours
        if not theirs or changes or hours:
            return
        if unknown := _not_compared(entry, theirs):
            self.unconfirmed.append(f'not confirmed: "{at[0]}"; the source has no price {unknown}')
        elif entry.checked is None or entry.checked < self.checked:
            self._confirm(where)
        is_known = entry.cache_writes is not None or bool(entry.card.standard.keys() & {*CACHE_WRITES})
        if not is_known and all(other.cache_writes is not None for other in theirs):
            self.edits.append(key_edit(self.document, where, "cache_writes", AT_INPUT_RATE))
            self.cache_writes += 1

    def _hours(self, model: str, entry: PriceEntry, theirs: Entries, where: KeyPath) -> Iterator[Finding]:
        """Yield a finding for each mode whose hours differ."""
        modes = dict.fromkeys(mode for other in theirs for mode in _hour_changes(entry, other))
        for mode in modes:
            other = next(other for other in theirs if mode in _hour_changes(entry, other))
            texts = [", ".join(map(str, each.hours.get(mode, ("none",)))) for each in (entry, other)]
            message = (
                f'{self.source} disagrees: the hours of mode {mode} of "{model}" are {texts[0]} in the sheet '
                f"and {texts[1]} in the source"
            )
            yield self.document.finding(message, (*where, "modes", mode))

    def _confirm(self, where: KeyPath) -> None:
        path, day = (*where, "checked"), self.checked.isoformat()
        if "checked" in self.document.get(where):
            self.edits.append(scalar_edit(self.document, path, day))
        else:
            self.edits.append(key_edit(self.document, where, "checked", day))
        self.confirmed += 1

    def _append(self, name: str, entry: PriceEntry, before: PriceEntry) -> None:
        data = entry_data(entry, before)
        try:
            edit = item_edit(self.document, ("models", name), block_yaml(data))
        except ValueError:  # the list is in flow style
            edit = item_edit(self.document, ("models", name), flow_yaml(data))
        self.edits.append(edit)
        self.entries += 1


def _hour_changes(entry: PriceEntry, other: PriceEntry) -> list[str]:
    """Return the modes of two prices whose hours differ."""
    modes = entry.card.modes.keys() & other.card.modes.keys()
    return sorted(mode for mode in modes if {*entry.hours.get(mode, ())} != {*other.hours.get(mode, ())})


def _not_compared(entry: PriceEntry, theirs: Entries) -> str:
    """Return which prices of an entry the source has not; nothing if it has all."""
    pairs = (pair for other in theirs for pair in rate_pairs(entry, other))
    lacking = dict.fromkeys(
        pair.meter if pair.mode == STANDARD else f"{pair.meter} in mode {pair.mode}"
        for pair in pairs
        if pair.after is None
    )
    if lacking:
        return f"of {listed(lacking)}"
    start = theirs[0].start
    return f"before {start}" if start and (entry.start is None or entry.start < start) else ""


def _not_in(entry: PriceEntry, theirs: Entries, model: str) -> Iterator[Skipped]:
    """Yield the rates of the source that an entry of the sheet has not."""
    for other in theirs:
        written = CACHE_WRITES if other.cache_writes is not None else ()
        for pair in rate_pairs(entry, other):
            if pair.before is None and pair.meter not in written:
                part = pair.meter if pair.mode == STANDARD else f"{pair.mode} {pair.meter}"
                yield Skipped(model, "the price in the sheet has none; add the rate by hand", part)


def _begins_after(entry: PriceEntry, last: PriceEntry) -> bool:
    ended = last.until or last.start
    return entry.start is not None and (ended is None or entry.start > ended)


def _end(entry: PriceEntry, next_start: date | None) -> date:
    """Return the day after the last day of an entry."""
    if entry.until is not None and entry.until < date.max:
        return entry.until + timedelta(days=1)
    return next_start or date.max


def _overlapping(entries: Entries, low: date, high: date) -> Iterator[PriceEntry]:
    """Yield the entries in force on any day from ``low`` up to ``high``."""
    for index, entry in enumerate(entries):
        following = entries[index + 1].start if index + 1 < len(entries) else None
        if (entry.start or date.min) < high and _end(entry, following) > low:
            yield entry
