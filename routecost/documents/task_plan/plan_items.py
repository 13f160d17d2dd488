"""Lines of a planner's text: list items, fields of items, rows of tables, and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from itertools import pairwise

from routecost.documents.task_plan.tier_text import short
from routecost.problems import Finding, Position
from routecost.records import dataclass

ARROW = re.compile("[\u2192\u21d2\u27f6\u2794\u279c\u27a1]\ufe0f?|[-=]+>")
MOST_CHARACTERS = 2_000
EXPECTED = 'expected a step such as "1. Extract the names -> haiku"'

_ITEM = re.compile(
    r"(?P<mark>(?:step|subtask|task) [0-9][0-9.]*(?: ?[.):\u2013\u2014-])?"
    r"|\(?[0-9]{1,4}(?:\.[0-9]{1,4})*[.):]"
    r"|[0-9]{1,4}(?:\.[0-9]{1,4})+|\(?[a-zA-Z][.)]|[-*+\u2022\u2013\u2014\u25e6\u25aa\u2023\u00b7])(?:\s|$)",
    re.IGNORECASE,
)
_BOX = re.compile(r"\[[ xX]\] ")
_TITLE = re.compile(r"task ?: ?(?P<title>.+)", re.IGNORECASE)
_HEAD = re.compile(r"(subtasks|steps|plan) ?:?$", re.IGNORECASE)
_FIELD = re.compile(r"(?P<key>[A-Za-z][A-Za-z ]{0,24}) ?[:=] ?(?P<value>\S.*)")
_ASIDE = re.compile(
    r"(?:notes?|assumptions?|rationale|reasoning|reasons?|risks?|caveats?|legend|tiers?|summary|totals?|why|"
    r"explanation|dependencies|estimated|costs?|key)\b",
    re.IGNORECASE,
)
_EMPHASIS = (
    (re.compile(r"\*\*|`|(?<!\w)__|__(?!\w)"), ""),
    (re.compile(r"(?<![\w*])\*(?=[^\s*0-9])([^*]*)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_]*)_(?!\w)"), r"\1"),
    (re.compile("[\u200b\u200c\u200d\u2060\ufeff]"), ""),
    (re.compile("[ \t\u00a0\u2007\u2009\u202f]+"), " "),
)
_RULE = frozenset("-*_= ")
_CELL = re.compile(r"(?<!\\)\|")

FIELDS = {
    **dict.fromkeys(
        ("tier", "model", "model tier", "assigned tier", "assigned to", "route", "executor"), "tier"
    ),
    **dict.fromkeys(("task type", "type", "category", "kind"), "task"),
    **dict.fromkeys(
        ("repeats", "repeat", "count", "calls", "times", "runs", "qty", "quantity", "n", "x"), "count"
    ),
    **dict.fromkeys(
        ("reason", "reasons", "why", "because", "rationale", "justification", "note", "notes"), "because"
    ),
    **dict.fromkeys(("reasoning", "comment", "comments", "remark"), "because"),
    **dict.fromkeys(("input", "inputs", "output", "outputs", "depends on", "dependencies", "goal"), "aside"),
    **dict.fromkeys(
        ("description", "details", "status", "tokens", "est tokens", "estimated tokens"), "aside"
    ),
    **dict.fromkeys(("expected output", "cost", "estimated cost", "priority", "risk", "complexity"), "aside"),
}
_COLUMNS = FIELDS | dict.fromkeys(
    (
        "step",
        "steps",
        "subtask",
        "subtasks",
        "task",
        "description",
        "action",
        "do",
        "what",
        "activity",
        "name",
    ),
    "do",
)
_NUMBERS = ("#", "no", "nr", "id", "number", "step #", "step no", "")


@dataclass
class Item:
    """A list item or a row: its text, or the parts of it that are given apart."""

    mark: str
    text: str
    indent: int
    where: Position
    line: str
    fields: dict[str, str] = field(default_factory=dict)
    is_row: bool = False

    @property
    def name(self) -> str:
        """The name of the item in messages."""
        return f'step "{" ".join(part for part in (self.mark, short(self.text)) if part)}"'


@dataclass
class PlanItems:
    """The items of a text; ``asides`` are lines that are no steps, ``strays`` those between steps."""

    file: str
    title: str | None = None
    items: list[Item] = field(default_factory=list)
    asides: list[Position] = field(default_factory=list)
    strays: list[tuple[int, Finding]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _columns: list[str] | None = None
    _is_aside: bool = False

    def read(self, text: str) -> None:
        """Read all lines."""
        lines = text.split("\n")
        for number, line in enumerate(lines, start=1):
            bare = plain(line)
            where = Position(self.file, number, len(line) - len(line.lstrip()) + 1)
            if len(line) > MOST_CHARACTERS:
                self._fault(f"the line is too long; the limit is {MOST_CHARACTERS:,} characters", where, "")
            elif not bare or bare.startswith(("```", "~~~")) or line.lstrip().startswith(("```", "~~~")):
                self._columns = None
            elif self._columns is None and (len(bare) < 3 or not _RULE.issuperset(bare)):
                self._line(bare, where, line, lines[number] if number < len(lines) else "")
            elif self._columns is not None:
                self._line(bare, where, line, "")

    def _line(self, bare: str, where: Position, line: str, after: str) -> None:
        if self._columns is not None and "|" in bare:
            self._row(line, where)
        elif "|" in bare and _is_rule(after):
            self._header(line, where)
        elif bare.startswith("|"):
            self._fault(f"a row of a table without a header; {EXPECTED}", where, line)
        else:
            self._columns = None
            self._text(bare, where, line)

    def _text(self, bare: str, where: Position, line: str) -> None:
        heading = bare.lstrip("#> ")
        is_heading, is_quote = bare.startswith("#"), bare.startswith(">")
        item = _ITEM.match(heading)
        title = _TITLE.match(heading)
        if title and not self.items and not (ARROW.search(heading) and item):
            self.title = title["title"].strip()
        elif _HEAD.match(heading):
            self._is_aside = False
        elif item and not (is_heading and not self._may_be_step(heading)):
            self._item(item["mark"].strip(), heading[item.end() :].strip(), where, line)
        elif is_heading and ARROW.search(heading):
            self._item("#", heading, where, line)
        elif is_heading or (heading.endswith(":") and not ARROW.search(heading)):
            self._is_aside = bool(_ASIDE.match(heading))
            self.asides.append(where)
        elif not self._field(heading, where, is_item=False):
            self._prose(heading, where, line, is_quote)

    @staticmethod
    def _may_be_step(heading: str) -> bool:
        return (
            bool(ARROW.search(heading))
            or heading[0].isdigit()
            or heading.lower().startswith(("step", "subtask"))
        )

    def _item(self, mark: str, text: str, where: Position, line: str) -> None:
        box = _BOX.match(text)
        text = text[box.end() :] if box else text
        is_bullet = not any(character.isalnum() for character in mark)
        if is_bullet and self._field(text, where, is_item=True):
            return
        if self._is_aside and not ARROW.search(text):
            self.asides.append(where)
            return
        self.items.append(Item(mark, text, where.column, where, line))

    def _field(self, text: str, where: Position, *, is_item: bool) -> bool:
        """Read a line such as ``Tier: Haiku`` into the item above; return whether it is one."""
        match = _FIELD.match(text)
        key = FIELDS.get(match["key"].strip().lower()) if match else None
        if match is None or key is None or not self.items or self._is_aside:
            return False
        above = self.items[-1]
        if above.is_row or (key in ("because", "aside") and where.column <= above.indent and not is_item):
            return False
        if key not in ("aside", "because") and key in above.fields:
            self._fault(f"{above.name} states its {key} twice", where, "")
        elif key == "aside" or (key == "because" and key in above.fields):
            self.asides.append(where)
        else:
            above.fields[key] = match["value"].strip()
        return True

    def _prose(self, text: str, where: Position, line: str, is_quote: bool) -> None:
        above = self.items[-1] if self.items else None
        arrow = ARROW.search(text)
        if above and not above.is_row and where.column > above.indent and not ARROW.search(above.text):
            above.text = f"{above.text} {text}"  # a long step on two lines
        elif arrow:
            self._fault(f'"{short(text)}" is not a step; {EXPECTED}', where, line)
        elif is_quote or _ASIDE.match(text) or (above and where.column > above.indent):
            self.asides.append(where)
        else:
            fault = Finding(f'"{short(text)}" is not a step; {EXPECTED}', where, source_line=line)
            self.strays.append((len(self.items), fault))

    def _header(self, line: str, where: Position) -> None:
        names = [re.sub(r"[.:?]", "", cell).strip().lower() for cell in _cells(line)]
        columns = ["number" if name in _NUMBERS else _COLUMNS.get(name, "") for name in names]
        self._columns = columns
        for name, column in zip(names, columns, strict=True):
            if not column:
                known = '"step", "tier", "task type", "repeats" or "reason"'
                self._fault(f'unknown column "{short(name)}" of a table; expected {known}', where, line)
        for wanted, label in (("do", "steps"), ("tier", "tiers")):
            if wanted not in columns:
                self._fault(f"the table has no column of {label}; {EXPECTED}", where, line)
        for wanted in ("tier", "count", "task"):
            if columns.count(wanted) > 1:
                self._fault(
                    f"the table has {columns.count(wanted)} columns for {wanted}; expected one", where, line
                )
        if "aside" in columns:
            self.asides.append(where)

    def _row(self, line: str, where: Position) -> None:
        columns, cells = self._columns or [], _cells(line)
        if _is_rule(line):
            return
        if len(cells) != len(columns):
            self._fault(
                f"{len(cells)} cells in a row; the header of the table has {len(columns)}", where, line
            )
            return
        parts: dict[str, list[str]] = {}
        for column, cell in zip(columns, cells, strict=True):
            if cell:
                parts.setdefault(column, []).append(cell)
        do = parts.pop("do", [])
        texts = [cell for cell in do if not re.fullmatch(r"[0-9.]+", cell)]
        fields = {
            key: "; ".join(value)
            for key, value in parts.items()
            if key in ("tier", "task", "count", "because")
        }
        self.items.append(
            Item("|", ": ".join(texts or do), where.column, where, line, {"tier": "", **fields}, True)
        )

    def _fault(self, message: str, where: Position, line: str) -> None:
        self.findings.append(Finding(message, where, source_line=line or None))


def plain(line: str) -> str:
    """Return a line without emphasis, code marks and repeated spaces."""
    for pattern, replacement in _EMPHASIS if len(line) <= MOST_CHARACTERS else ():
        line = pattern.sub(replacement, line)
    return line.strip()


def _cells(line: str) -> list[str]:
    row = plain(line).removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    return [cell.replace("\\|", "|").strip() for cell in _CELL.split(row)]


def _is_rule(line: str) -> bool:
    return "-" in line and "|" in line and set(line.strip()) <= set("|-: ")


def groups(items: list[Item]) -> Iterator[Item]:
    """Yield the items that only head the items below them, which are indented further."""
    for item, below in pairwise(items):
        if below.indent > item.indent and not item.is_row:
            yield item
