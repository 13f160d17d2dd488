"""Validates scenario documents and builds scenarios from them: the file's own and its variants."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.documents.core.deferred import CheckedParts
from routecost.documents.core.loader import Loader, names_in
from routecost.documents.core.money import MONEY, MoneyContext
from routecost.documents.core.scalars import day_of
from routecost.documents.pricing.load import load_sheet
from routecost.documents.scenario.scenario import SCENARIO, ScenarioDocument
from routecost.errors import RoutecostError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import ONE_TASK_TYPE
from routecost.problems import Names
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.routing.table import RoutingTable
    from routecost.source import Document

_MOST_PARTS = 8
"""The maximum number of sets of known names whose validated parts are kept."""


class CheckedScenario(NamedTuple):
    """A validated scenario document with its pricing sheet."""

    document: Document
    parsed: ScenarioDocument
    sheet: PricingSheet

    def build(self, name: str) -> Scenario:
        """Return the scenario, called ``name``."""
        return self.parsed.build(name, self.sheet, self.document)


@dataclass(eq=False, repr=False)
class ScenarioLoading:
    """Validates the document of the file at ``path`` and its variants.

    ``own_pricing`` is the name of the scenario's own sheet: amounts without a currency are in its.
    ``what_if`` changes the prices of every sheet.

    Parts that several of them share are validated once, as long as the known names are the same.
    """

    loader: Loader
    path: Path
    own_pricing: Any = None
    what_if: tuple[str, ...] = ()
    _changed: dict[int, tuple[PricingSheet, PricingSheet]] = field(default_factory=dict)
    _own_sheet: dict[str, PricingSheet | None] = field(default_factory=dict)
    _known_models: dict[int, tuple[PricingSheet, Names]] = field(default_factory=dict)
    _parts: list[tuple[Mapping[str, Any], CheckedParts]] = field(default_factory=list)

    def check(self, document: Document, names: Names | None = None) -> CheckedScenario | None:
        """Validate a document and load the files that it refers to; the loader collects the findings.

        ``names`` are those of the strategies, if the document lacks some of these.
        """
        sheet_path = self.loader.refer(document, self.path, ("pricing",), "pricing")
        loaded = None if sheet_path is None else load_sheet(self.loader, sheet_path)
        strategies = names_in(document, "strategies")
        known: dict[str, Any] = {
            "strategy": strategies if names is None else names,
            "table": self._tables(document, strategies),
            "policy": self._policies(document, strategies, () if loaded is None else loaded.tiers),
            "migration": names_in(document, "plan", "migrations"),
            "task type": _task_types_in(document),
        }
        if loaded is not None and loaded.tiers:
            known["tier"] = loaded.tiers
        sheet = None if loaded is None or loaded.sheet is None else self._with_what_if(loaded.sheet)
        if sheet is not None:
            known["model"] = self._models(sheet)
            known["provider"] = sheet.providers
            known["subscription"] = tuple(sheet.subscriptions)
            known[MONEY] = self._money(document, sheet)
        parsed = self.loader.check(document, SCENARIO, known, self._parts_among(known))
        if sheet is not None:
            shown = parsed or self.loader.check_invalid(document, SCENARIO, {**known, MONEY: None})
            for fault in () if shown is None else shown.sheet_faults(sheet, _day_of(document)):
                self.loader.findings.append(document.finding(fault.message, fault.path))
        if parsed is None or sheet is None or loaded is None or loaded.sheet is None or self.loader.failed:
            return None
        return CheckedScenario(document, parsed, self._with_own_changes(loaded.sheet, sheet, parsed))

    def _with_own_changes(
        self, read: PricingSheet, sheet: PricingSheet, parsed: ScenarioDocument
    ) -> PricingSheet:
        """Return the sheet as read with the changes of a scenario, and then those of the option."""
        if not parsed.price_changes:
            return sheet
        from routecost.engine.pricing.what_if import models_of, with_changes, with_what_if  # few state any

        own = [one.build(name, models_of(one.of, read)) for name, one in parsed.price_changes.items()]
        return with_what_if(with_changes(read, own), self.what_if)

    def _with_what_if(self, sheet: PricingSheet) -> PricingSheet:
        """Return a sheet with its changes, the same object for all variants with this sheet."""
        if not self.what_if:
            return sheet
        from routecost.engine.pricing.what_if import with_what_if  # an option that few runs give

        if id(sheet) not in self._changed:
            self._changed[id(sheet)] = (sheet, with_what_if(sheet, self.what_if))
        return self._changed[id(sheet)][1]

    def _money(self, document: Document, sheet: PricingSheet) -> MoneyContext:
        """Return the conversion of amounts into the currency of the sheet with which a document is priced."""
        day = _day_of(document)
        if self.own_pricing in (None, document.get(("pricing",))):
            self._own_sheet[str(self.own_pricing)] = sheet
            return MoneyContext(sheet, day, lambda: sheet, None)
        return MoneyContext(sheet, day, self.own_sheet, str(self.own_pricing))

    def own_sheet(self) -> PricingSheet | None:
        """Return the scenario's own sheet, whatever sheet it is priced with; None if it is invalid."""
        name = str(self.own_pricing)
        if name not in self._own_sheet:
            loader = Loader(self.loader.library)  # of its own: findings about the sheet stop nothing
            with suppress(RoutecostError):
                path = loader.library.find("pricing", name, relative_to=self.path.parent)
                self._own_sheet[name] = load_sheet(loader, path).sheet
        return self._own_sheet.setdefault(name, None)

    def _parts_among(self, known: Mapping[str, Any]) -> CheckedParts:
        """Return the parts validated with the same names; later checks read them but do not add to them."""
        for names, parts in self._parts:
            if names == known:
                return ChainMap({}, parts)
        parts = {}
        if len(self._parts) < _MOST_PARTS:  # variants may each have names of their own
            self._parts.append((known, parts))
        return parts

    def _models(self, sheet: PricingSheet) -> Names:
        """Return the models of a sheet, the same object for all variants with this sheet."""
        known = self._known_models.get(id(sheet))
        if known is None:
            known = self._known_models[id(sheet)] = (sheet, Names(sheet.known_models))
        return known[1]

    def _tables(self, document: Document, strategies: Iterable[str]) -> dict[str, RoutingTable | None]:
        """Load the routing tables that strategies name."""
        tables = {}
        for strategy in strategies:
            place = ("strategies", strategy, "table")
            path = self.loader.refer(document, self.path, place, "tables")
            if path is not None:
                from routecost.documents.routing.load import load_table  # few scenarios name one

                tables[document.get(place)] = load_table(self.loader, path)
        return tables

    def _policies(
        self, document: Document, strategies: Iterable[str], tiers: tuple[str, ...]
    ) -> dict[str, Any]:
        """Load the documents of the policies that strategies name."""
        policies: dict[str, Any] = {}
        for strategy in strategies:
            place = ("strategies", strategy, "policy")
            path = self.loader.refer(document, self.path, place, "policies")
            if path is not None:
                from routecost.documents.policy.load import load_policy  # few scenarios name one

                file = load_policy(self.loader, path, tiers)
                policies[document.get(place)] = None if file is None else file.checked
        return policies


def _day_of(document: Document) -> date:
    """Return the day whose prices apply, whether or not the document is valid."""
    return day_of(str(document.get(("as_of",)))) or date.today()


def _task_types_in(document: Document) -> list[str]:
    """Return the names of the task types of a scenario and its launches, whether or not they are valid.

    A workload without ``task_types`` is one task type: ``ONE_TASK_TYPE``, or the launch's name.
    """
    names = [*(names_in(document, "workload", "task_types") or [ONE_TASK_TYPE])]
    for launch in names_in(document, "plan", "launches"):
        place = ("plan", "launches", launch, "workload")
        if document.get(place) is not None:
            names += names_in(document, *place, "task_types") or [launch]
    return names
