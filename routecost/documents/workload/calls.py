"""Calls of a task, as a document: ``calls: {per_task: 35, system: 7371, carry: all, cached: 100%}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import (
    Context,
    Count,
    Leaf,
    Share,
    fault,
    quoted,
    read_text,
    reads_whole,
)
from routecost.documents.workload.caching import WindowName
from routecost.model.scenario.workload import Carry, Drawn, TaskCalls
from routecost.problems import did_you_mean
from routecost.units import ZERO

C = TypeVar("C", bound=StrEnum)

MOST_CALLS = 1_000
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?([smh])", re.ASCII)


def _one_of(kind: type[C], what: str) -> Leaf:
    """Return the reader of a key whose values are the members of an enumeration."""

    def read(value: Any, _: Context) -> C:
        text = read_text(value)
        if text not in list(kind):
            raise fault(f'unknown {what} "{text}"{did_you_mean(text, list(kind))}')
        return kind(text)

    return Leaf(read, {"enum": list(kind)})


def _read_duration(value: Any, _: Context) -> Decimal:
    duration = _DURATION.fullmatch(str(value).strip())
    if duration is None:
        raise fault(
            f"{quoted(value)} is not a duration; expected a number with s, m or h, such as 90s or 10m"
        )
    return Decimal(duration[1]) * _SECONDS[duration[2]]


Duration = Annotated[Decimal, Leaf(_read_duration, {"type": "string", "pattern": _DURATION.pattern})]


@document
class CallsDocument:
    """The calls of a task, and the growth of their context."""

    per_task: Annotated[Decimal, reads_whole(MOST_CALLS)]
    system: Count = ZERO
    carry: Annotated[Carry, _one_of(Carry, "carry")] = Carry.NONE
    cached: Share = ZERO
    pause: Duration | None = None
    window: WindowName = "5m"
    drawn: Annotated[Drawn, _one_of(Drawn, "value of drawn")] = Drawn.PER_TASK

    def faults(self) -> Iterator[Fault]:
        """Yield faults for an invalid number of calls, and for cache settings without ``cached``."""
        if self.per_task != int(self.per_task) or not 1 <= self.per_task <= MOST_CALLS:
            message = f"{self.per_task:f} calls per task; expected a whole number from 1 to {MOST_CALLS}"
            yield Fault(message, ("per_task",))
        if not self.cached:
            for key, stated in (("pause", self.pause is not None), ("window", self.window != "5m")):
                if stated:
                    yield Fault(
                        f'"{key}" needs "cached": the share of the context that a cache holds',
                        (key,),
                        on_key=True,
                    )

    def build(self) -> TaskCalls:
        """Return the calls of a task."""
        return TaskCalls(
            int(self.per_task), self.system, self.carry, self.cached, self.pause, self.window, self.drawn
        )
