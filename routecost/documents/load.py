"""From a name to a model object, by way of file, data and checked document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from routecost.documents.claims import ClaimDocument
from routecost.documents.pricing import PricingDocument
from routecost.documents.scenario import ScenarioDocument
from routecost.documents.shapes import Checked
from routecost.documents.validate import validate
from routecost.errors import DocumentError, RoutecostError, UnknownNameError
from routecost.library import Library
from routecost.model.pricing import PricingSheet
from routecost.model.scenario import Claim, Operand, Scenario
from routecost.problems import Finding, Severity
from routecost.source import Document, read_file
from routecost.units import exact

T = TypeVar("T")

ROOTS: dict[str, Any] = {
    "pricing": Annotated[PricingDocument, Checked()],
    "scenario": Annotated[ScenarioDocument, Checked()],
}
"""Kind of document -> its type; the JSON Schemas are published from these."""


@exact
def load_pricing(argument: str, library: Library) -> PricingSheet:
    """Load a pricing sheet by name or path. Raises DocumentError with every finding."""
    loader = Loader(library)
    sheet = loader.pricing(library.find("pricing", argument))
    return loader.finish(sheet)


@exact
def load_scenario(
    argument: str, library: Library, overrides: Mapping[tuple[str, ...], str] | None = None
) -> Scenario:
    """Load a scenario by name or path, and all that it refers to.

    ``overrides`` are values for fields, by path, that take the place of the file's own.
    Raises DocumentError with every finding of every file.
    """
    loader = Loader(library)
    path = library.find("scenarios", argument)
    document = loader.read(path)
    if document is not None and isinstance(document.data, dict):
        for field_path, value in (overrides or {}).items():
            document = document.override(field_path, value, None)
    scenario = None if document is None else loader.scenario(document, path)
    return replace(loader.finish(scenario), warnings=tuple(loader.findings))


@dataclass
class Loader:
    """Loads documents and gathers what is wrong with all of them."""

    library: Library
    findings: list[Finding] = field(default_factory=list)
    _sheets: dict[Path, PricingSheet | None] = field(default_factory=dict)
    _tiers: dict[Path, list[str]] = field(default_factory=dict)

    def finish(self, made: T | None) -> T:
        """Return what was made; DocumentError if anything that was found is an error."""
        if made is None or self.failed:
            raise DocumentError(self.findings)
        return made

    @property
    def failed(self) -> bool:
        """Whether any finding so far is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def read(self, path: Path) -> Document | None:
        """Read a file; its findings are kept."""
        document, findings = read_file(_for_people(path))
        self.findings += findings
        return document

    def check(self, document: Document, kind: str, known: Mapping[str, Iterable[str]]) -> Any:
        """Check a document against its kind; its findings are kept."""
        made, findings = validate(document, ROOTS[kind], known)
        self.findings = list(dict.fromkeys((*self.findings, *findings)))
        return made

    def pricing(self, path: Path) -> PricingSheet | None:
        """Load a pricing sheet, once per path."""
        if path not in self._sheets:
            self._sheets[path] = self._pricing(path)
        return self._sheets[path]

    def _pricing(self, path: Path) -> PricingSheet | None:
        document = self.read(path)
        if document is None:
            return None
        self._tiers[path] = names_in(document, "tiers")
        made = self.check(document, "pricing", {"model": names_in(document, "models")})
        return made.build(path.stem) if made else None

    def scenario(self, document: Document, path: Path) -> Scenario | None:
        """Build a scenario and the variants that its claims speak of."""
        scenario = self._bare_scenario(document, path)
        if scenario is None or self.failed:
            return scenario
        made = self.check(document, "scenario", {})
        claims = [
            self._claim(document, path, index, claim, scenario) for index, claim in enumerate(made.claims)
        ]
        return replace(scenario, claims=tuple(claims))

    def _bare_scenario(self, document: Document, path: Path) -> Scenario | None:
        sheet_path = self._sheet_path(document, path)
        sheet = None if sheet_path is None else self.pricing(sheet_path)
        known: dict[str, Iterable[str]] = {"strategy": names_in(document, "strategies")}
        if sheet_path in self._tiers:  # even where the sheet has faults elsewhere
            known["tier"] = self._tiers[sheet_path]
        made = self.check(document, "scenario", known)
        return made.build(path.stem, sheet) if made and sheet else None

    def _sheet_path(self, document: Document, path: Path) -> Path | None:
        name = document.get(("pricing",))
        if not isinstance(name, str):
            return None
        try:
            return self.library.find("pricing", name, relative_to=path.parent)
        except UnknownNameError as error:
            self.findings.append(document.finding(str(error), ("pricing",)))
            return None

    def _claim(
        self, document: Document, path: Path, index: int, claim: ClaimDocument, scenario: Scenario
    ) -> Claim:
        place = ("claims", index)
        operands = []
        for figure, below, changes in claim.operands():
            changed = self._changed(document, path, (*place, *below), changes) if changes else scenario
            text = ", ".join(f"{key}: {value}" for key, value in changes.items())
            operands.append(Operand(figure, changed or scenario, text))
        return Claim(
            claim.operation,
            tuple(operands),
            claim.published,
            claim.within,
            claim.says,
            claim.disputed,
            document.position(place),
        )

    def _changed(
        self, document: Document, path: Path, place: tuple[str | int, ...], changes: Mapping[str, Any]
    ) -> Scenario | None:
        for key, value in changes.items():
            at = document.position((*place, key), key=True)
            try:
                document = document.override(tuple(key.split(".")), value, at)
            except RoutecostError as error:
                self.findings.append(document.finding(str(error), (*place, key), key=True))
                return None
        return self._bare_scenario(document.override(("claims",), [], None), path)


def names_in(document: Document, key: str) -> list[str]:
    """Return the keys of a mapping in a document, whether or not its values are sound."""
    found = document.get((key,))
    return list(found) if isinstance(found, dict) else []


def _for_people(path: Path) -> Path:
    """Shorten a path below the working folder, for the positions that people read."""
    try:
        return path.resolve().relative_to(Path(os.getcwd()).resolve())
    except (ValueError, OSError, RuntimeError):  # the last for a loop of symbolic links, before Python 3.13
        return path
