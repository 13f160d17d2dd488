"""Costs of logged calls on other models, from cells: once per task type and tier, then sums per table.

From sums over calls it is not known which cached tokens another model would have had in its cache: the
least cost keeps all caches, the highest one loses those of all calls that move. Where calls of several
models run on one, they may read what the others wrote: at the least, all writes are reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from routecost.engine.logs.moves import READS, Counts, Mover, Place, scaled, with_reads, without_caches
from routecost.engine.logs.targets import Target
from routecost.engine.logs.usage import Priced, task_type_of
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.logs.cells import Bounds, Cell
from routecost.model.pricing.usage import CALLS
from routecost.model.results.logs.replay import Stages, TableReplay, TypeReplay, UnroutedCallsError
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

TASK_TYPE = "task_type"


class NoReplayError(Exception):
    """Calls cannot be replayed, by reason."""

    def __init__(self, calls: Mapping[str, int]) -> None:
        self.calls = calls
        super().__init__()


def by_type(cells: Iterable[Priced]) -> dict[str | None, list[Priced]]:
    """Return cells that have a price by task type, those with the most calls first."""
    groups: dict[str | None, list[Priced]] = {}
    for one in cells:
        if one.cost is not None:
            groups.setdefault(task_type_of(one.cell), []).append(one)
    return dict(sorted(groups.items(), key=lambda group: (-_calls(group[1]), group[0] or "")))


def _calls(cells: Iterable[Priced]) -> int:
    return sum(one.cell.calls for one in cells)


@dataclass
class Replayer:
    """Replays cells under tables, strategies and sheets: the cells of a type and tier are priced once.

    ``among`` are cells of the same log in whose caches those of ``types`` may find what they write.
    """

    types: Mapping[str | None, Sequence[Priced]]
    mover: Mover
    among: Mapping[str | None, Sequence[Priced]] = field(default_factory=dict)
    _known: dict[str | None, dict[str | None, TypeReplay]] = field(default_factory=dict)
    _refused: dict[tuple[str | None, str], NoReplayError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known.update((name, {}) for name in self.types)

    def table(self, target: Target) -> TableReplay:
        """Return a replay. Raises UnroutedCallsError with all calls that it cannot replay."""
        rows = self._known_rows(target)
        if len(rows) < len(self.types):
            rows = self._new_rows(target)
        return TableReplay(target.name, target.kind, self.mover.target.sheet.name, tuple(rows))

    def _known_rows(self, target: Target) -> list[TypeReplay]:
        """Return the rows whose task type and tier an earlier table had."""
        part, *others = target.parts
        if others:
            return []
        tiers, default = part.tiers, part.others
        rows = [
            known.get(default if name is None else tiers.get(name, default))
            for name, known in self._known.items()
        ]
        return [row for row in rows if row is not None]

    def _new_rows(self, target: Target) -> list[TypeReplay]:
        rows: list[TypeReplay] = []
        lines: list[str] = []
        is_routable = False
        for task_type, cells in self.types.items():
            if missing := target.missing(task_type):
                lines.append(f"{_counted(_calls(cells))}: {missing}")
                is_routable = True
                continue
            try:
                rows.append(self._row(target, task_type))
            except NoReplayError as error:
                where = f'{target.kind} "{target.name}", {_type_text(task_type)}'
                lines += [f"{_counted(calls)}: {where}: {reason}" for reason, calls in error.calls.items()]
        if lines:
            raise UnroutedCallsError(lines, is_routable=is_routable)
        return rows

    def _row(self, target: Target, task_type: str | None) -> TypeReplay:
        shares: dict[str, Decimal] = {}
        for part in target.parts:
            tier = part.tier(task_type) or ""
            shares[tier] = shares.get(tier, ZERO) + part.share
        rows = [(share, self.on_tier(task_type, tier)) for tier, share in shares.items()]
        return rows[0][1] if len(rows) == 1 else _mixed(rows)

    def on_tier(self, task_type: str | None, tier: str) -> TypeReplay:
        """Return the replay of a task type on a tier. Raises NoReplayError if calls have no price there."""
        key = (task_type, tier)
        if key in self._refused:
            raise self._refused[key]
        known = self._known[task_type]
        if tier not in known:
            try:
                known[tier] = self._priced(task_type, tier)
            except NoReplayError as error:
                self._refused[key] = error
                raise
        return known[tier]

    def _priced(self, task_type: str | None, tier: str) -> TypeReplay:
        cells = self.types[task_type]
        write = _write_meter(cells)
        total, refused = Stages(), dict[str, int]()
        models: dict[str, None] = {}
        joined = self._joined(self.among.get(task_type, cells), tier)
        for cell, cost in cells:
            try:
                total = total.plus(_stages(self.mover, Priced(cell, cost), tier, _Caches(write, joined)))
                models |= {self.mover.move(cell.model, tier, day).model: None for day in cell.days}
            except (UnknownNameError, UnpricedError) as error:
                refused[str(error)] = refused.get(str(error), 0) + cell.calls
        if refused:
            raise NoReplayError(refused)
        logged = dict.fromkeys(self.mover.actual.model(cell.model) for cell, _ in cells)
        return TypeReplay(task_type, _calls(cells), tuple(logged), {tier: ONE}, tuple(models), total)

    def _joined(self, cells: Iterable[Priced], tier: str) -> set[str]:
        """Return the models of a tier on which calls of several logged models run."""
        sources: dict[str, set[tuple[str, str | None]]] = {}
        for model, day in {(cell.model, day) for cell, _ in cells for day in cell.days}:
            with suppress(UnknownNameError, UnpricedError):
                move = self.mover.move(model, tier, day)
                sources.setdefault(move.model, set()).add(self.mover.logged(model))
        return {model for model, logged in sources.items() if len(logged) > 1}


class _Caches(NamedTuple):
    """What is known of caches from sums.

    ``write`` is the meter in which lost ones are written again; on the models ``joined``, calls may read
    what calls of another logged model wrote.
    """

    write: str | None
    joined: Collection[str]


def _counted(calls: int) -> str:
    return f"{calls:,} call{'s' if calls != 1 else ''}"


def _type_text(task_type: str | None) -> str:
    return "calls without a task type" if task_type is None else f'task type "{task_type}"'


@exact
def _mixed(rows: Sequence[tuple[Decimal, TypeReplay]]) -> TypeReplay:
    stages = Stages()
    for share, row in rows:
        stages = stages.plus(row.stages.times(share))
    first = rows[0][1]
    models = dict.fromkeys(model for _, row in rows for model in row.replaced_by)
    tiers = {tier: share for share, row in rows for tier in row.tiers}
    return replace(first, tiers=tiers, replaced_by=tuple(models), stages=stages)


def _write_meter(cells: Iterable[Priced]) -> str | None:
    """Return the meter in which lost caches are written again: that of the longest lifetime in use."""
    used = {meter for cell, _ in cells for meter in cell.units}
    return next((meter for meter in ("cache_write_1h", "cache_write_5m") if meter in used), None)


@exact
def _stages(mover: Mover, one: Priced, tier: str, caches: _Caches) -> Stages:
    """Return the cost of a cell on a tier; on an unknown day, the least and the most of all days."""
    cell = one.cell
    if len(cell.days) == 1:
        return _day_stages(mover, one, tier, caches)
    days = [replace(cell, days=(day,)) for day in cell.days]
    every = [_day_stages(mover, Priced(day, mover.actual.cost(day)), tier, caches) for day in days]
    return reduce(Stages.spanning, every)


def _day_stages(mover: Mover, one: Priced, tier: str, caches: _Caches) -> Stages:
    cell, actual = one.cell, one.cost or Bounds()
    (day,) = cell.days
    move = mover.move(cell.model, tier, day)
    counts: Counts = {**cell.units, CALLS: cell.calls}
    place = Place(cell.mode, day, (0, None) if cell.is_sum else (cell.above, cell.upto), cell.hours)
    moved = scaled(counts, move)
    all_read = mover.cost(with_reads(moved), move, place).low if move.model in caches.joined else None
    if move.is_kept:
        cost = mover.target.cost(cell, move.model) if mover.is_repriced else actual
        least = cost.low if all_read is None else min(cost.low, all_read)
        return Stages(actual, cost, cost, cost, Bounds(least, cost.high))
    mix = mover.cost(counts, move._replace(factor=ONE, output=ONE), place)
    kept = mix if moved is counts else mover.cost(moved, move, place)
    reads = {meter: count for meter, count in moved.items() if meter in READS}
    lost = [
        mover.cost(without_caches(reads, meter), move, place).high
        for meter in (dict.fromkeys((caches.write, "cache_write_5m", None)) if reads else ())
    ]
    warm = mover.cost(reads, move, place).high if reads else ZERO
    return Stages(
        actual,
        _at_other_prices(mover, cell, actual),
        mix,
        kept,
        Bounds(
            kept.low if all_read is None else min(kept.low, all_read),
            kept.high + max((ZERO, *(cost - warm for cost in lost))),
        ),
    )


def _at_other_prices(mover: Mover, cell: Cell, actual: Bounds) -> Bounds | None:
    """Return the cost of a cell on its own model at the other prices; None if the sheet has none."""
    if not mover.is_repriced:
        return actual
    try:
        return mover.target.cost(cell)
    except (UnknownNameError, UnpricedError):
        return None
