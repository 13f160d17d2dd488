"""The document type of beta distributions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Figure
from routecost.documents.uncertainty.parametric import Form, kind
from routecost.model.scenario.distributions import Beta, Distribution, ended


@document
class BetaForm(Form):
    """A beta distribution: by mean and trials, by mean and standard deviation, or by successes and trials."""

    uncertain: Annotated[str, kind("beta")]
    mean: Figure | None = None
    sd: Figure | None = None
    trials: Figure | None = None
    successes: Figure | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for other combinations of parameters, and for values that are out of range."""
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
        """Return the distribution; successes and trials update a uniform prior."""
        if self.successes is not None and self.trials is not None:
            alpha, beta = float(self.successes) + 1, float(self.trials - self.successes) + 1
            return Beta(ended(alpha / (alpha + beta)), alpha, beta)
        assert self.mean is not None
        mean = float(self.mean)
        size = float(self.trials) if self.sd is None else mean * (1 - mean) / float(self.sd) ** 2 - 1  # type: ignore[arg-type]
        return Beta(self.mean, mean * size, (1 - mean) * size)
