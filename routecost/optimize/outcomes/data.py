"""Measured outcomes: scores, costs and confidences of models by query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from routecost.records import dataclass

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


class Split(StrEnum):
    """The part of the data that a query belongs to."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Outcomes:
    """The outcomes of ``queries`` x ``models``.

    ``score`` (queries x models) is the quality of each answer, 0 to 1; ``cost`` (same shape) is in
    ``currency`` per query. ``confidence`` (same shape; None if none is given) is each model's signal on its
    own answer: the greater, the surer; NaN where it is unknown. ``categories`` and ``splits`` have an item
    per query; ``features`` are numeric columns, one value per query. ``tokens`` has the tokens of each meter
    (queries x models). Scores and costs have no NaN: missing cells are handled when outcomes are read.
    """

    queries: tuple[str, ...]
    models: tuple[str, ...]
    score: Floats
    cost: Floats
    splits: NDArray[Any]
    confidence: Floats | None = None
    categories: tuple[str, ...] | None = None
    features: Mapping[str, Floats] = field(default_factory=dict)
    tokens: Mapping[str, Floats] = field(default_factory=dict)
    currency: str = "USD"

    def __len__(self) -> int:
        """Return the number of queries."""
        return len(self.queries)

    def part(self, split: Split) -> Outcomes:
        """Return the queries of a part of the data."""
        return self.rows(np.flatnonzero(self.splits == split))

    def rows(self, at: NDArray[np.intp]) -> Outcomes:
        """Return the queries at these indexes, which may repeat."""
        return Outcomes(
            tuple(self.queries[row] for row in at),
            self.models,
            self.score[at],
            self.cost[at],
            self.splits[at],
            None if self.confidence is None else self.confidence[at],
            None if self.categories is None else tuple(self.categories[row] for row in at),
            {name: values[at] for name, values in self.features.items()},
            {meter: counts[at] for meter, counts in self.tokens.items()},
            self.currency,
        )

    def of_models(self, models: Sequence[str]) -> Outcomes:
        """Return the outcomes of some models, in this order. Raises ValueError for an unknown model."""
        at = [self.models.index(model) for model in models]
        return Outcomes(
            self.queries,
            tuple(models),
            self.score[:, at],
            self.cost[:, at],
            self.splits,
            None if self.confidence is None else self.confidence[:, at],
            self.categories,
            self.features,
            {meter: counts[:, at] for meter, counts in self.tokens.items()},
            self.currency,
        )

    @property
    def by_cost(self) -> tuple[int, ...]:
        """The indexes of the models by mean cost, then mean score (best first), then name."""
        costs, scores = self.cost.mean(axis=0), self.score.mean(axis=0)
        return tuple(
            sorted(range(len(self.models)), key=lambda at: (costs[at], -scores[at], self.models[at]))
        )
