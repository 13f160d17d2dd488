"""JSON Schemas of documents and of the JSON output of commands."""

from __future__ import annotations

import json
from pathlib import Path

from routecost.errors import UnknownNameError
from routecost.file_access import read_utf8
from routecost.library import built_in_root
from routecost.problems import did_you_mean

_OUTPUT = "routecost."


def json_schema(kind: str) -> str:
    """Return a JSON Schema (draft 2020-12) as text: of a kind of document, or of the output of a command.

    The kind of an output is what its JSON states as ``schema``, such as ``routecost.compare/1``. Raises
    UnknownNameError for another kind.
    """
    outputs = _outputs() if kind.startswith(_OUTPUT) else {}
    if kind in outputs:
        return read_utf8(outputs[kind])
    from routecost.documents.json_schema import KINDS, schema

    if kind in KINDS:
        return schema(kind)
    hint = did_you_mean(kind, schema_kinds())
    raise UnknownNameError(f'no schema named "{kind}"{hint}; `routecost schema --list` lists all')


def schema_kinds() -> list[str]:
    """Return the kinds of documents, and those of outputs."""
    from routecost.documents.json_schema import KINDS

    return [*sorted(KINDS), *sorted(_outputs())]


def _outputs() -> dict[str, Path]:
    """Return the file of the schema of each output."""
    files = (built_in_root() / "schemas" / "output").glob("*.json")
    return {json.loads(read_utf8(file))["title"]: file for file in files}
