"""The contents of a planning document: results, and the sources of their assumptions."""

from __future__ import annotations

from routecost.model.frames import Result
from routecost.model.results.breakeven import Breakevens
from routecost.model.results.claim_check import Check
from routecost.model.results.comparison import Comparison
from routecost.model.results.price_lists import PriceList
from routecost.model.results.projection import Projection
from routecost.model.results.tornado import Tornado
from routecost.model.results.validation import Validation
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding, Position
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """A field that a scenario states: its path, its text, and its position.

    ``position`` is None if an option overrides the file.
    """

    name: str
    value: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class RoutedBy:
    """A routing table checked against its fleet, and the strategies that route by it."""

    strategies: tuple[str, ...]
    validation: Validation


@dataclass(frozen=True, slots=True)
class Planning(Result):
    """A scenario with all of its results.

    ``prices`` are those of the models that its strategies use; ``check`` is None if the scenario makes
    no claims. ``warnings`` are about its documents. ``options`` names the options of the projection
    that override the scenario's plan.
    """

    scenario: Scenario
    description: str | None
    comparison: Comparison
    projection: Projection
    breakevens: Breakevens
    tornado: Tornado
    routed_by: tuple[RoutedBy, ...]
    check: Check | None
    stated: tuple[Stated, ...]
    prices: PriceList
    warnings: tuple[Finding, ...] = ()
    options: frozenset[str] = frozenset()
