"""The two sides of a change: the bill and the findings of each."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from routecost.api.scenarios import day_of, open_file, priced
from routecost.documents.scenario.scenario_file import ScenarioFile, file_of
from routecost.engine.breakdown.bill_change import Side
from routecost.engine.compare.compare import compare
from routecost.errors import DocumentError, UsageError
from routecost.file_access import read_within
from routecost.library import looks_like_path, open_library
from routecost.lint.baseline import finding_key
from routecost.model.results.changes.changes import FindingChange, Status
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source import read_bytes

SCENARIO, TABLE, SHEET, TAXONOMY = "scenario", "routing table", "pricing sheet", "taxonomy"
KEYS = {"strategies": SCENARIO, "routes": TABLE}
OTHERS = {"models": SHEET, "task_types": TAXONOMY}
_LINE = re.compile(rf"^({'|'.join(KEYS)})[ \t]*:", re.MULTILINE)
Row = tuple[tuple[str, ...], Finding]
"""A finding after a key that does not depend on its line."""


@dataclass(frozen=True)
class Options:
    """Options that apply to a side, with its own copies of files.

    ``table`` replaces the tables of the strategies of the scenario.
    """

    as_of: date | None = None
    pricing: str | None = None
    library: Path | None = None
    evidence: Path | None = None
    config: Path | None = None
    taxonomy: str | None = None
    table: str | None = None
    strategies: tuple[str, ...] = ()


@dataclass(frozen=True)
class SideFiles:
    """The files of a side. ``root`` is the folder that its names are relative to, ``label`` goes before them.

    ``label`` is None if files are shown as they are. ``home`` is the folder of which ``root`` is a copy.
    ``renames`` are the names on the other side of files that have another name there.
    """

    root: Path
    options: Options
    label: str | None = None
    home: Path | None = None
    renames: Mapping[str, str] = field(default_factory=dict)

    def shown(self, text: str) -> str:
        """Return a text with the names of copies replaced by those of their files."""
        if self.label is None:
            return text
        return text.replace(f"{self.root}{os.sep}", self.label)

    def relabelled(self, finding: Finding) -> Finding:
        """Return a finding that names the file, not its copy."""
        position = replace(finding.position, file=self.shown(os.path.normpath(finding.position.file)))
        return replace(finding, position=position, message=self.shown(finding.message))


def kind_of(path: str) -> str | None:
    """Return whether a file is a scenario or a table; None for other documents. A name is a scenario's.

    A file that cannot be read as YAML is what its lines look like.
    """
    if not looks_like_path(path):
        return SCENARIO
    data = read_within(Path(path))
    if data is None or not any(key.encode() in data for key in KEYS):
        return None
    document, _ = read_bytes(data, path)
    if document is None:
        line = _LINE.search(data.decode("utf-8", "replace"))
        return None if line is None else KEYS[line[1]]
    keys = document.data if isinstance(document.data, dict) else {}
    return next((kind for key, kind in KEYS.items() if key in keys), None)


def part_of(path: str) -> str | None:
    """Return whether a file is a sheet, a table or a taxonomy, which scenarios use; None for others."""
    if not looks_like_path(path) or not os.path.isfile(path):
        return None
    document, _ = read_bytes(read_within(Path(path)) or b"", path)
    keys = document.data if document is not None and isinstance(document.data, dict) else {}
    parts = {"routes": TABLE, **OTHERS}
    return next((kind for key, kind in parts.items() if key in keys and "strategies" not in keys), None)


@dataclass(frozen=True, eq=False)
class SideFile:
    """A scenario or table on one side; ``name`` replaces its path in the keys of findings."""

    files: SideFiles
    path: str
    kind: str
    name: str = ""

    @cached_property
    def scenario(self) -> Scenario | None:
        """The scenario; None for a table."""
        options = self.files.options
        if self.kind != SCENARIO:
            return None
        file = open_file(
            self.path,
            pricing=options.pricing,
            as_of=options.as_of,
            library=options.library,
            strategies=options.strategies,
        )
        return file.scenario if options.table is None else _with_table(file, options.table)

    @cached_property
    def side(self) -> Side:
        """The scenario with the costs of its strategies."""
        scenario = self.scenario
        assert scenario is not None
        known = [name for name in self.files.options.strategies if name in scenario.strategies]
        comparison, _ = priced(scenario, known, lambda chosen: compare(chosen, day_of(scenario)))
        names = {cost.strategy for cost in comparison.strategies}
        kept = {name: kind for name, kind in scenario.strategies.items() if name in names}
        return Side(replace(scenario, strategies=kept), comparison)

    @cached_property
    def findings(self) -> tuple[Row, ...]:
        """The findings of the scenario and its tables, or of the table."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Row]:
        scenario = self.scenario
        findings = [] if scenario is None else list(scenario.warnings)
        for table in self._tables(scenario):
            findings += self._lint(table, scenario)
        for finding in dict.fromkeys(findings):
            yield (self._place(finding), *finding_key(finding)), self.files.relabelled(finding)

    def _tables(self, scenario: Scenario | None) -> Iterator[Path]:
        """Yield the tables that the strategies of a scenario name, or the table itself."""
        if scenario is None:
            yield Path(self.path)
            return
        if self.files.options.table is not None:
            yield Path(self.files.options.table)
            return
        file = file_of(scenario)
        assert file is not None
        library = open_library(self.files.options.library)
        for strategy in scenario.strategies:
            name = file.read.get(("strategies", strategy, "table"))
            if isinstance(name, str):
                yield library.find("tables", name, relative_to=file.loading.path.parent)

    def _lint(self, table: Path, scenario: Scenario | None) -> tuple[Finding, ...]:
        from routecost.api.validate import validate

        options = self.files.options
        validation = validate(
            table,
            taxonomy=options.taxonomy,
            pricing=options.pricing if scenario is None else None,
            evidence=options.evidence,
            scenario=scenario,
            as_of=options.as_of,
            config=options.config,
            library=options.library,
        )
        return validation.findings

    def _place(self, finding: Finding) -> str:
        """Return the file of a finding relative to the side."""
        options = self.files.options
        own = (self.path, options.table, options.taxonomy, options.pricing)
        file = os.path.realpath(finding.position.file)
        if file in {os.path.realpath(path) for path in own if path is not None}:
            return self.name
        root, home = (os.path.realpath(folder) for folder in (self.files.root, self.files.home or "/"))
        is_elsewhere = not Path(file).is_relative_to(root) and Path(file).is_relative_to(home)
        place = os.path.relpath(file, home if is_elsewhere and self.files.home else root)
        return self.files.renames.get(place.replace(os.sep, "/"), place)


def _with_table(file: ScenarioFile, table: str) -> Scenario:
    """Return the scenario of a file with another table in the strategies that have one."""
    places = [("strategies", name, "table") for name in file.scenario.strategies]
    changes = {place: os.path.abspath(table) for place in places if file.read.get(place) is not None}
    if not changes:
        raise UsageError(f'no strategy of "{file.scenario.name}" has a table; expected {{table: PATH}}')
    variant = file.variant(changes)
    if variant.scenario is None:
        raise DocumentError(variant.faults)
    return variant.scenario


def changed_findings(before: Collection[Row], after: Collection[Row]) -> Iterator[FindingChange]:
    """Yield the findings that only one side has; of findings alike, as many as it has more."""
    for status, these, others in ((Status.NEW, after, before), (Status.GONE, before, after)):
        left = Counter(key for key, _ in others)
        for key, finding in sorted(these, key=lambda one: one[1].sort_key()):
            left[key] -= 1
            if left[key] < 0:
                yield FindingChange(status, finding)


def all_faults(error: Exception, files: SideFiles) -> tuple[str, ...]:
    """Return the faults of documents that cannot be read, with names that do not depend on the side."""
    bare = replace(files, label="")
    faults = error.findings if isinstance(error, DocumentError) else (error,)
    return tuple(bare.shown(str(fault)) for fault in faults)


def faults_of(error: Exception, files: SideFiles) -> str:
    """Return the first fault of documents that cannot be read, and the number of others."""
    if isinstance(error, DocumentError):
        first, *others = [str(files.relabelled(finding)) for finding in error.findings]
        return first + (f" and {len(others)} more" if others else "")
    return files.shown(str(error))
