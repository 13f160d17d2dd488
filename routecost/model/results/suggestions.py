"""Which tier each row of a routing table should go to, by what was measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The tier with the lowest expected total cost per task, model and failures, for a row.

    ``tier`` is the row's own, with ``cost``; ``suggested`` is None where too little is known.
    ``sure`` is how likely the suggested tier is cheaper than ``runner_up``. ``more_trials`` is how
    many more each of the two needs to show that the lower of them is no worse, by the margin; None
    where no number would, if rates are as measured. ``why`` says what is missing, or that the
    taxonomy does not admit the suggested tier.
    """

    task: str
    tier: str
    cost: Decimal | None = None
    suggested: str | None = None
    suggested_cost: Decimal | None = None
    runner_up: str | None = None
    sure: float | None = None
    more_trials: int | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A suggestion per row in force; costs per task in ``currency``."""

    table: str
    scenario: str
    pricing: str
    as_of: date
    currency: str
    rows: tuple[Suggestion, ...]

    def records(self) -> list[dict[str, Any]]:
        """Return a row per suggestion, with the columns of the JSON output."""
        return [asdict(row) for row in self.rows]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per suggestion."""
        from routecost.model.results.frames import frame

        return frame(self.records())
