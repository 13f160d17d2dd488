"""Where a scenario says that a field is uncertain, and with what mean it stands for a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding
from routecost.source import Document

if TYPE_CHECKING:
    from routecost.documents.scenario.load import ScenarioLoading
    from routecost.model.scenario.uncertain_field import UncertainField

KEY = "uncertain"
"""The key that makes a mapping a distribution."""


@dataclass(frozen=True, slots=True)
class AtMeans:
    """A document with the mean in place of every distribution, and the fields that had one."""

    document: Document
    fields: tuple[UncertainField, ...] = ()
    findings: tuple[Finding, ...] = ()

    def tell(self, scenario: Scenario | None, loading: ScenarioLoading) -> Scenario | None:
        """Return a scenario that knows what is uncertain in it."""
        if scenario is None or not self.fields:
            return scenario
        from routecost.documents.uncertainty.uncertain_fields import uncertainty

        return replace(scenario, uncertainty=uncertainty(loading, self.document, self.fields))


def at_means(document: Document) -> AtMeans:
    """Return a document at its means; one without distributions is returned as it is."""
    places = tuple(_places(document.data, ()))
    if not places:
        return AtMeans(document)
    from routecost.documents.uncertainty.uncertain_fields import (
        read_unknowns,  # slow to load, and few scenarios need it
    )

    return read_unknowns(document, places)


def _places(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, dict):
        if KEY in node:
            yield path
            return
        for key, child in node.items():
            yield from _places(child, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _places(child, (*path, index))
