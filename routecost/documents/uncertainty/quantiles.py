"""The document type of distributions given by quantiles."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Figure, Leaf, fault, quoted
from routecost.documents.uncertainty.parametric import Form, kind
from routecost.model.scenario.distributions import Distribution, Quantiles
from routecost.problems import did_you_mean

_SCALES = ("linear", "log")
QUANTILES = {f"p{share}": share / 100 for share in (1, 5, 10, 25, 50, 75, 90, 95, 99)}


def _read_scale(value: Any, _: Context) -> str:
    if str(value) not in _SCALES:
        raise fault(f"unknown scale {quoted(value)}{did_you_mean(str(value), _SCALES)}")
    return str(value)


ScaleName = Annotated[str, Leaf(_read_scale, {"enum": list(_SCALES)})]


@document
class QuantilesForm(Form):
    """A distribution given by two or more quantiles."""

    uncertain: Annotated[str, kind("quantiles")]
    scale: ScaleName = "linear"
    p1: Figure | None = None
    p5: Figure | None = None
    p10: Figure | None = None
    p25: Figure | None = None
    p50: Figure | None = None
    p75: Figure | None = None
    p90: Figure | None = None
    p95: Figure | None = None
    p99: Figure | None = None

    @property
    def _given(self) -> dict[str, Decimal]:
        return {name: value for name in QUANTILES if (value := getattr(self, name)) is not None}

    def faults(self) -> Iterator[Fault]:
        """Yield faults for too few quantiles, and for quantiles that do not increase."""
        given = self._given
        if len(given) < 2:
            yield Fault(f"{len(given)} quantiles given; expected at least two of {', '.join(QUANTILES)}")
        names = list(given)
        if self.scale == "log" and names and given[names[0]] <= 0:
            yield Fault(
                f"{names[0]} of {given[names[0]]} has no logarithm; expected more than 0", (names[0],)
            )
        for before, name in pairwise(names):
            if given[name] < given[before]:
                message = f"{name} of {given[name]} is below {before} of {given[before]}"
                yield Fault(f"{message}; expected increasing quantiles", (name,))

    def build(self) -> Distribution:
        """Return the distribution."""
        given = self._given
        shares = tuple(QUANTILES[name] for name in given)
        return Quantiles(shares, tuple(given.values()), self.scale == "log")
