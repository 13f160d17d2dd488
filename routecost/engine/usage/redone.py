"""Success on work that is done again because its first output was rejected.

The work that a judge rejects is a part E of all tasks, and a tier does right a part R of all tasks.
If only P(E) and P(R) are known, the share that is rejected and then done right is bounded by

    max(0, P(E) + P(R) - 1) <= P(E and R) <= min(P(E), P(R))

and every value in between is possible (Frechet, "Generalisation du theoreme des probabilites totales",
Fundamenta Mathematicae 25, 1935). Independence, P(E) x P(R), lies between the bounds. P(E) follows from
the success rate s of the tier before and the detection rates: P(E) = s x right_rejected +
(1 - s) x wrong_rejected. Nothing is assumed about whether the judge errs more often on hard tasks.

Along a path of tiers, the least success at every step gives the least success of the whole: one more
task that a step does right is accepted with probability 1 - right_rejected, and takes at most
wrong_rejected - right_rejected from what later steps do right.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from routecost.model.scenario.success import SuccessAfter
from routecost.units import ONE, ZERO

_ROUNDING = Decimal("1e-9")
"""The most by which stated rates, which may be rounded, may exceed their bounds."""


class Rejected(NamedTuple):
    """The shares of all tasks whose wrong, and whose right, output was rejected."""

    wrong: Decimal
    right: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The share of all tasks that is done again."""
        return self.wrong + self.right

    def times(self, share: Decimal) -> Rejected:
        """Return a share of the rejected tasks."""
        return Rejected(self.wrong * share, self.right * share)

    def right_after(self, after: SuccessAfter) -> Decimal:
        """Return the share of all tasks that is rejected and then done right, at stated rates."""
        return self.wrong * after.when_wrong + self.right * after.when_right


class Redone(NamedTuple):
    """Tasks that were rejected and are done again on ``tier``, with the stated success, if any."""

    tier: str
    rejected: Rejected
    after: SuccessAfter | None


def least_success(rejected: Decimal, rate: Decimal) -> Decimal:
    """Return the least share of all tasks that is rejected and then done right by a tier of this rate."""
    return max(ZERO, rejected + rate - ONE)


def most_success(rejected: Decimal, rate: Decimal) -> Decimal:
    """Return the greatest share of all tasks that is rejected and then done right."""
    return min(rejected, rate)


def contradiction(redone: Redone, rate: Decimal) -> str | None:
    """Return why a stated success contradicts the tier's rate on all tasks; None if it does not."""
    total = redone.rejected.total
    if redone.after is None or not total:
        return None
    right = redone.rejected.right_after(redone.after)
    least, most = least_success(total, rate), most_success(total, rate)
    if least - _ROUNDING <= right <= most + _ROUNDING:
        return None
    return (
        f'"{redone.tier}" cannot succeed in {_percent(right / total)} of the tasks done again: at a rate of '
        f"{_percent(rate)} on all tasks, of which {_percent(total)} are done again, expected "
        + " to ".join(dict.fromkeys(_percent(end / total) for end in (least, most)))
    )


def _percent(share: Decimal) -> str:
    digits = f"{share * 100 + 0:.6g}"  # the sum has no positive exponent
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + "%"
