"""Sweeps of all mixes on a grid: the grid's options, and the results in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from routecost.errors import UsageError
from routecost.model.frames import Result
from routecost.model.results.failures import Between
from routecost.records import dataclass
from routecost.units import ZERO, exact, percent, read_number

if TYPE_CHECKING:
    import pandas

    from routecost.model.results.comparison import Comparison


_EXPECTED = "expected a share from 0% to 100%, such as 5% or 0.05"

DEFAULT_STEP = "5%"


@exact
def read_share(text: str) -> Decimal:
    """Return the fraction of a text such as ``5%`` or ``0.05``.

    Raises UsageError for anything that is not a share from 0 to 1 in at most 20 digits.
    """
    number = read_number(text)
    if number is None or number.value < 0:
        raise UsageError(f'"{text}" is not a share; {_EXPECTED}')
    if number.value > 1:
        is_missing_sign = not number.is_percent and number.value <= 100
        hint = f'; did you mean "{text.strip()}%"?' if is_missing_sign else ""
        raise UsageError(f'"{text}" is more than 100%; {_EXPECTED}{hint}')
    return number.value


@dataclass(frozen=True, slots=True)
class MixGrid:
    """The options of a grid: mixes ``step`` apart; shares are fractions.

    ``held`` fixes the share of a tier, ``ranges`` gives its lowest and highest share, both included.
    """

    step: Decimal = Decimal("0.05")
    held: Mapping[str, Decimal] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @classmethod
    def parse(cls, step: str, hold: Sequence[str] = (), ranges: Sequence[str] = ()) -> MixGrid:
        """Parse ``5%``, ``opus=5%`` and ``haiku=50%:90%``; raises UsageError for invalid texts."""
        length = read_share(step)
        if not length:
            raise UsageError(f'a step of "{step}" is not above 0; expected more than 0%')
        held = {tier: read_share(share) for tier, share in _named("--hold", "opus=5%", hold)}
        spans = {tier: _span(tier, span) for tier, span in _named("--range", "haiku=50%:90%", ranges)}
        for tier in held:
            if tier in spans:
                raise UsageError(f'tier "{tier}" has both --hold and --range; expected one of the two')
        return cls(length, held, spans)


def _named(option: str, example: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    seen = set()
    for text in texts:
        tier, equals, value = (part.strip() for part in text.rpartition("="))
        if not equals or not tier:
            raise UsageError(f'{option} "{text}" names no tier; expected a text such as {example}')
        if tier in seen:
            raise UsageError(f'{option} is given twice for tier "{tier}"; expected it once')
        seen.add(tier)
        yield tier, value


def _span(tier: str, text: str) -> tuple[Decimal, Decimal]:
    low, colon, high = text.partition(":")
    if not colon:
        raise UsageError(f'"{text}" is not a range for tier "{tier}"; expected two shares, such as 50%:90%')
    bounds = read_share(low), read_share(high)
    if bounds[0] > bounds[1]:
        raise UsageError(
            f'the range of tier "{tier}" begins at {percent(bounds[0])}, above its end, {percent(bounds[1])}'
        )
    return bounds


ROWS_PER_CHUNK = 8192

TOTALS = tuple(
    key + end for key in ("total_cost_per_month", "total_savings_per_month") for end in ("", "_low", "_high")
)
"""The columns of costs with failures, and of the savings with them."""


class Chunk(Protocol):
    """A slice of a column."""

    def tolist(self) -> Any:
        """Return the values as a list of Python floats (or None)."""
        ...


class Values(Protocol):
    """A column: a numpy array, or an object that computes slices on demand."""

    def __getitem__(self, part: slice, /) -> Chunk:
        """Return a slice of the column."""
        ...


@dataclass(frozen=True, slots=True)
class ColumnRows:
    """``count`` rows over columns of that length, computed chunk by chunk; can be iterated repeatedly."""

    columns: Sequence[Values]
    count: int

    def __iter__(self) -> Iterator[tuple[float | None, ...]]:
        for start in range(0, self.count, ROWS_PER_CHUNK):
            part = slice(start, min(start + ROWS_PER_CHUNK, self.count))
            yield from zip(*(column[part].tolist() for column in self.columns), strict=True)


@dataclass(frozen=True, slots=True)
class SimplexLattice:
    """The mixes of a grid: shares are ``bases`` plus whole steps.

    ``bases`` has every tier, low to high, with its least share. ``caps`` has the tiers that vary, with
    the maximum number of steps of each beyond its base; ``spare`` is the total number of steps.
    """

    step: Decimal
    bases: Mapping[str, Decimal]
    caps: Mapping[str, int]
    spare: int
    count: int

    @exact
    def share(self, tier: str, steps: int) -> Decimal:
        """Return the share of a tier with this number of steps beyond its base."""
        return self.bases[tier] + steps * self.step

    @property
    def fixed(self) -> dict[str, Decimal]:
        """The shares of the tiers that do not vary."""
        return {tier: base for tier, base in self.bases.items() if tier not in self.caps}

    @property
    @exact
    def whole(self) -> Decimal:
        """The total share of the tiers that vary."""
        return 1 - sum(self.fixed.values(), ZERO)

    def span(self, tier: str) -> tuple[Decimal, Decimal]:
        """Return the lowest and the highest share of a tier in any mix."""
        return self.bases[tier], self.share(tier, self.caps.get(tier, 0))


@dataclass(frozen=True, slots=True)
class PricedMix:
    """A mix, the share of every tier as a fraction, with its cost."""

    shares: Mapping[str, Decimal]
    cost_per_month: Decimal


@dataclass(frozen=True, slots=True)
class ShareRange:
    """The cheapest and the most expensive mix among those that give a tier ``share`` of the tasks."""

    share: Decimal
    cheapest: PricedMix
    most_expensive: PricedMix


@dataclass(frozen=True, slots=True)
class CheaperMixes:
    """The number of mixes cheaper than the default, in all and by share of the most expensive tier.

    ``counts`` maps such a share to (mixes that cost less, all mixes) with that share. ``farthest`` is
    the cheapest mix with the highest share of that tier that still costs less.
    """

    count: int
    counts: Mapping[Decimal, tuple[int, int]]
    farthest: PricedMix | None


@dataclass(frozen=True, slots=True)
class MixesBelow:
    """The numbers of mixes that surely cost ``less`` than the default with failures, and surely not.

    ``unknown`` names the task types whose failures are not known in some mix, ``assumed`` those for which
    the numbers assume that a tier fails no less often than a higher one.
    """

    less: int
    not_less: int
    unknown: tuple[str, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A highlighted mix: a strategy of the scenario, an end of the grid, or both.

    ``ends`` names the ends of the grid that it is: ``cheapest``, ``most expensive``. ``vs_baseline`` is a
    fraction; ``savings_per_month`` is relative to the default. ``total`` and ``total_savings`` are those of a
    month with failures, as far as they are known; None if failures cost nothing, or without a default.
    """

    strategy: str | None
    mix: PricedMix
    ends: tuple[str, ...]
    vs_baseline: Decimal | None
    savings_per_month: Decimal | None
    total: Between | None = None
    total_savings: Between | None = None


@dataclass(frozen=True, slots=True)
class FrontierMix:
    """A mix that no other of the grid beats on both cost and quality."""

    shares: Mapping[str, Decimal]
    cost_per_month: Decimal
    quality: Decimal
    cost_per_success: Decimal | None


@dataclass(frozen=True, slots=True)
class MixQuality:
    """The quality of the mixes of a grid: shares of tasks that succeed.

    ``by_tier`` has the share if all tasks go to one tier. ``count`` mixes are on the frontier;
    ``frontier`` has them by rising cost, or an evenly spaced selection if there are many. ``outline``
    has the corners of the convex hull of all mixes, as (cost per month, quality), in order around it.
    """

    by_tier: Mapping[str, Decimal]
    count: int
    frontier: tuple[FrontierMix, ...]
    outline: tuple[tuple[float, float], ...]

    @exact
    def of(self, shares: Mapping[str, Decimal]) -> Decimal | None:
        """Return the quality of a mix; None if it uses a tier of unknown quality."""
        used = {tier: share for tier, share in shares.items() if share}
        if any(tier not in self.by_tier for tier in used):
            return None
        return sum((share * self.by_tier[tier] for tier, share in used.items()), ZERO)


@dataclass(frozen=True, slots=True)
class Sweep(Result):
    """The mixes of a grid with their costs, in the sheet's currency.

    ``comparison`` has the scenario's own strategies at the same prices, without its baseline or default
    if that does other work than the mixes: then ``calls_per_task`` has the work, by task type.
    ``why_not_linear`` is None if the cost of a mix is the weighted mean of its tiers' costs.
    ``tier_costs`` is the cost of a month if every task goes to one tier (None for a tier that no mix
    uses). ``columns`` holds float64
    columns of ``count`` values: a share per tier, as a fraction, then ``cost_per_day``,
    ``cost_per_month``, ``vs_baseline``, ``savings_per_month`` (against the default), ``quality`` and
    ``on_frontier``; a column that is unknown is None throughout. If ``quality`` is known,
    ``cost_per_success`` follows. ``highlights`` rise by cost. ``ranges`` has, for each tier that
    varies, its cheapest and most expensive mixes by share; ``most_expensive_tier`` is the most expensive of
    these tiers. If the baseline or default costs more in the worst case of repeated work, the columns
    ``vs_baseline_low`` or ``savings_per_month_high`` follow, and ``cheaper_high`` counts the mixes that
    then cost less than the default. A mix costs the same.

    ``failures`` has the cost of failures of a month if every task goes to a tier; empty if failures cost
    nothing. If they cost something, the columns ``total_cost_per_month`` and ``total_savings_per_month``
    follow. If all of them are known, ``totals`` is the same sweep by the cost of calls and failures: its
    amounts include failures, except its columns. Otherwise ``_low`` and ``_high`` columns follow, and
    ``below`` has what is known of the mixes below the default.
    """

    comparison: Comparison
    lattice: SimplexLattice
    tier_costs: Mapping[str, Decimal | None]
    columns: Mapping[str, Values]
    highlights: tuple[Highlight, ...]
    ranges: Mapping[str, tuple[ShareRange, ...]]
    most_expensive_tier: str | None
    cheaper: CheaperMixes | None
    quality: MixQuality | None = None
    calls_per_task: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    why_not_linear: str | None = None
    cheaper_high: int | None = None
    failures: Mapping[str, Between] = field(default_factory=dict)
    totals: Sweep | None = None
    below: MixesBelow | None = None

    @property
    def decisive(self) -> Sweep:
        """The sweep by the costs that decide: with failures if these cost something and are known."""
        return self if self.totals is None else self.totals

    @property
    def is_unknown(self) -> bool:
        """True if failures cost something that is unknown in part, so that costs are those of calls."""
        return self.below is not None or any(cost.known is None for cost in self.failures.values())

    @property
    def count(self) -> int:
        """The number of mixes."""
        return self.lattice.count

    @exact
    def corner(self, tier: str) -> Decimal:
        """Return the cost of a month if one tier gets all that varies, even if the grid lacks that mix."""
        shares = {**self.lattice.fixed, tier: self.lattice.whole}
        return sum((share * (self.tier_costs[name] or 0) for name, share in shares.items()), ZERO)

    @exact
    def calls_of(self, mix: PricedMix) -> Decimal:
        """Return the cost of the calls of a mix whose cost includes failures, all of which are known."""
        failures = (share * (self.failures[tier].low or 0) for tier, share in mix.shares.items() if share)
        return mix.cost_per_month - sum(failures, ZERO)

    @property
    def rows(self) -> ColumnRows:
        """A row per mix, its values in the order of ``columns``; never all in memory at once."""
        return ColumnRows(tuple(self.columns.values()), self.count)

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per mix."""
        import pandas

        return pandas.DataFrame({name: column[:] for name, column in self.columns.items()})
