"""The families of policies: what each needs, and how it is fitted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from routecost.errors import UnknownNameError, UsageError
from routecost.model.outcomes.policies import (
    Mixture,
    Policy,
    ThresholdCascade,
)
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.problems import did_you_mean


def _single(train: Outcomes, _: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.hull import fit_single_models

    return fit_single_models(train)


def _mixture(train: Outcomes, options: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.hull import BudgetError, fit_mixtures, mixture_within

    mixtures: list[Policy] = [mixture for mixture in fit_mixtures(train) if len(mixture.shares) > 1]
    if options.budget is not None:
        try:
            within = mixture_within(train, options.budget)
            mixtures += [within] if len(within.shares) > 1 else []
        except BudgetError:
            return mixtures
    return mixtures


def _category(train: Outcomes, options: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.category_routing import fit_category_routing

    return fit_category_routing(train, budget=options.budget, min_quality=options.min_quality)


def _estimated(train: Outcomes, options: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.estimated_routing import fit_estimated_routing

    return fit_estimated_routing(train, budget=options.budget, min_quality=options.min_quality)


def _cascade(train: Outcomes, options: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.cascades import fit_cascades

    return fit_cascades(train, options.longest, options.quantiles, transform=options.transform)


def _cascade_routing(train: Outcomes, options: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.cascade_routing import fit_cascade_routing

    return fit_cascade_routing(train, transform=options.transform)


def _systems(train: Outcomes, options: LearnOptions) -> Sequence[Policy]:
    from routecost.optimize.outcomes.systems import fit_systems

    budget = None if options.budget is None else options.budget - options.controller
    return fit_systems(train, options.controller, budget=budget, min_quality=options.min_quality)


FAMILIES: dict[str, Callable[[Outcomes, LearnOptions], Sequence[Policy]]] = {
    "single": _single,
    "mixture": _mixture,
    "category": _category,
    "estimated": _estimated,
    "cascade": _cascade,
    "cascade-routing": _cascade_routing,
    "systems": _systems,
}
"""The families, the simplest first: of equally good policies, the simplest counts."""

_ON_REQUEST = ("systems",)
"""Families that are searched only if they are named."""

_CONTAINED = {"cascade-routing": ("single", "estimated", "cascade")}
"""Families that are special cases of another one: whoever searches that one searches them."""

_NUMBERED = {
    "category": "by category",
    "estimated": "by estimated quality",
    "cascade-routing": "cascade routing",
    "systems": "by system",
}
"""The names of policies that are numbered, by family."""

_DIGITS, _MOST_DIGITS = 3, 17
"""The significant digits of shares and thresholds in names."""

_CONFIDENCE = "the confidence of models in their answers is not given"


def known_family(name: str) -> str:
    """Return the name of a family; raises UnknownNameError if it is unknown."""
    if name not in FAMILIES:
        raise UnknownNameError(f'no family of policies named "{name}"{did_you_mean(name, FAMILIES)}')
    return name


def lacking(family: str, outcomes: Outcomes) -> str | None:
    """Return why a family cannot be fitted to outcomes; None if it can."""
    if family.startswith("cascade") and outcomes.confidence is None:
        return _CONFIDENCE
    if family == "category" and outcomes.categories is None:
        return "the category of queries is not given"
    if family in ("estimated", "systems") and not (outcomes.categories or outcomes.features):
        return "neither a category nor a numeric feature of queries is given"
    return None


def fitted(
    train: Outcomes,
    options: LearnOptions,
    skipped: dict[str, str],
    *,
    strict: bool = True,
    without: Collection[str] = (),
    excess: Mapping[str, float] | None = None,
) -> Iterator[tuple[str, Policy]]:
    """Yield the policies of each family but some; ``skipped`` takes why a family has none.

    The least quality is to be exceeded by the ``excess`` of the family. Raises UsageError if a family that
    ``options`` name cannot be fitted, unless it is not ``strict``.
    """
    searched = _searched(options)
    for family, fit in FAMILIES.items():
        if family in without or family not in searched:
            continue
        why = lacking(family, train)
        policies: Sequence[Policy] = ()
        if why is None:
            try:
                floor = options.min_quality
                floor = None if floor is None else floor + (excess or {}).get(family, 0.0)
                policies = fit(train, replace(options, min_quality=floor))
            except ValueError as error:
                why = str(error)
        if why is not None and strict and family in options.families:
            raise UsageError(f'policies of the family "{family}" cannot be fitted: {why}')
        if why is not None and family in (options.families or searched):
            skipped[family] = why
        yield from ((family, policy) for policy in policies)


def _searched(options: LearnOptions) -> set[str]:
    """Return the families that options name, with those that these contain; without names, the usual ones."""
    named = options.families or [family for family in FAMILIES if family not in _ON_REQUEST]
    return {*named, *(part for family in named for part in _CONTAINED.get(family, ()))}


def name_of(family: str, policy: Policy, number: int, digits: int = _DIGITS) -> str:
    """Return the name of a policy, of which ``number`` of its family cost less.

    Shares and thresholds have so many significant ``digits``.
    """
    match policy:
        case Mixture(shares):
            if len(shares) == 1:
                return next(iter(shares))
            return " + ".join(f"{share:.{digits - 2}%} {model}" for model, share in shares.items())
        case ThresholdCascade(chain, thresholds):
            steps = [f"{model} ({at:.{digits}g})" for model, at in zip(chain, thresholds, strict=False)]
            return " > ".join([*steps, chain[-1]])
        case _:
            return f"{_NUMBERED[family]} {number + 1}"


def distinct_names(named: Sequence[tuple[str, str, Policy]]) -> list[str]:
    """Return the names of policies, given with their families; different policies have different ones.

    Names that several share get more digits, or numbers from #1 if all digits are alike.
    """
    sharing: dict[str, list[int]] = {}
    for at, (name, _, _) in enumerate(named):
        sharing.setdefault(name, []).append(at)
    names = [name for name, _, _ in named]
    for name, places in sharing.items():
        different: list[Policy] = []
        for at in places:
            if essence(named[at][2]) not in different:
                different.append(essence(named[at][2]))
        if len(different) == 1:
            continue
        family = named[places[0]][1]
        for digits in range(_DIGITS, _MOST_DIGITS + 1):
            texts = [name_of(family, policy, 0, digits) for policy in different]
            if len(set(texts)) == len(texts):
                break
        else:
            texts = [f"{name} #{number}" for number in range(1, len(different) + 1)]
        for at in places:
            names[at] = texts[different.index(essence(named[at][2]))]
    return names


def essence(policy: Policy) -> Policy:
    """Return a policy, and a cascade of one model as that model."""
    if isinstance(policy, ThresholdCascade) and len(policy.chain) == 1:
        return Mixture({policy.chain[0]: 1.0})
    return policy
