"""Calls that move to another model: its name, and the units that the same call takes there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from routecost.engine.logs.pricing import CellPricer, When, price_starts
from routecost.engine.logs.targets import AS_LOGGED
from routecost.engine.pricing.price import entry_on
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.pricing.token_scaling import scalings
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.logs.cells import Bounds
from routecost.model.logs.efforts import of_effort, with_effort
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import STANDARD, PricingSheet
from routecost.model.results.logs.replay import ModeAssumption, TokenAssumption
from routecost.model.scenario.strategy import TierModels
from routecost.records import dataclass
from routecost.units import ONE, TOKEN_METERS, ZERO, exact

Bucket = tuple[int, int | None]
Counts = Mapping[str, int | Decimal]

READS = {"cache_read": "input", "cache_read_audio": "input_audio", "cache_read_image": "input_image"}
"""The meters of cache reads, and those of the same tokens without a cache."""

_INSTEAD = {
    **READS,
    "cache_write_1h": "cache_write_5m",
    "cache_write_5m": "input",
    "output_reasoning": "output",
}
"""The meters that are counted instead of those for which a model has no rate."""

_OUTPUT = tuple(meter for meter in TOKEN_METERS if meter.startswith("output"))
_MOST_EDGES = 64
"""The largest number of context sizes by which calls are grouped; beyond it, costs are bounds."""


class Move(NamedTuple):
    """The model of a call in a replay; ``is_kept`` if it is the logged one.

    The same text takes ``factor`` times as many tokens, and answers are ``output`` times as long. A cache
    belongs to the model and its ``effort``.
    """

    model: str
    factor: Decimal
    output: Decimal
    is_kept: bool
    effort: str | None = None

    @property
    def cache(self) -> tuple[str, str | None]:
        """What the call shares its cache with."""
        return self.model, self.effort


class Place(NamedTuple):
    """What the price of a call depends on beside its model; its context, before scaling, is in ``bucket``."""

    mode: str
    day: date
    bucket: Bucket
    hours: frozenset[Hours] | None = None

    @property
    def when(self) -> When:
        """The day and the hours."""
        return When((self.day,), self.hours)


@dataclass
class Mover:
    """Moves calls to the models of tiers at the prices of a sheet, and keeps what that assumes.

    ``actual`` prices the calls as they ran; ``output_factors`` are lengths of answers by tier or model.
    """

    actual: CellPricer
    target: CellPricer
    output_factors: Mapping[str, Decimal] = field(default_factory=dict)
    tokens: dict[TokenAssumption, None] = field(default_factory=dict)
    modes: dict[ModeAssumption, None] = field(default_factory=dict)
    _moves: dict[tuple[str, str, date], Move] = field(default_factory=dict)
    _tiers: dict[tuple[bool, date], TierModels] = field(default_factory=dict)
    _rates: dict[tuple[object, ...], list[Bounds]] = field(default_factory=dict)

    @property
    def is_repriced(self) -> bool:
        """Whether the sheet is another than that of the actual costs."""
        return self.target.sheet is not self.actual.sheet

    def logged(self, name: str) -> tuple[str, str | None]:
        """Return the model of a logged call, with its effort if that is logged."""
        return self.actual.model(name), of_effort(name)[1]

    def move(self, logged: str, tier: str, day: date) -> Move:
        """Return the move of a call. Raises UnknownNameError; UnpricedError for a tier without a model."""
        key = (logged, tier, day)
        if key not in self._moves:
            self._moves[key] = self._move(*key)
        return self._moves[key]

    @exact
    def _move(self, logged: str, tier: str, day: date) -> Move:
        source = self.actual.model(logged)
        _, asked = of_effort(logged)
        if tier == AS_LOGGED:
            model, effort = self._kept(logged, source, day), None
        else:
            model, effort = self._models(day).model(tier), self._models(day).efforts.get(tier)
        is_same = effort in (None, asked)
        if is_same and model == (self._renamed(logged) if self.is_repriced else source):
            return Move(model, ONE, ONE, is_kept=True, effort=asked)
        if effort is not None and not {tier, model} & self.output_factors.keys():
            raise UnpricedError(
                f'tier "{tier}" is {model} at effort "{effort}", and the length of its answers is unknown; '
                f"state --output-factor {tier}=FACTOR, their length as a multiple of the logged ones"
            )
        known, _ = scalings(self.target.sheet, [model], source, day)
        scaling = known.get(model)
        output = self.output_factors.get(tier) or self.output_factors.get(model, ONE)
        factor, low, high, origin = (
            (ONE, None, None, None)
            if scaling is None
            else (scaling.factor, scaling.low, scaling.high, scaling.source)
        )
        names = (with_effort(source, asked), with_effort(model, effort)) if effort else (source, model)
        self.tokens[TokenAssumption(*names, factor, low, high, origin, output)] = None
        return Move(model, factor, output, is_kept=False, effort=effort)

    def _renamed(self, logged: str) -> str | None:
        """Return the logged model in the sheet of the replay, if it has it."""
        with suppress(UnknownNameError):
            return self.target.model(logged)
        return None

    def _kept(self, logged: str, source: str, day: date) -> str:
        """Return the model under the prices of the sheet: the same one, else that of its tier."""
        tiers = self._models(day, actual=True).models
        tier = next((tier for tier, model in tiers.items() if model == source), None)
        if tier is None:
            return self.target.model(logged)
        return self._renamed(logged) or self._models(day).model(tier)

    def _models(self, day: date, *, actual: bool = False) -> TierModels:
        key = (actual, day)
        if key not in self._tiers:
            self._tiers[key] = tier_models((self.actual if actual else self.target).sheet, day)
        return self._tiers[key]

    @exact
    def cost(self, counts: Counts, move: Move, place: Place) -> Bounds:
        """Return the cost of counts on the model of a move."""
        key = (move.model, move.factor, place, *counts)
        if (rates := self._rates.get(key)) is None:
            rates = self._rates[key] = self._unit_costs(counts, move, place)
        pairs = list(zip(counts.values(), rates, strict=True))
        low = sum([count * rate.low for count, rate in pairs], ZERO)
        return Bounds(low, sum([count * rate.high for count, rate in pairs], ZERO))

    def _unit_costs(self, meters: Iterable[str], move: Move, place: Place) -> list[Bounds]:
        """Return the cost of a unit of each meter, of another one if the model has no rate for it.

        A mode that it does not have is the standard one; cache reads and writes that it does not bill
        apart are input.
        """
        places = buckets(place.bucket, move.factor, self.target.sheet.context_edges(move.model))
        entry, mode = entry_on(self.target.sheet, move.model, place.day), place.mode
        cards = [entry.card_above(above) for above, _ in places]
        if any(card.rates(mode) is None for card in cards):
            self.modes[ModeAssumption(mode, move.model)] = None
            mode = STANDARD
        modes = self.target.timed_modes(move.model, mode, place.when)
        known = reduce(set.intersection, (set(card.rates(one) or ()) for card in cards for one in modes))
        billed = [_meter(meter, known) for meter in meters]
        costs = self.target.priced(move.model, mode, dict.fromkeys(billed, 1), place.when, places)
        return [costs.get(meter, Bounds()) for meter in billed]


def _meter(meter: str, known: Iterable[str]) -> str:
    while meter not in known and meter in _INSTEAD:
        meter = _INSTEAD[meter]
    return meter


def _summed(counts: Iterable[tuple[str, int | Decimal]]) -> Counts:
    sums: dict[str, int | Decimal] = {}
    for meter, count in counts:
        sums[meter] = sums.get(meter, 0) + count
    return sums


@exact
def scaled(counts: Counts, move: Move) -> Counts:
    """Return the counts of a call with the tokens of the model that it moves to."""
    if move.factor == move.output == ONE:
        return counts
    return {
        meter: count
        * (move.factor if meter in TOKEN_METERS else ONE)
        * (move.output if meter in _OUTPUT else ONE)
        for meter, count in counts.items()
    }


def without_caches(counts: Counts, write: str | None) -> Counts:
    """Return counts whose cache reads are written again (``write`` is the meter), or are input if None."""
    pairs = (
        (write if write and meter == "cache_read" else READS.get(meter, meter), count)
        for meter, count in counts.items()
    )
    return _summed(pairs)


def with_reads(counts: Counts) -> Counts:
    """Return counts whose cache writes are reads."""
    return _summed(
        ("cache_read" if meter.startswith("cache_write") else meter, count) for meter, count in counts.items()
    )


@exact
def buckets(bucket: Bucket, factor: Decimal, edges: Sequence[int]) -> list[Bucket]:
    """Return the buckets between the price steps of a model in which scaled contexts can be."""
    above, upto = bucket
    least = (above + 1) * factor if above else ZERO
    most = None if upto is None else upto * factor
    limits = [0, *edges]
    return [
        (low, high)
        for low, high in zip(limits, [*limits[1:], None], strict=True)
        if (high is None or least <= high) and (most is None or most > low or not low)
    ]


def scaled_edges(sheets: Iterable[PricingSheet]) -> tuple[int, ...]:
    """Return the logged context sizes above which scaled contexts reach a price step of another model."""
    edges = {int(edge / factor) for sheet in sheets for edge, factor in _scaled_steps(sheet)}
    return tuple(sorted(edges)) if len(edges) <= _MOST_EDGES else ()


@exact
def _scaled_steps(sheet: PricingSheet) -> Iterator[tuple[int, Decimal]]:
    stated = [(name, entry.tokens_vs) for name, dated in sheet.models.items() for entry in dated]
    models = {name for name, ratio in stated if ratio is not None}
    models |= {ratio.reference for _, ratio in stated if ratio is not None}
    starts = price_starts([sheet])
    days = [*starts, starts[0] - timedelta(days=1)] if starts else [date.min]
    for model in sorted(models & set(sheet.models)):
        edges = sheet.context_edges(model)
        for other in sorted(models) if edges else ():
            for day in days:
                known, _ = scalings(sheet, [model], other, day)
                if model in known:
                    yield from ((edge, known[model].factor) for edge in edges)
