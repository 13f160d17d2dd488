"""Reading of the cost reports of providers: pages of their APIs, JSON lines of such pages, or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from types import ModuleType

import msgspec

from routecost.errors import DocumentError, UsageError
from routecost.file_access import MAX_BYTES
from routecost.ingest.logs.call import BadRecordError, Page
from routecost.ingest.logs.costs import anthropic, openai
from routecost.ingest.logs.costs.table import cost_rows
from routecost.ingest.logs.dialects.report_pages import page_of, row_ids
from routecost.ingest.logs.files import log_files, opened
from routecost.ingest.logs.items import MISSING_PAGES, missing_pages
from routecost.model.logs.costs import CostLine
from routecost.problems import Finding, Position
from routecost.records import dataclass

REPORTS: dict[str, ModuleType] = {module.NAME: module for module in (anthropic, openai)}
_MOST = 20 * MAX_BYTES
_EXPECTED = "Anthropic's cost report, OpenAI's costs, or CSV with the columns day and amount"


@dataclass(frozen=True, slots=True)
class ReportedCosts:
    """The costs of reports, each row once, and ``notes`` on what is missing, with how often."""

    lines: list[CostLine]
    notes: dict[str, int] = field(default_factory=dict)


@dataclass
class _Reading:
    lines: list[CostLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    by_id: dict[str, CostLine] = field(default_factory=dict)

    def fault(self, file: Path, reason: str, line: int = 1, column: int = 1) -> None:
        self.findings.append(Finding(reason, Position(str(file), line, column)))


def read_costs(paths: Sequence[str | Path]) -> ReportedCosts:
    """Read cost reports (files, folders, globs).

    A row that several pages repeat counts once, as in the last file. Raises UsageError for a file that is no
    cost report, DocumentError with all faults of all files.
    """
    reading = _Reading()
    for file in log_files(paths):
        _read(file, reading)
    if reading.findings:
        raise DocumentError(reading.findings)
    missing = missing_pages(reading.pages)
    return ReportedCosts(
        [*reading.lines, *reading.by_id.values()], {MISSING_PAGES: missing} if missing else {}
    )


def _read(file: Path, reading: _Reading) -> None:
    with opened(file) as stream:
        data = stream.read(_MOST + 1)
    if len(data) > _MOST:
        raise UsageError(f'"{file}" is larger than {_MOST:,} bytes; expected {_EXPECTED}')
    if data.lstrip()[:1] != b"{":
        _read_table(file, data, reading)
        return
    for line, page in _pages(data):
        try:
            _read_page(file, line, page, reading)
        except (BadRecordError, msgspec.ValidationError) as error:
            reading.fault(file, str(error), line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            reading.fault(file, "it is not valid JSON", line)


def _pages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the page of a document, or the pages of JSON lines, with their lines."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        msgspec.json.decode(data, type=msgspec.Raw)
        yield 1, data
        return
    for number, line in enumerate(data.splitlines(), 1):
        if not line.isspace() and line:
            yield number, line


def _read_page(file: Path, line: int, data: bytes, reading: _Reading) -> None:
    sample = msgspec.json.decode(data)
    report = next((report for report in REPORTS.values() if report.matches(sample)), None)
    if report is None:
        raise UsageError(f'cannot recognise the costs in "{file}"; expected {_EXPECTED}')
    page, rows = page_of(report.NAME, data)
    if page is not None:
        reading.pages.append(page)
    for row, key in row_ids(report.NAME, rows):
        try:
            reading.by_id[key] = report.cost_line(row)
        except (BadRecordError, msgspec.ValidationError) as error:
            reading.fault(file, f"{row.place}: {error}", line)


def _read_table(file: Path, data: bytes, reading: _Reading) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f'"{file}" is not UTF-8 text; expected {_EXPECTED}') from None
    for line, column, cost in cost_rows(text):
        if isinstance(cost, str):
            reading.fault(file, cost, line, column)
        else:
            reading.lines.append(cost)
