"""Routing by category: which model each category gets."""

from __future__ import annotations

from dataclasses import field

import numpy as np

from routecost.model.outcomes.policies import CategoryRouting
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.hull import Frontier, by_cost, frontier, shares
from routecost.records import dataclass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CategoryFrontier:
    """All tables on the frontier of training data: ``steps`` has a row per category, in order of name.

    ``overall`` is the hull of all queries: a category that is not in the training data gets the model that
    is best for all queries at the same price.
    """

    categories: tuple[str, ...]
    models: tuple[str, ...]
    steps: Frontier
    overall: Frontier = field(repr=False)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self.steps)

    def table(self, at: int, share: float = 0.0) -> CategoryRouting:
        """Return a table; a ``share`` of the category of the next step gets its next model."""
        routes = {
            category: shares(self.models[model], "", 0.0)
            for category, model in zip(self.categories, self.steps.models(at), strict=True)
        }
        if share:
            before, after = (self.models[model[at]] for model in (self.steps.before, self.steps.after))
            routes[self.categories[self.steps.row[at]]] = shares(before, after, share)
        price = self.steps.price[at - 1] if at else np.inf
        other = self.overall.models(int((self.overall.price >= price).sum()))[0]
        return CategoryRouting(routes, {self.models[other]: 1.0})

    def within(self, budget: float) -> CategoryRouting:
        """Return the best routing with a mean training cost of at most ``budget``, in currency per query.

        It is the optimum of the linear program; at most one category is divided between two models. Raises
        BudgetError if the cheapest table costs more.
        """
        return self.table(*self.steps.within(budget))


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
    return CategoryFrontier(names, ordered.models, frontier(cost, quality), overall)


def fit_category_routing(train: Outcomes, most: int = 1000) -> list[CategoryRouting]:
    """Return the tables on the frontier, cheapest first: all, or ``most`` of them, evenly spaced.

    No table has a random choice, so each is a routing table. The list is empty if the outcomes have no
    categories.
    """
    if train.categories is None:
        return []
    found = category_frontier(train)
    return [found.table(at) for at in found.steps.thinned(most)]
