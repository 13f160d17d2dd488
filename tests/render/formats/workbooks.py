"""Reads what a workbook holds, without the package that wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

Value: TypeAlias = str | float | bool | None

_SPACES = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {0: "General", 9: "0%", 10: "0.00%", 14: "m/d/yyyy"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class ReadCell:
    """A cell: text, a number, true or false, or nothing; and its number format."""

    value: Value
    format: str = "General"


Sheet: TypeAlias = list[list[ReadCell]]


@dataclass(frozen=True)
class Workbook:
    """The cells of each sheet by name, and all XML parts by name."""

    sheets: dict[str, Sheet]
    parts: dict[str, str]

    def values(self, name: str) -> list[list[Value]]:
        return [[cell.value for cell in row] for row in self.sheets[name]]


def read(content: bytes) -> Workbook:
    """Read a workbook."""
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    formats, shared = _formats(parts["xl/styles.xml"]), _shared(parts.get("xl/sharedStrings.xml"))
    relations = fromstring(parts["xl/_rels/workbook.xml.rels"])
    files = {relation.get("Id"): f"xl/{relation.get('Target')}" for relation in relations}
    sheets = {}
    for sheet in fromstring(parts["xl/workbook.xml"]).iterfind(".//s:sheet", _SPACES):
        page = fromstring(parts[files[sheet.get(_RELATION)]])
        sheets[sheet.get("name") or ""] = _rows(page, formats, shared)
    return Workbook(sheets, parts)


def _formats(styles: str) -> list[str]:
    root = fromstring(styles)
    own = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "")
        for each in root.iterfind("s:numFmts/s:numFmt", _SPACES)
    }
    known = _BUILT_IN | own
    used = (int(each.get("numFmtId", "0")) for each in root.iterfind("s:cellXfs/s:xf", _SPACES))
    return [known.get(number, f"built-in {number}") for number in used]


def _shared(strings: str | None) -> list[str]:
    return [] if strings is None else list(map(_text, fromstring(strings)))


def _text(item: Element) -> str:
    text = "".join(each.text or "" for each in item.iterfind(".//s:t", _SPACES))
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _rows(page: Element, formats: list[str], shared: list[str]) -> Sheet:
    sheet: Sheet = []
    for row in page.iterfind(".//s:sheetData/s:row", _SPACES):
        sheet += [[] for _ in range(int(row.get("r", "0")) - len(sheet))]
        for cell in row:
            at = _column(cell.get("r", ""))
            sheet[-1] += [ReadCell(None)] * (at - len(sheet[-1]))
            sheet[-1].append(ReadCell(_value(cell, shared), formats[int(cell.get("s", "0"))]))
    return sheet


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Element, shared: list[str]) -> Value:
    assert cell.find("s:f", _SPACES) is None, "a formula"
    kind, held = cell.get("t", "n"), cell.findtext("s:v", None, _SPACES)
    if kind == "inlineStr":
        return _text(cell)
    if held is None:
        return None
    if kind == "s":
        return shared[int(held)]
    assert kind in ("n", "b"), kind
    return held == "1" if kind == "b" else float(held)
