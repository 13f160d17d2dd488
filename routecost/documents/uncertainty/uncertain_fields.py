"""Distributions in a scenario: read, held against the fields that have them, and replaced by draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Field, fields
from routecost.documents.core.scalars import Given
from routecost.documents.core.validate import validate
from routecost.documents.uncertainty.kinds import FORMS, DistributionDocument, unknown_kind
from routecost.documents.uncertainty.means import KEY, AtMeans
from routecost.documents.uncertainty.quantiles import QUANTILES
from routecost.documents.workload.mix_shares import is_of_mix, left_by, others, scaled_shares, why_no_room
from routecost.model.results.sensitivity import ParameterKind
from routecost.model.scenario.distributions import Beta, Distribution
from routecost.model.scenario.uncertain_field import UncertainField
from routecost.problems import Finding, KeyPath
from routecost.source import Document
from routecost.units import MAX_COUNT

MOST_OUTSIDE = 0.001
"""How much of a distribution may lie where its field has no values; it is cut off there."""

_VALUES = ("mean", "low", "mode", "high", "median", *QUANTILES)
"""The figures of distributions that are values of their field."""

_NUMBERS = (ParameterKind.NUMBER, ParameterKind.SHARE)
_DECIDED = {
    ("budget",): "a budget is decided, and not unknown",
    ("claims",): "a claim is published, and not unknown",
    ("when_to_route",): "a threshold is decided, and not unknown",
    ("routing_costs",): "projections do not count what it costs to route",
    ("days_per_month",): "the length of a month is agreed on, and not unknown",
    ("plan", "budget"): "a budget is decided, and not unknown",
    ("plan", "commitments"): "a commitment is agreed on, and not unknown",
}


def read_uncertain_fields(document: Document, places: Sequence[KeyPath], root: Any) -> AtMeans:
    """Read the distributions at some places; what is wrong with them is told where it stands."""
    known = _known_fields(document, places, root)
    found, findings = [], list[Finding]()
    for path, field in known.items():
        form, faults = _read(document, field)
        distribution = None if form is None else form.build()
        faults = [*faults, *_unsuitable(document, field, distribution, form)]
        if distribution is not None and not faults and is_of_mix(path):
            faults += _no_room(document, path, distribution.mean, places)
        findings += faults
        if form is not None and distribution is not None and not faults:
            is_monthly, unfit = form.each is not None, document.finding(_unfit(field), path)
            found.append(UncertainField(path, distribution, field.low, field.high, is_monthly, unfit))
        # What is refused gets a number all the same, so that nothing else complains about it.
        document = _overridden(document, path, _text(distribution, field), is_sound=not faults)
    return AtMeans(document, tuple(found), tuple(findings))


def _unfit(field: Field) -> str:
    return f'"{field.name}" is uncertain, but takes whole numbers only; expected one of them'


def _no_room(
    document: Document, path: KeyPath, mean: Decimal, places: Sequence[KeyPath]
) -> Iterator[Finding]:
    why = why_no_room(document, path, mean, places)
    if why is not None:
        yield document.finding(f'"{".".join(map(str, path))}" is uncertain, but {why}', path)


def _overridden(document: Document, path: KeyPath, text: str, *, is_sound: bool) -> Document:
    """Return the document with a mean in place of a distribution."""
    made = document.override(path, text, None)
    if is_of_mix(path) and not is_sound:
        return document.override(path, f"{left_by(others(document, path)):f}", None)
    if is_of_mix(path):
        for other, share in scaled_shares(others(document, path), 1 - Decimal(text)).items():
            made = made.override(other, f"{share.normalize():f}", None)
    return made


def _known_fields(document: Document, places: Sequence[KeyPath], root: Any) -> dict[KeyPath, Field]:
    """Return the fields of numbers among the places: the type's own checks complain about the rest."""
    probed = document
    for path in places:
        probed = probed.override(path, "1", None)
    found = {each.path: each for each in fields(root, probed.data) if each.kind in _NUMBERS}
    return {path: found[path] for path in places if path in found}


def _read(document: Document, field: Field) -> tuple[Any, list[Finding]]:
    part = document.part(field.path)
    kind = part.get((KEY,))
    if not isinstance(kind, str) or kind not in FORMS:
        return None, [part.finding(unknown_kind(kind), (KEY,))]
    misread = list(_misread(part, field))
    if misread:
        return None, misread
    return validate(part, DistributionDocument, {})


def _misread(part: Document, field: Field) -> Iterator[Finding]:
    """Find figures that the field itself would not bear, or that are a share of something else."""
    found = part.data if isinstance(part.data, dict) else {}
    for key, raw in found.items():
        if key in _VALUES and field.leaf is not None:
            try:
                field.leaf.parse(raw, {})
            except PydanticCustomError as error:
                yield part.finding(str(error), (key,))
        elif field.kind is not ParameterKind.SHARE and isinstance(raw, str) and raw.strip().endswith("%"):
            yield part.finding(f'"{raw}" is a share; expected a plain number, as of "{field.name}"', (key,))


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
    decided = next((why for start, why in _DECIDED.items() if path[: len(start)] == start), None)
    if decided is not None:
        return f"{decided}; expected a number"
    if path[-1] == "share" and any(isinstance(step, int) for step in path):
        return "the shares of rows sum to 1, so that none is uncertain alone; expected a share"
    return None


def _outside(field: Field, distribution: Distribution) -> str | None:
    """Say how much of a distribution lies where the field has no values, if that is too much."""
    if isinstance(distribution, Beta):
        is_share = field.low == 0 and field.high == 1
        return None if is_share else "it is no share; expected another distribution than beta"
    for bound, is_low in ((field.low, True), (field.high, False)):
        if bound is None:
            continue
        below = distribution.below(float(bound))
        mass = below if is_low else 1 - below
        if mass > MOST_OUTSIDE:
            side = "below" if is_low else "above"
            limit = f"{bound.normalize():f}"
            return f"{mass:.2%} of its distribution lies {side} {limit}; expected {MOST_OUTSIDE:.1%} at most"
    return None


def _text(distribution: Distribution | None, field: Field) -> str:
    if distribution is None:
        return "0" if field.kind is ParameterKind.SHARE else "1"
    low, high = field.low or Decimal(0), field.high or MAX_COUNT
    return f"{min(high, max(low, distribution.mean)):f}"


def changes(document: Document, numbers: Mapping[KeyPath, Any]) -> Iterator[tuple[KeyPath, Given]]:
    """Yield the fields that change with what was drawn: other shares of a mix make room."""
    for path, number in numbers.items():
        yield path, Given(document.get(path), number)
        if is_of_mix(path):
            for other, share in scaled_shares(others(document, path), 1 - number).items():
                yield other, Given(document.get(other), share)
