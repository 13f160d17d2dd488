"""Uncertain shares of which a part contradicts a stated ``success_after``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from routecost.documents.workload.mix_shares import is_of_mix, text_of
from routecost.model.scenario.distributions import Beta, Dirichlet
from routecost.problems import Severity
from routecost.units import ONE, ZERO, percent

if TYPE_CHECKING:
    from routecost.model.scenario.distributions import Distribution
    from routecost.model.scenario.uncertain_field import UncertainField
    from routecost.problems import Finding, KeyPath
    from routecost.source import Document

_STEPS = 20
_SHOWN = Decimal("0.0001")
_TAIL = 1e-5
"""The probability of the values that are ignored at each end of a distribution."""
_DEVIATIONS = 4
"""The number of standard deviations of a beta distribution, on each side of its mean, that are tried."""


def possible_ranges(
    fields: Sequence[UncertainField],
    written: Document,
    faults_of: Callable[[KeyPath, str], Sequence[Finding]],
) -> Iterator[Finding]:
    """Yield a warning for each uncertain share with values that are invalid, with the range that is valid.

    ``faults_of`` returns the faults of a value of a field, with all other fields at their means, at which
    the scenario is valid.
    """
    for field in fields:
        spread = field.distribution
        if isinstance(spread, Dirichlet) or (field.low, field.high) != (ZERO, ONE) or is_of_mix(field.path):
            continue

        def faults_at(value: Decimal, path: KeyPath = field.path) -> Sequence[Finding]:
            return faults_of(path, text_of(value))

        mean = min(ONE, max(ZERO, spread.mean))
        ends = [end.quantize(_SHOWN) for end in _ends(spread)]
        faults = [fault for end in ends for fault in faults_at(end)]
        if faults:
            low, high = (_last_valid(faults_at, mean, end) for end in ends)
            possible = f"{_shown(low, ROUND_CEILING)} to {_shown(high, ROUND_FLOOR)}"
            message = (
                f'"{field.name}" is possible from {possible} only, and its distribution goes from '
                f"{percent(ends[0])} to {percent(ends[1])}, so that simulated runs may fail"
            )
            message += f": {faults[0].message}"
            yield written.finding(message, field.path, severity=Severity.WARNING)


def _shown(share: Decimal, rounding: str) -> str:
    return percent(share.quantize(_SHOWN, rounding))


def _ends(distribution: Distribution) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest value that a simulation is likely to draw."""
    if isinstance(distribution, Beta):
        mean, observed = distribution.mean, Decimal(distribution.alpha + distribution.beta + 1)
        width = _DEVIATIONS * (mean * (1 - mean) / observed).sqrt()
        return max(ZERO, mean - width), min(ONE, mean + width)
    return _quantile(distribution, _TAIL), _quantile(distribution, 1 - _TAIL)


def _quantile(distribution: Distribution, share: float) -> Decimal:
    """Return the quantile of a distribution within 0 and 1."""
    low, high = ZERO, ONE
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if distribution.below(float(middle)) > share else (middle, high)
    return low


def _last_valid(faults_at: Callable[[Decimal], object], valid: Decimal, end: Decimal) -> Decimal:
    """Return the last value without faults on the way from a valid one to an end."""
    if not faults_at(end):
        return end
    for _ in range(_STEPS):
        middle = (valid + end) / 2
        valid, end = (valid, middle) if faults_at(middle) else (middle, end)
    return valid
