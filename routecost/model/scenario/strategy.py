"""What becomes of tasks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the tasks of one type, as shares of them; None where it is not known.

    ``right`` results are accepted and right, ``wrong`` ones are accepted and nobody notices, and
    ``reworked`` ones were wrong, noticed and done again: they sum to 1. ``escalated`` tasks ran on
    a second tier, ``reviewed`` ones were seen by a reviewer. ``seconds`` is the mean from start to end,
    along the critical path.
    """

    task: str
    tasks_per_day: Decimal
    right: Decimal | None
    wrong: Decimal | None
    reworked: Decimal | None
    escalated: Decimal | None = Decimal(0)
    reviewed: Decimal = Decimal(0)
    seconds: Decimal | None = None
