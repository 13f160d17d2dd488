"""Fields that set those of all task types: the total volume, and a share that all have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Field
from routecost.documents.core.scalars import read_number
from routecost.documents.workload.mix_shares import text_of
from routecost.documents.workload.volume import VOLUMES
from routecost.model.results.sensitivity import ParameterKind
from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.units import ZERO, exact

_TASK_TYPES = ("workload", "task_types")


@dataclass(frozen=True, slots=True)
class CommonField(Field):
    """The same share of all task types, with its ``members``; ``raw`` is the value that all have."""

    members: tuple[Field, ...] = ()

    def changes(self, text: str) -> dict[KeyPath, str]:
        """Return the changes that give all members this value."""
        return {member.path: text for member in self.members}


@dataclass(frozen=True, slots=True)
class TotalField(CommonField):
    """The sum of the volumes of all task types, which are scaled together."""

    @exact
    def changes(self, text: str) -> dict[KeyPath, str]:
        """Return the volumes in their present proportions, with this sum.

        A text that is no number goes to all members, so that validation reports it.
        """
        try:
            total = read_number(text, "a number")
        except PydanticCustomError:
            return {member.path: text for member in self.members}
        now = number(self.raw)
        return {member.path: text_of(total * number(member.raw) / now) for member in self.members}


def number(raw: Any) -> Decimal:
    """Return the number that a document states."""
    return read_number(raw, "a number", percent=True)


def common_fields(fields: Sequence[Field]) -> Iterator[CommonField]:
    """Yield the fields of all task types together, if there are several: shares, and the total volume."""
    ends: dict[KeyPath, list[Field]] = {}
    names = dict.fromkeys(field.path[2] for field in fields if field.path[:2] == _TASK_TYPES)
    for field in fields:
        if field.path[:2] == _TASK_TYPES and not any(isinstance(step, int) for step in field.path):
            ends.setdefault(field.path[3:], []).append(field)
    for end, members in ends.items():
        if len(members) < 2 or len(members) < len(names):
            continue
        path, first = (_TASK_TYPES[0], *end), members[0]
        if end[0] in VOLUMES:
            with suppress(PydanticCustomError):  # invalid only if the document is
                total = sum((number(member.raw) for member in members), ZERO)
                if total:
                    raw = text_of(total)
                    yield TotalField(path, first.kind, raw, first.low, first.high, None, tuple(members))
        elif first.kind is ParameterKind.SHARE:
            is_same = all(member.raw == first.raw for member in members)
            value = first.raw if is_same else None
            yield CommonField(path, first.kind, value, first.low, first.high, None, tuple(members))
