"""What the worst case of a cost is the worst case of, as text."""

from __future__ import annotations

from typing import NamedTuple


class WorstOf(NamedTuple):
    """Wording: ``condition`` holds in the worst case, ``unless`` not; ``how`` names what the range is by."""

    condition: str
    unless: str
    short: str
    how: str
    ends: str

    @property
    def is_bound(self) -> bool:
        """True if the best case is a bound, too: it is no estimate that may be stated without its range."""
        return self is not REPEATED

    @property
    def most(self) -> str:
        """The condition of the best case, if that is a bound."""
        return "subscriptions serve as much as what is stated of them allows"

    @property
    def is_joint(self) -> bool:
        """True if it is the worst case of repeated work, too."""
        return self is BOTH


REPEATED = WorstOf(
    "repeated work is as hard as the success rates allow",
    "repeated work is not as hard as the success rates allow",
    "repeated work is hard",
    "how hard repeated work is",
    "from the usual difficulty of repeated work to work that is as hard as the success rates allow",
)
SUBSCRIBED = WorstOf(
    "subscriptions serve as little as what is stated of them allows",
    "subscriptions serve more than the least that what is stated of them allows",
    "subscriptions serve little",
    "how much subscriptions serve",
    "from the most to the least that subscriptions may serve",
)
BOTH = WorstOf(
    f"{REPEATED.condition} and {SUBSCRIBED.condition}",
    f"{REPEATED.unless} or {SUBSCRIBED.unless}",
    "repeated work is hard and subscriptions serve little",
    f"{REPEATED.how} and {SUBSCRIBED.how}",
    f"{REPEATED.ends}, and {SUBSCRIBED.ends}",
)


def worst_of(*, repeats: bool, subscribes: bool) -> WorstOf:
    """Return the wording, given what leaves a range."""
    if not subscribes:
        return REPEATED
    return BOTH if repeats else SUBSCRIBED
