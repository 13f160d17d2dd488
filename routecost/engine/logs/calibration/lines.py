"""Task types of a scenario from cells: split until a scenario's independent shares cost what was logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from routecost.engine.logs.pricing import CellPricer, PriceKey, mode_in
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.logs.cells import Cell
from routecost.model.logs.profile import LENGTHS
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import STANDARD
from routecost.model.pricing.usage import CALLS
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS, ONE, ZERO, exact

TEXT = ("input", "cache_read", "cache_write_5m", "cache_write_1h")
"""The meters whose sum is the input of a call in a scenario; all but the first are shares of it."""

TOLERANCE = Decimal("0.005")
"""The largest difference of the cost of a line, as logged and on any tier, as a fraction."""

SIZES = tuple(sorted({round(64 * 2 ** (step / 2)) for step in range(32)}))
"""Context sizes by which calls are separated, beside the price steps."""

_INFINITE = Decimal("Infinity")


class Tiered(NamedTuple):
    """A cell whose contexts are known or assumed, the tier and the price step of its calls, and as logged."""

    cell: Cell
    tier: str
    step: int
    logged: Cell


@dataclass
class TierPrices:
    """Prices of cells on the tiers of a sheet, on one day; ``hours`` are those of the modes of each model.

    ``efforts`` are those of the tiers that have one.
    """

    pricer: CellPricer
    day: date
    models: Mapping[str, str]
    edges: tuple[int, ...]
    hours: Mapping[str, Mapping[str, tuple[Hours, ...]]]
    efforts: Mapping[str, str] = field(default_factory=dict)
    _rates: dict[tuple[str, str, str, int], Decimal | None] = field(default_factory=dict)

    @classmethod
    def of(cls, pricer: CellPricer, day: date, edges: tuple[int, ...]) -> TierPrices:
        """Return the prices of a day; ``edges`` are the price steps of the sheet."""
        tiers = tier_models(pricer.sheet, day)
        return cls(pricer, day, tiers.models, (0, *edges), tiers.hours, tiers.efforts)

    def mode(self, tier: str, cell: Cell) -> str:
        """Return the mode of a call on a tier, by its hours."""
        hours = self.hours.get(self.models[tier], {})
        if cell.mode != STANDARD or cell.hours is None or not hours:
            return cell.mode
        return mode_in(cell.hours, hours)

    @exact
    def cost(self, tier: str, mode: str, step: int, units: Mapping[str, Decimal | int]) -> Decimal | None:
        """Return the cost of units on a tier; None if it has no rate for one."""
        total = ZERO
        for meter, count in units.items():
            rate = self._rate(tier, meter, mode, step) if count else ZERO
            if rate is None:
                return None
            total += count * rate
        return total

    def _rate(self, tier: str, meter: str, mode: str, step: int) -> Decimal | None:
        key = (tier, meter, mode, step)
        if key not in self._rates:
            above, upto = [*pairwise((*self.edges, None))][step]
            place = PriceKey(self.models[tier], meter, mode, self.day, above or 0, upto)
            try:
                self._rates[key] = self.pricer.unit_price(place)
            except (UnknownNameError, UnpricedError):
                self._rates[key] = None
        return self._rates[key]

    def step(self, above: int) -> int:
        """Return the price step of contexts above a size."""
        return sum(edge <= above for edge in self.edges) - 1


def tiered(cells: Iterable[Cell], prices: TierPrices, sizes: Sequence[int]) -> list[Tiered]:
    """Return cells with their tiers, in order; calls that a report summed have contexts of mean size."""
    placed_cells = []
    for cell in cells:
        tier = prices.pricer.tier(cell)
        assert tier is not None  # refused before
        placed = _mean_sized(cell, sizes) if cell.is_sum else cell
        placed_cells.append(Tiered(placed, tier, prices.step(placed.above), cell))
    ranks = {tier: rank for rank, tier in enumerate(prices.models)}
    return sorted(placed_cells, key=lambda one: (ranks.get(one.tier, -1), _order(one.cell)))


def _order(cell: Cell) -> tuple[object, ...]:
    """Return the place of a cell, whatever the order in which the engine returns them."""
    keys = [(key is None, str(key)) for key in cell.keys.values()]
    return (
        *keys,
        cell.model,
        cell.mode,
        cell.days,
        cell.above,
        cell.is_sum,
        str(cell.currency),
        cell.is_costed,
    )


def _mean_sized(cell: Cell, sizes: Sequence[int]) -> Cell:
    context = sum(cell.units.get(meter, 0) for meter in CONTEXT_METERS)
    below = [size for size in (0, *sizes) if size * cell.calls < context]
    beyond = [size for size in sizes if size * cell.calls >= context]
    return replace(cell, above=max(below, default=0), upto=min(beyond, default=None))


@dataclass(frozen=True, slots=True)
class Line:
    """Calls that a task type of the scenario stands for; ``parts`` say which calls of their type they are."""

    task_type: str | None
    cells: tuple[Tiered, ...]
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """The number of calls."""
        return sum(one.cell.calls for one in self.cells)

    def share(self, key: Callable[[Tiered], str]) -> dict[str, int]:
        """Return numbers of calls by a key."""
        return counts(self.cells, key)

    @property
    def tiers(self) -> dict[str, int]:
        """Calls by tier."""
        return self.share(lambda one: one.tier)

    @property
    def modes(self) -> dict[str, int]:
        """Calls by processing mode."""
        return self.share(lambda one: one.cell.mode)

    @property
    def units(self) -> dict[str, int]:
        """Units by meter."""
        return summed(self.cells)


def by_length(line: Line) -> list[Line]:
    """Return the calls of a line by the class of the number of calls of their tasks."""
    groups: dict[int, list[Tiered]] = {}
    for one in line.cells:
        groups.setdefault(length_of(one), []).append(one)
    return [
        Line(line.task_type, tuple(group), {**line.parts, "length": length_name(length)})
        for length, group in sorted(groups.items())
    ]


def length_of(one: Tiered) -> int:
    """Return the class of the number of calls of the task of a cell."""
    return int(one.cell.keys["length"] or 0)


def length_name(length: int) -> str:
    """Return the name of a class of lengths of tasks."""
    low, high = [*zip((1, *LENGTHS), (*LENGTHS, None), strict=True)][length]
    if high is None:
        return f"{low} or more calls"
    return "1 call" if high == low + 1 else f"{low} to {high - 1} calls"


def lines(cells: Iterable[Tiered], prices: TierPrices) -> list[Line]:
    """Return the task types of a scenario: those of the log, split where their costs would differ.

    In a scenario, tokens, cache shares, modes and tiers of a task type are independent of each other. Where
    that changes the cost by more than ``TOLERANCE``, its tiers, modes or price steps become separate task
    types.
    """
    groups: dict[str | None, list[Tiered]] = {}
    for one in cells:
        name = one.cell.keys.get("task_type")
        groups.setdefault(None if name is None else str(name), []).append(one)
    whole = (Line(name, tuple(group)) for name, group in groups.items())
    parts = [part for line in whole for part in fitting(line, prices)]
    return sorted(parts, key=lambda line: (-line.calls, str(line.task_type), [*line.parts.values()]))


def fitting(line: Line, prices: TierPrices) -> list[Line]:
    """Return the parts of a line whose costs in a scenario are those that were logged."""
    if misfit(line.cells, prices) <= TOLERANCE:
        return [line]
    options = [parts for name in _SPLITS if len(parts := _split(line, name, prices)) > 1]
    best = min(options, key=lambda parts: max(misfit(part.cells, prices) for part in parts))
    return [one for part in best for one in fitting(part, prices)]


def _split(line: Line, name: str, prices: TierPrices) -> list[Line]:
    groups: dict[str, list[Tiered]] = {}
    for one in line.cells:
        groups.setdefault(_SPLITS[name](one, prices), []).append(one)
    return [
        Line(line.task_type, tuple(group), {**line.parts, name: value}) for value, group in groups.items()
    ]


def _step_name(one: Tiered, prices: TierPrices) -> str:
    return f"above {prices.edges[one.step]}" if one.step else f"up to {max(prices.edges[:2])}"


_SPLITS: dict[str, Callable[[Tiered, TierPrices], str]] = {
    "tier": lambda one, _: one.tier,
    "mode": lambda one, prices: prices.mode(one.tier, one.cell),
    "step": _step_name,
}


@exact
def misfit(cells: Sequence[Tiered], prices: TierPrices) -> Decimal:
    """Return the largest difference of the cost of cells in a scenario, as logged and on any tier."""
    worst = ZERO
    for tier in (None, *prices.models):
        costs = [_cost(one, one.tier if tier is None else tier, prices) for one in cells]
        if None in costs:
            continue  # such a strategy has no price
        actual = sum((cost for cost in costs if cost is not None), ZERO)
        cost = modelled(cells, prices, tier)
        if cost is None or (not actual and cost):
            return _INFINITE
        if actual:
            worst = max(worst, abs(cost / actual - 1))
    return worst


def _cost(one: Tiered, tier: str, prices: TierPrices) -> Decimal | None:
    return prices.cost(tier, prices.mode(tier, one.cell), one.step, {**one.cell.units, CALLS: one.cell.calls})


def logged_cost(cells: Iterable[Tiered], prices: TierPrices) -> Decimal | None:
    """Return the cost of cells on their own tiers; None if one has no price."""
    costs = [_cost(one, one.tier, prices) for one in cells]
    return None if None in costs else _sum(cost for cost in costs if cost is not None)


@exact
def _sum(costs: Iterable[Decimal]) -> Decimal:
    return sum(costs, ZERO)


@exact
def modelled(cells: Sequence[Tiered], prices: TierPrices, tier: str | None = None) -> Decimal | None:
    """Return the cost of cells as one task type of a scenario, on their own tiers or on one of them.

    None if a tier has no rate for what is used.
    """
    calls = sum(one.cell.calls for one in cells)
    tiers = counts(cells, lambda one: one.tier) if tier is None else {tier: calls}
    modes = {name: counts(cells, partial(_mode, name, prices)) for name in tiers}
    cached = cache_shares(summed(cells))
    steps: dict[int, list[Tiered]] = {}
    for one in cells:
        steps.setdefault(one.step, []).append(one)
    total = ZERO
    for step, group in steps.items():
        units = _scenario_units(group, cached)
        for name, some in tiers.items():
            for mode, part in modes[name].items():
                cost = prices.cost(name, mode, step, units)
                if cost is None:
                    return None
                total += cost * some * part / calls / calls
    return total


def _mode(tier: str, prices: TierPrices, one: Tiered) -> str:
    return prices.mode(tier, one.cell)


def _scenario_units(cells: Sequence[Tiered], cached: Mapping[str, Decimal]) -> dict[str, Decimal | int]:
    units = summed(cells)
    text = sum(units.pop(meter, 0) for meter in TEXT)
    stored = {meter: text * share for meter, share in cached.items()}
    plain = text * (ONE - sum(cached.values(), ZERO))
    return {**units, **stored, "input": plain, CALLS: sum(one.cell.calls for one in cells)}


@exact
def cache_shares(units: Mapping[str, int]) -> dict[str, Decimal]:
    """Return the shares of the input that are read from or written to caches."""
    text = sum(units.get(meter, 0) for meter in TEXT)
    return {meter: Decimal(units[meter]) / text for meter in TEXT[1:] if units.get(meter)}


def summed(cells: Iterable[Tiered]) -> dict[str, int]:
    """Return units by meter."""
    units: dict[str, int] = {}
    for one in cells:
        for meter, count in one.cell.units.items():
            units[meter] = units.get(meter, 0) + count
    return units


def counts(cells: Iterable[Tiered], key: Callable[[Tiered], str]) -> dict[str, int]:
    """Return numbers of calls by a key."""
    numbers: dict[str, int] = {}
    for one in cells:
        numbers[key(one)] = numbers.get(key(one), 0) + one.cell.calls
    return numbers
