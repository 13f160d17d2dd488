"""The assumptions behind a strategy: numbers of its scenario that can be varied one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from routecost.documents.core.field_paths import Field
from routecost.documents.core.money import split_currency
from routecost.documents.core.scalars import read_number
from routecost.documents.scenario.common_fields import common_fields
from routecost.documents.scenario.scenario_file import Changes, ScenarioFile
from routecost.documents.workload.mix_shares import is_of_mix, rescaled_mix, text_of
from routecost.documents.workload.volume import VOLUMES
from routecost.model.results.sensitivity import ParameterKind
from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.units import ONE

_COMMON = (*((volume,) for volume in VOLUMES), ("cache", "read"))
"""The ends of fields that are moved for all task types together, too."""

_NUMBERS = (ParameterKind.NUMBER, ParameterKind.SHARE)


class Lever(Protocol):
    """An assumption that can be varied; ``value`` is None if it has several numbers."""

    @property
    def name(self) -> str:
        """Its name in reports."""
        ...

    @property
    def path(self) -> KeyPath:
        """Its place in the document, or the first of its places."""
        ...

    @property
    def value(self) -> Decimal | None:
        """Its value in the scenario."""
        ...

    @property
    def is_share(self) -> bool:
        """True if it is a share."""
        ...

    def changes(self, factor: Decimal, *, whole: bool = False) -> Changes:
        """Return the changes that multiply the assumption by ``factor``.

        With ``whole``, whole numbers go to the nearest whole number instead, and by 1 at least.
        """
        ...


@dataclass(frozen=True, slots=True)
class FieldLever:
    """A field, or the same field of all rows of a list, or of all task types (``common``)."""

    name: str
    fields: tuple[Field, ...]
    common: Field | None = None

    @property
    def path(self) -> KeyPath:
        """The path of the first field."""
        return (self.common or self.fields[0]).path

    @property
    def value(self) -> Decimal | None:
        """The number of the only field, or that of all task types."""
        raw = (self.common or self.fields[0]).raw
        is_one = len(self.fields) == 1 or self.common is not None
        return _number(raw) if is_one and isinstance(raw, str) else None

    @property
    def is_share(self) -> bool:
        """True if the fields are shares."""
        return self.fields[0].kind is ParameterKind.SHARE

    def changes(self, factor: Decimal, *, whole: bool = False) -> Changes:
        """Return the fields with their values times ``factor``; no share exceeds 1."""
        most = ONE if self.is_share else None
        return {field.path: _scaled(field.raw, factor, whole, most) for field in self.fields}


@dataclass(frozen=True, slots=True)
class MixLever:
    """The share of a tier in a mix; the other shares are rescaled in proportion."""

    path: KeyPath
    shares: Mapping[str, Decimal]
    tier: str

    @property
    def name(self) -> str:
        """The path of the share."""
        return ".".join(map(str, (*self.path, self.tier)))

    @property
    def value(self) -> Decimal:
        """The share."""
        return self.shares[self.tier]

    @property
    def is_share(self) -> bool:
        """Always True."""
        return True

    def changes(self, factor: Decimal, *, whole: bool = False) -> Changes:  # noqa: ARG002
        """Return the mix with the tier's share multiplied by ``factor``; the shares sum to exactly 1."""
        shares = rescaled_mix(self.shares, {self.tier: min(ONE, self.value * factor)})
        return {self.path: {tier: text_of(share) for tier, share in shares.items()}}


def levers(file: ScenarioFile, strategy: str) -> Iterator[Lever]:
    """Yield the numbers that the document states and the strategy depends on."""
    rows: dict[str, list[Field]] = {}
    for field in file.fields:
        if _counts(field, strategy):
            rows.setdefault(_place(field.path), []).append(field)
    for name, fields in rows.items():
        yield FieldLever(name, tuple(fields))
    counted = {field.path for fields in rows.values() for field in fields}
    for common in common_fields(file.fields):
        members = tuple(member for member in common.members if member.path in counted)
        if common.path[1:] in _COMMON and len(members) > 1:
            yield FieldLever(common.name, members, common)
    mixes = (field.path[:-1] for field in file.fields if is_of_mix(field.path))
    for mix in dict.fromkeys(mixes):
        if mix[1] == strategy:
            yield from _mix_levers(file, mix)


def _counts(field: Field, strategy: str) -> bool:
    """Return whether a field is a number other than 0 that the strategy may depend on."""
    path = field.path
    is_below = path[0] == "workload" or path[:2] == ("strategies", strategy)
    if field.raw is None or field.kind not in _NUMBERS or not (is_below or path == ("days_per_month",)):
        return False
    # Shares of a mix, and of the rows of a list, sum to 1: none can vary alone.
    is_part = is_of_mix(path) or (path[-1] == "share" and any(isinstance(step, int) for step in path))
    return not is_part and any(map(_number, _ends(field.raw)))


def _mix_levers(file: ScenarioFile, path: KeyPath) -> Iterator[MixLever]:
    mix = file.document.get(path)
    if isinstance(mix, dict):
        shares = {tier: _number(share) for tier, share in mix.items()}
        for tier, share in shares.items():
            if 0 < share < 1:
                yield MixLever(path, shares, tier)


def _place(path: KeyPath) -> str:
    return ".".join("*" if isinstance(step, int) else step for step in path)


def _ends(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [raw]


def _number(raw: Any) -> Decimal:
    return read_number(split_currency(raw)[0], "a number", percent=True)


def nearest_whole(value: Decimal, factor: Decimal) -> Decimal:
    """Return a number times ``factor``; a whole number goes to the nearest whole number, by 1 at least."""
    moved = value * factor
    if value != value.to_integral_value():
        return moved
    whole = moved.to_integral_value(ROUND_HALF_UP)
    return whole if whole != value else value + (1 if factor > 1 else -1)


def _scaled(raw: Any, factor: Decimal, whole: bool, most: Decimal | None) -> Any:
    currencies = [split_currency(end)[1] or "" for end in _ends(raw)]
    texts = [
        f"{text_of(_moved(_number(end), factor, whole, most))} {currency}".rstrip()
        for end, currency in zip(_ends(raw), currencies, strict=True)
    ]
    return texts if isinstance(raw, list) else texts[0]


def _moved(value: Decimal, factor: Decimal, whole: bool, most: Decimal | None) -> Decimal:
    moved = nearest_whole(value, factor) if whole else value * factor
    return moved if most is None else min(most, moved)
