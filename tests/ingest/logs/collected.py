"""A store that keeps the calls that are read as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routecost.ingest.logs.call import Call
from routecost.ingest.logs.items import Outcome


class Store:
    """Collects calls as the store does."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def add(self, calls: Iterable[Call]) -> None:
        self.calls += calls

    def add_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        assert not outcomes
