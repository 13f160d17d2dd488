"""Reasons why a slider of an interactive page is disabled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from routecost.model.results.interactive.what_if_page import Key, PageMix, Slider
from routecost.model.scenario.caching import CachedPrefix
from routecost.units import listed

if TYPE_CHECKING:
    from routecost.documents.scenario.scenario_file import ScenarioFile
    from routecost.model.scenario.scenario import Scenario

_TERMS = "{}, so that its effect depends on the total of a month"
_MOST = 3
INCLUDED = "how much of the work of {} its subscription includes depends on it"


def mix_key(strategy: str) -> str:
    """Return the key of the reason why the mix of a strategy cannot be changed."""
    return f"mix:{strategy}"


def reasons(
    file: ScenarioFile, scenario: Scenario, sliders: Sequence[Slider], mixes: Sequence[PageMix]
) -> dict[str, str]:
    """Return the reasons that a scenario and its prices state, by slider; the first of several."""
    known: dict[str, str] = {}
    for key, reason in _reasons(file, scenario, sliders, mixes):
        known.setdefault(str(key), reason)
    return known


def _reasons(
    file: ScenarioFile, scenario: Scenario, sliders: Sequence[Slider], mixes: Sequence[PageMix]
) -> Iterator[tuple[str, str]]:
    every = [*(slider.key for slider in sliders), *(mix_key(mix.strategy) for mix in mixes)]
    totals = _on_totals(scenario)
    if totals:
        yield from ((key, _TERMS.format(totals)) for key in every)
    yield from _of_subscriptions(scenario, sliders, mixes)
    for field in file.uncertain:
        for slider in sliders:
            if any(one.path[: len(field.path)] == field.path for one in slider.fields):
                yield slider.key, f"{field.name} is uncertain, and held at its mean; change its distribution"
        for mix in mixes:
            if field.path[: len(mix.path)] == mix.path:
                yield mix_key(mix.strategy), f"{field.name} is uncertain, and held at its mean"
    yield from _of_cache(scenario, mixes)


def _on_totals(scenario: Scenario) -> str:
    if scenario.plan is not None and scenario.plan.commitments:
        return "the plan has commitments (see routecost project)"
    if any(terms.volume or terms.allowances for terms in scenario.pricing.terms):
        return f"{scenario.pricing.name} has volume discounts or free allowances"
    return ""


def _of_subscriptions(
    scenario: Scenario, sliders: Sequence[Slider], mixes: Sequence[PageMix]
) -> Iterator[tuple[str, str]]:
    capped = [
        name
        for name, paid in scenario.subscriptions.items()
        if any(terms.beyond in {"stop", "slow"} for terms in paid.subscription.terms)
    ]
    if capped:
        text = f"how many tasks the subscription of {listed(capped, _MOST)} serves depends on it"
        yield from ((slider.key, text) for slider in sliders)
    for mix in mixes:
        if mix.strategy in scenario.subscriptions:
            yield mix_key(mix.strategy), INCLUDED.format(mix.strategy)


def _of_cache(scenario: Scenario, mixes: Sequence[PageMix]) -> Iterator[tuple[str, str]]:
    tasks = scenario.workload.task_types
    prefixes = [task for task in tasks if isinstance(task.cache, CachedPrefix)]
    if not prefixes:
        return
    names = listed((task.name for task in prefixes), _MOST)
    follow = [task for task in prefixes if task.hits_follow]
    if follow:
        those = listed((task.name for task in follow), _MOST)
        hits = f"the cache hits of {those} follow from how many calls arrive"
        yield Key.VOLUME, f"{hits}, so that the cost of a task depends on the volume"
        yield Key.INPUT, hits
    for mix in mixes:
        yield mix_key(mix.strategy), f"a model serves more cache hits of {names} the more calls it gets"
    yield Key.CACHE, f"the cache of {names} is a shared prefix, whose hits follow from its calls"
