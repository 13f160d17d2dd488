"""Loading of the files that a lint run needs: table, taxonomy, prices, evidence, scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from routecost.documents.core.loader import Loader, names_in
from routecost.documents.core.money import MoneyContext
from routecost.documents.pricing.load import load_sheet
from routecost.documents.routing.evidence import EVIDENCE
from routecost.documents.routing.load import TableFile, load_taxonomy, open_table
from routecost.documents.scenario.scenario_file import file_of, load_scenario
from routecost.errors import CurrencyError, DocumentError
from routecost.library import Library
from routecost.lint.facts.evidence import EvidenceFile
from routecost.lint.subject import Subject
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.routing.limits import DEFAULT_LIMITS, Limits
from routecost.model.routing.table import RoutingTable, Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source import Document
from routecost.units import ONE, exact


@dataclass(frozen=True, slots=True)
class Sources:
    """Names or paths of the table and of the files to check it against, and where to look them up.

    ``table`` may also be a file that is loaded already.
    ``taxonomy`` defaults to the one that the table names, ``pricing`` to that of the ``scenario``,
    if any. A loaded scenario must already have the requested prices and day. ``limits`` apply where
    the table does not set its own.
    """

    table: str | TableFile
    library: Library
    taxonomy: str | None = None
    pricing: str | None = None
    evidence: str | None = None
    scenario: str | Scenario | None = None
    limits: Limits = DEFAULT_LIMITS


@exact
def load(sources: Sources, day: date | None) -> Subject:
    """Load the subject of a lint run, and the warnings about its documents.

    Prices are those of ``day``, else of the scenario's day, else of today; evidence ages up to ``day``,
    else up to today. Faults of the table are left to the rules, even if the scenario uses the table.

    Raises DocumentError with the errors of all files, UnknownNameError for unknown names and
    UsageError for unreadable files.
    """
    loader = Loader(sources.library)
    file = _table(loader, sources)
    document, checked = file.document, file.checked
    taxonomy = _taxonomy(loader, sources, document, file.path)
    sheet = _sheet(loader, sources)
    evidence = _evidence(loader, sources)
    scenario = _scenario(loader, sources, day, file.path)
    evidence_day = day or date.today()
    day = day or (scenario.as_of if scenario else None) or evidence_day
    sheet = scenario.pricing if scenario else sheet
    table = file.table
    if table is not None and document is not None and sheet is not None:
        table = _in_prices_currency(table, _money(sheet, scenario, day), loader, document)
    table = loader.finish(table)
    own = None if checked is None else checked.limits
    return Subject(
        document=loader.finish(document),
        table=table,
        taxonomy=loader.finish(taxonomy),
        day=day,
        sheet=sheet,
        evidence=evidence,
        scenario=scenario,
        limits=sources.limits if own is None else own.build(sources.limits),
        warnings=tuple(loader.findings),
        evidence_day=evidence_day,
    )


def _table(loader: Loader, sources: Sources) -> TableFile:
    if isinstance(sources.table, str):
        return open_table(loader, sources.library.find("tables", sources.table))
    loader.findings += sources.table.findings
    return sources.table


def _taxonomy(loader: Loader, sources: Sources, document: Document | None, table: Path) -> Taxonomy | None:
    if sources.taxonomy is not None:
        return load_taxonomy(loader, sources.library.find("tables", sources.taxonomy))
    file = None if document is None else loader.refer(document, table, ("taxonomy",), "tables")
    return None if file is None else load_taxonomy(loader, file)


def _sheet(loader: Loader, sources: Sources) -> PricingSheet | None:
    if sources.pricing is None:
        return None
    return load_sheet(loader, sources.library.find("pricing", sources.pricing)).sheet


def _evidence(loader: Loader, sources: Sources) -> EvidenceFile | None:
    if sources.evidence is None:
        return None
    document = loader.read(Path(sources.evidence))
    checked = None if document is None else loader.check(document, EVIDENCE, {})
    return None if checked is None or document is None else EvidenceFile(document, checked.build())


def _money(sheet: PricingSheet, scenario: Scenario | None, day: date) -> MoneyContext:
    """Return the conversion of amounts; without a currency they are in that of the scenario's own sheet."""
    source = None if scenario is None else file_of(scenario)
    if source is None:
        return MoneyContext(sheet, day, lambda: sheet, None)
    return MoneyContext(sheet, day, lambda: source.own_sheet, str(source.loading.own_pricing))


def _in_prices_currency(
    table: RoutingTable, money: MoneyContext, loader: Loader, document: Document
) -> RoutingTable:
    """Return the table with failure costs in the currency of the prices; the loader gets what is refused."""
    rows = []
    for row in table.routes:
        own = ("routes", row.index, "failure_cost")
        place = ("failure_cost",) if document.get(own) is None else own
        try:
            factor = ONE if row.failure_cost is None else money.rate(row.currency)
        except CurrencyError as error:
            loader.findings.append(document.finding(f'"{".".join(map(str, place))}" {error}', place))
            continue
        cost = None if row.failure_cost is None else row.failure_cost * factor
        rows.append(replace(row, failure_cost=cost, currency=None))
    loader.findings = list(dict.fromkeys(loader.findings))
    return replace(table, routes=tuple(rows))


def _scenario(loader: Loader, sources: Sources, day: date | None, table: Path) -> Scenario | None:
    """Load the scenario, with ``sources.pricing`` (if any) instead of its own sheet."""
    if sources.scenario is None:
        return None
    if isinstance(sources.scenario, Scenario):
        loader.findings = list(dict.fromkeys((*loader.findings, *sources.scenario.warnings)))
        return sources.scenario
    overrides: dict[tuple[str, ...], Any] = {}
    if sources.pricing is not None:
        overrides["pricing",] = str(sources.library.find("pricing", sources.pricing).absolute())
    if day is not None:
        overrides["as_of",] = day.isoformat()
    scenario: Scenario | None = None
    findings: tuple[Finding, ...] = ()
    try:
        scenario = _load_scenario(sources, sources.scenario, overrides, table)
        findings = scenario.warnings
    except DocumentError as error:
        findings = error.findings
    loader.findings = list(dict.fromkeys((*loader.findings, *findings)))
    return scenario


def _load_scenario(
    sources: Sources, name: str, overrides: dict[tuple[str, ...], Any], table: Path
) -> Scenario:
    """Load a scenario; if it is invalid, without its uses of the table, whose faults the rules report."""
    try:
        return load_scenario(name, sources.library, overrides)
    except DocumentError:
        uses = _uses(sources, name, overrides, table)
        if not uses:
            raise
    return load_scenario(name, sources.library, {**overrides, **uses})


def _uses(
    sources: Sources, name: str, overrides: Mapping[tuple[str, ...], Any], table: Path
) -> dict[tuple[str, ...], Any]:
    """Return a strategy on one tier in place of each that uses the table."""
    loader, path = Loader(sources.library), sources.library.find("scenarios", name)
    document = loader.read(path)
    if document is None:
        return {}
    sheet = overrides.get(("pricing",), document.get(("pricing",)))
    priced = document.override(("pricing",), sheet, None)
    sheet_file = loader.refer(priced, path, ("pricing",), "pricing")
    tiers = () if sheet_file is None else load_sheet(loader, sheet_file).tiers
    places = [("strategies", strategy) for strategy in names_in(document, "strategies")]
    files = {place: loader.refer(document, path, (*place, "table"), "tables") for place in places}
    return {
        place: {"tier": tier}
        for tier in tiers[:1]
        for place, file in files.items()
        if file is not None and file.resolve() == table.resolve()
    }
