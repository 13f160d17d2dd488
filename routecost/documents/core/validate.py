"""Validates a document against its type and returns the object with all findings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from routecost.documents.core.deferred import CHECKED_PARTS, CheckedParts
from routecost.documents.core.document_type import known_keys
from routecost.documents.core.faults import FAULTS, Fault
from routecost.documents.core.scalars import FEES, quoted
from routecost.problems import Finding, KeyPath, Names, Severity

if TYPE_CHECKING:
    from routecost.source import Document


_ABSENT = object()
_EXPECTED = {
    "dataclass_type": "a mapping of keys to values",
    "dict_type": "a mapping of names to values",
    "tuple_type": "a list",
    "list_type": "a list",
}


@lru_cache(maxsize=32)
def adapter(root: Any) -> TypeAdapter[Any]:
    """Return the validator of a document type, cached."""
    return TypeAdapter(root)


def validate(
    document: Document,
    root: Any,
    known: Mapping[str, Any],
    parts: CheckedParts | None = None,
    *,
    keep: bool = False,
) -> tuple[Any, list[Finding]]:
    """Validate a document against its type and return the object with all findings.

    ``known`` has the names that the document may refer to, by kind. ``parts`` has parts that were already
    validated with the same names; new parts are added. The object is None if any finding is an
    error; with ``keep`` only if a value is not of its type.
    """
    faults: list[tuple[Any, Fault]] = []
    result: Any = None
    findings: list[Finding] = []
    try:
        result = adapter(root).validate_python(
            document.data, context={**_by_kind(known), FAULTS: faults, CHECKED_PARTS: parts}
        )
    except ValidationError as errors:
        messages = _Messages(root)
        findings = [_finding(document, messages, error) for error in errors.errors(include_url=False)]
    paths = _container_paths(document.data) if faults else {}
    findings += [_semantic_finding(document, paths.get(id(raw), ()), fault) for raw, fault in faults]
    if not keep and any(finding.severity is Severity.ERROR for finding in findings):
        result = None
    return result, findings


def _semantic_finding(document: Document, path: KeyPath, fault: Fault) -> Finding:
    message = fault.message
    if fault.earlier is not None:
        earlier = document.position((*path, *fault.earlier))
        message += f"; the first is on line {earlier.line}, column {earlier.column}"
    return document.finding(message, (*path, *fault.path), key=fault.on_key, severity=fault.severity)


def _container_paths(data: Any) -> dict[int, KeyPath]:
    """Return the path of each container by its identity; the first path if aliases repeat it."""
    paths: dict[int, KeyPath] = {}
    pending: list[tuple[Any, KeyPath]] = [(data, ())]
    while pending:
        node, path = pending.pop()
        if not isinstance(node, dict | list) or id(node) in paths:
            continue
        paths[id(node)] = path
        children = list(node.items() if isinstance(node, dict) else enumerate(node))
        pending.extend((child, (*path, step)) for step, child in reversed(children))
    return paths


def _by_kind(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known names in a form that is fast to look up, however many look-ups there are."""
    return {kind: Names(names) if type(names) in (list, tuple) else names for kind, names in known.items()}


def _finding(document: Document, messages: _Messages, error: Any) -> Finding:
    location: KeyPath = error["loc"]
    on_key = error["type"] == "unexpected_keyword_argument" or location[-1:] == ("[key]",)
    return document.finding(messages.message(location, error), _path(document, location), key=on_key)


def _path(document: Document, location: KeyPath) -> KeyPath:
    """Return the location without steps that are not in the text: union tags and the bad-key marker."""
    path: KeyPath = ()
    for step in location:
        is_mark = step == "[key]" or str(step).startswith("<")
        if not is_mark or document.get((*path, step), _ABSENT) is not _ABSENT:
            path = (*path, step)
    return path


class _Messages:
    """The messages of errors in a document of type ``root``."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._keys: dict[tuple[str, ...], Names] = {}

    def message(self, location: KeyPath, error: Any) -> str:
        """Return the message of an error at a location."""
        kind = error["type"]
        if kind == "fault":
            return str(error["ctx"]["message"])
        if kind == "money":
            name = ".".join(str(step) for step in location if not str(step).startswith("<"))
            return f'"{name}" {error["ctx"]["message"]}'
        if kind == "missing":
            return f'"{location[-1]}" is missing'
        if kind == "unexpected_keyword_argument":
            key = str(location[-1])
            return f"unknown key {quoted(key)}{self._suggestion(location, key)}"
        if kind in _EXPECTED:
            return f"{quoted(error['input'])} is given; expected {_EXPECTED[kind]}"
        return str(error["msg"])[:1].lower() + str(error["msg"])[1:]

    def _suggestion(self, location: KeyPath, key: str) -> str:
        """Return the nearest key; for a meter among text tokens, where it is stated."""
        if key in FEES and "tokens" in location:
            beside = known_keys(self._root, location[: location.index("tokens")])
            if "meters" in beside:
                return '; expected it under "meters", beside "tokens"'
        return self._known(location[:-1]).suggestion(key)

    def _known(self, location: KeyPath) -> Names:
        """Return the keys at a location, the same object for all locations with these keys."""
        keys = known_keys(self._root, location)
        return self._keys.setdefault(keys, Names(keys))
