"""Document kinds, and detection of a document of the wrong kind."""

from __future__ import annotations

import re
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
    "policy": ("a policy file", "policy"),
    "evidence": ("an evidence file", "evidence"),
    "mapping": ("a mapping of a log", "mapping"),
    "portfolio": ("a portfolio", "scenarios"),
    "task-rules": ("a file of rules for task types", "task_type_rules"),
}
"""Document kind -> its name in messages, and a key that no other kind has."""


_OWN_KEYS = frozenset(key for _, key in _KNOWN_BY.values())
_SIGN = re.compile(
    r"""^(?:[-{] ?)*["']?(?:version["']?[ \t]*:[ \t]*["']?1\b|"""
    rf"""(?:{"|".join(sorted(_OWN_KEYS))})["']?[ \t]*:)""",
    re.MULTILINE | re.ASCII,
)

FOREIGN = 'this is not a document of routecost; expected a mapping with "version: 1"'
"""The message about a file whose contents no message may quote."""


def is_ours(data: Any) -> bool:
    """Return whether data are those of a document: they have its version, or a key that identifies a kind."""
    return isinstance(data, dict) and (
        not data or str(data.get("version")) == "1" or not _OWN_KEYS.isdisjoint(data)
    )


def looks_like_ours(text: str) -> bool:
    """Return whether a text that cannot be read as YAML has a line that only documents have."""
    return _SIGN.search(text) is not None


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
