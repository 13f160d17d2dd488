"""Break-even points of decisions about tiers, and the costs of routing."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from routecost.errors import UsageError
from routecost.model.frames import Result
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.records import dataclass
from routecost.units import MAX_COUNT, MAX_DIGITS, ZERO, exact

if TYPE_CHECKING:
    import pandas

MOST_MONTHS = 1200
_AMOUNT = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)
_SMALL_AMOUNT = re.compile(rf"({_AMOUNT.pattern})(e[-+]?\d{{1,2}})?", re.ASCII | re.IGNORECASE)


class Question(StrEnum):
    """A question; ``Answer.ALWAYS`` and ``Answer.NEVER`` refer to the statement that it makes."""

    VOLUME = "routing repays its engineering and upkeep"
    PLAN_VOLUME = "routing repays its engineering and upkeep over the plan"
    WRONG_TIER = "tasks on the wrong tier erase the savings"
    ROUTER_ERROR = "router errors erase the savings"
    SUCCESS_RATE = "the cheap tier stops paying off"
    FAILURE_COST = "the expensive tier pays off"
    ESCALATION = "the cascade costs more than starting one tier up"


class Answer(StrEnum):
    """The kind of answer: the statement changes at a value, is always or never true, or cannot be judged."""

    AT = "at"
    NEVER = "never"
    ALWAYS = "always"
    NOT_MODELLED = "not modelled"


_MISTAKES = (Question.WRONG_TIER, Question.ROUTER_ERROR)
_SHARES = (Question.SUCCESS_RATE, Question.ESCALATION)
_OF_THE_PROPOSAL = (Question.VOLUME, Question.PLAN_VOLUME, *_MISTAKES)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """An answer: at ``value`` (in ``unit``) of ``parameter`` both sides cost the same.

    ``value`` is None unless the answer is ``at``; ``now`` is the present value of the parameter if
    known. ``parameter`` is empty if the question could not be asked. ``worst_value`` and
    ``worst_answer`` are those in the worst case of repeated work, None if they are the same.
    ``of_proposal`` is false if it decides neither about the proposal nor about the default.
    """

    question: Question
    parameter: str
    value: Decimal | None
    unit: str
    answer: Answer
    meaning: str
    now: Decimal | None = None
    task_type: str | None = None
    worst_value: Decimal | None = None
    worst_answer: Answer | None = None
    of_proposal: bool = True

    @property
    @exact
    def margin(self) -> Decimal | None:
        """The distance from the present value to the break-even; None if either is unknown.

        For shares it is the difference in points, as a fraction, and for mistakes the share itself; for
        volumes and money it is relative to the present value.
        """
        if self.value is None:
            return None
        if self.question in _MISTAKES:
            return abs(self.value - (self.now or 0))
        if self.now is None:
            return None
        distance = abs(self.value - self.now)
        if self.question in _SHARES:
            return distance
        return distance / self.now if self.now else None


@dataclass(frozen=True, slots=True)
class Breakevens(Result):
    """The break-evens of a scenario, by question.

    ``illustrative`` names the figures that are made up, ``at_means`` the uncertain inputs held at their
    means, ``escalates_unknown`` the strategies of which an unknown share of the tasks escalates, and
    ``unpriced_reviews`` those with reviewers whose calls are not included: their costs are lower bounds.
    ``own_fees`` has the strategies with capacity of their own.
    """

    scenario: str
    pricing: str
    as_of: date
    currency: str
    default: str | None
    proposed: str | None
    breakevens: tuple[BreakEven, ...]
    illustrative: str | None = None
    at_means: tuple[str, ...] = ()
    escalates_unknown: tuple[str, ...] = ()
    unpriced_reviews: tuple[str, ...] = ()
    own_fees: tuple[str, ...] = ()

    def of(self, question: Question) -> tuple[BreakEven, ...]:
        """Return the answers to one question."""
        return tuple(row for row in self.breakevens if row.question is question)

    @property
    def nearest(self) -> BreakEven | None:
        """The break-even with the least ``margin``, of those ``of_proposal``.

        Those that decide about the proposal as a whole come before those about single tiers.
        """
        known = [row for row in self.breakevens if row.of_proposal and row.margin is not None]
        decisive = [row for row in known if row.question in _OF_THE_PROPOSAL]
        return min(decisive or known, key=lambda row: row.margin or ZERO, default=None)

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per answer."""
        return [asdict(row) for row in self.breakevens]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per answer, float64 for values."""
        from routecost.model.frames import frame

        return frame(self.records())


def read_amount(option: str, text: str, *, per_query: bool = False) -> Decimal:
    """Return an amount of money from a text such as ``12000`` or ``99.50``; raises UsageError.

    Amounts ``per_query`` are small: they may be written as ``5e-4``.
    """
    digits = text.strip().replace("_", "")
    known = _SMALL_AMOUNT if per_query else _AMOUNT
    if not known.fullmatch(digits) or len(digits) > MAX_DIGITS or Decimal(digits) > MAX_COUNT:
        examples = "0.0005 or 5e-4" if per_query else "12000 or 99.50"
        raise UsageError(f'{option} "{text}" is not an amount of money; expected one such as {examples}')
    return Decimal(digits)


def checked_months(option: str, months: int) -> int:
    """Return the number of months of a payback period; raises UsageError if out of range."""
    if not 1 <= months <= MOST_MONTHS:
        raise UsageError(f'{option} "{months}" is out of range; expected 1 to {MOST_MONTHS} months')
    return months


def routing_costs(
    stated: RoutingCosts | None,
    engineering: str | Decimal | int | None,
    upkeep: str | Decimal | int | None,
    within: int | None,
) -> RoutingCosts | None:
    """Return the routing costs: the given ones override those of a scenario.

    Returns None if there are none; raises UsageError if only some of them are given.
    """
    given = {"--engineering": engineering, "--upkeep": upkeep, "--within": within}
    missing = [option for option, value in given.items() if value is None]
    if len(missing) == len(given):
        return stated
    if missing and stated is None:
        present = " and ".join(option for option in given if option not in missing)
        raise UsageError(f"{present} needs {' and '.join(missing)} too: a missing cost is not taken as 0")
    known = stated or RoutingCosts(ZERO, ZERO, 1)
    return RoutingCosts(
        known.engineering if engineering is None else read_amount("--engineering", str(engineering)),
        known.upkeep_per_month if upkeep is None else read_amount("--upkeep", str(upkeep)),
        known.within_months if within is None else checked_months("--within", within),
    )
