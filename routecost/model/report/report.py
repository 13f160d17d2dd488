"""Reports: tables, notes, findings, verbatim text and bar charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from routecost.model.report.cells import Amount, Cell, Code, Column, Quantity, Scalar, Unit, raw
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.report.line_figure import LineFigure, LinePanelsFigure
    from routecost.model.report.mix_figures import MixPanelsFigure, TernaryFigure
    from routecost.model.report.reliability_figure import ReliabilityFigure
    from routecost.model.report.sensitivity_figures import FrontierFigure, TornadoFigure
    from routecost.model.results.validation import RuleNote
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings for display and for code hosts, sorted; ``rules`` are those that ran.

    For formats that hold tables only, a report has the same findings as a table.
    """

    findings: tuple[Finding, ...]
    rules: tuple[RuleNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Verbatim text, such as an example; for display only."""

    title: str
    text: str
    language: str = "yaml"


class Audience(StrEnum):
    """The audience of a table: display and machine-readable formats may need different shapes of a result.

    Sheets are part of workbooks only.
    """

    ALL = "all"
    PEOPLE = "people"
    MACHINES = "machines"
    SHEETS = "sheets"


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; ``rows`` may be an iterator that can be consumed once.

    ``count`` is the number of rows if known and large, for a progress display.
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
    """A sentence for display: texts, code and quantities. ``warning`` marks a caveat."""

    parts: tuple[str | Code | Quantity, ...]
    warning: bool = False

    @classmethod
    def of(cls, *parts: str | Code | Quantity, warning: bool = False) -> Note:
        """Return the note with these parts."""
        return cls(parts, warning)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart; ``label`` is displayed instead of the value.

    A range is solid up to its low end; an unknown value has a label but no bar. ``calls`` is the part of the
    value that pays for calls, if failures are the rest.
    """

    name: str
    value: Amount
    label: str | None = None
    emphasis: bool = False
    is_baseline: bool = False
    calls: float | None = None


@dataclass(frozen=True, slots=True)
class BarFigure:
    """Horizontal bars, in order from the top.

    ``axis`` names the quantity and its unit. ``source`` is the source line: sheet, date and scenario.
    ``alt`` is the alternative text of the chart, for screen readers; ``footnote`` is a line below it.
    """

    title: str
    axis: str
    bars: tuple[Bar, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
    footnote: str | None = None


Figure: TypeAlias = (
    "BarFigure | FrontierFigure | LineFigure | LinePanelsFigure | MixPanelsFigure | ReliabilityFigure"
    "| TernaryFigure | TornadoFigure"
)
Block = Table | Note | FindingList | Listing


Meta = Mapping[str, Scalar | Mapping[str, Scalar] | Sequence[Scalar]]
"""The fields of JSON output beside the tables."""


@dataclass(frozen=True, slots=True)
class Report:
    """A command's result: ``meta`` goes to JSON, ``blocks`` are displayed in order.

    ``meta`` values are scalars or mappings of scalars; ``figure`` is drawn for ``--chart``. CSV holds
    the machine-readable table called ``main``, or the first one. ``parts`` are the sections of a document,
    in order, each under its title; their keys name them in JSON and in file names. ``marker`` makes it a
    comment that a later one with the same marker replaces, in formats for pull requests. ``shape`` names the
    kind of the result, if those of a command have different tables.
    """

    command: str
    title: str
    meta: Meta
    blocks: tuple[Block, ...]
    currency: str = "USD"
    figure: Figure | None = None
    version: int = 1
    parts: Mapping[str, Report] = field(default_factory=dict)
    main: str | None = None
    marker: str | None = None
    shape: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The machine-readable tables, in order."""
        return tuple(
            block
            for block in self.blocks
            if isinstance(block, Table) and block.audience in (Audience.ALL, Audience.MACHINES)
        )

    @property
    def sheets(self) -> tuple[Table, ...]:
        """The tables of a workbook, in order."""
        tables = (block for block in self.blocks if isinstance(block, Table))
        return tuple(table for table in tables if table.audience is not Audience.PEOPLE)

    @property
    def shown(self) -> tuple[Block, ...]:
        """The blocks for display, in order."""
        return tuple(
            block
            for block in self.blocks
            if not (isinstance(block, Table) and block.audience in (Audience.MACHINES, Audience.SHEETS))
        )
