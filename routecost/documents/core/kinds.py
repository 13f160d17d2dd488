"""Document kinds, and detection of a document of the wrong kind."""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property
from typing import Any, Generic, TypeVar

from routecost.documents.core.faults import checked
from routecost.records import dataclass

T = TypeVar("T")

_KNOWN_BY = {
    "pricing": ("a pricing sheet", "models"),
    "scenario": ("a scenario", "strategies"),
    "taxonomy": ("a taxonomy", "task_types"),
    "table": ("a routing table", "routes"),
    "plan": ("a plan", "steps"),
    "actuals": ("an actuals file", "months"),
    "evidence": ("an evidence file", "evidence"),
}
"""Document kind -> its name in messages, and a key that no other kind has."""


@dataclass(eq=False, repr=False)
class DocumentKind(Generic[T]):
    """A document kind: its name and its document type."""

    name: str
    type: type[T]

    @cached_property
    def root(self) -> Any:
        """The type, including its semantic faults if it reports any."""
        return checked(self.type)

    def mistake(self, keys: Container[str]) -> tuple[str, str] | None:
        """Return a message and the key at fault if the keys are those of another kind, else None."""
        expected, own = _KNOWN_BY[self.name]
        if own in keys:
            return None
        for other, key in _KNOWN_BY.values():
            if key in keys:
                return f'"{key}" is found in {other}; expected {expected}, with "{own}"', key
        return None
