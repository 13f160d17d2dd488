"""Parts of a report beside tables and notes: findings, and text that stands as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from routecost.model.report.cells import Cell, Column, Quantity, Scalar, Unit, raw

if TYPE_CHECKING:
    from routecost.model.report.line_figure import LineFigure, LinePanelsFigure
    from routecost.model.report.mix_figures import MixPanelsFigure, TernaryFigure
    from routecost.model.report.sensitivity_figures import FrontierFigure, TornadoFigure
    from routecost.model.results.validation import RuleNote
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings for people and for code hosts, sorted; ``rules`` are those that were run.

    For machines that read tables, a report holds the same findings as a table.
    """

    findings: tuple[Finding, ...]
    rules: tuple[RuleNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A text whose lines and blanks stand as they are, such as an example, for people only."""

    title: str
    text: str
    language: str = "yaml"


class Audience(StrEnum):
    """Who a table is for: one shape of a result may suit people, another machines."""

    ALL = "all"
    PEOPLE = "people"
    MACHINES = "machines"


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; ``rows`` may be an iterator that can be consumed once.

    ``count`` is how many rows there are, where that is known and many, for showing progress.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    title: str | None = None
    audience: Audience = Audience.ALL
    count: int | None = None

    def records(self) -> Iterator[dict[str, Scalar]]:
        """Yield each row as a dict from column key to raw value."""
        keys = [column.key for column in self.columns]
        for row in self.rows:
            yield {key: raw(cell) for key, cell in zip(keys, row, strict=True)}


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for people: texts and quantities. ``warning`` says that a figure needs care."""

    parts: tuple[str | Quantity, ...]
    warning: bool = False

    @classmethod
    def of(cls, *parts: str | Quantity, warning: bool = False) -> Note:
        """Return the note made of these parts."""
        return cls(parts, warning)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart; ``label`` is what people read instead of the value, such as a range."""

    name: str
    value: float
    label: str | None = None
    emphasis: bool = False
    is_baseline: bool = False


@dataclass(frozen=True, slots=True)
class BarFigure:
    """Horizontal bars in the order given, from the top.

    ``axis`` names what is measured, in which unit. ``source`` is the line below: sheet, date and
    scenario. ``alt`` says in a sentence or two what the chart shows, for those who cannot see it.
    """

    title: str
    axis: str
    bars: tuple[Bar, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None


Figure: TypeAlias = (
    "BarFigure | FrontierFigure | LineFigure | LinePanelsFigure | MixPanelsFigure | TernaryFigure"
    "| TornadoFigure"
)
Block = Table | Note | FindingList | Listing


Meta = Mapping[str, Scalar | Mapping[str, Scalar] | Sequence[Scalar]]
"""What JSON says beside the tables."""


@dataclass(frozen=True, slots=True)
class Report:
    """A command's result: ``meta`` goes to JSON, ``blocks`` are shown in order.

    ``meta`` values are scalars or mappings of scalars; ``figure`` is drawn for ``--chart``.
    The first table for machines is the one that CSV holds. ``parts`` make a document of it: they
    follow in order, each under its title; their keys name them in JSON and in names of files.
    """

    command: str
    title: str
    meta: Meta
    blocks: tuple[Block, ...]
    currency: str = "USD"
    figure: Figure | None = None
    version: int = 1
    parts: Mapping[str, Report] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables for machines, in order."""
        return tuple(
            block
            for block in self.blocks
            if isinstance(block, Table) and block.audience is not Audience.PEOPLE
        )

    @property
    def shown(self) -> tuple[Block, ...]:
        """The blocks for people, in order."""
        return tuple(
            block
            for block in self.blocks
            if not (isinstance(block, Table) and block.audience is Audience.MACHINES)
        )
