"""Distributions of what is not known, as documents."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from routecost.documents.fields import Context, Figure, Leaf, fault, quoted
from routecost.documents.shapes import Checked, Fault, OneOf, document
from routecost.model.uncertain import (
    Beta,
    Distribution,
    LogNormal,
    Normal,
    Quantiles,
    Triangular,
    Uniform,
    as_decimal,
)
from routecost.problems import did_you_mean

MONTH = "month"
_SCALES = ("linear", "log")
QUANTILES = {f"p{share}": share / 100 for share in (1, 5, 10, 25, 50, 75, 90, 95, 99)}


def _read_kind(value: Any, _: Context) -> str:
    return str(value)


def _read_scale(value: Any, _: Context) -> str:
    if str(value) not in _SCALES:
        raise fault(f"unknown scale {quoted(value)}{did_you_mean(str(value), _SCALES)}")
    return str(value)


def _kind(name: str) -> Leaf:
    return Leaf(_read_kind, {"const": name})


ScaleName = Annotated[str, Leaf(_read_scale, {"enum": list(_SCALES)})]


def _negative(sd: Decimal | None) -> Iterator[Fault]:
    if sd is not None and sd < 0:
        yield Fault(f"a standard deviation of {sd}; expected 0 or more", ("sd",))


def _read_each(value: Any, _: Context) -> str:
    if str(value) != MONTH:
        raise fault(f'{quoted(value)} is given; expected "{MONTH}", or nothing for one value in all months')
    return MONTH


EachName = Annotated[str, Leaf(_read_each, {"const": MONTH})]


@document
class Form:
    """What all distributions may say: whether there is another value in each month."""

    each: EachName | None = None


@document
class NormalForm(Form):
    """A normal distribution."""

    uncertain: Annotated[str, _kind("normal")]
    mean: Figure
    sd: Figure

    def faults(self) -> Iterator[Fault]:
        """Look for a negative standard deviation."""
        yield from _negative(self.sd)

    def build(self) -> Distribution:
        """Return the distribution."""
        return Normal(self.mean, self.sd)


@document
class LogNormalForm(Form):
    """A lognormal distribution, by its mean and standard deviation or by its median and 90% quantile."""

    uncertain: Annotated[str, _kind("lognormal")]
    mean: Figure | None = None
    sd: Figure | None = None
    median: Figure | None = None
    p90: Figure | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for another pair of figures, and for figures that are not positive."""
        given = tuple(name for name in ("mean", "sd", "median", "p90") if getattr(self, name) is not None)
        if given not in (("mean", "sd"), ("median", "p90")):
            shown = ", ".join(given) or "neither"
            yield Fault(f'{shown} given; expected "mean" and "sd", or "median" and "p90"')
        for name in ("mean", "median"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                yield Fault(f"a {name} of {value}; expected more than 0", (name,))
        yield from _negative(self.sd)
        if self.median is not None and self.p90 is not None and self.p90 < self.median:
            yield Fault(f"p90 of {self.p90} lies below the median of {self.median}", ("p90",))

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

    uncertain: Annotated[str, _kind("uniform")]
    low: Figure
    high: Figure

    def faults(self) -> Iterator[Fault]:
        """Look for ends out of order."""
        if self.low > self.high:
            yield Fault(f"low of {self.low} lies above high of {self.high}", ("low",))

    def build(self) -> Distribution:
        """Return the distribution."""
        return Uniform(self.low, self.high)


@document
class TriangularForm(Form):
    """A triangular distribution."""

    uncertain: Annotated[str, _kind("triangular")]
    low: Figure
    mode: Figure
    high: Figure

    def faults(self) -> Iterator[Fault]:
        """Look for corners out of order."""
        if self.low > self.high:
            yield Fault(f"low of {self.low} lies above high of {self.high}", ("low",))
        elif not self.low <= self.mode <= self.high:
            message = f"a mode of {self.mode} is out of range; expected {self.low} to {self.high}"
            yield Fault(message, ("mode",))

    def build(self) -> Distribution:
        """Return the distribution."""
        return Triangular(self.low, self.mode, self.high)


@document
class BetaForm(Form):
    """A beta distribution: by mean and trials, by mean and standard deviation, or by successes and trials."""

    uncertain: Annotated[str, _kind("beta")]
    mean: Figure | None = None
    sd: Figure | None = None
    trials: Figure | None = None
    successes: Figure | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for other pairs of figures, and for figures that no share has."""
        names = ("mean", "sd", "trials", "successes")
        given = tuple(name for name in names if getattr(self, name) is not None)
        if given not in (("mean", "sd"), ("mean", "trials"), ("trials", "successes")):
            shown = ", ".join(given) or "nothing"
            yield Fault(f'{shown} given; expected "mean" with "trials" or "sd", or "successes" and "trials"')
            return
        yield from self._mean_faults()
        if self.trials is not None and self.trials <= 0:
            yield Fault(f"{self.trials} trials; expected more than 0", ("trials",))
        elif self.successes is not None and not 0 <= self.successes <= (self.trials or 0):
            yield Fault(f"{self.successes} successes of {self.trials} trials", ("successes",))

    def _mean_faults(self) -> Iterator[Fault]:
        if self.mean is None:
            return
        if not 0 < self.mean < 1:
            yield Fault(f"a mean of {self.mean}; expected more than 0 and less than 1", ("mean",))
        elif self.sd is not None and not 0 < self.sd**2 < self.mean * (1 - self.mean):
            most = float(self.mean * (1 - self.mean)) ** 0.5
            sd = f"{self.sd.normalize():f}"
            yield Fault(f"a standard deviation of {sd}; expected more than 0, less than {most:.6g}", ("sd",))

    def build(self) -> Distribution:
        """Return the distribution; successes and trials start from "every rate is as likely"."""
        if self.successes is not None and self.trials is not None:
            alpha, beta = float(self.successes) + 1, float(self.trials - self.successes) + 1
            return Beta(as_decimal(alpha / (alpha + beta)), alpha, beta)
        assert self.mean is not None
        mean = float(self.mean)
        size = float(self.trials) if self.sd is None else mean * (1 - mean) / float(self.sd) ** 2 - 1  # type: ignore[arg-type]
        return Beta(self.mean, mean * size, (1 - mean) * size)


@document
class QuantilesForm(Form):
    """Given quantiles, two or more of them."""

    uncertain: Annotated[str, _kind("quantiles")]
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
        """Look for too few quantiles, and for some that do not rise."""
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
                message = f"{name} of {given[name]} lies below {before} of {given[before]}"
                yield Fault(f"{message}; expected quantiles that rise", (name,))

    def build(self) -> Distribution:
        """Return the distribution."""
        given = self._given
        shares = tuple(QUANTILES[name] for name in given)
        return Quantiles(shares, tuple(given.values()), self.scale == "log")


FORMS = {
    "normal": NormalForm,
    "lognormal": LogNormalForm,
    "triangular": TriangularForm,
    "uniform": UniformForm,
    "beta": BetaForm,
    "quantiles": QuantilesForm,
}


def _form(data: Any) -> str | None:
    found = data.get("uncertain") if isinstance(data, dict) else None
    return found if isinstance(found, str) and found in FORMS else None


DistributionDocument: Any = Annotated[
    Any,
    OneOf(
        "uncertain: " + ", ".join(FORMS),
        {name: Annotated[form, Checked()] for name, form in FORMS.items()},
        _form,
    ),
]


def unknown_kind(given: Any) -> str:
    """Return what to say of a distribution that there is none of."""
    return f"unknown distribution {quoted(given)}{did_you_mean(str(given), FORMS)}"
