"""What a rule finds: a message, and which key or value of the table it is about."""

from __future__ import annotations

from dataclasses import dataclass

from routecost.problems import Finding, KeyPath, Position


@dataclass(frozen=True, slots=True)
class Fix:
    """Put an item into the list at ``way`` of the table, before ``index`` or at its end."""

    way: KeyPath
    item_yaml: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault that a rule found; shared code turns it into a finding with line and column.

    ``where`` is the way to the value at fault, with ``on_key`` to its key, or a position outside
    the data, in a comment. ``earlier`` leads to a second value that the message speaks of: its
    line and column are added at the end. ``fixes`` mend it, where that is safe.
    """

    message: str
    where: KeyPath | Position
    on_key: bool = False
    earlier: KeyPath | None = None
    fixes: tuple[Fix, ...] = ()
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, and the finding that was made of it."""

    finding: Finding
    hit: Hit
