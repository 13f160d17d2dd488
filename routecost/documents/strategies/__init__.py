"""Strategies, as documents: a module per kind, discovered in this package.

A module is named after the key that identifies the kind, and defines one subclass of
``StrategyDocument``. It is imported when a scenario has a strategy of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any

from routecost.documents.core.deferred import deferred_to
from routecost.documents.core.document_type import OneOf, document

if TYPE_CHECKING:
    from routecost.documents.core.faults import Fault
    from routecost.model.scenario.strategy import Strategy
    from routecost.model.scenario.workload import Workload

CONTAINERS = ("assign", "policy", "table")
"""Kinds that contain strategies, a policy or a routing table; they cannot be nested."""

KINDS = tuple(sorted(module.name for module in iter_modules(__path__)))


class StrategyDocument:
    """Base class of all strategies; those of a scenario may state ``paid_by``."""

    def workload_faults(self, workload: Workload) -> Iterable[Fault]:  # noqa: ARG002
        """Look for task types that the strategy cannot handle."""
        return ()

    def tier_faults(self, workload: Workload, tiers: Sequence[str]) -> Iterable[Fault]:  # noqa: ARG002
        """Look for statements that contradict the success rates, or the ``tiers`` from low to high."""
        return ()

    def fleet_faults(self, fleets: Mapping[str, str]) -> Iterable[Fault]:  # noqa: ARG002
        """Look for mistakes between task types of different fleets; ``fleets`` has the fleet of each."""
        return ()

    def build(self) -> Strategy:
        """Return the strategy."""
        raise NotImplementedError


def kind(key: str) -> type[StrategyDocument]:
    """Return the document type of the strategies that ``key`` identifies."""
    module = import_module(f"{__name__}.{key}")
    types = (item for item in vars(module).values() if isinstance(item, type))
    return next(
        item for item in types if issubclass(item, StrategyDocument) and item.__module__ == module.__name__
    )


def _load_paid_by() -> Any:
    from routecost.documents.pricing.paid_by import PaidByDocument

    return PaidByDocument


@cache
def _payable(key: str) -> type[StrategyDocument]:
    """Return the document type of strategies of a scenario, which may state how they are paid."""
    own = kind(key)
    paid_by = Annotated[Any, deferred_to(_load_paid_by)] | None
    fields = {"__annotations__": {"paid_by": paid_by}, "paid_by": None}
    members = {"__module__": own.__module__, "__doc__": own.__doc__, **fields}
    return document(type(f"Payable{own.__name__}", (own,), members))


def one_of(keys: Iterable[str], find: Callable[[str], type[StrategyDocument]] = kind) -> Any:
    """Return the type of a strategy of one of the kinds."""
    types = {key: Annotated[Any, deferred_to(partial(find, key))] for key in keys}
    expected = ", ".join(f'"{key}"' for key in types)
    return Annotated[
        Any, OneOf(f"a strategy such as {{tier: sonnet}}, with exactly one of the keys {expected}", types)
    ]


def nested() -> Any:
    """Return the type of a strategy inside another."""
    return one_of(key for key in KINDS if key not in CONTAINERS)


def learnable() -> Any:
    """Return the type of a strategy of a policy file: all but those in other files."""
    return one_of(key for key in KINDS if key not in ("policy", "table"))


AnyStrategy = one_of(KINDS, _payable)
