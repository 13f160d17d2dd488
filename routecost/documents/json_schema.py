"""The JSON Schemas of the document kinds, derived from the types that check them."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from routecost.documents.core.deferred import eager
from routecost.documents.core.kinds import root
from routecost.documents.uncertainty.json_schema import allow_uncertain


def schema(kind: str) -> str:
    """Return the JSON Schema (draft 2020-12) of a kind of document, as JSON text.

    Raises UnknownNameError for a kind that does not exist.
    """
    with eager():
        made = TypeAdapter(root(kind)).json_schema()
    if kind == "scenario":
        made = allow_uncertain(made)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"routecost {kind}"}
    return (
        json.dumps({**head, **{key: value for key, value in made.items() if key != "title"}}, indent=2) + "\n"
    )
