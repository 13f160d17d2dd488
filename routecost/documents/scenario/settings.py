"""Fields of a scenario that an option sets, such as ``tokens.input=3000``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from routecost.documents.scenario.named_fields import affects_plan, named_field
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.documents.workload.mix_shares import with_rescaled_shares
from routecost.errors import UsageError
from routecost.problems import KeyPath


def changes_of(file: ScenarioFile, settings: Sequence[str]) -> Mapping[KeyPath, Any]:
    """Return the changes of a document that give fields the values of texts such as ``tokens.input=3000``.

    A list such as ``[1000, 3000]`` is a range. The shares of a mix that no text sets are rescaled.
    Raises UnknownNameError, and UsageError for a text that is no setting and a field that is set twice.
    """
    changes: dict[KeyPath, str] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f'"{text}" sets no field; expected FIELD=VALUE, such as tokens.input=3000')
        field = named_field(file.fields, name.strip())
        if affects_plan(field):
            raise UsageError(f'"{field.name}" affects projections only; see routecost project')
        for path, changed in field.changes(value.strip()).items():
            if path in changes:
                raise UsageError(f'"{".".join(map(str, path))}" is set twice')
            changes[path] = changed
    return {path: _raw(text) for path, text in with_rescaled_shares(file.document, changes).items()}


def _raw(text: str) -> Any:
    is_list = text.startswith("[") and text.endswith("]")
    return [part.strip() for part in text[1:-1].split(",")] if is_list else text
