"""The verdict on routing: its conditions, and the decision."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from routecost.model.results.verdicts.probability import SavingProbability
from routecost.records import dataclass


class Answer(StrEnum):
    """True if a condition is met."""

    MET = "met"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of routing: the figure that decides it, the limit, and the answer.

    ``figure`` is None if unknown, and with ``is_bound`` the bound of an unknown one that decides.
    ``unless`` is a short phrase: what would have to be true if the answer is unknown although the scenario
    states its keys.
    """

    name: str
    question: str
    figure: Decimal | None
    threshold: Decimal | None
    answer: Answer
    meaning: str
    unless: str = ""
    is_bound: bool = False


class Decision(StrEnum):
    """The decision that follows from the conditions."""

    WORTH_IT = "worth it"
    WORTH_IT_IF = "worth it, if"
    TOO_CLOSE = "too close to call"
    DO_NOT_ROUTE = "do not route"


@dataclass(frozen=True, slots=True)
class Verdict:
    """True if ``strategy`` should replace ``against``.

    ``missing`` has the keys that the scenario does not state and that could change the verdict;
    ``includes_failures`` says whether the savings include the cost of failures. ``probability`` is that of
    savings, None if nothing that they depend on was measured by trials or is uncertain.
    """

    strategy: str
    against: str
    conditions: tuple[Condition, ...]
    missing: tuple[str, ...]
    includes_failures: bool
    probability: SavingProbability | None = None

    @property
    def decision(self) -> Decision:
        """The decision: one failing condition is enough not to route."""
        answers = {condition.answer for condition in self.conditions}
        if Answer.FAILS in answers:
            return Decision.DO_NOT_ROUTE
        if self.probability is not None and self.probability.is_too_close:
            return Decision.TOO_CLOSE
        return Decision.WORTH_IT_IF if Answer.UNKNOWN in answers else Decision.WORTH_IT
