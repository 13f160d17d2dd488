"""Search for the cheapest policies, and their output as YAML."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.api import scenarios as api
from routecost.documents.core.loader import Loader
from routecost.documents.core.referred_paths import moved_paths
from routecost.documents.routing.load import load_taxonomy
from routecost.documents.scenario.scenario_file import file_of
from routecost.errors import UsageError
from routecost.library import PathLike, argument, looks_like_path, open_library, path_from
from routecost.model.results.mix_sweep import read_share
from routecost.model.results.policies import Search
from routecost.model.routing.table import Taxonomy
from routecost.model.scenario.scenario import Scenario
from routecost.source.editing.yaml_writer import block_yaml


def search_policies(
    scenario: PathLike | Scenario,
    *,
    budget: Decimal | None = None,
    taxonomy: PathLike | None = None,
    min_success: Decimal | str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Search:
    """Find the cheapest policy of each kind for a scenario, including failures.

    ``budget`` limits the cost of calls per month. ``taxonomy`` restricts tiers to those that it
    allows, and adds a routing table to the result. ``min_success``, such as ``"95%"``, is the least
    success rate of each task type.

    Raises as :func:`routecost.compare` does; also raises UsageError if success rates or failure costs
    are missing, the budget is too small or ``min_success`` too high, EnvironmentFailure for a budget
    without scipy.
    """
    from routecost.optimize.search import search

    loaded = api.resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    floor = None if min_success is None else read_share(str(min_success))
    result = search(loaded, api.day_of(loaded), budget, _taxonomy(taxonomy, library), floor)
    if result.table is None or taxonomy is None or not looks_like_path(argument(taxonomy)):
        return result
    return replace(result, table={**result.table, "taxonomy": os.path.abspath(taxonomy)})


def table_text(search: Search, folder: PathLike | None = None) -> str:
    """Return the best routing table as YAML.

    A taxonomy given by path is named relative to ``folder``, that of the file to write, else by its
    absolute path.
    """
    table = dict(search.table or {})
    if folder is not None and os.path.isabs(table.get("taxonomy", "")):
        table["taxonomy"] = path_from(folder, table["taxonomy"])
    return block_yaml(table)


def scenario_text(
    search: Search,
    scenario: PathLike | Scenario,
    library: PathLike | None = None,
    *,
    folder: PathLike | None = None,
) -> str:
    """Return the text of a scenario with the policies added to its strategies; comments are kept.

    ``folder`` is that of the file to write, if it is another: relative paths to other files are
    changed to be relative to it.

    Raises UsageError if the scenario has no file, or one that cannot be edited in place.
    """
    from routecost.optimize.serialize import with_strategies

    file = file_of(api.resolve(scenario, library=library))
    if file is None:
        raise UsageError("the scenario was not read from a file; expected one that was")
    moved = {} if folder is None else moved_paths(file.read, file.loading.path.parent, folder)
    return with_strategies(file.read, search.strategies, moved)


def refuse_found(scenario: Scenario) -> None:
    """Raise UsageError if a scenario has what a search has found before, so that it cannot be added."""
    if "best-tier" in scenario.strategies:
        raise UsageError('the scenario already has a strategy named "best-tier"; rename it')


def _taxonomy(name: PathLike | None, library: PathLike | None) -> Taxonomy | None:
    if name is None:
        return None
    files = open_library(library)
    loader = Loader(files)
    return loader.finish(load_taxonomy(loader, files.find("tables", argument(name))))
