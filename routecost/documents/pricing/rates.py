"""The document type of pricing entries: the rates of a model from a start date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, make_dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field

from routecost.documents.core.deferred import Deferred, deferred_to
from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Count, Day, Name, Rate, Text
from routecost.model.pricing.sheet import STANDARD, ContextStep, PriceEntry, RateCard, Rates
from routecost.problems import KeyPath
from routecost.units import METERS

if TYPE_CHECKING:
    from routecost.model.pricing.hours import Hours

DEFAULT_YEAR = 2026
"""The year whose daylight saving time decides about overlaps in an entry without dates."""

MeterRates: Any = make_dataclass(
    "MeterRates",
    [(meter, Rate | None, field(default=None)) for meter in METERS],
    kw_only=True,
    eq=False,
    repr=False,
    namespace={
        "__doc__": "Rates by meter.",
        "__pydantic_config__": ConfigDict(extra="forbid"),
    },
)


def _rates(rates: Any, fees: Rates | None = None) -> Rates:
    """Return the rates given; omitted per-thousand fees are taken from ``fees``."""
    given = {meter: value for meter in METERS if (value := getattr(rates, meter)) is not None}
    kept = {meter: rate for meter, rate in (fees or {}).items() if not METERS[meter].is_token}
    return {**kept, **given}


def _load_token_factor() -> Any:
    from routecost.documents.pricing.token_factor import TokensVsDocument

    return TokensVsDocument


def _load_hours() -> Any:
    from routecost.documents.pricing.hours import HoursOfMode

    return HoursOfMode


@document
class TimedRates(MeterRates):  # type: ignore[misc]  # made from METERS
    """The rates in a processing mode, and the hours in which it applies."""

    hours: Annotated[Any, deferred_to(_load_hours)] | None = None


TimedModeRates = Annotated[Any, Deferred(lambda: TimedRates)]
ModeRates = Annotated[Any, Deferred(lambda: MeterRates)]
"""The rates in a processing mode, validated lazily: few sheets have any."""


@document
class CardDocument(MeterRates):  # type: ignore[misc]  # generated from METERS
    """Rates of calls in the standard mode and in other processing modes."""

    modes: dict[Name, ModeRates] = field(default_factory=dict)

    def card(self, fees: Rates | None = None) -> RateCard:
        """Return the rate card, with omitted fees taken from ``fees``."""
        standard = _rates(self, fees)
        return RateCard(standard, {name: _rates(rates, standard) for name, rates in self.modes.items()})


@document
class StepDocument(CardDocument):
    """Rates for calls with more context than ``tokens``; they apply to the whole call."""

    tokens: Count


ContextStepDocument = Annotated[StepDocument, Deferred(lambda: StepDocument)]
"""A step, validated lazily: few models have any."""


@document
class EntryDocument(CardDocument):
    """The prices of a model from a start date."""

    modes: dict[Name, TimedModeRates] = field(default_factory=dict)
    start: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    checked: Day | None = None
    source: Text | None = None
    above: tuple[ContextStepDocument, ...] = ()
    tokens_vs: Annotated[Any, deferred_to(_load_token_factor)] | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for an entry without rates, and for invalid steps."""
        card = self.card()
        if not card.standard:
            yield Fault(f"the entry has no rate; expected at least one of {', '.join(METERS)}")
        if STANDARD in self.modes:
            yield Fault(f'"{STANDARD}" rates belong directly in the entry', ("modes", STANDARD), on_key=True)
        below = [(0, card), *((int(step.tokens), step.card()) for step in self.above)]
        for index, step in enumerate(self.above):
            yield from _step_faults(("above", index), step, *below[index])
        yield from self._hours_faults()

    def build(self) -> PriceEntry:
        """Return the price entry."""
        card = self.card()
        steps = tuple(ContextStep(int(step.tokens), step.card(card.standard)) for step in self.above)
        return PriceEntry(
            card=card,
            start=self.start,
            steps=steps,
            checked=self.checked,
            source=self.source,
            until=self.until,
            tokens_vs=None if self.tokens_vs is None else self.tokens_vs.build(),
            hours=self._hours,
        )

    @property
    def _hours(self) -> dict[str, tuple[Hours, ...]]:
        stated = {mode: rates.hours for mode, rates in self.modes.items() if rates.hours is not None}
        if not stated:
            return {}
        from routecost.documents.pricing.hours import build_hours  # few sheets have any

        return {mode: build_hours(hours) for mode, hours in stated.items()}

    def _hours_faults(self) -> Iterator[Fault]:
        if hours := self._hours:
            from routecost.documents.pricing.hours import overlap_faults

            day = self.start or self.checked
            yield from overlap_faults(hours, DEFAULT_YEAR if day is None else day.year, ("modes",))


def _step_faults(path: KeyPath, step: StepDocument, below_tokens: int, below: RateCard) -> Iterator[Fault]:
    if step.tokens != int(step.tokens) or step.tokens <= below_tokens:
        message = f"a step at {step.tokens} tokens; expected a whole number above {below_tokens}"
        yield Fault(message, (*path, "tokens"))
    card = step.card()
    yield from _rate_faults(path, below.standard, card.standard)
    for mode in below.modes.keys() & card.modes.keys():
        yield from _rate_faults((*path, "modes", mode), below.modes[mode], card.modes[mode])


def _rate_faults(path: KeyPath, below: Rates, rates: Rates) -> Iterator[Fault]:
    for meter, rate in below.items():
        if METERS[meter].is_token and meter not in rates:
            yield Fault(f'the step has no rate for "{meter}"; expected one for each token meter', path)
        elif rates.get(meter, rate) < rate:
            message = f'the step lowers the rate of "{meter}" from {rate} to {rates[meter]}'
            yield Fault(message, (*path, meter))


def order_faults(
    path: tuple[str, ...], starts: Sequence[date | None], show: Callable[[date], str] = str
) -> Iterator[Fault]:
    """Yield faults for entries that are not in order of start; only the first may omit it."""
    if not starts:
        yield Fault(f'"{path[-1]}" has no entries; expected at least one', path)
    for index, (before, start) in enumerate(pairwise(starts), start=1):
        if start is None:
            yield Fault('"from" is missing; only the first entry may omit it', (*path, index))
        elif before is not None and start <= before:
            later, earlier = show(before), show(start)
            message = f'"from: {earlier}" does not come after {later}; expected entries in order of dates'
            yield Fault(message, (*path, index, "from"))


def overlap_faults(path: tuple[str, ...], entries: Sequence[EntryDocument]) -> Iterator[Fault]:
    """Yield faults for entries that end before they begin, or overlap the next one."""
    following = [*(entry.start for entry in entries[1:]), None]
    for index, (entry, next_start) in enumerate(zip(entries, following, strict=False)):
        if entry.until is None:
            continue
        if entry.start is not None and entry.until < entry.start:
            yield Fault(f'"until: {entry.until}" lies before "from: {entry.start}"', (*path, index, "until"))
        if next_start is not None and entry.until >= next_start:
            message = f'"until: {entry.until}" overlaps the next entry, which begins on {next_start}'
            yield Fault(message, (*path, index, "until"))
