"""Success rates, rework, detection and latency, as documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.money import Money
from routecost.documents.core.scalars import Flag, Seconds, Share, TierName, Trials, Whole
from routecost.engine.usage.redone import Redone, Rejected, contradiction
from routecost.errors import RoutecostError
from routecost.model.scenario.success import Detection, Latency, Rework, SuccessAfter, SuccessRate
from routecost.model.scenario.workload import TaskType, Workload
from routecost.problems import KeyPath
from routecost.units import ZERO, exact

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import Outcome, Strategy, TierModels


@document
class MeasuredRate:
    """Successes out of trials."""

    successes: Whole
    trials: Trials

    def faults(self) -> Iterator[Fault]:
        """Yield faults for invalid counts."""
        for name in ("successes", "trials"):
            if getattr(self, name) != int(getattr(self, name)):
                yield Fault(f"{getattr(self, name)} is not a whole number", (name,))
        if not self.trials:
            yield Fault("no trials; expected at least one", ("trials",))
        elif self.successes > self.trials:
            yield Fault(f"{self.successes} successes of {self.trials} trials", ("successes",))


def _rate_kind(data: Any) -> str | None:
    return "rate" if isinstance(data, str) else "measured" if isinstance(data, dict) else None


SuccessForm = Annotated[
    Any,
    OneOf(
        "a share such as 95%, or {successes, trials}",
        {"rate": Share, "measured": Annotated[MeasuredRate, Checked()]},
        _rate_kind,
    ),
]
SuccessByTier = dict[TierName, SuccessForm]


@exact
def build_success(forms: SuccessByTier) -> dict[str, SuccessRate]:
    """Return the success rates by tier."""
    return {tier: _success(form) for tier, form in forms.items()}


def _success(form: Any) -> SuccessRate:
    if not isinstance(form, MeasuredRate):
        return SuccessRate(form)
    rate = form.successes / form.trials if form.trials else ZERO
    return SuccessRate(rate, int(form.successes), int(form.trials))


@document
class ReworkDocument:
    """Handling of wrong results that are detected."""

    noticed: Share
    cost: Money = ZERO
    tier: TierName | None = None
    success_after: Share | None = None
    pass_on: Flag = False

    def faults(self) -> Iterator[Fault]:
        """Look for wrong results that are passed on to no call."""
        if self.pass_on and self.tier is None:
            yield Fault('no call reads the wrong result; expected "tier"', ("pass_on",), on_key=True)

    def build(self) -> Rework:
        """Return the rework."""
        return Rework(self.noticed, self.cost, self.tier, self.success_after, self.pass_on)


@document
class DetectionDocument:
    """Accuracy of a judge or reviewer."""

    wrong_rejected: Share
    right_rejected: Share = ZERO

    def build(self) -> Detection:
        """Return the detection."""
        return Detection(self.wrong_rejected, self.right_rejected)


@document
class SuccessAfterDocument:
    """Success rates of work done again, after a wrong and after a right output was rejected."""

    when_wrong: Share
    when_right: Share

    def build(self) -> SuccessAfter:
        """Return the rates."""
        return SuccessAfter(self.when_wrong, self.when_right)


SuccessAfterForm = Annotated[
    Any,
    OneOf(
        "a share such as 80%, or {when_wrong, when_right}",
        {"rate": Share, "measured": SuccessAfterDocument},
        _rate_kind,
    ),
]


def build_success_after(form: Any) -> SuccessAfter:
    """Return the success rates of work done again; one share is the rate after any rejection."""
    return form.build() if isinstance(form, SuccessAfterDocument) else SuccessAfter.always(form)


def contradictions(again: Iterable[Redone], task: TaskType, path: KeyPath) -> Iterator[Fault]:
    """Look for stated success rates of work done again that the rates on all tasks rule out.

    ``path`` leads to them; a mapping has them by tier.
    """
    for redone in again:
        rate = task.success_rate(redone.tier)
        message = None if rate is None else contradiction(redone, rate)
        if message is not None:
            yield Fault(f'{message} (task type "{task.name}")', path)


OF_INVALID = (LookupError, ArithmeticError, TypeError, ValueError, AttributeError)
"""The errors of strategies that are invalid, whose own faults are reported."""


def rework_faults(
    workload: Workload, strategies: Mapping[str, Callable[[], Strategy]], tier_models: TierModels
) -> Iterator[Fault]:
    """Look for stated success of rework that the rates rule out, whatever repeated work succeeds."""
    cases = [replace(tier_models, worst_case=worst_case) for worst_case in (False, True)]
    for name, build in strategies.items():
        outcomes: list[tuple[Outcome, ...]] = []
        with suppress(RoutecostError, *OF_INVALID):  # an error of the command, or reported already
            strategy = build()
            outcomes = [strategy.expand(workload, case).outcomes for case in cases]
        for task, *ends in zip(workload.task_types, *outcomes, strict=False):
            messages = {_rework_contradiction(task, outcome) for outcome in ends}
            if messages and None not in messages:
                message = f'{min(filter(None, messages))} (task type "{task.name}", strategy "{name}")'
                yield Fault(message, (*task.path, "rework", "success_after"))


def _rework_contradiction(task: TaskType, outcome: Outcome) -> str | None:
    """Return why the stated success of rework contradicts the rate of its tier; None if it does not."""
    rework = task.rework
    if rework is None or rework.success_after is None or outcome.reworked is None:
        return None
    if rework.tier is None or rework.tier not in task.success:
        return None
    after, rate = SuccessAfter.always(rework.success_after), task.success[rework.tier].rate
    return contradiction(Redone(rework.tier, Rejected(outcome.reworked), after), rate)


@document
class LatencyDocument:
    """Latency of a call on a tier, in seconds."""

    per_call: Seconds
    per_output_token: Seconds = ZERO

    def build(self) -> Latency:
        """Return the latency."""
        return Latency(self.per_call, self.per_output_token)
