"""Whether the promises of a policy still hold on new outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routecost.engine.numeric.proportions import wilson_at
from routecost.errors import UsageError
from routecost.model.frames import Result
from routecost.model.outcomes.policies import CascadeRouting, Mixture, Policy, ThresholdCascade
from routecost.model.outcomes.promises import Estimate, LearnedPolicy
from routecost.optimize.outcomes.calibration import confidence_of
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.execute import Execution, execute
from routecost.optimize.outcomes.learn.confidence import error_by_chance, reliability_of
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.optimize.outcomes.statistics.bootstrap import interval
from routecost.records import dataclass

CHANCE = 0.01
"""The probability below which a change of the mix is not chance."""

_DRAWS = 2000
_DEVIATIONS = 2.576
"""Standard deviations that a change by chance exceeds with the probability ``CHANCE``."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise, what new outcomes say, and whether it still holds; ``about`` is a model, if it has one.

    ``p_value`` is the probability of such a change by chance, where that decides.
    """

    promise: str
    about: str | None
    promised: Estimate | None
    observed: Estimate | None
    holds: bool
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class PolicyCheck(Result):
    """The promises of a policy from ``promised_queries``, checked on ``queries`` new ones."""

    queries: int
    currency: str
    promises: tuple[Promise, ...]
    promised_queries: int

    @property
    def holds(self) -> bool:
        """Whether all promises hold."""
        return all(promise.holds for promise in self.promises)


def check(learned: LearnedPolicy, outcomes: Outcomes, options: LearnOptions | None = None) -> PolicyCheck:
    """Check the promises of a policy on all queries of new outcomes.

    Quality and cost hold unless the new interval is on the worse side of the promised one; calibration
    likewise. The mix of categories and the calls of each model hold unless their change is more than
    chance. Raises UsageError for outcomes that the policy cannot run on, or
    whose categories are not given although a mix is promised.
    """
    options = options or LearnOptions()
    if outcomes.currency != learned.currency:
        raise UsageError(
            f"the outcomes are in {outcomes.currency}, the promises of the policy in {learned.currency}"
        )
    lacking = sorted(set(learned.promises.calls) - set(outcomes.models))
    if lacking:
        raise UsageError(f'the outcomes lack the model "{lacking[0]}", which the policy calls')
    try:
        run = execute(learned.policy, outcomes)
    except ValueError as error:
        raise UsageError(f"the policy cannot run on these outcomes: {error}") from error
    promises = (*_means(learned, run, options), *_calibration(learned, outcomes, options))
    drift = (*_calls(learned, run, outcomes), *_mix(learned, outcomes, options.seed))
    return PolicyCheck(len(outcomes), outcomes.currency, (*promises, *drift), learned.promises.queries)


def _means(learned: LearnedPolicy, run: Execution, options: LearnOptions) -> Iterator[Promise]:
    (ends,) = interval([run], options.rounds, options.seed)
    promised = learned.promises
    quality = Estimate(run.quality, ends.quality.low, ends.quality.high)
    yield Promise("quality", None, promised.quality, quality, quality.high >= promised.quality.low)
    cost = Estimate(run.cost_per_query, ends.cost.low, ends.cost.high)
    yield Promise(
        "cost_per_query", None, promised.cost_per_query, cost, cost.low <= promised.cost_per_query.high
    )


def _calibration(learned: LearnedPolicy, outcomes: Outcomes, options: LearnOptions) -> Iterator[Promise]:
    policy = learned.policy
    if isinstance(policy, ThresholdCascade):
        used = dict(zip(policy.chain, policy.calibrations, strict=False))
    else:
        used = dict(policy.calibrations) if isinstance(policy, CascadeRouting) else {}
    for model, promised in learned.promises.calibration.items():
        calibration = used.get(model)
        if calibration is None:
            continue
        row = reliability_of(model, calibration, outcomes, options)
        holds = row.error is not None and (
            row.error.low <= promised.high
            or row.error.value <= error_by_chance(calibration, confidence_of(outcomes, model), options)
        )
        yield Promise("calibration_error", model, promised, row.error, holds)


def _calls(learned: LearnedPolicy, run: Execution, outcomes: Outcomes) -> Iterator[Promise]:
    """Yield whether the share of queries that call each model has changed by more than chance."""
    before, now = learned.promises.queries, len(outcomes)
    for model, share in learned.promises.calls.items():
        called = float(run.calls[:, outcomes.models.index(model)].mean())
        pooled = (share * before + called * now) / (before + now)
        chance = _DEVIATIONS * sqrt(pooled * (1 - pooled) * (1 / before + 1 / now))
        sure = _is_sure(learned.policy, model)
        yield Promise(
            "calls",
            model,
            _around(share, before, sure=sure),
            _around(called, now, sure=sure),
            abs(called - share) <= chance + 1e-12,
        )


def _is_sure(policy: Policy, model: str) -> bool:
    """Whether the policy itself says how many queries call a model, whatever they are."""
    return isinstance(policy, Mixture) or (isinstance(policy, ThresholdCascade) and model == policy.chain[0])


def _around(share: float, count: int, *, sure: bool) -> Estimate:
    if sure:
        return Estimate(share, share, share)
    ends = wilson_at(share, count, 1 - CHANCE)
    return Estimate(share, ends.low, ends.high)


def _mix(learned: LearnedPolicy, outcomes: Outcomes, seed: int) -> Iterator[Promise]:
    if learned.promises.mix:
        if outcomes.categories is None:
            raise UsageError(
                "the policy promises a mix of categories, and the outcomes have none; name their column with "
                "--column category=NAME"
            )
        p_value = drift(learned.promises.mix, Counter(outcomes.categories), seed)
        yield Promise("mix", None, None, None, p_value >= CHANCE, p_value)


def drift(before: Mapping[str, int], now: Mapping[str, int], seed: int = 0) -> float:
    """Return the probability that two samples of one mix of categories differ by as much as these.

    The chi-squared statistic of homogeneity is compared with that of samples drawn from both together.
    """
    names = sorted({*before, *now})
    counts = np.array([[part.get(name, 0) for name in names] for part in (before, now)], dtype=float)
    sizes, pooled = counts.sum(axis=1), counts.sum(axis=0) / counts.sum()
    draw = np.random.default_rng(seed)
    drawn = [draw.multinomial(int(size), pooled, size=_DRAWS) for size in sizes]

    seen, chance = (_statistic(both, sizes) for both in ([counts[0], counts[1]], drawn))
    return float((1 + (chance >= seen - 1e-12).sum()) / (1 + _DRAWS))


def _statistic(samples: Sequence[NDArray[Any]], sizes: NDArray[Any]) -> Floats:
    """Return the chi-squared statistic of two samples (draws x categories) with these sizes."""
    both = samples[0] + samples[1]
    parts = zip(samples, sizes, strict=True)
    total = sum((sample / size - both / sizes.sum()) ** 2 * size for sample, size in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic: Floats = np.nan_to_num(total * sizes.sum() / both).sum(axis=-1)
    return statistic
