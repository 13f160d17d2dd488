"""Hits: faults that a rule reports, with their place in the table and their fixes."""

from __future__ import annotations

from routecost.problems import Finding, KeyPath, Position
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Fix:
    """Insert an item into the list at ``key_path`` of the table, before ``index`` or at its end."""

    key_path: KeyPath
    item_yaml: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault that a rule reports; ``lint.run`` turns it into a finding with line and column.

    ``where`` is the path to the wrong value (with ``on_key``, to its key), or a position in a
    comment. ``earlier`` is the path to a second value that the message tier_references; its line and
    column are appended. ``fixes`` are safe edits that remove the fault.
    ``move_to`` is the tier that the row at ``where`` should be on.
    """

    message: str
    where: KeyPath | Position
    on_key: bool = False
    earlier: KeyPath | None = None
    fixes: tuple[Fix, ...] = ()
    task: str | None = None
    move_to: str | None = None


@dataclass(frozen=True, slots=True)
class LocatedHit:
    """A hit and its finding."""

    finding: Finding
    hit: Hit
