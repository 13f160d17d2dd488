"""What logged calls would have cost under other routing tables, strategies and price sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.errors import UnknownNameError
from routecost.model.frames import Result
from routecost.model.logs.cells import Bounds
from routecost.model.results.logs.usage import LogFacts, Reconciliation, Unpriced
from routecost.records import dataclass
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    import pandas


class Stages(NamedTuple):
    """The cost of calls as they ran, and after each of the changes of a replay, in this order.

    ``price``: the logged models at the prices of the other sheet; None if that sheet does not have them.
    ``mix``: the replay's models, with the logged tokens and caches. ``tokens``: with the tokens of these
    models. ``cost``: with their caches, which is the cost of the replay.
    """

    actual: Bounds = Bounds()
    price: Bounds | None = Bounds()
    mix: Bounds = Bounds()
    tokens: Bounds = Bounds()
    cost: Bounds = Bounds()

    @classmethod
    def unchanged(cls, cost: Bounds) -> Stages:
        """Return the stages of calls that cost what they did."""
        return cls(cost, cost, cost, cost, cost)

    @exact
    def plus(self, other: Stages) -> Stages:
        """Return the sum of two groups of calls."""
        price = None if self.price is None or other.price is None else self.price.plus(other.price)
        return Stages(
            self.actual.plus(other.actual),
            price,
            self.mix.plus(other.mix),
            self.tokens.plus(other.tokens),
            self.cost.plus(other.cost),
        )

    def spanning(self, other: Stages) -> Stages:
        """Return the least and the most of two possible costs of the same calls."""
        price = None if self.price is None or other.price is None else _span(self.price, other.price)
        return Stages(
            _span(self.actual, other.actual),
            price,
            _span(self.mix, other.mix),
            _span(self.tokens, other.tokens),
            _span(self.cost, other.cost),
        )

    @exact
    def times(self, share: Decimal) -> Stages:
        """Return the stages of a share of the calls."""
        scaled = [None if one is None else Bounds(one.low * share, one.high * share) for one in self]
        return Stages(*scaled)  # type: ignore[arg-type]

    @property
    def difference(self) -> Bounds:
        """The change of the cost: of the least cost, and of the highest one."""
        return _change(self.actual, self.cost)

    @property
    def parts(self) -> Parts:
        """The changes of the cost, which add up to the difference; each at the least and at the most."""
        return Parts(
            None if self.price is None else _change(self.actual, self.price),
            _change(self.actual if self.price is None else self.price, self.mix),
            _change(self.mix, self.tokens),
            _change(self.tokens, self.cost),
        )


class Parts(NamedTuple):
    """Changes of a cost by cause; ``price`` is None if it is part of ``mix``.

    Of each, the first amount is the change of the least cost, and the second that of the highest one.
    """

    price: Bounds | None
    mix: Bounds
    tokens: Bounds
    cache: Bounds


def _span(one: Bounds, other: Bounds) -> Bounds:
    return Bounds(min(one.low, other.low), max(one.high, other.high))


@exact
def _change(before: Bounds, after: Bounds) -> Bounds:
    return Bounds(after.low - before.low, after.high - before.high)


@dataclass(frozen=True, slots=True)
class TypeReplay:
    """The calls of a task type in a replay.

    ``models`` made them; ``replaced_by`` would have. ``tiers`` has the share of each tier, in the
    order of their first use; the tier is "as-logged" where models stay.
    """

    task_type: str | None
    calls: int
    models: tuple[str, ...]
    tiers: Mapping[str, Decimal]
    replaced_by: tuple[str, ...]
    stages: Stages


@dataclass(frozen=True)
class TableReplay:
    """A routing table, a strategy or the logged models (``kind``) at the prices of a sheet; by task type."""

    name: str
    kind: str
    pricing: str
    rows: tuple[TypeReplay, ...]

    @cached_property
    @exact
    def cost(self) -> Bounds:
        """What the calls would have cost."""
        costs = [row.stages.cost for row in self.rows]
        return Bounds(sum([cost.low for cost in costs], ZERO), sum([cost.high for cost in costs], ZERO))

    def costs(self) -> list[tuple[str | None, Bounds]]:
        """Return the costs by task type."""
        return [(row.task_type, row.stages.cost) for row in self.rows]

    @cached_property
    def stages(self) -> Stages:
        """The cost as the calls ran, and after each change."""
        total = Stages()
        for row in self.rows:
            total = total.plus(row.stages)
        return total

    @property
    @exact
    def vs_actual(self) -> Bounds | None:
        """The change of the cost as a fraction of the actual one; None if that is 0."""
        actual = self.stages.actual
        if not actual.low or not actual.high:
            return None
        return Bounds(self.cost.low / actual.low - 1, self.cost.high / actual.high - 1)


@dataclass(frozen=True, slots=True)
class TokenAssumption:
    """Tokens and output of calls that move from a model to another.

    The same text takes ``factor`` times as many tokens, within ``low`` and ``high`` if the source gives
    bounds; ``source`` is None if no ratio is known, and token counts are assumed equal. Answers are
    ``output_factor`` times as long.
    """

    model: str
    replaced_by: str
    factor: Decimal
    low: Decimal | None
    high: Decimal | None
    source: str | None
    output_factor: Decimal


class ModeAssumption(NamedTuple):
    """A service tier or mode that the replaced model was called in, and its replacement does not have."""

    mode: str
    model: str


class AddedCalls(NamedTuple):
    """What escalations of a task type from ``tier`` to those of ``path`` cost beside a replay.

    ``share`` of its calls go to the first tier of the path, for ``expected``; None if that is not known.
    ``most`` is the cost if all calls go to all tiers of the path.
    """

    task_type: str
    calls: int
    tier: str
    path: tuple[str, ...]
    share: Decimal | None
    expected: Bounds | None
    most: Decimal


class UnroutedCallsError(UnknownNameError):
    """Logged calls that cannot be replayed; ``lines`` has all of them, by table and task type.

    ``is_routable`` is true if a task type without a tier is the reason of any.
    """

    def __init__(self, lines: Sequence[str], *, is_routable: bool = False) -> None:
        self.lines = tuple(lines)
        self.is_routable = is_routable
        super().__init__("; ".join(lines))


@dataclass(frozen=True, slots=True)
class Replay(Result):
    """What logged calls cost at the prices of ``pricing``, and would have cost otherwise.

    With ``by_session``, the caches of the replaced models are followed call by call, but for ``loose``
    calls, whose session or time is not known. ``refused`` are strategies that cannot be replayed, and why.
    ``escalations`` are those that each table would add, which are in no cost.
    ``is_counted`` is false if there are more calls, in reports that do not count them.
    ``unpriced`` calls are in no cost and no row; those of ``partial`` are of these task types.
    """

    facts: LogFacts
    pricing: str
    currency: str
    calls: int
    actual: Bounds
    tables: tuple[TableReplay, ...]
    reconciliation: tuple[Reconciliation, ...] = ()
    tokens: tuple[TokenAssumption, ...] = ()
    modes: tuple[ModeAssumption, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    partial: frozenset[str | None] = frozenset()
    is_counted: bool = True
    refused: Mapping[str, str] | None = None
    has_terms: bool = False
    by_session: bool = False
    loose: int = 0
    escalations: Mapping[str, Sequence[AddedCalls]] = field(default_factory=dict)

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per table."""
        return [
            {
                "table": table.name,
                "pricing": table.pricing,
                "cost": table.cost.low,
                "cost_high": None if self.unpriced else table.cost.high,
                "vs_actual": None if table.vs_actual is None else table.vs_actual.low,
                "vs_actual_high": None if table.vs_actual is None else table.vs_actual.high,
            }
            for table in self.tables
        ]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per table, float64 for money."""
        from routecost.model.frames import frame

        return frame(self.records())
