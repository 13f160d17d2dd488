"""Conversion of text offsets to lines and columns, and findings at offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from routecost.problems import Finding, Position, Severity
from routecost.records import dataclass

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Places:
    """A text of a file; offsets count characters from 0, lines and columns from 1."""

    file: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    @cached_property
    def _lines(self) -> dict[int, str]:
        """Cache of lines, so that many findings on one very long line share its text."""
        return {}

    @property
    def line_break(self) -> str:
        """The first line break of the text, or a line feed if there is none."""
        match = _LINE_BREAK.search(self.text)
        return match.group() if match else "\n"

    def position(self, offset: int) -> Position:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Position(self.file, line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str | None:
        """Return a line without its line break, or None if the text has no such line."""
        if not 1 <= number <= len(self._starts) or self._starts[number - 1] >= len(self.text):
            return None
        if number not in self._lines:
            start = self._starts[number - 1]
            self._lines[number] = self.text[start : self.line_end(start)]
        return self._lines[number]

    def line_end(self, offset: int) -> int:
        """Return the offset of the next line break, or of the end of the text."""
        match = _LINE_BREAK.search(self.text, offset)
        return match.start() if match else len(self.text)

    def finding(self, message: str, offset: int) -> Finding:
        """Return an error at an offset."""
        return self.finding_at(message, self.position(offset))

    def finding_at(self, message: str, position: Position, severity: Severity = Severity.ERROR) -> Finding:
        """Return a finding at a position, with its source line if it is in this file."""
        source_line = self.line(position.line) if position.file == self.file else None
        return Finding(message, position, severity, source_line=source_line)
