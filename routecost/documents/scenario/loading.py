"""Checks the documents of a scenario, and builds scenarios of them: a file's own, and its variants."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.documents.core.deferred import CheckedParts
from routecost.documents.core.loader import Loader, names_in
from routecost.documents.pricing.load import load_sheet
from routecost.documents.scenario.scenario import SCENARIO, ScenarioDocument
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import ONE_TASK_TYPE

if TYPE_CHECKING:
    from routecost.model.routing.table import RoutingTable
    from routecost.source import Document


class CheckedScenario(NamedTuple):
    """A document of a scenario that was checked, and what it is built of."""

    document: Document
    made: ScenarioDocument
    sheet: PricingSheet

    def build(self, name: str) -> Scenario:
        """Return the scenario, called ``name``."""
        return self.made.build(name, self.sheet, self.document)


@dataclass(eq=False, repr=False)
class ScenarioLoading:
    """Checks documents that stem from the file at ``path``.

    What is alike in many of them is checked once, as long as the names known around it are the same.
    """

    loader: Loader
    path: Path
    _parts: list[tuple[Mapping[str, Any], CheckedParts]] = field(default_factory=list)

    def check(self, document: Document) -> CheckedScenario | None:
        """Check a document, and load all that it refers to; the loader keeps the findings."""
        sheet_path = self.loader.refer(document, self.path, ("pricing",), "pricing")
        loaded = None if sheet_path is None else load_sheet(self.loader, sheet_path)
        strategies = names_in(document, "strategies")
        known: dict[str, Any] = {
            "strategy": strategies,
            "table": self._tables(document, strategies),
            "migration": names_in(document, "plan", "migrations"),
            "task type": _task_types_in(document),
        }
        if loaded is not None and loaded.tiers:
            known["tier"] = loaded.tiers
        sheet = None if loaded is None else loaded.sheet
        if sheet is not None:
            known["model"] = sheet.known_models
            known["currency"] = sheet.currency
        made = self.loader.check(document, SCENARIO, known, self._parts_among(known))
        return None if made is None or sheet is None else CheckedScenario(document, made, sheet)

    def _parts_among(self, known: Mapping[str, Any]) -> CheckedParts:
        """Return what was checked among the same names; only the first check adds to it for the others."""
        for names, parts in self._parts:
            if names == known:
                return ChainMap({}, parts)
        parts = {}
        self._parts.append((known, parts))
        return parts

    def _tables(self, document: Document, strategies: list[str]) -> dict[str, RoutingTable | None]:
        """Load the routing tables that strategies name."""
        found = {}
        for strategy in strategies:
            place = ("strategies", strategy, "table")
            path = self.loader.refer(document, self.path, place, "tables")
            if path is not None:
                from routecost.documents.routing.load import load_table  # few scenarios name one

                found[document.get(place)] = load_table(self.loader, path)
        return found


def _task_types_in(document: Document) -> list[str]:
    """Return the names of the task types of a scenario and its launches, sound or not.

    Work that is one line is a task type of a name of its own, or of the launch's.
    """
    names = names_in(document, "workload", "task_types") or [ONE_TASK_TYPE]
    for launch in names_in(document, "plan", "launches"):
        place = ("plan", "launches", launch, "workload")
        if document.get(place) is not None:
            names += names_in(document, *place, "task_types") or [launch]
    return names
