"""The probability that a proposal repays its costs within a plan, and the band of the month of payback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from routecost.engine.uncertainty.doubt.simulated import values_on
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.quantiles import quantiles
from routecost.engine.uncertainty.run_on_paths import Number
from routecost.model.results.months.payback import Payback, PaybackOdds
from routecost.model.scenario.distributions import as_decimal
from routecost.units import MONTHS_PER_YEAR

_ROUNDING = 1e-9
"""The relative size of a debt that is a rounding error."""

Monthly = Mapping[str, Sequence[Number | Floats]]
"""The savings of each month at the ``low`` and the ``high`` end."""


def with_odds(payback: Payback, saved: Monthly, runs: int) -> Payback:
    """Return a payback with its probability and the band of its month, from the savings of each run."""
    costs = np.array([float(month.engineering + month.upkeep) for month in payback.months])[:, None]
    net = {
        end: np.stack([values_on(month, runs) for month in months]) - costs for end, months in saved.items()
    }
    rate = payback.rate
    discounted = None
    if rate is not None:
        years = np.arange(len(costs))[:, None] / MONTHS_PER_YEAR
        factors = float(1 + rate) ** -years.astype(np.float64)
        discounted = _odds(payback, {end: months * factors for end, months in net.items()})
    return replace(payback, odds=_odds(payback, net), discounted_odds=discounted)


def _odds(payback: Payback, net: Mapping[str, Floats]) -> PaybackOdds:
    """Return the odds for the net amount of each month; the low end repays last."""
    count = len(payback.months)
    latest, earliest = (_repaid(net[end]) for end in ("low", "high"))
    shares: list[Decimal] = [as_decimal(float(np.mean(at < count))) for at in (latest, earliest)]
    p10, soon, _ = quantiles(earliest)
    _, late, p90 = quantiles(latest)

    def month(at: float) -> str | None:
        return None if at >= count else payback.months[int(at)].month

    p50 = month(soon) if soon == late else None
    return PaybackOdds(shares[0], shares[1], month(p10), p50, month(p90))


def _repaid(net: Floats) -> Floats:
    """Return the index of the month from which on the sum stays at 0 or above, on each path."""
    so_far = np.cumsum(net, axis=0)
    largest = np.where(np.isfinite(so_far), np.abs(so_far), 0).max(axis=0)
    is_debt = so_far < -_ROUNDING * largest
    count = len(net)
    after: Floats = np.where(is_debt.any(axis=0), count - np.argmax(is_debt[::-1], axis=0), 0).astype(
        np.float64
    )
    return after
