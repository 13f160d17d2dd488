"""Parses a scenario's distributions, validates them against their fields, and replaces them by draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import inf, nextafter
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Field, fields
from routecost.documents.core.scalars import Given
from routecost.documents.core.validate import validate
from routecost.documents.uncertainty.correlations import read_correlations
from routecost.documents.uncertainty.dirichlet import DIRICHLET, is_mix, mean_mix, read_mix
from routecost.documents.uncertainty.kinds import FORMS, DistributionDocument, unknown_kind
from routecost.documents.uncertainty.means import KEY, AtMeans
from routecost.documents.uncertainty.quantiles import QUANTILES
from routecost.documents.workload.mix_shares import (
    is_of_mix,
    other_shares,
    remaining_share,
    scaled_shares,
    why_not_rescaled,
)
from routecost.model.results.sensitivity import ParameterKind
from routecost.model.scenario.distributions import Beta, Distribution
from routecost.model.scenario.uncertain_field import RankCorrelation, UncertainField
from routecost.problems import Finding, KeyPath
from routecost.source import Document
from routecost.units import MAX_COUNT, ZERO

MOST_OUTSIDE = 0.001
"""The maximum probability of values outside a field's bounds; the distribution is clipped to them."""

_VALUES = ("mean", "low", "mode", "high", "median", *QUANTILES)
"""The parameters of distributions that are values of the field."""

_NUMBERS = (ParameterKind.NUMBER, ParameterKind.SHARE)
_NOT_ESTIMATES = {
    ("budget",): "a budget is a decision, not an estimate",
    ("claims",): "a claim is a published figure, not an estimate",
    ("when_to_route",): "a threshold is a decision, not an estimate",
    ("routing_costs",): "projections do not include routing costs",
    ("days_per_month",): "the length of a month is a convention, not an estimate",
    ("working_days_per_month",): "the length of a month is a convention, not an estimate",
    ("correlations",): "a correlation is stated as one number",
    ("capacity",): "capacity is an agreement, not an estimate",
    ("storage",): "storage is a decision, not an estimate",
    ("plan", "budget"): "a budget is a decision, not an estimate",
    ("plan", "commitments"): "a commitment is an agreement, not an estimate",
    ("plan", "engineering"): "payback is computed at one cost of engineering",
    ("plan", "upkeep"): "payback is computed at one cost of upkeep",
    ("plan", "spent_so_far"): "past spend is known, not an estimate",
    ("plan", "discount_rate"): "a discount rate is a decision, not an estimate",
}


def read_uncertain_fields(document: Document, places: Sequence[KeyPath], root: Any) -> AtMeans:
    """Parse the distributions at these paths; return the document at its means, with their findings."""
    stated = document
    uncertain, findings = [], list[Finding]()
    for path in filter(is_mix, places):
        mixed, faults = read_mix(stated, path)
        document = document.override(path, mean_mix(stated, path, mixed), None)
        findings += faults
        if mixed is not None:
            uncertain.append(UncertainField(path, mixed))
    known = _known_fields(document, [path for path in places if not is_mix(path)], root)
    of_parent, first = Counter(path[:-1] for path in places), {path[:-1]: path for path in reversed(places)}
    for path, field in known.items():
        form, faults = _read(stated, field)
        distribution = None if form is None else form.build()
        faults = [*faults, *_unsuitable(stated, field, distribution, form)]
        if distribution is not None and not faults and is_of_mix(path):
            why = why_not_rescaled(document, path, distribution.mean, of_parent[path[:-1]])
            faults += _rescaling_faults(stated, path, why)
        findings += faults
        if form is not None and distribution is not None and not faults:
            is_monthly, unfit = form.each is not None, stated.finding(_unfit(field), path)
            uncertain.append(
                UncertainField(
                    path, distribution, field.low, field.high, is_monthly, unfit, driver=form.driver
                )
            )
        # A rejected distribution is replaced by a number too, so that it causes no other findings.
        if is_of_mix(path) and first[path[:-1]] != path:
            document = document.override(path, "0", None)  # the first share was given what remains
        else:
            document = _overridden(document, path, _text(distribution, field), is_sound=not faults)
    correlations: tuple[RankCorrelation, ...] = ()
    if not findings:
        correlations, impossible = read_correlations(stated, uncertain)
        findings += impossible
    return AtMeans(document, tuple(uncertain), tuple(findings), correlations)


def _unfit(field: Field) -> str:
    return f'"{field.name}" is uncertain, but takes whole numbers only; expected a whole number'


def _rescaling_faults(stated: Document, path: KeyPath, why: str | None) -> Iterator[Finding]:
    if why is not None:
        yield stated.finding(f'"{".".join(map(str, path))}" is uncertain, but {why}', path)


def _overridden(document: Document, path: KeyPath, text: str, *, is_sound: bool) -> Document:
    """Return the document with a distribution replaced by its mean."""
    overridden = document.override(path, text, None)
    if is_of_mix(path) and not is_sound:
        return document.override(path, f"{remaining_share(other_shares(document, path)):f}", None)
    if is_of_mix(path):
        for other, share in scaled_shares(other_shares(document, path), 1 - Decimal(text)).items():
            overridden = overridden.override(other, f"{share.normalize():f}", None)
    return overridden


def _known_fields(document: Document, places: Sequence[KeyPath], root: Any) -> dict[KeyPath, Field]:
    """Return the numeric fields among the places; the document type reports the others."""
    probed = document
    for path in places:
        probed = probed.override(path, "1", None)
    numeric = {field.path: field for field in fields(root, probed.data) if field.kind in _NUMBERS}
    return {path: numeric[path] for path in places if path in numeric}


def _read(document: Document, field: Field) -> tuple[Any, list[Finding]]:
    part = document.part(field.path)
    kind = part.get((KEY,))
    if kind == DIRICHLET:
        message = f"{DIRICHLET} is the distribution of a whole mix; expected {', '.join(FORMS)}"
        return None, [part.finding(message, (KEY,))]
    if not isinstance(kind, str) or kind not in FORMS:
        return None, [part.finding(unknown_kind(kind), (KEY,))]
    invalid = list(_invalid_values(part, field))
    if invalid:
        return None, invalid
    return validate(part, DistributionDocument, {})


def _invalid_values(part: Document, field: Field) -> Iterator[Finding]:
    """Yield findings for values that the field itself rejects, and for percentages in a plain number."""
    parameters = part.data if isinstance(part.data, dict) else {}
    for key, raw in parameters.items():
        if key in _VALUES and field.leaf is not None:
            try:
                field.leaf.parse(raw, {})
            except PydanticCustomError as error:
                yield part.finding(str(error), (key,))
        elif field.kind is not ParameterKind.SHARE and isinstance(raw, str) and raw.strip().endswith("%"):
            yield part.finding(f'"{raw}" is a share; expected a plain number for "{field.name}"', (key,))


def _unsuitable(
    document: Document, field: Field, distribution: Distribution | None, form: Any
) -> Iterator[Finding]:
    why = _why_not(field)
    if why is None and distribution is not None:
        why = _outside(field, distribution)
    if why is not None:
        yield document.finding(f'"{field.name}" is uncertain, but {why}', field.path)
    if form is not None and form.each is not None and not _is_growth(field.path):
        message = f'"{field.name}" has one value in all months; expected "each" only with growth'
        yield document.finding(message, (*field.path, "each"), key=True)


def _is_growth(path: KeyPath) -> bool:
    return path[0] == "plan" and "growth" in path


def _why_not(field: Field) -> str | None:
    path = field.path
    decided = next((why for start, why in _NOT_ESTIMATES.items() if path[: len(start)] == start), None)
    if decided is not None:
        return f"{decided}; expected a number"
    if field.is_whole:
        return "takes whole numbers only; expected a whole number"
    if path[2:3] == ("paid_by",):
        return "seats and the work on them are not drawn; expected a number"
    if path[-1] == "share" and any(isinstance(step, int) for step in path):
        return "the shares of rows sum to 1, so none can vary alone; expected a share"
    return None


def _outside(field: Field, distribution: Distribution) -> str | None:
    """Return a message if too much of a distribution is outside the field's bounds, else None."""
    if isinstance(distribution, Beta):
        is_share = field.low == 0 and field.high == 1
        return None if is_share else "it is not a share; expected a distribution other than beta"
    for bound, is_low in ((field.low, True), (field.high, False)):
        if bound is None:
            continue
        limit = float(bound)
        mass = distribution.below(nextafter(limit, -inf)) if is_low else 1 - distribution.below(limit)
        if mass > MOST_OUTSIDE:
            side = f"{'below' if is_low else 'above'} {bound.normalize():f}"
            return f"{mass:.2%} of its distribution is {side}; expected {MOST_OUTSIDE:.1%} at most"
    return None


def _text(distribution: Distribution | None, field: Field) -> str:
    if distribution is None or field.is_whole:
        return "0" if field.kind is ParameterKind.SHARE else "1"
    low, high = field.low or ZERO, field.high or MAX_COUNT
    return f"{min(high, max(low, distribution.mean)):f}"


def changes(document: Document, numbers: Mapping[KeyPath, Any]) -> Iterator[tuple[KeyPath, Given]]:
    """Yield the fields to change for the drawn numbers; other shares of a mix are rescaled."""
    for path, number in numbers.items():
        if is_mix(path):
            yield from _mixed(document, path, number)
            continue
        yield path, Given(document.get(path), number)
        if is_of_mix(path):
            for other, share in scaled_shares(other_shares(document, path), 1 - number).items():
                yield other, Given(document.get(other), share)


def _mixed(document: Document, path: KeyPath, numbers: Sequence[Any]) -> Iterator[tuple[KeyPath, Given]]:
    """Yield all shares of a mix; the one with the largest mean takes what the others leave of 1."""
    means: Mapping[str, str] = document.get(path)
    largest = max(means, key=lambda tier: Decimal(means[tier]))
    drawn = {tier: number for tier, number in zip(means, numbers, strict=True) if tier != largest}
    for tier, share in {**drawn, largest: 1 - sum(drawn.values(), ZERO)}.items():
        yield (*path, tier), Given(means[tier], share)
