"""What a subscription serves and costs, simulated task by task from docs/subscriptions.md alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Seat:
    """A seat that does tasks of one request as long as no limit is full; limits are by window length."""

    limits: Mapping[int, int]  # hours -> requests
    month: int | None = None
    used: Counter[tuple[int, int]] = field(default_factory=Counter)
    done: int = 0

    def ask(self, hour: int) -> bool:
        """Do a task at an hour of the month, if all limits allow; windows begin at multiples of lengths."""
        windows = [(length, hour // length) for length in self.limits]
        if any(self.used[window] >= self.limits[window[0]] for window in windows):
            return False
        if self.month is not None and self.done >= self.month:
            return False
        self.used.update(windows)
        self.done += 1
        return True


def served(
    schedule: Iterable[tuple[int, int]], limits: Mapping[int, int], month: int | None, pool: int | None
) -> int:
    """Return the tasks of a schedule of (seat, hour) that are served, in order of time."""
    seats: dict[int, Seat] = {}
    count = 0
    for seat, hour in sorted(schedule, key=lambda task: task[1]):
        full = pool is not None and count >= pool
        if not full and seats.setdefault(seat, Seat(limits, month)).ask(hour):
            count += 1
    return count


def first_use_windows(hours_a_day: Fraction, length: Fraction, limit: Fraction, rate: Fraction) -> Fraction:
    """Return what a day of steady work at a ``rate`` per hour is served, in windows from their first use."""
    served_of_day, at = Fraction(0), Fraction(0)
    while at < hours_a_day:
        end = min(at + length, hours_a_day)
        served_of_day += min(limit, (end - at) * rate)
        at += length
    return served_of_day


def rolled(grant: Fraction, months: int, uses: Iterable[Fraction]) -> list[Fraction]:
    """Return what each month serves of its use if grants remain for some months, the oldest used first."""
    grants: list[list[Fraction]] = []  # [age, left]
    done = []
    for use in uses:
        grants = [[age + 1, left] for age, left in grants if age < months]
        grants.append([Fraction(0), grant])
        left_over = use
        for one in sorted(grants, key=lambda one: -one[0]):
            taken = min(one[1], left_over)
            one[1] -= taken
            left_over -= taken
        done.append(use - left_over)
    return done
