"""Routing by category: which model each category gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

import numpy as np

from routecost.model.outcomes.policies import CategoryRouting
from routecost.optimize.outcomes.data import Floats, Mask, Outcomes
from routecost.optimize.outcomes.hull import ROUNDING, Frontier, Indexes, by_cost, frontier
from routecost.records import dataclass

MOST_POINTS, MOST_SPACED = 20_000, 4_000
"""The most tables of a part of the categories that are kept, for a limit and for evenly spaced ones."""

Keep = Callable[[int, Floats, Floats], Mask]
"""Which tables of the first categories (their number, costs, qualities) can lead to what is searched for."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CategoryFrontier:
    """All tables on the frontier of training data: ``steps`` has a row per category, in order of name.

    ``overall`` is the hull of all queries: a category that is not in the training data gets the model that
    is best for all queries at the same price. ``cost`` and ``quality`` (categories x models) are shares of
    the means.
    """

    categories: tuple[str, ...]
    models: tuple[str, ...]
    steps: Frontier
    overall: Frontier = field(repr=False)
    cost: Floats = field(repr=False)
    quality: Floats = field(repr=False)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self.steps)

    def of_models(self, models: Indexes) -> CategoryRouting:
        """Return the table with a model per category; its default is that of the hull at its cost."""
        routes = {
            category: {self.models[model]: 1.0}
            for category, model in zip(self.categories, models, strict=True)
        }
        cost = self.cost[np.arange(len(models)), models].sum()
        at = int(np.searchsorted(self.steps.cost, cost * (1 + ROUNDING), side="right")) - 1
        return CategoryRouting(routes, self._default(max(at, 0)))

    def _default(self, at: int) -> dict[str, float]:
        price = self.steps.price[at - 1] if at else np.inf
        other = self.overall.models(int((self.overall.price >= price).sum()))[0]
        return {self.models[other]: 1.0}


def category_frontier(train: Outcomes) -> CategoryFrontier:
    """Return the exact frontier of routing by category; exact for its tables' cost and quality in training.

    Raises ValueError if the outcomes have no categories or no queries.
    """
    if train.categories is None:
        raise ValueError("the outcomes have no categories")
    ordered = by_cost(train)
    names = tuple(sorted(set(train.categories)))
    place = {name: at for at, name in enumerate(names)}
    rows = np.array([place[name] for name in train.categories])
    cost, quality = (
        np.column_stack([np.bincount(rows, column, len(names)) for column in values.T]) / len(train)
        for values in (ordered.cost, ordered.score)
    )
    overall = frontier(cost.sum(axis=0)[None, :], quality.sum(axis=0)[None, :])
    return CategoryFrontier(names, ordered.models, frontier(cost, quality), overall, cost, quality)


def fit_category_routing(
    train: Outcomes, most: int = 100, *, budget: float | None = None, min_quality: float | None = None
) -> list[CategoryRouting]:
    """Return tables that no other one beats in training, cheapest first, at most ``most``.

    No table has a random choice, so each is a routing table. Those on the hull come first; where they leave
    room, others are evenly spaced. They are taken from a set that has, for each table, one that is as good
    and costs more by at most categories / (``MOST_SPACED`` - 1) of the range of costs. The list is empty
    if the outcomes have no categories.

    Beyond ``most``, the best table within a ``budget`` is added, and the cheapest one that is at least as
    good as ``min_quality``, if there is one. Partial tables that cannot be better than the best one known, by
    the linear program over the other categories, are left out. The result is exact unless more than
    ``MOST_POINTS`` of them are left at once. It is then at most categories / (``MOST_POINTS`` - 1) of the
    range of qualities worse than the best one (``min_quality``: of the range of costs costlier), and no worse
    than the tables of the hull.
    """
    if train.categories is None:
        return []
    tables_of = category_frontier(train)
    tables = [tables_of.steps.models(at) for at in tables_of.steps.thinned(most)]
    room = most - len(tables)
    if room > 0:
        places = {models.tobytes() for models in tables}
        others = [models for models in _tables(tables_of, most) if models.tobytes() not in places]
        spaced = np.linspace(0, len(others) - 1, min(room, len(others))).round().astype(int)
        tables += [others[at] for at in spaced]
    limits = (_within(tables_of, budget), _at_least(tables_of, min_quality))
    tables += [models for models in limits if models is not None]
    every = np.arange(len(tables_of.categories))
    cost, quality = (
        np.array([values[every, models].sum() for models in tables])
        for values in (tables_of.cost, tables_of.quality)
    )
    return [tables_of.of_models(tables[at]) for at in _unbeaten(cost, quality)]


def _rest(whole: CategoryFrontier) -> list[Frontier]:
    """Return the frontier of the categories after the first one, two, and so on."""
    return [frontier(whole.cost[at:], whole.quality[at:]) for at in range(1, len(whole.categories))]


def _within(whole: CategoryFrontier, budget: float | None) -> Indexes | None:
    """Return the models of the best table within a budget."""
    if budget is None or whole.steps.cost[0] > budget * (1 + ROUNDING):
        return None
    limit = budget * (1 + ROUNDING)
    rest, steps = _rest(whole), whole.steps
    known = int(np.searchsorted(steps.cost, limit, side="right")) - 1
    least = steps.quality[known]

    def keep(done: int, cost: Floats, quality: Floats) -> Mask:
        if done > len(rest):
            return np.asarray(cost <= limit)
        after = rest[done - 1]
        top = quality + np.interp(limit - cost, after.cost, after.quality)
        useful: Mask = (cost + after.cost[0] <= limit) & (top >= least - ROUNDING)
        return useful

    merged = _merged(whole, MOST_POINTS, keep, thin_by_cost=False)
    if not len(merged.cost) or merged.quality[-1] < least - ROUNDING:
        return steps.models(known)
    return merged.models(-1)


def _at_least(whole: CategoryFrontier, min_quality: float | None) -> Indexes | None:
    """Return the models of the cheapest table that is good enough."""
    if min_quality is None or whole.steps.quality[-1] < min_quality - ROUNDING:
        return None
    floor = min_quality - ROUNDING
    rest, steps = _rest(whole), whole.steps
    known = int(np.searchsorted(steps.quality, floor))
    most = steps.cost[known] * (1 + ROUNDING)

    def keep(done: int, cost: Floats, quality: Floats) -> Mask:
        if done > len(rest):
            return np.asarray(quality >= floor)
        after = rest[done - 1]
        low = cost + np.interp(floor - quality, after.quality, after.cost)
        useful: Mask = (quality + after.quality[-1] >= floor) & (low <= most)
        return useful

    merged = _merged(whole, MOST_POINTS, keep)
    if not len(merged.cost) or merged.cost[0] > most:
        return steps.models(known)
    return merged.models(0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Tables:
    """Tables by cost; for each category, the index of its table of the categories before, and its model."""

    cost: Floats
    quality: Floats
    links: list[tuple[Indexes, Indexes]]

    def models(self, at: int) -> Indexes:
        """Return the model of each category of a table."""
        models = []
        for before, model in reversed(self.links):
            models.append(model[at])
            at = before[at]
        return np.array(models[::-1])


def _tables(whole: CategoryFrontier, most: int) -> list[Indexes]:
    """Return the models of at most about this many tables that no other one beats, evenly spaced."""
    merged = _merged(whole, MOST_SPACED)
    places = np.linspace(0, len(merged.cost) - 1, min(2 * most, len(merged.cost))).round().astype(int)
    return [merged.models(int(at)) for at in places]


def _merged(
    whole: CategoryFrontier, most: int, keep: Keep | None = None, *, thin_by_cost: bool = True
) -> _Tables:
    """Return tables that no other one beats, from merging the categories one by one.

    Thinning by cost keeps the best table of each interval of costs, else the cheapest of each of qualities.
    """
    cost, quality = np.zeros(1), np.zeros(1)
    links: list[tuple[Indexes, Indexes]] = []
    for done, (costs, qualities) in enumerate(zip(whole.cost, whole.quality, strict=True), start=1):
        useful = _unbeaten(costs, qualities)
        cost = (cost[:, None] + costs[useful]).ravel()
        quality = (quality[:, None] + qualities[useful]).ravel()
        at = np.flatnonzero(keep(done, cost, quality)) if keep else np.arange(len(cost))
        at = at[_unbeaten(cost[at], quality[at])]
        values = cost if thin_by_cost else quality
        at = at[_thinned(values[at], most, last=thin_by_cost)]
        cost, quality = cost[at], quality[at]
        links.append((at // len(useful), useful[at % len(useful)]))
    return _Tables(cost, quality, links)


def _unbeaten(cost: Floats, quality: Floats) -> Indexes:
    """Return the points that no other one equals in quality at its cost or less, cheapest first.

    Costs that differ by rounding only are equal.
    """
    rounding = ROUNDING * float(np.max(cost, initial=0.0)) or 1.0
    order: Indexes = np.lexsort((-quality, (cost / rounding).round()))
    best = np.maximum.accumulate(quality[order])
    before = np.concatenate([[-np.inf], best[:-1]])
    return order[quality[order] > before + ROUNDING]


def _thinned(values: Floats, most: int, *, last: bool) -> Indexes:
    """Return one point of each interval of rising values, and the first one, if there are too many."""
    every = np.arange(len(values))
    if len(values) <= most:
        return every
    part = ((values - values[0]) * ((most - 1) / (values[-1] - values[0]))).astype(int)
    ends = part[1:] != part[:-1]
    kept: Indexes = every[np.append(ends, True) if last else np.insert(ends, 0, True)]
    return kept if not last else np.union1d(kept, every[:1])
