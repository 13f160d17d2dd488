"""Faults of meaning: what a document type finds wrong with itself, beside its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from routecost.problems import KeyPath, Severity

FAULTS = "faults"
"""The key under which the validation context collects faults of meaning."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of meaning at a path below the object that found it.

    ``earlier`` leads to a second place that the message speaks of: its line is added at the end.
    """

    message: str
    path: KeyPath = ()
    on_key: bool = False
    severity: Severity = Severity.ERROR
    earlier: KeyPath | None = None


@dataclass(eq=False, repr=False)
class Checked:
    """Annotation: let the object look for faults of meaning in itself, at its place in the text."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate the object first, then ask it."""
        return core_schema.with_info_wrap_validator_function(_collect_faults, handler(source))


def checked(kind: Any) -> Any:
    """Return the type, checked for faults of meaning if it looks for any."""
    return Annotated[kind, Checked()] if hasattr(kind, "faults") else kind


def _collect_faults(raw: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
    made = validate(raw)
    found: Iterable[Fault] = made.faults()
    if info.context is not None:
        info.context[FAULTS].extend((raw, fault) for fault in found)
    return made
