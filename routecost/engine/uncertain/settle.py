"""Volume discounts on what months cost on many paths."""

from __future__ import annotations

import numpy as np

from routecost.engine.uncertain.space import Floats
from routecost.model.pricing import PricingSheet
from routecost.model.terms import VolumeDiscount


def settled_paths(monthly: Floats, sheet: PricingSheet) -> Floats:
    """Return months' spends after the volume discounts of the sheet.

    The twin of :func:`routecost.engine.terms.settled`, path by path: a discount is on the month's
    own total, so that it bends the distribution and no quantile can be discounted in its place.
    """
    for terms in sheet.terms:
        if terms.volume is not None:
            monthly = monthly - _discount(monthly, terms.volume)
    return monthly


def _discount(monthly: Floats, volume: VolumeDiscount) -> Floats:
    taken = np.zeros_like(monthly)
    limits = [float(step.above) for step in volume.steps]
    for at, step in enumerate(volume.steps):
        if volume.retroactive:
            taken = np.where(monthly > limits[at], monthly * float(step.share), taken)
        else:
            upper = limits[at + 1] if at + 1 < len(limits) else np.inf
            taken += np.clip(monthly - limits[at], 0, upper - limits[at]) * float(step.share)
    return taken
