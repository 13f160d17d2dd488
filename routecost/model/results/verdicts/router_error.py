"""Router errors that savings tolerate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RouterError:
    """The share of tasks that the router of ``strategy`` may misroute before ``against`` is cheaper.

    Errors are spread evenly over all task types. ``by_calls`` counts call costs only, ``with_failures``
    failure costs too. None: no error makes it more expensive; ``with_failures`` is None also if failure
    costs are unknown (see ``knows_failures``). 0: it is more expensive without any error. ``worst`` has the
    shares in the worst case of repeated work, if they differ. If it is not the same work (see
    ``is_same_work``), the costs do not compare. ``unknown`` says why the cost of misrouted tasks is not
    known. ``has_router``: calls of a router are part of the strategy.
    """

    strategy: str
    against: str
    by_calls: Decimal | None
    with_failures: Decimal | None
    knows_failures: bool
    worst: RouterError | None = None
    is_same_work: bool = True
    unknown: str = ""
    has_router: bool = True
