"""What a learned policy promised on held-out data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from routecost.model.frames import Result
from routecost.model.outcomes.policies import Policy
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and the interval in which it lies by the bootstrap."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Promises:
    """The results of a policy on ``queries`` held-out queries.

    ``calibration`` is the calibration error of each model whose confidence is used; ``calls`` the share of
    the queries that call each model; ``mix`` the queries of each category.
    """

    queries: int
    cost_per_query: Estimate
    quality: Estimate
    calibration: Mapping[str, Estimate] = field(default_factory=dict)
    calls: Mapping[str, float] = field(default_factory=dict)
    mix: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearnedPolicy(Result):
    """A policy as its file holds it.

    ``strategy`` is the policy in the vocabulary of scenarios, as YAML data; None if they cannot state it.
    ``inexact`` says why costs by the strategy differ from those of the policy, if they do.
    """

    policy: Policy
    promises: Promises
    currency: str
    outcomes: str
    strategy: Mapping[str, Any] | None = None
    inexact: str | None = None
