"""Tokens of a call, as a document: a mean, or a distribution over calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document, only_key
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Context,
    Count,
    FeeName,
    Flag,
    Leaf,
    Share,
    fault,
    quoted,
    read_number,
)
from routecost.model.scenario.workload import TokenCell, TokenShape
from routecost.problems import KeyPath
from routecost.units import MAX_COUNT, ZERO

Range = tuple[Decimal, Decimal]


def _read_range(unit: str, value: Any, _: Context) -> Range:
    """Read ``2000`` or ``[1000, 3000]``, a range of uniformly distributed tokens or other units."""
    expected = f"{unit} from 0 to 1e15, such as 2000, or a range such as [1000, 3000]"
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2:
        raise fault(f"a list of {len(ends)} is given; expected {expected}")
    low, high = (read_number(end, expected) for end in ends)
    if not 0 <= low <= high <= MAX_COUNT:
        given = f"[{low}, {high}]" if isinstance(value, list) else quoted(value)
        raise fault(f"{given} is out of range; expected {expected}")
    return low, high


_RANGE_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 2, "maxItems": 2},
    ]
}


TokenRange = Annotated[Range, Leaf(partial(_read_range, "tokens"), _RANGE_SCHEMA)]
UnitRange = Annotated[Range, Leaf(partial(_read_range, "a count"), _RANGE_SCHEMA)]


def share_faults(shares: list[Decimal], what: str, path: KeyPath = ()) -> Iterator[Fault]:
    """Yield a fault unless shares sum to exactly 1."""
    total = sum(shares, ZERO)
    if total != 1:
        yield Fault(f"{what} sum to {total.normalize():f}; expected exactly 1 (100%)", path)


@document
class MeanTokens:
    """Mean tokens per call, cached input included."""

    input: Count
    output: Count
    reasoning: Share = ZERO

    def build(self) -> TokenShape:
        """Return the distribution of tokens."""
        return TokenShape.mean(self.input, self.output, self.reasoning)


@document
class CallRow:
    """A share of calls with their input and output, and other billable units."""

    share: Share
    input: TokenRange
    output: TokenRange
    meters: dict[FeeName, UnitRange] = field(default_factory=dict)

    def cell(self) -> TokenCell:
        """Return the cell of the row."""
        low, high = self.input
        output_low, output_high = self.output
        span = output_high - output_low
        return TokenCell(self.share, low, high, _middle(self.output), span, self.meters)


@document
class MarginalRow:
    """A share of calls with their number of tokens."""

    share: Share
    tokens: TokenRange


@document
class MarginalsDocument:
    """Separate distributions of input and output; ``independent: true`` is required."""

    independent: Flag
    input: tuple[MarginalRow, ...]
    output: tuple[MarginalRow, ...]

    def faults(self) -> Iterator[Fault]:
        """Yield faults for shares that do not sum to 1, and if independence is not confirmed."""
        if not self.independent:
            yield Fault('"independent" must be true; otherwise give joint rows', ("independent",))
        yield from share_faults([row.share for row in self.input], "the shares", ("input",))
        yield from share_faults([row.share for row in self.output], "the shares", ("output",))

    def cells(self) -> Iterator[TokenCell]:
        """Yield a cell per pair of an input row and an output row, which are independent."""
        for row, output in product(self.input, self.output):
            (low, high), (output_low, output_high) = row.tokens, output.tokens
            span = output_high - output_low
            yield TokenCell(row.share * output.share, low, high, _middle(output.tokens), span)


def _middle(tokens: Range) -> Decimal:
    return (tokens[0] + tokens[1]) / 2


def _by_type(data: Any) -> str | None:
    return "rows" if isinstance(data, list) else "marginals" if isinstance(data, dict) else None


PerCall = Annotated[
    Any,
    OneOf(
        "a list of {share, input, output, meters}, or {independent: true, input: [...], output: [...]}",
        {"rows": tuple[CallRow, ...], "marginals": Annotated[MarginalsDocument, Checked()]},
        _by_type,
    ),
]


@document
class PerCallTokens:
    """A distribution of tokens over calls."""

    per_call: PerCall
    reasoning: Share = ZERO

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for shares that do not sum to 1."""
        if isinstance(self.per_call, tuple):
            yield from share_faults([row.share for row in self.per_call], "the shares", ("per_call",))

    def build(self) -> TokenShape:
        """Return the distribution of tokens."""
        if isinstance(self.per_call, MarginalsDocument):
            return TokenShape(tuple(self.per_call.cells()), self.reasoning)
        return TokenShape(tuple(row.cell() for row in self.per_call), self.reasoning)


def _tokens_kind(data: Any) -> str | None:
    return only_key(data, ["per_call"]) or ("input" if isinstance(data, dict) else None)


Tokens = Annotated[
    Any,
    OneOf(
        "{input, output} or {per_call: ...}",
        {"per_call": Annotated[PerCallTokens, Checked()], "input": MeanTokens},
        _tokens_kind,
    ),
]
