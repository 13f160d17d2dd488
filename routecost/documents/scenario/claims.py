"""The document type of a scenario's claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Fault
from routecost.documents.core.money import PublishedFigure
from routecost.documents.core.scalars import (
    Anything,
    Context,
    Leaf,
    Name,
    Text,
    Tolerance,
    fault,
    read_text,
)
from routecost.errors import UnknownNameError
from routecost.model.scenario.figure_path import FigureKind, FigurePath, Root
from routecost.model.scenario.scenario import Claim, FieldChange, Operand, Operation
from routecost.problems import KeyPath, did_you_mean
from routecost.source import Document
from routecost.units import ZERO

Changes = dict[Name, Anything]
"""Paths of fields to override, with their new values."""

_KIND_OF_NAME = {Root.STRATEGIES: "strategy", Root.PRICES: "tier", Root.PARTS: "strategy"}


def _read_path(value: Any, context: Context) -> FigurePath:
    try:
        path = FigurePath.parse(read_text(value))
    except UnknownNameError as error:
        raise fault(str(error)) from None
    kind = _KIND_OF_NAME.get(path.root, "")
    known = context.get(kind)
    if known is not None and path.name not in known:
        raise fault(f'unknown {kind} "{path.name}" in "{path}"{did_you_mean(path.name or "", known)}')
    return path


Path = Annotated[FigurePath, Leaf(_read_path, {"type": "string"})]


@document
class OperandDocument:
    """A figure path, evaluated on the scenario with some fields changed."""

    path: Path
    changes: Annotated[Changes, Field(alias="with")] = field(default_factory=dict)


def _by_type(data: Any) -> str | None:
    return "path" if isinstance(data, str) else "changed" if isinstance(data, dict) else None


OperandForm = Annotated[
    Any, OneOf("a path, or {path, with}", {"path": Path, "changed": OperandDocument}, _by_type)
]
Operands = tuple[OperandForm, ...]


@document
class PairDocument:
    """A difference (first minus second) or a ratio (first over second)."""

    difference: Operands | None = None
    ratio: Operands | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults unless there is exactly one operation with two operands."""
        if (self.difference is None) == (self.ratio is None):
            yield Fault('expected one of "difference" and "ratio"')
        for name in ("difference", "ratio"):
            operands = getattr(self, name)
            if operands is not None and len(operands) != 2:
                yield Fault(f"a list of {len(operands)} is given; expected two operands", (name,))


def _subject_kind(data: Any) -> str | None:
    return "path" if isinstance(data, str) else "pair" if isinstance(data, dict) else None


@document
class ClaimDocument:
    """A published figure."""

    that: Annotated[
        Any,
        OneOf(
            "a path, {difference: [a, b]} or {ratio: [a, b]}",
            {"path": Path, "pair": PairDocument},
            _subject_kind,
        ),
    ]
    published: Annotated[PublishedFigure, Field(alias="is")]
    within: Tolerance = ZERO
    says: Text | None = None
    disputed: Text | None = None
    changes: Annotated[Changes, Field(alias="with")] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Yield the faults of the pair, at their paths below ``that``."""
        if isinstance(self.that, PairDocument):
            for pair_fault in self.that.faults():
                yield Fault(pair_fault.message, ("that", *pair_fault.path))
        if self.published.currency is not None and not self.is_money:
            yield Fault(f"the figure is no money, but {self.published.currency} is given", ("is",))

    @property
    def operation(self) -> Operation:
        """The operation on the operands."""
        if not isinstance(self.that, PairDocument):
            return Operation.VALUE
        return Operation.RATIO if self.that.ratio else Operation.DIFFERENCE

    @property
    def is_money(self) -> bool:
        """True if the figure is an amount of money: no ratio, and no share."""
        pair = self.that
        operands = (pair.difference or ()) if isinstance(pair, PairDocument) else (pair,)
        return any(_path_of(operand).kind is FigureKind.MONEY for operand in operands)

    def build(self, where: Document, index: int) -> Claim:
        """Return the claim at ``index``, without the scenario variants that it refers to."""
        place = ("claims", index)
        return Claim(
            self.operation,
            tuple(Operand(path, None, changed) for path, changed in self._operands(where, place)),
            self.published.number,
            self.within,
            self.says,
            self.disputed,
            where.position(place),
            self.published.currency,
        )

    def _operands(
        self, where: Document, place: KeyPath
    ) -> Iterator[tuple[FigurePath, tuple[FieldChange, ...]]]:
        """Yield the path of each operand, and its changes: the claim's, then its own."""
        shared = _changed(self.changes, where, (*place, "with"))
        if not isinstance(self.that, PairDocument):
            yield self.that, tuple(shared.values())
            return
        for index, operand in enumerate(self.that.ratio or self.that.difference or ()):
            if not isinstance(operand, OperandDocument):
                yield operand, tuple(shared.values())
                continue
            own = _changed(operand.changes, where, (*place, "that", str(self.operation), index, "with"))
            yield operand.path, tuple({**shared, **own}.values())


def _path_of(operand: Any) -> FigurePath:
    path: FigurePath = operand.path if isinstance(operand, OperandDocument) else operand
    return path


def _changed(changes: Changes, where: Document, place: KeyPath) -> dict[str, FieldChange]:
    return {
        key: FieldChange(key, value, where.position((*place, key), key=True))
        for key, value in changes.items()
    }
