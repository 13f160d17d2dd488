"""The result of learning from outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from routecost.model.frames import Result
from routecost.model.outcomes.policies import Policy
from routecost.model.outcomes.promises import Estimate, Promises
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.oracle import Regret
from routecost.optimize.outcomes.statistics.bootstrap import Intervals
from routecost.optimize.outcomes.statistics.reliability import Bin
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class LearnOptions:
    """What is asked of the policy, and how it is searched for.

    ``budget`` limits the cost per query, ``min_quality`` the mean score. With ``risk``, the probability that
    the quality falls short of the ``reference`` model by more than ``margin`` is at most that. ``families``
    are those to search (all if empty), ``longest`` limits the length of cascades, ``quantiles`` the
    thresholds of each of their models; ``transform`` is that of
    confidences, see :class:`routecost.model.outcomes.policies.Calibration`. ``rounds`` and ``seed`` are of
    the bootstrap. ``controller`` is the cost per query of choosing between systems of agents.
    """

    budget: float | None = None
    min_quality: float | None = None
    risk: float | None = None
    margin: float = 0.0
    reference: str | None = None
    families: tuple[str, ...] = ()
    longest: int = 3
    quantiles: int = 40
    transform: str = "identity"
    rounds: int = 1000
    seed: int = 0
    controller: float = 0.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A policy with its mean cost and quality on train, and what came of it on held-out queries.

    ``expected_quality`` is that on train without the optimism of its family, by cross-validation on train.

    ``held`` says whether both differ from held out by no more than sampling explains, of train and of the
    held-out queries (95%, by Welch's standard error). ``passes`` says whether it keeps the bound of risk;
    None if none was asked for, or it was not tested; ``tested`` has the result of the test, or why there is
    none.
    """

    name: str
    family: str
    policy: Policy
    cost: float
    quality: float
    held_out_cost: Estimate
    held_out_quality: Estimate
    regret: Regret
    expected_quality: float
    held: bool
    passes: bool | None = None
    tested: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The held-out share of queries that call a model, and that it answers; the mean score of these."""

    model: str
    called: float
    answered: float
    quality: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the calibrated confidence of a model was right on held-out queries; else ``why`` not known."""

    model: str
    error: Estimate | None = None
    bins: tuple[Bin, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Learned(Result):
    """The policies that outcomes support.

    ``frontier`` has the policies that no other one beats on train, cheapest first; ``families`` the choice of
    each family by the same rule, without the bound of risk; both have the chosen policy, too. ``curves`` has
    the policies of each family that no other of it beats; ``models`` all single models. ``price`` (lambda) is
    the quality that a unit of currency per query adds at the chosen policy; None if no policy is better.
    ``skipped`` has the reason for each family without a policy. ``fell_back``: no policy is known to keep the
    bound of risk, so that the reference is chosen. ``verdicts`` says which of the policies to choose from,
    cheapest first, keep the bound of risk; None for one that was not tested. ``changes`` has the intervals of
    held-out less train of each policy of the frontier. ``difference`` has the held-out intervals of the
    chosen policy less the reference, paired by query.
    """

    outcomes: Outcomes
    options: LearnOptions
    reference: str
    chosen: Fitted
    frontier: tuple[Fitted, ...]
    curves: tuple[Fitted, ...]
    families: tuple[Fitted, ...]
    models: tuple[Fitted, ...]
    price: float | None
    steps: tuple[Step, ...]
    reliability: tuple[Reliability, ...]
    promises: Promises
    skipped: Mapping[str, str]
    fell_back: bool = False
    difference: Intervals | None = None
    verdicts: tuple[bool | None, ...] = ()
