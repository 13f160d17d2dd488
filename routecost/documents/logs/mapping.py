"""The document type of mappings: which columns of a log hold what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.scalars import Flag, Name, Text, Version, reads_meter
from routecost.documents.logs.columns import NumberField, TextField, TimeField, Value, number_of
from routecost.model.logs.cells import COUNTED
from routecost.problems import did_you_mean

TEXTS = ("id", "session", "task", "agent", "task_type", "outcome", "mode", "currency", "provider")
"""The texts of a call besides its model."""

CountedMeter = Annotated[str, reads_meter(COUNTED)]
Values = Annotated[
    Any,
    OneOf(
        "a value, or a list of values",
        {"one": Value, "list": tuple[Value, ...]},
        lambda data: "one" if isinstance(data, str) else "list" if isinstance(data, list) else None,
    ),
]


@document
class MappingDocument:
    """The columns of a log, and what they hold. In JSON, a.b.c is a path."""

    version: Version
    mapping: Name
    model: TextField
    time: TimeField | None = None
    meters: dict[CountedMeter, NumberField] = field(default_factory=dict)
    meter: TextField | None = None
    quantity: NumberField | None = None
    calls: NumberField | None = None
    cost: NumberField | None = None
    currency: TextField | None = None
    mode: TextField | None = None
    id: TextField | None = None
    session: TextField | None = None
    task: TextField | None = None
    agent: TextField | None = None
    task_type: TextField | None = None
    outcome: TextField | None = None
    provider: TextField | None = None
    variant: TextField | None = None
    effort: TextField | None = None
    labels: dict[Name, TextField] = field(default_factory=dict)
    tags: Name | None = None
    scores: Name | None = None
    where: dict[Name, Values] = field(default_factory=dict)
    recognise: tuple[Name, ...] = ()
    sums: Flag = False
    description: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for rows without usage, unknown included meters, and costs without a currency."""
        long = [name for name in ("meter", "quantity") if getattr(self, name) is not None]
        if bool(self.meters) == bool(long) or len(long) == 1:
            yield Fault('expected "meters", or "meter" and "quantity"', tuple(long[:1]))
        for meter, given in self.meters.items():
            for index, name in enumerate(number_of(given).includes):
                if name not in self.meters or name == meter:
                    others = [other for other in self.meters if other != meter]
                    message = f'"{name}" is not among the other meters{did_you_mean(name, others)}'
                    yield Fault(message, ("meters", meter, "includes", index))
        if (self.cost is None) != (self.currency is None):
            given = "cost" if self.currency is None else "currency"
            yield Fault('expected both "cost" and "currency", or none of them', (given,))


MAPPING: DocumentKind[MappingDocument] = DocumentKind("mapping", MappingDocument)
