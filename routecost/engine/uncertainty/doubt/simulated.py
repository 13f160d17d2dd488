"""The share of simulated runs in which savings exceed a threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np

from routecost.engine.uncertainty.doubt.posterior import Measured, measured
from routecost.engine.uncertainty.joint_draws import draw_all
from routecost.engine.uncertainty.path_number import NotOneNumberError, PathNumber
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Draws, Number, paths
from routecost.errors import RoutecostError
from routecost.model.results.failures import Between
from routecost.model.results.verdicts.probability import SavingProbability
from routecost.model.scenario.distributions import as_decimal
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.uncertain_field import UncertainField
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO

MOST_NUMBERS = 5_000_000
"""The most numbers that are drawn: with many fields there are fewer runs."""

FEWEST_RUNS = 1000

MOST_TRIED = 500
"""The most fields of which is found out whether they matter."""

NO_BOUND = {"low": Decimal("-Infinity"), "high": Decimal("Infinity")}
"""The ends of savings of which nothing is known."""

Ends = Mapping[str, Number]
"""The ``low`` and the ``high`` end of the savings."""

Sampled = Callable[[Draws], Mapping[str, Number | Floats]]
"""Returns the ends of the savings of each run."""


def ends_of(savings: Between) -> Ends:
    """Return the ends of savings; a missing one is infinite."""
    ends = zip(("low", "high"), savings, strict=True)
    return {end: NO_BOUND[end] if value is None else value for end, value in ends}


@dataclass(frozen=True)
class Doubt:
    """What makes the savings of a scenario uncertain.

    ``rates`` are the measured ones and ``stated`` the uncertain fields. ``open_ends`` has the reasons why
    the ``low`` or the ``high`` savings have no bound, and ``unknown`` the task types whose failures are
    unknown; ``assumed`` those of which a bound assumes something.
    """

    scenario: Scenario
    rates: Measured
    stated: Sequence[UncertainField]
    open_ends: Mapping[str, str]
    unknown: tuple[str, ...]
    assumed: tuple[str, ...]
    seed: int
    months: int = 1

    def probability(self, saved: Sampled, threshold: Decimal, runs: int) -> SavingProbability | None:
        """Return the probability that the savings exceed a threshold; None if they depend on no draw."""
        fields = self.fields
        if not fields:
            return None
        draws = self.draws(runs)
        runs = paths(draws)
        try:
            matter = _that_matter(fields, draws, saved)
            ends = saved(draws) if matter else {}
        except (RoutecostError, NotOneNumberError, ArithmeticError) as error:
            return self.nothing_known(_reason(error), runs)
        if not matter:
            return None
        shares = {
            end: as_decimal(float(np.mean(values_on(number, runs) > float(threshold))))
            for end, number in ends.items()
        }
        failures = self.unknown if shares["low"] != shares["high"] else ()
        reasons = [*self.open_ends.values(), *([f"failures of {', '.join(failures)}"] if failures else [])]
        return SavingProbability(
            low=ZERO if "low" in self.open_ends else shares["low"],
            high=ONE if "high" in self.open_ends else shares["high"],
            runs=runs,
            seed=self.seed,
            trials=sum(self.rates[field.path][1] for field in matter if field.path in self.rates),
            inputs=tuple(field.name for field in matter if field.path not in self.rates),
            certainty=self.scenario.thresholds.certainty,
            assumed=self.assumed,
            unknown=f"{' and '.join(reasons)} are unknown" if reasons else "",
            with_routing_costs=threshold > 0,
        )

    @property
    def fields(self) -> list[UncertainField]:
        """All that is drawn."""
        return [*(field for field, _ in self.rates.values()), *self.stated]

    def draws(self, runs: int) -> Draws:
        """Return the draws of all fields, of fewer runs if there are many."""
        each = sum(field.numbers(self.months) for field in self.fields)
        runs = max(2, min(runs, max(MOST_NUMBERS // each, FEWEST_RUNS)))
        return draw_all(self.fields, self.scenario.uncertainty, runs, self.seed, self.months)

    def nothing_known(self, why: str, runs: int) -> SavingProbability:
        """Return a probability of which nothing is known, and why."""
        names = tuple(field.name for field in self.stated)
        certainty = self.scenario.thresholds.certainty
        return SavingProbability(ZERO, ONE, runs, self.seed, 0, names, certainty, unknown=why)


def rates_of(workloads: Sequence[Workload]) -> Measured:
    """Return the measured rates of several workloads."""
    return {path: rate for workload in workloads for path, rate in measured(workload).items()}


def _that_matter(fields: Sequence[UncertainField], draws: Draws, saved: Sampled) -> list[UncertainField]:
    """Return the fields of which their most different value changes the savings; all, if there are many."""
    if len(fields) > MOST_TRIED:
        return list(fields)
    alone, count = {}, len(fields) + 1
    for at, field in enumerate(fields):
        drawn = np.atleast_2d(draws[field.path])
        other = int(np.abs(drawn - drawn[:, :1]).sum(axis=0).argmax())
        values = np.repeat(draws[field.path][..., :1], count, axis=-1)
        values[..., at] = draws[field.path][..., other]
        alone[field.path] = values
    ends = [values_on(number, count) for number in saved(alone).values()]
    return [field for at, field in enumerate(fields) if any(end[at] != end[-1] for end in ends)]


def values_on(number: Number | Floats, runs: int) -> Floats:
    """Return the value of a number in each run."""
    if isinstance(number, np.ndarray):
        return number
    return number.values if isinstance(number, PathNumber) else np.full(runs, float(number))


def _reason(error: Exception) -> str:
    if isinstance(error, NotOneNumberError):
        return "an uncertain field takes whole numbers only"
    if isinstance(error, ArithmeticError):
        return "a figure of some simulated runs cannot be computed"
    return str(error).splitlines()[0]
