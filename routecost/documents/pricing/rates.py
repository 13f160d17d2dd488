"""The document type of pricing entries: the rates of a model from a start date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from routecost.documents.core.deferred import Deferred, deferred_to
from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import (
    Context,
    Count,
    Day,
    Leaf,
    MeterName,
    Name,
    Text,
    fault,
    quoted,
    read_text,
)
from routecost.documents.pricing.meter_rates import MeterRates
from routecost.model.pricing.sheet import (
    AT_INPUT_RATE,
    BATCH,
    STANDARD,
    ContextStep,
    Gap,
    PriceEntry,
    RateCard,
    Rates,
)
from routecost.problems import KeyPath
from routecost.units import METERS

if TYPE_CHECKING:
    from routecost.model.pricing.hours import Hours

DEFAULT_YEAR = 2026
"""The year whose daylight saving time decides about overlaps in an entry without dates."""


def _rates(rates: Any, kept: Rates) -> Rates:
    """Return the rates given; fees that are left out stay as in ``kept``."""
    return {**kept, **{meter: value for meter in METERS if (value := getattr(rates, meter)) is not None}}


def _load_token_factor() -> Any:
    from routecost.documents.pricing.token_factor import TokensVsDocument

    return TokensVsDocument


def _load_timed_rates() -> Any:
    from routecost.documents.pricing.hours import TimedRates

    return TimedRates


TimedModeRates = Annotated[Any, Deferred(_load_timed_rates)]
ModeRates = Annotated[Any, Deferred(lambda: MeterRates)]
"""The rates in a processing mode, validated lazily: few sheets have any."""


def _read_cache_writes(value: Any, _: Context) -> str:
    text = read_text(value)
    if text != AT_INPUT_RATE:
        raise fault(f'{quoted(text)} is not "{AT_INPUT_RATE}", the only rate that cache writes can follow')
    return text


CacheWrites = Annotated[str, Leaf(_read_cache_writes, {"const": AT_INPUT_RATE})]

NO_RATES = RateCard({})
"""The card below the first."""


@document
class CardDocument(MeterRates):  # type: ignore[misc]  # generated from METERS
    """Rates of calls in the standard mode and in other processing modes."""

    modes: dict[Name, ModeRates] = field(default_factory=dict)

    def card(self, below: RateCard = NO_RATES) -> RateCard:
        """Return the rate card; ``below`` is the one below this step, whose fees it keeps."""
        standard = _rates(self, below.carried_fees())
        modes = {name: rates for name, rates in self.modes.items() if _rates(rates, {}) or not rates.unpriced}
        return RateCard(
            standard,
            {name: _rates(rates, below.carried_fees(name, standard)) for name, rates in modes.items()},
        )

    def lacking(self, above_tokens: int) -> Iterator[Gap]:
        """Yield the rates that are stated to be missing above a context size."""
        yield from (Gap(above_tokens, STANDARD, meter) for meter in self.unpriced)
        for mode, rates in self.modes.items():
            yield from (Gap(above_tokens, mode, meter) for meter in rates.unpriced)

    def unpriced_faults(self, path: KeyPath = ()) -> Iterator[Fault]:
        """Yield faults for meters that have a rate in a mode and are stated to have none."""
        for mode, rates in self.modes.items():
            for index, meter in enumerate(rates.unpriced):
                if getattr(rates, meter) is not None:
                    yield Fault(
                        f'the mode has a rate for "{meter}"', (*path, "modes", mode, "unpriced", index)
                    )


@document
class StepDocument(CardDocument):
    """Rates for the whole of each call with more context than ``tokens``.

    ``unpriced`` names the meters that have a standard rate below the step and none above it.
    """

    tokens: Count


ContextStepDocument = Annotated[StepDocument, Deferred(lambda: StepDocument)]
"""A step, validated lazily: few models have any."""


@document
class EntryDocument(CardDocument):
    """The prices of a model from a start date.

    ``unpriced`` names the meters that the entry before has a rate for, and this one has not.
    """

    unpriced: tuple[MeterName, ...] = ()
    modes: dict[Name, TimedModeRates] = field(default_factory=dict)
    start: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    checked: Day | None = None
    source: Text | None = None
    above: tuple[ContextStepDocument, ...] = ()
    tokens_vs: Annotated[Any, deferred_to(_load_token_factor)] | None = None
    provider: Name | None = None
    cache_writes: CacheWrites | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for an entry without rates, and for invalid steps."""
        card = self.card()
        if not card.standard:
            yield Fault(f"the entry has no rate; expected at least one of {', '.join(METERS)}")
        if self.cache_writes is not None and "input" not in card.standard:
            yield Fault('cache writes follow the rate of "input", but the entry has none', ("cache_writes",))
        if STANDARD in self.modes:
            yield Fault(f'"{STANDARD}" rates belong directly in the entry', ("modes", STANDARD), on_key=True)
        yield from self.unpriced_faults()
        for index, meter in enumerate(self.unpriced):
            if meter in card.standard:
                yield Fault(f'the entry has a rate for "{meter}"', ("unpriced", index))
        below = [(0, card), *((int(step.tokens), step.card()) for step in self.above)]
        for index, step in enumerate(self.above):
            yield from _step_faults(("above", index), step, *below[index])
        yield from self._hours_faults()

    def build(self) -> PriceEntry:
        """Return the entry of the model."""
        cards = [self.card()]
        for step in self.above:
            cards.append(step.card(cards[-1]))
        entry = PriceEntry(
            card=cards[0],
            start=self.start,
            steps=tuple(
                ContextStep(int(step.tokens), card) for step, card in zip(self.above, cards[1:], strict=True)
            ),
            checked=self.checked,
            source=self.source,
            until=self.until,
            tokens_vs=None if self.tokens_vs is None else self.tokens_vs.build(),
            provider=self.provider,
            hours=self._hours,
            unpriced=frozenset(
                gap
                for above, stated in ((0, self), *((int(step.tokens), step) for step in self.above))
                for gap in stated.lacking(above)
            ),
        )
        return entry if self.cache_writes is None else entry.with_writes_at_input()

    @property
    def _hours(self) -> dict[str, tuple[Hours, ...]]:
        stated = {mode: rates.hours for mode, rates in self.modes.items() if rates.hours is not None}
        if not stated:
            return {}
        from routecost.documents.pricing.hours import build_hours  # few sheets have any

        return {mode: build_hours(hours) for mode, hours in stated.items()}

    def _hours_faults(self) -> Iterator[Fault]:
        for mode, rates in self.modes.items():
            path = ("modes", mode, "hours")
            if rates.hours == ():
                yield Fault("no hours are given; omit hours for a mode that applies at all hours", path)
            elif mode == BATCH and rates.hours is not None:
                message = 'batch has no hours: a workload states its share; name the mode "off_peak", say'
                yield Fault(message, path, on_key=True)
        if hours := self._hours:
            from routecost.documents.pricing.hours import overlap_faults

            day = self.start or self.checked
            yield from overlap_faults(hours, DEFAULT_YEAR if day is None else day.year, ("modes",))


def _step_faults(path: KeyPath, step: StepDocument, below_tokens: int, below: RateCard) -> Iterator[Fault]:
    if step.tokens != int(step.tokens) or step.tokens <= below_tokens:
        message = f"a step at {step.tokens} tokens; expected a whole number above {below_tokens}"
        yield Fault(message, (*path, "tokens"))
    card = step.card()
    for index, meter in enumerate(step.unpriced):
        if meter in card.standard:
            yield Fault(f'the step has a rate for "{meter}"', (*path, "unpriced", index))
        elif not any(meter in rates for rates in (below.standard, *below.modes.values())):
            message = f'there is no rate for "{meter}" below the step either'
            yield Fault(message, (*path, "unpriced", index))
    yield from step.unpriced_faults(path)
    yield from _rate_faults(path, below.standard, card.standard, step.unpriced)
    for mode in below.modes.keys() & card.modes.keys():
        unpriced = (*step.unpriced, *step.modes[mode].unpriced)
        yield from _rate_faults((*path, "modes", mode), below.modes[mode], card.modes[mode], unpriced)


def _rate_faults(path: KeyPath, below: Rates, rates: Rates, unpriced: Sequence[str]) -> Iterator[Fault]:
    for meter, rate in below.items():
        if METERS[meter].is_token and meter not in rates:
            if meter not in unpriced:
                yield Fault(f'the step has no rate for "{meter}"; expected one for each token meter', path)
        elif rates.get(meter, rate) < rate:
            message = f'the step lowers the rate of "{meter}" from {rate} to {rates[meter]}'
            yield Fault(message, (*path, meter))


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
