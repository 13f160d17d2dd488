"""The workload of a scenario as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.fields import (
    ZERO,
    Context,
    Count,
    FeeName,
    Flag,
    Leaf,
    Name,
    Share,
    fault,
    quoted,
    read_number,
)
from routecost.documents.shapes import Checked, Fault, OneOf, document, first_key
from routecost.model.workload import ONE_TASK_TYPE, CacheShares, TaskType, TokenCell, TokenShape, Workload
from routecost.problems import Severity
from routecost.units import MAX_COUNT

Range = tuple[Decimal, Decimal]


def _read_range(value: Any, _: Context) -> Range:
    """Read ``2000`` or ``[1000, 3000]``, a range that tokens spread over evenly."""
    expected = "tokens from 0 to 1e15, such as 2000, or a range such as [1000, 3000]"
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2:
        raise fault(f"a list of {len(ends)} is given; expected {expected}")
    low, high = (read_number(end, expected) for end in ends)
    if not 0 <= low <= high <= MAX_COUNT:
        given = quoted(value) if low == high else f"[{low}, {high}]"
        raise fault(f"{given} is out of range; expected {expected}")
    return low, high


_RANGE_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 2, "maxItems": 2},
    ]
}
TokenRange = Annotated[Range, Leaf(_read_range, _RANGE_SCHEMA)]


def share_faults(shares: list[Decimal], what: str, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Yield a fault unless shares sum to exactly 1."""
    total = sum(shares, ZERO)
    if total != 1:
        yield Fault(f"{what} sum to {total.normalize():f}; expected exactly 1 (100%)", path)


@document
class MeanTokens:
    """Calls that are all alike: tokens per call, cached input included."""

    input: Count
    output: Count

    def build(self) -> TokenShape:
        """Return the shape of the tokens."""
        return TokenShape.mean(self.input, self.output)


@document
class CallRow:
    """A share of calls with their input and output."""

    share: Share
    input: TokenRange
    output: TokenRange

    def cell(self) -> TokenCell:
        """Return the cell of the row."""
        low, high = self.input
        return TokenCell(self.share, low, high, _middle(self.output))


@document
class MarginalRow:
    """A share of calls with so many tokens."""

    share: Share
    tokens: TokenRange


@document
class MarginalsDocument:
    """Input and output distributed each on its own; that they are independent must be said."""

    independent: Flag
    input: tuple[MarginalRow, ...]
    output: tuple[MarginalRow, ...]

    def faults(self) -> Iterator[Fault]:
        """Look for shares that do not add up and for an independence that is not stated."""
        if not self.independent:
            yield Fault('"independent" must be true; give joint rows where it is not', ("independent",))
        yield from share_faults([row.share for row in self.input], "the shares", ("input",))
        yield from share_faults([row.share for row in self.output], "the shares", ("output",))

    def cells(self) -> Iterator[TokenCell]:
        """Yield a cell per input row; output is independent, so its mean serves them all."""
        output = sum((row.share * _middle(row.tokens) for row in self.output), ZERO)
        for row in self.input:
            low, high = row.tokens
            yield TokenCell(row.share, low, high, output)


def _middle(tokens: Range) -> Decimal:
    return (tokens[0] + tokens[1]) / 2


def _by_type(data: Any) -> str | None:
    return "rows" if isinstance(data, list) else "marginals" if isinstance(data, dict) else None


PerCall = Annotated[
    Any,
    OneOf(
        "a list of {share, input, output}, or {independent: true, input: [...], output: [...]}",
        {"rows": tuple[CallRow, ...], "marginals": Annotated[MarginalsDocument, Checked()]},
        _by_type,
    ),
]


@document
class PerCallTokens:
    """A distribution of tokens between calls."""

    per_call: PerCall

    def faults(self) -> Iterator[Fault]:
        """Look for shares that do not add up."""
        if isinstance(self.per_call, tuple):
            yield from share_faults([row.share for row in self.per_call], "the shares", ("per_call",))

    def build(self) -> TokenShape:
        """Return the shape of the tokens."""
        if isinstance(self.per_call, MarginalsDocument):
            return TokenShape(tuple(self.per_call.cells()))
        return TokenShape(tuple(row.cell() for row in self.per_call))


def _tokens_kind(data: Any) -> str | None:
    return first_key(data, ["per_call"]) or ("input" if isinstance(data, dict) else None)


Tokens = Annotated[
    Any,
    OneOf(
        "{input, output} or {per_call: ...}",
        {"per_call": Annotated[PerCallTokens, Checked()], "input": MeanTokens},
        _tokens_kind,
    ),
]


@document
class CacheDocument:
    """Shares of a call's input that are read from, or written to, a cache."""

    read: Share = ZERO
    write_5m: Share = ZERO
    write_1h: Share = ZERO

    def faults(self) -> Iterator[Fault]:
        """Look for shares above the whole, and for reads that nobody wrote."""
        total = self.read + self.write_5m + self.write_1h
        if total > 1:
            yield Fault(f"cache shares sum to {total.normalize():f}; expected at most 1 (100%)")
        if self.read and not (self.write_5m or self.write_1h):
            message = "cache reads without cache writes: somebody pays for writing what is read"
            yield Fault(message, ("read",), on_key=True, severity=Severity.WARNING)


@document
class LoadDocument:
    """How many tasks, and what one of them takes."""

    tasks_per_day: Count
    tokens: Tokens
    cache: Annotated[CacheDocument, Checked()] = CacheDocument()
    batch: Share = ZERO
    meters: dict[FeeName, Count] = field(default_factory=dict)

    def build(self, name: str = ONE_TASK_TYPE) -> TaskType:
        """Return the task type."""
        cache = CacheShares(self.cache.read, self.cache.write_5m, self.cache.write_1h)
        return TaskType(name, self.tasks_per_day, self.tokens.build(), cache, self.batch, self.meters)


@document
class TaskTypesDocument:
    """A workload by task type."""

    task_types: dict[Name, LoadDocument]

    def faults(self) -> Iterator[Fault]:
        """Look for a workload without work."""
        if not self.task_types:
            yield Fault("no task types are given; expected at least one", ("task_types",))

    def build(self) -> Workload:
        """Return the workload."""
        return Workload(tuple(load.build(name) for name, load in self.task_types.items()))


def _workload_kind(data: Any) -> str | None:
    return first_key(data, ["task_types"]) or ("tasks_per_day" if isinstance(data, dict) else None)


WorkloadDocument = Annotated[
    Any,
    OneOf(
        "{tasks_per_day, tokens} or {task_types: ...}",
        {"task_types": Annotated[TaskTypesDocument, Checked()], "tasks_per_day": LoadDocument},
        _workload_kind,
    ),
]


def build_workload(made: TaskTypesDocument | LoadDocument) -> Workload:
    """Return the workload of either form."""
    return made.build() if isinstance(made, TaskTypesDocument) else Workload((made.build(),))
