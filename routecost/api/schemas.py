"""JSON Schemas of documents."""

from __future__ import annotations


def json_schema(kind: str) -> str:
    """Return the JSON Schema of a kind of document as JSON text. Raises UnknownNameError."""
    from routecost.documents.json_schema import schema

    return schema(kind)
