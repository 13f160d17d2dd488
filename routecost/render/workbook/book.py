"""A workbook with sheets of unique names and one format per look."""

from __future__ import annotations

import re
from datetime import datetime
from types import ModuleType
from typing import Any, BinaryIO

from routecost.render.escape import sanitize

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TEXT = 16_000
"""Characters kept of a text: Excel takes 32,767 units of UTF-16, and a character has up to two."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  workbooks have no time zones
"""The date of every workbook, so that it changes only with its data."""


class Book:
    """A workbook in the making; ``target`` is a path or a sink of bytes.

    With ``folder``, rows are kept in files there while they are written.
    """

    def __init__(
        self, xlsxwriter: ModuleType, target: str | BinaryIO, title: str, folder: str | None
    ) -> None:
        options: dict[str, Any] = {"in_memory": folder is None, "use_zip64": True}
        if folder is not None:
            options |= {"constant_memory": True, "tmpdir": folder}
        self.workbook: Any = xlsxwriter.Workbook(target, options)
        self.workbook.set_properties({"title": written(title)[:255], "author": "routecost", "created": _MADE})
        self._has_files = folder is not None
        self._file_error: type[Exception] = xlsxwriter.exceptions.FileCreateError
        self._names = {"history"}  # Excel keeps this name for itself
        self._looks: dict[tuple[tuple[str, object], ...], Any] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the workbook, unless an exception was raised; OSError if a disk is full, say."""
        try:
            if kind is None:
                self.workbook.close()
        except self._file_error as error:
            raise error.args[0] from None
        finally:
            for sheet in self.workbook.worksheets() if self._has_files else ():
                sheet.row_data_fh.close()

    def name(self, wanted: str) -> str:
        """Return a name that no other sheet has, and that Excel takes."""
        base = _FORBIDDEN.sub("-", sanitize(wanted)).strip("' ") or "sheet"
        name, number = base[:_LONGEST_NAME].rstrip("' "), 1
        while name.casefold() in self._names:
            number += 1
            end = f" {number}"
            name = base[: _LONGEST_NAME - len(end)] + end
        self._names.add(name.casefold())
        return name

    def sheet(self, name: str) -> Any:
        """Add a sheet, with a name from :meth:`name`."""
        return self.workbook.add_worksheet(name)

    def look(self, **properties: object) -> Any:
        """Return the format of cells with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._looks[key]


def written(text: str) -> str:
    """Return text as a cell has it: without harmful characters, and cut if Excel would cut it."""
    safe = sanitize(text)
    return safe if len(safe) <= _LONGEST_TEXT else f"{safe[:_LONGEST_TEXT]} ... (cut)"


def write_text(sheet: Any, row: int, at: int, text: str, look: Any) -> None:
    """Write text as text, whatever it looks like: never a formula, a link or a number."""
    safe = written(text)
    if safe.startswith("<r>") and safe.endswith("</r>"):  # XlsxWriter would take it for XML
        sheet.write_rich_string(row, at, look, safe[:1], look, safe[1:], look)
    else:
        sheet.write_string(row, at, safe, look)
