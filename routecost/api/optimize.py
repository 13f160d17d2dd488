"""What ``routecost optimize`` does, as functions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from routecost.api import scenarios as api
from routecost.documents.core.loader import Loader
from routecost.documents.routing.load import load_taxonomy
from routecost.library import PathLike, argument, open_library
from routecost.model.results.policies import Search
from routecost.model.routing.table import Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.source.editing.yaml_writer import block_yaml


def search_policies(
    scenario: PathLike | Scenario,
    *,
    budget: Decimal | None = None,
    taxonomy: PathLike | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Search:
    """Find the cheapest policy of each kind for a scenario, failures counted.

    ``budget`` is the most that calls may cost per month; ``taxonomy`` restricts tiers to those it
    admits, and makes the result hold a routing table.

    Raises as :func:`routecost.compare` does; UsageError also where success rates or costs of failures are
    missing and for a budget that is too small; EnvironmentFailure for a budget without scipy.
    """
    from routecost.optimize.search import search

    loaded = api.resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    return search(loaded, api.day_of(loaded), budget, _taxonomy(taxonomy, library))


def table_text(search: Search) -> str:
    """Return the routing table that was found as YAML."""
    return block_yaml(search.table)


def scenario_text(search: Search, scenario: PathLike, library: PathLike | None = None) -> str:
    """Return the text of a scenario with the found policies added to its strategies, comments kept.

    Raises UsageError where the file cannot be edited in place.
    """
    from routecost.optimize.serialize import with_strategies

    where = open_library(library)
    loader = Loader(where)
    document = loader.read(where.find("scenarios", argument(scenario)))
    return with_strategies(loader.finish(document), search.strategies)


def _taxonomy(name: PathLike | None, library: PathLike | None) -> Taxonomy | None:
    if name is None:
        return None
    where = open_library(library)
    loader = Loader(where)
    return loader.finish(load_taxonomy(loader, where.find("tables", argument(name))))
