"""``{policy: ./policy.yaml}``: a policy learned from outcomes, by the strategy in its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Leaf, read_text
from routecost.documents.strategies import StrategyDocument
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.problems import Severity


def _read_policy(value: Any, context: Context) -> Any:
    """Return the document of the policy loaded under this name; its faults are reported separately."""
    return context.get("policy", {}).get(read_text(value))


@document
class PolicyStrategyDocument(StrategyDocument):
    """The strategy of a policy file."""

    policy: Annotated[Any, Leaf(_read_policy, {"type": "string", "minLength": 1})]

    def faults(self) -> Iterator[Fault]:
        """Look for a policy that no strategy states, or none exactly."""
        if self.policy is None:
            return
        if self.policy.strategy is None:
            yield Fault(
                'the policy has no "strategy": it chooses models by what strategies do not know; expected '
                "the scenario that `optimize --outcomes` writes with --write-scenario, which has the "
                "measured tokens (if the outcomes have tokens; not for cascade routing and systems)",
                ("policy",),
            )
        elif self.policy.inexact is not None:
            message = f"the strategy of the policy is inexact: {self.policy.inexact}"
            yield Fault(message, ("policy",), severity=Severity.WARNING)

    def workload_faults(self, workload: Workload) -> Iterator[Fault]:
        """Look for task types that the strategy of the policy cannot handle."""
        return self._of_file("workload_faults", workload)

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterator[Fault]:
        """Look for contradictions in the strategy of the policy."""
        return self._of_file("tier_faults", workload, tiers)

    def fleet_faults(self, fleets: Mapping[str, str]) -> Iterator[Fault]:
        """Look for mistakes between task types of different fleets."""
        return self._of_file("fleet_faults", fleets)

    def _of_file(self, method: str, *arguments: Any) -> Iterator[Fault]:
        """Yield the faults of the strategy of the file, at the name of the file."""
        strategy = None if self.policy is None else self.policy.strategy
        faults: Iterable[Fault] = () if strategy is None else getattr(strategy, method)(*arguments)
        for fault in faults:
            yield replace(fault, path=("policy",), on_key=False, earlier=None)

    def build(self) -> Strategy:
        """Return the strategy."""
        built: Strategy = self.policy.strategy.build()
        return built
