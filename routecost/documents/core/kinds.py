"""What a kind of document is, and how one is told from another."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from routecost.documents.core.faults import checked

T = TypeVar("T")

_KNOWN_BY = {
    "pricing": ("a pricing sheet", "models"),
    "scenario": ("a scenario", "strategies"),
    "taxonomy": ("a taxonomy", "task_types"),
    "table": ("a routing table", "routes"),
    "plan": ("a plan", "steps"),
    "actuals": ("a file of actuals", "months"),
    "evidence": ("an evidence file", "evidence"),
}
"""Kind of document -> what people call it, and a key that no other kind has."""


@dataclass(eq=False, repr=False)
class DocumentKind(Generic[T]):
    """A kind of document by its name; ``type`` is the type of what it is checked to be."""

    name: str
    type: type[T]

    @cached_property
    def root(self) -> Any:
        """The type, checked for faults of meaning if it looks for any."""
        return checked(self.type)

    def mistake(self, keys: Container[str]) -> tuple[str, str] | None:
        """Return what is wrong with a document that is plainly of another kind, and the key that shows it."""
        expected, own = _KNOWN_BY[self.name]
        if own in keys:
            return None
        for other, key in _KNOWN_BY.values():
            if key in keys:
                return f'"{key}" is found in {other}; expected {expected}, with "{own}"', key
        return None
