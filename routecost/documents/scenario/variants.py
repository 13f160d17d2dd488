"""A scenario with fields changed: each variant goes through the same checks as the file itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Field, fields
from routecost.documents.core.kinds import root
from routecost.documents.core.loader import Loader
from routecost.documents.core.scalars import read_number
from routecost.documents.scenario.loading import ScenarioLoading
from routecost.documents.uncertainty.at_means import at_means
from routecost.errors import DocumentError, UnknownNameError, UsageError
from routecost.library import Library
from routecost.model.results.sensitivity import ParameterKind, Value
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding, Severity, did_you_mean
from routecost.source import Document
from routecost.units import exact

SHORT_FOR = {"cache_share": "cache.read"}
"""Names of fields that are not the end of their path."""

_BELOW = "workload"
_LATER = "plan"
_FIXED = (("version",), ("description",))
_MOST_SHOWN = 6

Changes = Mapping[Any, Any]
"""The path of a field, as a tuple -> its raw value."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario with fields changed, or None if it does not bear that; and what was found."""

    scenario: Scenario | None
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What makes it no scenario."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is odd about it."""
        return tuple(each for each in self.findings if each.severity is not Severity.ERROR)


@dataclass(frozen=True)
class Variants:
    """Makes scenarios of one document, without its claims, by overriding its fields.

    ``at_means`` names the fields whose means stand for distributions; ``written`` is the document with
    the distributions, None where there are none.
    """

    loading: ScenarioLoading
    document: Document
    at_means: tuple[str, ...] = ()
    written: Document | None = None

    @classmethod
    def open(cls, argument: str, library: Library, overrides: Changes) -> Variants:
        """Read a scenario by name or path. Raises DocumentError with every finding."""
        loader = Loader(library)
        path = library.find("scenarios", argument)
        document = loader.finish(loader.read(path))
        if not isinstance(document.data, dict):
            loader.check(document, "scenario", {})
            loader.finish(None)
        for place, value in {("claims",): [], **overrides}.items():
            document = document.override(place, value, None)
        means = at_means(document)
        loader.findings += means.findings
        loader.finish(means)
        names = tuple(field.name for field in means.fields)
        return cls(ScenarioLoading(loader, path), means.document, names, document)

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields that hold one value, those that the text may yet have among them."""
        found = fields(root("scenario"), self.document.data)
        return tuple(each for each in found if each.path not in _FIXED)

    def field(self, name: str) -> Field:
        """Return the field of a path, or of the end of one below the workload.

        Raises UnknownNameError, with the nearest, and UsageError where several fields fit, or for a
        field that a comparison of months as the scenario stands does not feel.
        """
        known = {each.name: each for each in self.fields}
        if name in known:
            return _felt(known[name])
        ending = SHORT_FOR.get(name, name)
        short = {each: known[each] for each in known if each.startswith(f"{_BELOW}.")}
        fitting = [each for path, each in short.items() if path.endswith(f".{ending}")]
        if len(fitting) > 1:
            raise UsageError(_ambiguous(name, fitting))
        if not fitting:
            raise UnknownNameError(_unknown(name, known))
        return fitting[0]

    @exact
    def variant(self, changes: Changes) -> Variant:
        """Return the scenario with these values."""
        loader, document = self.loading.loader, self.document
        loader.findings = []
        for path, value in changes.items():
            document = document.override(path, value, None)
        made = self.loading.bare_scenario(document)
        return Variant(None if loader.failed else made, tuple(loader.findings))

    def base(self) -> Scenario:
        """Return the scenario as it is. Raises DocumentError with every finding."""
        made = self.variant({})
        if made.scenario is None:
            raise DocumentError(made.findings)
        return replace(made.scenario, warnings=made.warnings)


def value_of(text: str, kind: ParameterKind) -> Value:
    """Return a value as results hold it; a text that the validators will refuse stays one."""
    with suppress(PydanticCustomError, ValueError):
        if kind is ParameterKind.DAY:
            return date.fromisoformat(text)
        if kind is not ParameterKind.NAME:
            return read_number(text, "a number", percent=True)
    return text


def _felt(field: Field) -> Field:
    if field.path[0] == _LATER:
        raise UsageError(
            f'a sweep compares months as the scenario stands, which "{field.name}" does not change; '
            'use "routecost project"'
        )
    return field


def _ambiguous(name: str, fitting: Sequence[Field]) -> str:
    shown = ", ".join(f'"{each.name.removeprefix(f"{_BELOW}.")}"' for each in fitting[:_MOST_SHOWN])
    more = f" and {len(fitting) - _MOST_SHOWN} more" if len(fitting) > _MOST_SHOWN else ""
    return f'several fields end in "{name}"; expected one of {shown}{more}'


def _unknown(name: str, known: Mapping[str, Field]) -> str:
    return f'no field "{name}" in the scenario that could be swept{did_you_mean(name, _spoken(known))}'


def _spoken(known: Mapping[str, Field]) -> Iterator[str]:
    """Yield all ways to name the fields: in full, by their ends below the workload, by another name."""
    yield from SHORT_FOR
    for path in known:
        yield path
        steps = path.split(".")
        if steps[0] == _BELOW:
            yield from (".".join(steps[at:]) for at in range(1, len(steps)))
