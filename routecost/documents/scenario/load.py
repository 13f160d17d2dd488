"""From a name to a model object, by way of file, data and checked document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from routecost.documents.core.loader import Loader
from routecost.documents.scenario.loading import ScenarioLoading
from routecost.documents.uncertainty.at_means import at_means
from routecost.errors import DocumentError
from routecost.model.scenario.scenario import Scenario, Uncertainty
from routecost.problems import KeyPath
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.documents.uncertainty.means import AtMeans
    from routecost.library import Library
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.source import Document


@exact
def load_pricing(argument: str, library: Library) -> PricingSheet:
    """Load a pricing sheet by name or path. Raises DocumentError with every finding."""
    loader = Loader(library)
    sheet = loader.pricing(library.find("pricing", argument))
    return loader.finish(sheet)


@exact
def load_pricing_document(argument: str, library: Library) -> tuple[PricingSheet, Document]:
    """Load a pricing sheet with the document that it stands in. Raises DocumentError."""
    loader = Loader(library)
    path = library.find("pricing", argument)
    document = loader.read(path)
    sheet = loader.pricing(path)
    return loader.finish(sheet), loader.finish(document)


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
    scenario = None if document is None else _scenario(ScenarioLoading(loader, path), document)
    return replace(loader.finish(scenario), warnings=tuple(loader.findings))


def _scenario(loading: ScenarioLoading, document: Document) -> Scenario | None:
    means = at_means(document)
    loading.loader.findings += means.findings
    scenario = loading.scenario(means.document)
    if scenario is None or not means.fields:
        return scenario
    return replace(scenario, uncertainty=_uncertainty(loading, means))


def _uncertainty(loading: ScenarioLoading, means: AtMeans) -> Uncertainty:
    """Return what is uncertain in a scenario, with the way to the scenario for other values."""
    from routecost.documents.scenario.variants import Variants
    from routecost.documents.uncertainty.uncertain_fields import changes

    variants = Variants(loading, means.document.override(("claims",), [], None))

    def redraw(numbers: Mapping[KeyPath, Any]) -> Scenario:
        made = variants.variant(dict(changes(means.document, numbers)))
        if made.scenario is None:
            raise DocumentError(made.faults)
        return made.scenario

    return Uncertainty(means.fields, redraw)
