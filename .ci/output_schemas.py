"""Write schemas/output/ from the reports of many commands.

A report declares its columns with their units; its other values are observed. Every command of the golden
cases and of the tests of output files is run, and a schema states what their reports have in common.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the code and the tests of this checkout, not of an installed one
from routecost.cli import output  # noqa: E402
from routecost.cli.app import run  # noqa: E402
from routecost.model.report.cells import Scalar, Unit, raw  # noqa: E402
from routecost.model.report.report import Report, Table  # noqa: E402
from routecost.render.raw_values import schema_name  # noqa: E402
from tests.cli import test_charts, test_output_files  # noqa: E402

PUBLISHED = ROOT / "schemas" / "output"
GOLDEN = ROOT / "tests" / "golden" / "cases"
SCALAR = {"type": ["string", "number", "boolean", "null"]}
"""Any value of a column that is added later, or that has the name of a tier, a meter or a field."""
BY_TAG = "by_tag_"
UNITS = {
    Unit.MONEY: "money in the currency of the output",
    Unit.SHARE: "a fraction: 0.8 is 80%",
    Unit.CHANGE: "a change as a fraction: -0.2 is 20% less",
    Unit.COUNT: "a count",
    Unit.NUMBER: "a number",
    Unit.SECONDS: "seconds",
    Unit.DATE: "a date, YYYY-MM-DD",
    Unit.FLAG: "true or false",
    Unit.TEXT: "",
    Unit.EXACT: "a number with all its digits",
    Unit.TIME: "a time in UTC",
}
KINDS = {Unit.TEXT: None, Unit.DATE: "date", Unit.TIME: "string", Unit.FLAG: "boolean"}
"""The kinds of values of a unit; numbers for all others, and for texts whatever is observed."""
NAMED = ("parameters", "records", "skipped", "assumptions", "refused", "total")
"""Objects beside the tables whose members have names of the user's documents, or of meters."""
SURE = 3
"""The observations from which on what was always there is taken to be always there."""
OF_SCENARIOS = (
    *(["compare", "--explain", "--by", "owner", "--by", "task_type"], ["check"], ["breakeven"]),
    *(["project", "--by", "model"], ["sweep", "--tornado"], ["sweep", "--mix", "--step", "50%"]),
)
LOGS = ("../calls.jsonl", "--pricing", "claude-2026-11")
OF_LOGS = (
    *(["usage", *LOGS, "--by", key] for key in ("task_type", "tier", "week", "outcome")),
    *(["usage", *LOGS, "--compare", "2026-11-16", day] for day in ("2026-11-18", "2026-11-20")),
    *(
        ["replay", *LOGS, "--table", table, "--task-type", "=extraction"]
        for table in ("article", "../table.yaml")
    ),
    ["replay", *LOGS, "--pricing", "claude-2026-02"],
    *(["calibrate", *LOGS, *more] for more in ([], ["--since", "2026-11-01"])),
)
PORTFOLIO = str(GOLDEN / "report-portfolio" / "portfolio.yaml")
TEAMS = str(GOLDEN / "compare-by-owner-json" / "teams.yaml")
PLAIN = "version: 1\nscenarios: [{scenario: ./fleet.yaml}]\n"
OF_PORTFOLIOS = (
    ["compare", "plain.yaml"],
    ["project", "plain.yaml"],
    ["report", "plain.yaml"],
    ["check", "plain.yaml"],
)
OTHERS = (
    *(
        ["sweep", scenario, "--over", field]
        for scenario, field in (
            ("growth-plan", "plan.growth.1.rate=1%,2%"),
            ("article-fleet", "plan.growth=0:4%:2%"),
            ("failure-modes", "plan.growth=0,2%"),
            ("uncertain-fleet", "plan.growth=0,2%"),
        )
    ),
    *([command, TEAMS, "--by", "tag:product"] for command in ("compare", "project")),
    *(
        [command, PORTFOLIO, *more]
        for command in ("compare", "project", "report", "check")
        for more in ([], ["--by", "owner"], ["--by", "provider"])
    ),
    *(
        ["table", "article", *more]
        for more in ([], ["--pricing", "claude-2026-11"], ["--scenario", "support-desk"])
    ),
    *(
        ["pricing", "list"],
        ["rules"],
        ["rules", "RT101"],
        ["pricing", "models"],
        ["pricing", "models", "anthropic"],
    ),
)


def kind_of(value: object) -> str:
    """Return the kind of a value in JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "date"
    if isinstance(value, Decimal | int | float):
        return "number"
    return "string"


def typed(kinds: Iterable[str]) -> dict[str, Any]:
    """Return the schema of a scalar of these kinds; any scalar if nothing but null was observed."""
    known = set(kinds)
    if not known - {"null"}:
        return dict(SCALAR)
    names = ["string" if one == "date" else one for one in sorted(known - {"null"})]
    names = [*dict.fromkeys(names), *(["null"] if "null" in known else [])]
    body: dict[str, Any] = {"type": names[0] if len(names) == 1 else names}
    if "date" in known and "string" not in known:
        body["format"] = "date"
        body["pattern"] = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    return body


@dataclass
class Members:
    """The members of an object: their kinds, and how often each was there."""

    times: int = 0
    kinds: dict[str, set[str]] = field(default_factory=dict)
    present: Counter[str] = field(default_factory=Counter)

    def add(self, members: Mapping[str, Scalar]) -> None:
        """Add an object."""
        self.times += 1
        for key, value in members.items():
            self.kinds.setdefault(key, set()).add(kind_of(value))
            self.present[key] += 1

    @property
    def required(self) -> list[str]:
        """The members that are always there."""
        return [key for key in self.kinds if self.present[key] == self.times >= SURE]


@dataclass
class Columns(Members):
    """The columns of a table, as declared; ``families`` are those with names of the user's documents."""

    units: dict[str, set[Unit]] = field(default_factory=dict)
    labels: dict[str, set[str]] = field(default_factory=dict)
    families: dict[str, Unit] = field(default_factory=dict)

    def add_table(self, table: Table) -> None:
        """Add a table whose rows are a list."""
        self.times += 1
        for at, column in enumerate(table.columns):
            if column.each is not None:
                self.families[column.each] = column.unit
                continue
            self.units.setdefault(column.key, set()).add(column.unit)
            self.labels.setdefault(column.key, set()).add(column.label)
            self.kinds.setdefault(column.key, set()).update(kind_of(raw(row[at])) for row in table.rows)
            self.present[column.key] += 1

    def schema(self) -> dict[str, Any]:
        """Return the schema of the table: a list of rows."""
        each = [f"one column for each {name}: {UNITS[unit]}" for name, unit in self.families.items()]
        row: dict[str, Any] = {"type": "object"}
        if each:
            row["description"] = f"Also {'; '.join(each)}."
        row["properties"] = {key: self._column(key) for key in self.kinds}
        return {"type": "array", "items": row | {"required": self.required, "additionalProperties": SCALAR}}

    def _column(self, key: str) -> dict[str, Any]:
        units, labels = self.units[key], {label for label in self.labels[key] if says_more(label, key)}
        declared = {KINDS.get(unit, "number") for unit in units}
        if None in declared:
            is_head = key == next(iter(self.kinds)) and self.present[key] >= SURE
            kinds = self.kinds[key] | (set() if is_head and "null" not in self.kinds[key] else {"null"})
        else:
            kinds = {*filter(None, declared), "null"}
            assert self.kinds[key] <= kinds, (key, self.kinds[key], kinds)
        parts = [*(labels if len(labels) == 1 else ()), *(UNITS[unit] for unit in units if len(units) == 1)]
        about = ": ".join(part for part in parts if part)
        return {**({"description": about} if about else {}), **typed(kinds)}


@dataclass
class Shape:
    """What was observed of the reports of a command that have the same shape."""

    times: int = 0
    scalars: Members = field(default_factory=Members)
    lists: dict[str, set[str]] = field(default_factory=dict)
    mappings: dict[str, Members] = field(default_factory=dict)
    tables: dict[str, Columns] = field(default_factory=dict)
    parts: dict[str, str | dict[str, Shape]] = field(default_factory=dict)
    present: Counter[str] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Add a report whose rows are lists."""
        self.times += 1
        self.scalars.times += 1
        for key, value in report.meta.items():
            self.present[key] += 1
            if isinstance(value, Mapping):
                self.mappings.setdefault(key, Members()).add(value)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                self.lists.setdefault(key, set()).update(map(kind_of, value))
            else:
                self.scalars.kinds.setdefault(key, set()).add(kind_of(value))
        for table in report.tables:
            name = BY_TAG if table.name.startswith(BY_TAG) else table.name
            self.tables.setdefault(name, Columns()).add_table(table)
            self.present[name] += 1
        for name, part in report.parts.items():
            self.present[name] += 1
            if part.command != report.command:
                self.parts[name] = schema_name(part)
            else:
                own = self.parts.setdefault(name, {})
                assert isinstance(own, dict)
                own.setdefault(part.shape, Shape()).add(part)

    def schema(self, known: Known, name: str | None) -> dict[str, Any]:
        """Return the schema of the reports; with a ``name``, they state it."""
        properties: dict[str, Any] = {} if name is None else {"schema": {"const": name}}
        for key in self.present:
            if key in self.parts:
                properties[key] = self._part(key, known)
            elif key in self.tables:
                properties[key] = self.tables[key].schema()
            else:
                properties[key] = self._meta(key, known)
        properties["notes"] = {"type": "array", "items": {"type": "string"}}
        always = [key for key in self.present if self.present[key] == self.times >= SURE and key != BY_TAG]
        tagged = properties.pop(BY_TAG, None)
        return {
            "type": "object",
            "properties": properties,
            **({} if tagged is None else {"patternProperties": {f"^{BY_TAG}": tagged}}),
            "required": [*([] if name is None else ["schema"]), *always],
        }

    def _part(self, key: str, known: Known) -> dict[str, Any]:
        part = self.parts[key]
        if isinstance(part, str):
            return {"$ref": f"#/$defs/{part.replace('/', '~1').replace(' ', '%20')}"}
        return any_of([shape.schema(known, None) for shape in part.values()])

    def _meta(self, key: str, known: Known) -> dict[str, Any]:
        """Return the schema of a value beside the tables: a scalar, a list or an object, or one of these."""
        options: list[dict[str, Any]] = []
        if key in self.mappings:
            options.append(self._mapping(key, known))
        if key in self.lists:
            items = typed(self.lists[key]) if self.lists[key] else SCALAR
            options.append({"type": "array", "items": items})
        if key in self.scalars.kinds:
            kinds = self.scalars.kinds[key]
            options.append(known.scalar(key, kinds if options else kinds | {"null"}))
        return any_of(options)

    def _mapping(self, key: str, known: Known) -> dict[str, Any]:
        members = self.mappings[key]
        if key in NAMED:
            kinds = set[str]().union(*members.kinds.values())
            return {"type": "object", "additionalProperties": typed(kinds | {"null"})}
        properties = {name: known.scalar(name, kinds | {"null"}) for name, kinds in members.kinds.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": members.required,
            "additionalProperties": SCALAR,
        }

    def references(self) -> Iterator[str]:
        """Yield the schemas of parts of other commands."""
        for part in self.parts.values():
            if isinstance(part, str):
                yield part
            else:
                for shape in part.values():
                    yield from shape.references()


def says_more(label: str, key: str) -> bool:
    """Return whether a label has words that a key has not."""
    return not set(label.split()) <= set(key.split("_"))


def any_of(options: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of what fits one of several."""
    return options[0] if len(options) == 1 else {"anyOf": list(options)}


@dataclass
class Known:
    """The units of columns, for values beside tables of the same name."""

    units: Mapping[str, Unit]

    @classmethod
    def of(cls, shapes: Iterable[Shape]) -> Known:
        """Return the units of columns that have the same one in all tables."""
        units: dict[str, set[Unit]] = {}
        for shape in shapes:
            for table in shape.tables.values():
                for key, stated in table.units.items():
                    units.setdefault(key, set()).update(stated)
        return cls({key: next(iter(one)) for key, one in units.items() if len(one) == 1})

    def scalar(self, key: str, kinds: set[str]) -> dict[str, Any]:
        """Return the schema of a value, with its unit if it is a number."""
        about = UNITS[self.units[key]] if key in self.units and "number" in kinds else ""
        return {**({"description": about} if about else {}), **typed(kinds)}


Observed = dict[str, dict[str, Shape]]
"""The shapes of reports by the name of their schema."""


def schemas(observed: Observed) -> dict[str, dict[str, Any]]:
    """Return the schema of each output by its name."""
    known = Known.of([shape for shapes in observed.values() for shape in shapes.values()])
    bodies = {
        name: any_of(
            [
                ({"title": title or "default"} if len(shapes) > 1 else {}) | shape.schema(known, name)
                for title, shape in sorted(shapes.items())
            ]
        )
        for name, shapes in observed.items()
    }
    whole = {}
    for name, shapes in observed.items():
        parts = sorted({part for shape in shapes.values() for part in shape.references()})
        defs = {"$defs": {part: bodies[part] for part in parts}} if parts else {}
        head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name}
        about = "Numbers are not rounded, and what is unknown is null. More members and columns may be added."
        whole[name] = {**head, "description": about, **bodies[name], **defs}
    return whole


@contextmanager
def observing() -> Iterator[Observed]:
    """Note the reports that commands write within the context."""
    observed: Observed = {}
    emit = output._emit

    def noting(report: Report, *others: Any) -> None:
        if report.command == "focus":  # rows of another standard, never JSON
            return emit(report, *others)
        report = listed(report)
        for one in (report, *report.parts.values()):
            if one is report or one.command != report.command:
                observed.setdefault(schema_name(one), {}).setdefault(one.shape, Shape()).add(one)
        return emit(report, *others)

    output._emit = cast(Any, noting)
    try:
        yield observed
    finally:
        output._emit = emit


def listed(report: Report) -> Report:
    """Return a report whose rows are lists."""
    blocks = [
        replace(block, rows=list(block.rows)) if isinstance(block, Table) else block
        for block in report.blocks
    ]
    return replace(
        report, blocks=tuple(blocks), parts={name: listed(part) for name, part in report.parts.items()}
    )


def observe() -> Observed:
    """Run all commands, and return what they wrote."""
    os.environ.pop("ROUTECOST_LIBRARY", None)
    with observing() as observed:
        for command in sorted(GOLDEN.glob("*/cmd")):
            with TemporaryDirectory() as folder, chdir(shutil.copytree(command.parent, Path(folder, "work"))):
                code = command.with_name("code")
                expected = int(code.read_text(encoding="utf-8")) if code.exists() else 0
                quietly(shlex.split(command.read_text(encoding="utf-8")), {expected})
        for name in test_output_files.CASES:
            with TemporaryDirectory() as folder, chdir(folder):
                test_output_files.lay_out(Path(folder))
                quietly(test_output_files.arguments(name))
        with TemporaryDirectory() as folder, chdir(folder):
            test_output_files.lay_out(Path(folder))
            Path("plain.yaml").write_text(PLAIN, encoding="utf-8")
            for words in OF_PORTFOLIOS:
                quietly(words)
        with TemporaryDirectory() as folder, chdir(test_charts.lay_out(Path(folder))):
            for words in test_charts.CASES.values():
                quietly(words)
            for words in OF_LOGS:
                quietly(words)
        for scenario in sorted((ROOT / "scenarios").glob("*.yaml")):
            for words in OF_SCENARIOS:
                quietly([words[0], scenario.stem, *words[1:]])
        for words in OTHERS:
            quietly(words)
    return observed


def quietly(words: Sequence[str], expected: Container[int] = (0, 1, 2)) -> None:
    """Run a command line without its output. Raises SystemExit for an unexpected exit code."""
    errors = StringIO()
    code = run(words, stdout=StringIO(), stderr=errors)
    if code not in expected:
        raise SystemExit(f"exit code {code} of: {shlex.join(words)}\n{errors.getvalue()}")


def file_name(name: str) -> str:
    """Return the name of the file of a schema: ``compare.json`` for ``routecost.compare/1``."""
    command, _, version = name.removeprefix("routecost.").partition("/")
    return f"{command.replace(' ', '-')}{'' if version == '1' else f'-{version}'}.json"


def texts() -> dict[str, str]:
    """Return the texts of the published schemas by file name."""
    found = schemas(observe())
    return {
        file_name(name): json.dumps(found[name], indent=2, ensure_ascii=False) + "\n"
        for name in sorted(found)
    }


if __name__ == "__main__":
    PUBLISHED.mkdir(exist_ok=True)
    for file, text in texts().items():
        (PUBLISHED / file).write_text(text, encoding="utf-8", newline="\n")
