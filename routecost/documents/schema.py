"""The JSON Schemas of the document kinds, derived from the types that check them."""

from __future__ import annotations

import json

from routecost.documents.load import ROOTS
from routecost.documents.validate import adapter
from routecost.errors import UnknownNameError
from routecost.problems import did_you_mean


def schema(kind: str) -> str:
    """Return the JSON Schema (draft 2020-12) of a kind of document, as JSON text.

    Raises UnknownNameError for a kind that does not exist.
    """
    if kind not in ROOTS:
        raise UnknownNameError(f'no kind of document named "{kind}"{did_you_mean(kind, ROOTS)}')
    made = adapter(ROOTS[kind]).json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"routecost {kind}"}
    return (
        json.dumps({**head, **{key: value for key, value in made.items() if key != "title"}}, indent=2) + "\n"
    )
