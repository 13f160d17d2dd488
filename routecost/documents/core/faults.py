"""Semantic faults that document types report about themselves, beyond structural validation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from routecost.problems import KeyPath, Severity
from routecost.records import dataclass

FAULTS = "faults"
"""Key of the collected semantic faults in the validation context."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A semantic fault at a path below the object that reports it.

    ``earlier`` is the path of a second place that the message refers to; its position is appended.
    """

    message: str
    path: KeyPath = ()
    on_key: bool = False
    severity: Severity = Severity.ERROR
    earlier: KeyPath | None = None


@dataclass(eq=False, repr=False)
class Checked:
    """Annotation: collect the object's semantic faults, at its position in the text.

    An optional method ``faults_among(self, tiers)`` yields those that depend on the tiers of the sheet.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate the object, then call its ``faults``."""
        return core_schema.with_info_wrap_validator_function(_collect_faults, handler(source))


def checked(kind: Any) -> Any:
    """Return the type; if it has a ``faults`` method, validation also collects its semantic faults."""
    return Annotated[kind, Checked()] if hasattr(kind, "faults") else kind


def _collect_faults(raw: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
    result = validate(raw)
    faults: Iterable[Fault] = result.faults()
    if info.context is not None:
        info.context[FAULTS].extend((raw, fault) for fault in faults)
        if "tier" in info.context and hasattr(result, "faults_among"):
            info.context[FAULTS].extend((raw, fault) for fault in result.faults_among(info.context["tier"]))
    return result


def is_sound(document: Any) -> bool:
    """Return whether a validated object, and all objects in it, have no faults: it can be built."""
    if isinstance(document, Mapping):
        return all(map(is_sound, document.values()))
    if isinstance(document, list | tuple):
        return all(map(is_sound, document))
    if not is_dataclass(document):
        return True
    own = document.faults() if hasattr(document, "faults") else ()
    return not any(True for _ in own) and all(
        is_sound(getattr(document, field.name)) for field in fields(document)
    )
