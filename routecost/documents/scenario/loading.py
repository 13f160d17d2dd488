"""Builds scenarios from checked documents: a file's own, and those with fields changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from routecost.documents.core.loader import Loader, names_in, task_types_in
from routecost.errors import RoutecostError
from routecost.model.scenario.scenario import Claim, Operand, Scenario
from routecost.problems import KeyPath

if TYPE_CHECKING:
    from routecost.documents.scenario.claims import Change, ClaimDocument
    from routecost.model.routing.table import RoutingTable
    from routecost.problems import Finding, Position
    from routecost.source import Document


@dataclass(frozen=True)
class ScenarioLoading:
    """Builds a scenario from the file at ``path``, and the variants that its claims speak of."""

    loader: Loader
    path: Path

    def scenario(self, document: Document) -> Scenario | None:
        """Build the scenario, claims and all."""
        scenario = self.bare_scenario(document)
        if scenario is None or self.loader.failed:
            return scenario
        made = self.loader.check(document, "scenario", {})
        claims = [self._claim(document, index, claim, scenario) for index, claim in enumerate(made.claims)]
        return replace(scenario, claims=tuple(claims))

    def bare_scenario(self, document: Document) -> Scenario | None:
        """Build the scenario without its claims."""
        sheet_path = self.loader.refer(document, self.path, ("pricing",), "pricing")
        sheet = None if sheet_path is None else self.loader.pricing(sheet_path)
        strategies = names_in(document, "strategies")
        known: dict[str, Any] = {
            "strategy": strategies,
            "table": self._tables(document, strategies),
            "migration": names_in(document, "plan", "migrations"),
            "task type": task_types_in(document),
        }
        tiers = self.loader.tiers_of(sheet_path)
        if tiers is not None:
            known["tier"] = tiers
        if sheet is not None:
            known["model"] = sheet.known_models
            known["currency"] = sheet.currency
        made = self.loader.check(document, "scenario", known)
        return made.build(self.path.stem, sheet, document) if made and sheet else None

    def _tables(self, document: Document, strategies: list[str]) -> dict[str, RoutingTable | None]:
        """Load the routing tables that strategies name."""
        found = {}
        for strategy in strategies:
            place = ("strategies", strategy, "table")
            path = self.loader.refer(document, self.path, place, "tables")
            if path is not None:
                found[document.get(place)] = self.loader.table(path)
        return found

    def _claim(self, document: Document, index: int, claim: ClaimDocument, scenario: Scenario) -> Claim:
        place = ("claims", index)
        operands = []
        for figure, changes in claim.operands():
            changed = self._changed(document, place, changes) if changes else scenario
            operands.append(Operand(figure, changed or scenario, ", ".join(map(str, changes))))
        return Claim(
            claim.operation,
            tuple(operands),
            claim.published,
            claim.within,
            claim.says,
            claim.disputed,
            document.position(place),
        )

    def _changed(self, document: Document, claim: KeyPath, changes: Iterable[Change]) -> Scenario | None:
        places = []
        for change in changes:
            places.append(document.position((*claim, *change.place), key=True))
            try:
                document = document.override(tuple(change.key.split(".")), change.value, places[-1])
            except RoutecostError as error:
                self.loader.findings.append(document.places.finding_at(str(error), places[-1]))
                return None
        before = len(self.loader.findings)
        made = self.bare_scenario(document.override(("claims",), [], None))
        found = self.loader.findings[before:]
        self.loader.findings[before:] = [_blamed(finding, document, places) for finding in found]
        return made


def _blamed(finding: Finding, document: Document, places: list[Position]) -> Finding:
    """Put what changes break elsewhere in a sound scenario where the changes stand."""
    if finding.position.file != document.file or finding.position in places:
        return finding
    message = f"with these changes: {finding.message}"
    return document.places.finding_at(message, places[-1], finding.severity)
