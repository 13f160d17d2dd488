"""Document types of parametric distributions: normal, lognormal, uniform and triangular."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Figure, Leaf, Name, fault, quoted
from routecost.model.scenario.distributions import (
    Distribution,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
)

MONTH = "month"


def _read_kind(value: Any, _: Context) -> str:
    return str(value)


def kind(name: str) -> Leaf:
    """Return the leaf for the name of a distribution."""
    return Leaf(_read_kind, {"const": name})


def _negative_sd(sd: Decimal | None) -> Iterator[Fault]:
    if sd is not None and sd < 0:
        yield Fault(f"a standard deviation of {sd}; expected 0 or more", ("sd",))


def _read_each(value: Any, _: Context) -> str:
    if str(value) != MONTH:
        raise fault(f'{quoted(value)} is given; expected "{MONTH}" (omit "each" for one value in all months)')
    return MONTH


EachName = Annotated[str, Leaf(_read_each, {"const": MONTH})]


@document
class Form:
    """Keys of all distributions.

    ``each`` asks for a new value in each month; fields with the same ``driver`` rise and fall together.
    """

    each: EachName | None = None
    driver: Name | None = None


@document
class NormalForm(Form):
    """A normal distribution."""

    uncertain: Annotated[str, kind("normal")]
    mean: Figure
    sd: Figure

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for a negative standard deviation."""
        yield from _negative_sd(self.sd)

    def build(self) -> Distribution:
        """Return the distribution."""
        return Normal(self.mean, self.sd)


@document
class LogNormalForm(Form):
    """A lognormal distribution, by its mean and standard deviation or by its median and 90% quantile."""

    uncertain: Annotated[str, kind("lognormal")]
    mean: Figure | None = None
    sd: Figure | None = None
    median: Figure | None = None
    p90: Figure | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for other combinations of parameters, and for values that are out of range."""
        given = tuple(name for name in ("mean", "sd", "median", "p90") if getattr(self, name) is not None)
        if given not in (("mean", "sd"), ("median", "p90")):
            shown = ", ".join(given) or "neither"
            yield Fault(f'{shown} given; expected "mean" and "sd", or "median" and "p90"')
        for name in ("mean", "median"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                yield Fault(f"a {name} of {value}; expected more than 0", (name,))
        yield from _negative_sd(self.sd)
        if self.median is not None and self.p90 is not None and self.p90 < self.median:
            yield Fault(f"p90 of {self.p90} is below the median of {self.median}", ("p90",))

    def build(self) -> Distribution:
        """Return the distribution."""
        if self.mean is not None and self.sd is not None:
            return LogNormal.of_mean(self.mean, self.sd)
        assert self.median is not None
        assert self.p90 is not None
        return LogNormal.of_median(self.median, self.p90)


@document
class UniformForm(Form):
    """A uniform distribution."""

    uncertain: Annotated[str, kind("uniform")]
    low: Figure
    high: Figure

    def faults(self) -> Iterator[Fault]:
        """Yield a fault if ``low`` is above ``high``."""
        if self.low > self.high:
            yield Fault(f"low of {self.low} is above high of {self.high}", ("low",))

    def build(self) -> Distribution:
        """Return the distribution."""
        return Uniform(self.low, self.high)


@document
class TriangularForm(Form):
    """A triangular distribution."""

    uncertain: Annotated[str, kind("triangular")]
    low: Figure
    mode: Figure
    high: Figure

    def faults(self) -> Iterator[Fault]:
        """Yield a fault if the values are not in the order ``low``, ``mode``, ``high``."""
        if self.low > self.high:
            yield Fault(f"low of {self.low} is above high of {self.high}", ("low",))
        elif not self.low <= self.mode <= self.high:
            message = f"a mode of {self.mode} is out of range; expected {self.low} to {self.high}"
            yield Fault(message, ("mode",))

    def build(self) -> Distribution:
        """Return the distribution."""
        return Triangular(self.low, self.mode, self.high)
