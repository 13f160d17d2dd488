"""The document type of policy files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.scalars import Amount, Count, Name, Share, Text, Version
from routecost.documents.policy.kinds import KINDS
from routecost.documents.strategies import learnable
from routecost.model.outcomes.policies import Policy
from routecost.model.outcomes.promises import Estimate, LearnedPolicy, Promises

_EXPECTED = ", ".join(f'"{key}"' for key in KINDS)


class _Interval:
    """A measured mean with its interval."""

    value: Decimal
    low: Decimal
    high: Decimal

    def faults(self) -> Iterator[Fault]:
        """Look for an empty interval."""
        if self.low > self.high:
            yield Fault(f"the interval ends at {self.high}, below its start", ("high",))

    def build(self) -> Estimate:
        """Return the estimate."""
        return Estimate(float(self.value), float(self.low), float(self.high))


@document
class CostEstimateDocument(_Interval):
    """A mean cost with its interval."""

    value: Amount
    low: Amount
    high: Amount


@document
class ShareEstimateDocument(_Interval):
    """A mean quality or error with its interval."""

    value: Share
    low: Share
    high: Share


MeasuredShare = Annotated[ShareEstimateDocument, Checked()]


@document
class PromisesDocument:
    """The results of the policy on held-out queries."""

    queries: Count
    cost_per_query: Annotated[CostEstimateDocument, Checked()]
    quality: MeasuredShare
    calibration: dict[Name, MeasuredShare] = field(default_factory=dict)
    calls: dict[Name, Share] = field(default_factory=dict)
    mix: dict[Name, Count] = field(default_factory=dict)

    def build(self) -> Promises:
        """Return the promises."""
        return Promises(
            int(self.queries),
            self.cost_per_query.build(),
            self.quality.build(),
            {model: error.build() for model, error in self.calibration.items()},
            {model: float(share) for model, share in self.calls.items()},
            {category: int(count) for category, count in self.mix.items()},
        )


def _of_kind(kind: str, parts: Any) -> Any:
    """Return a document type with ``kind`` as its only key."""
    name = "".join(word.title() for word in kind.split("_"))
    document_type = type(
        f"{name}PolicyDocument", (), {"__annotations__": {kind: parts}, "__doc__": f"A {name} policy."}
    )
    return document(document_type)


OnePolicy = Annotated[
    Any,
    OneOf(
        f"a policy such as {{tier: sonnet}}, with exactly one of the keys {_EXPECTED}",
        {kind: _of_kind(kind, parts) for kind, parts in KINDS.items()},
    ),
]


@document
class PolicyDocument:
    """A policy learned from outcomes: what code runs, and the strategy that scenarios price."""

    version: Version
    policy: OnePolicy
    promises: PromisesDocument
    currency: Name
    outcomes: Text
    description: Text | None = None
    inexact: Text | None = None
    strategy: learnable() | None = None  # type: ignore[valid-type]

    def build(self, strategy: Any = None) -> LearnedPolicy:
        """Return the policy; ``strategy`` is its strategy as data of the document."""
        (policy,) = vars(self.policy).values()
        built: Policy = policy.build()
        return LearnedPolicy(
            built, self.promises.build(), self.currency, self.outcomes, strategy, self.inexact
        )


POLICY = DocumentKind("policy", PolicyDocument)
