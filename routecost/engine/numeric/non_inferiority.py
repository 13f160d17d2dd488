"""Non-inferiority of one rate to another by a margin, and the trials that show it."""

from __future__ import annotations

from math import ceil, hypot

from routecost.engine.numeric.proportions import Sample, difference, newcombe, quantile, wilson_at

_NOTHING = 1e-12  # 0.80 - 0.85 + 0.05 is not quite 0


def is_non_inferior(new: Sample, reference: Sample, margin: float, confidence: float) -> bool:
    """Return whether ``new`` is shown to be at most ``margin`` below ``reference``.

    The lower end of Newcombe's interval decides. The lack of a significant difference is no evidence:
    small samples never show one.
    """
    return newcombe(new, reference, confidence).low > -margin


def trials_for_non_inferiority(
    new_rate: float, reference_rate: float, margin: float, confidence: float, power: float
) -> int | None:
    """Return the number of trials of each of two samples to show non-inferiority at these rates.

    ``confidence`` is that of the two-sided interval, ``power`` the probability that this many trials
    show it. The number is such that an outcome at that quantile is still shown by
    :func:`is_non_inferior`: the textbook formula, :func:`trials_by_formula`, gives too few trials if
    nearly all succeed. None if the new rate is lower by the margin or more, so that no number of trials
    can show it.
    """
    enough = trials_by_formula(new_rate, reference_rate, margin, confidence, power)
    if enough is None:
        return None
    rates, luck = (new_rate, reference_rate), quantile(power)
    too_few = enough - 1
    while not _shown(rates, margin, confidence, luck, enough):
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if _shown(rates, margin, confidence, luck, middle):
            enough = middle
        else:
            too_few = middle
    return enough


def trials_by_formula(
    new_rate: float, reference_rate: float, margin: float, confidence: float, power: float
) -> int | None:
    """Return the trials per sample by the normal-approximation formula with unpooled variance.

    Chow, Shao, Wang, *Sample Size Calculations in Clinical Research*, 4.2.2. Arguments and result are
    those of :func:`trials_for_non_inferiority`.
    """
    slack = new_rate - reference_rate + margin
    if slack < _NOTHING:
        return None
    z = quantile((1 + confidence) / 2) + quantile(power)
    variance = new_rate * (1 - new_rate) + reference_rate * (1 - reference_rate)
    return max(1, ceil(z * z * variance / slack**2))


def _shown(rates: tuple[float, float], margin: float, confidence: float, luck: float, trials: int) -> bool:
    """Return whether this many trials each show it, at a difference ``luck`` standard errors too low."""
    new, reference = rates
    errors = [rate * (1 - rate) / trials for rate in rates]
    whole = hypot(*(error**0.5 for error in errors)) or 1.0
    new = max(0.0, new - luck * errors[0] / whole)
    reference = min(1.0, reference + luck * errors[1] / whole)
    around = [wilson_at(rate, trials, confidence) for rate in (new, reference)]
    return difference(new, around[0], reference, around[1]).low > -margin
