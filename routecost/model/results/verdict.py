"""Whether to route at all: conditions, each with the figure that decides it and its threshold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Answer(StrEnum):
    """How a condition is met."""

    MET = "met"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of routing: what decides it, the limit, and how it came out.

    ``figure`` is None where it is not known. ``unless`` says in a few words what would have to be
    true where the answer is unknown.
    """

    name: str
    question: str
    figure: Decimal | None
    threshold: Decimal | None
    answer: Answer
    meaning: str
    unless: str = ""


class Decision(StrEnum):
    """What the conditions come to."""

    WORTH_IT = "worth it"
    WORTH_IT_IF = "worth it, if"
    DO_NOT_ROUTE = "do not route"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether ``strategy`` should take the place of ``against``."""

    strategy: str
    against: str
    conditions: tuple[Condition, ...]

    @property
    def decision(self) -> Decision:
        """The decision: one failing condition is enough to leave routing alone."""
        answers = {condition.answer for condition in self.conditions}
        if Answer.FAILS in answers:
            return Decision.DO_NOT_ROUTE
        return Decision.WORTH_IT_IF if Answer.UNKNOWN in answers else Decision.WORTH_IT
