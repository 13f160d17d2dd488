"""From names to what is linted: the table, its taxonomy, and what else it is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routecost.documents.core.loader import Loader
from routecost.documents.pricing.load import load_sheet
from routecost.documents.routing.evidence import EVIDENCE
from routecost.documents.routing.load import load_taxonomy
from routecost.documents.routing.table import TABLE
from routecost.documents.scenario.scenario_file import load_scenario
from routecost.errors import DocumentError
from routecost.library import Library
from routecost.lint.facts.evidence import EvidenceFile
from routecost.lint.subject import Subject
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.routing.limits import DEFAULT_LIMITS, Limits
from routecost.model.routing.table import Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding
from routecost.source import Document
from routecost.units import exact


@dataclass(frozen=True, slots=True)
class Sources:
    """Names or paths: the table, what it is held against, and where names are looked up.

    Without ``taxonomy`` it is the one that the table names; without ``pricing`` prices are those
    of the ``scenario``, if any. A scenario that is loaded already has the prices and the day that were
    asked for. ``limits`` are those that the table does not set itself.
    """

    table: str
    library: Library
    taxonomy: str | None = None
    pricing: str | None = None
    evidence: str | None = None
    scenario: str | Scenario | None = None
    limits: Limits = DEFAULT_LIMITS


@exact
def load(sources: Sources, day: date | None) -> Subject:
    """Load what is to be linted.

    The day is ``day``, else that of the scenario, else today.

    Raises DocumentError with the faults of shape and type of all files, UnknownNameError for names
    that are not known, UsageError for files that cannot be read.
    """
    loader = Loader(sources.library)
    path = sources.library.find("tables", sources.table)
    document = loader.read(path)
    made = None if document is None else loader.check(document, TABLE, {})
    taxonomy = _taxonomy(loader, sources, document, path)
    sheet = _sheet(loader, sources)
    evidence = _evidence(loader, sources)
    scenario = _scenario(loader, sources, day)
    table = loader.finish(None if made is None else made.build(path.stem))
    own = None if made is None else made.limits
    return Subject(
        document=loader.finish(document),
        table=table,
        taxonomy=loader.finish(taxonomy),
        day=day or (scenario.as_of if scenario else None) or date.today(),
        sheet=scenario.pricing if scenario else sheet,
        evidence=evidence,
        scenario=scenario,
        limits=sources.limits if own is None else own.build(sources.limits),
        warnings=tuple(loader.findings),
    )


def _taxonomy(loader: Loader, sources: Sources, document: Document | None, table: Path) -> Taxonomy | None:
    if sources.taxonomy is not None:
        return load_taxonomy(loader, sources.library.find("tables", sources.taxonomy))
    found = None if document is None else loader.refer(document, table, ("taxonomy",), "tables")
    return None if found is None else load_taxonomy(loader, found)


def _sheet(loader: Loader, sources: Sources) -> PricingSheet | None:
    if sources.pricing is None:
        return None
    return load_sheet(loader, sources.library.find("pricing", sources.pricing)).sheet


def _evidence(loader: Loader, sources: Sources) -> EvidenceFile | None:
    if sources.evidence is None:
        return None
    document = loader.read(Path(sources.evidence))
    made = None if document is None else loader.check(document, EVIDENCE, {})
    return None if made is None or document is None else EvidenceFile(document, made.build())


def _scenario(loader: Loader, sources: Sources, day: date | None) -> Scenario | None:
    """Load the scenario, at the prices of the sheet that was asked for, if one was."""
    if sources.scenario is None:
        return None
    if isinstance(sources.scenario, Scenario):
        loader.findings = list(dict.fromkeys((*loader.findings, *sources.scenario.warnings)))
        return sources.scenario
    overrides: dict[tuple[str, ...], str] = {}
    if sources.pricing is not None:
        overrides[("pricing",)] = str(sources.library.find("pricing", sources.pricing).absolute())
    if day is not None:
        overrides[("as_of",)] = day.isoformat()
    return _gathered(loader, sources.scenario, overrides)


def _gathered(loader: Loader, name: str, overrides: Mapping[tuple[str, ...], str]) -> Scenario | None:
    scenario: Scenario | None = None
    found: tuple[Finding, ...] = ()
    try:
        scenario = load_scenario(name, loader.library, overrides)
        found = scenario.warnings
    except DocumentError as error:
        found = error.findings
    loader.findings = list(dict.fromkeys((*loader.findings, *found)))
    return scenario
