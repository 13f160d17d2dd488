"""The document type of all shares of a mix together, of which several are uncertain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Count, Figure, Name, Share, quoted
from routecost.documents.core.validate import validate
from routecost.documents.uncertainty.parametric import kind
from routecost.documents.workload.mix_shares import is_of_mix, scaled_shares, text_of
from routecost.documents.workload.tokens import share_faults
from routecost.model.scenario.distributions import Dirichlet
from routecost.problems import Finding, KeyPath
from routecost.source import Document
from routecost.units import ONE, ZERO, exact

DIRICHLET = "dirichlet"


@document
class DirichletForm:
    """The shares of a mix: by mean shares and the trials that they are worth, or by counts of tasks."""

    uncertain: Annotated[str, kind(DIRICHLET)]
    mean: dict[Name, Share] = field(default_factory=dict)
    trials: Figure | None = None
    counts: dict[Name, Count] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Yield faults for other combinations of parameters, and for values that are out of range."""
        if bool(self.mean) == bool(self.counts) or (self.trials is None) != bool(self.counts):
            names = [name for name in ("mean", "trials", "counts") if getattr(self, name)]
            yield Fault(f'{", ".join(names) or "nothing"} given; expected "mean" with "trials", or "counts"')
            return
        shares = self.mean or self.counts
        key = "mean" if self.mean else "counts"
        if len(shares) == 1:
            yield Fault("one share given; expected two or more", (key,))
        for name, share in self.mean.items():
            if not share:
                yield Fault("a mean share of 0; expected more, or another mix without it", ("mean", name))
        if self.mean:
            yield from share_faults(list(self.mean.values()), "the mean shares", ("mean",))
        if self.trials is not None and self.trials <= 0:
            yield Fault(f"{self.trials} trials; expected more than 0", ("trials",))
        elif self.counts and not any(self.counts.values()):
            yield Fault("no tasks are counted; expected a count above 0", ("counts",))

    @exact
    def build(self) -> Dirichlet:
        """Return the distribution.

        Counts update a uniform prior: n tasks with a tier give it the concentration n + 1 (Gelman et al.,
        Bayesian Data Analysis, 3rd edition 2013, section 3.4). Mean shares times trials are concentrations.
        """
        trials = self.trials or ZERO
        weights = {name: count + 1 for name, count in self.counts.items()} or {
            name: share * trials for name, share in self.mean.items()
        }
        shares = self.mean or scaled_shares(weights, ONE)
        return Dirichlet(tuple(weights), tuple(map(float, weights.values())), tuple(shares.values()))


def is_mix(path: KeyPath) -> bool:
    """Return whether a path leads to a mix."""
    return is_of_mix((*path, ""))


def read_mix(source: Document, path: KeyPath) -> tuple[Dirichlet | None, list[Finding]]:
    """Parse the distribution of a mix."""
    part = source.part(path)
    given = part.get(("uncertain",))
    if given != DIRICHLET:
        message = (
            f"{quoted(given)} is no distribution of a mix; expected {DIRICHLET}, or a share that is uncertain"
        )
        return None, [part.finding(message, ("uncertain",))]
    alone = [
        part.finding(f'"{name}" is uncertain by itself, within a mix that is; expected a number', (key, name))
        for key in ("mean", "counts")
        for name, share in _items(part.get((key,)))
        if isinstance(share, Mapping)
    ]
    if alone:
        return None, alone
    form, findings = validate(part, Annotated[DirichletForm, Checked()], {})
    return (None if form is None or findings else form.build()), findings


def mean_mix(source: Document, path: KeyPath, distribution: Dirichlet | None) -> dict[str, str]:
    """Return the mean shares of a mix; equal ones if the distribution is rejected."""
    if distribution is not None:
        return {
            name: text_of(share) for name, share in zip(distribution.names, distribution.shares, strict=True)
        }
    stated = source.part(path)
    names = [name for key in ("mean", "counts") for name, _ in _items(stated.get((key,)))]
    equal: Mapping[str, Decimal] = scaled_shares(dict.fromkeys(names, ONE), ONE) if names else {}
    return {name: text_of(share) for name, share in equal.items()}


def _items(given: Any) -> list[tuple[str, Any]]:
    return list(given.items()) if isinstance(given, Mapping) else []
