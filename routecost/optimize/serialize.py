"""Found policies added to the text of the scenario they were found for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecost.errors import UsageError
from routecost.source import Document, apply, key_edit
from routecost.source.yaml_writer import flow_yaml


def with_strategies(document: Document, strategies: Mapping[str, Any]) -> str:
    """Return the text with strategies added; UsageError where it has them, or cannot be edited."""
    for name in strategies:
        if document.get(("strategies", name)) is not None:
            raise UsageError(f'the scenario has a strategy named "{name}" already; rename that one')
    try:
        edits = [
            key_edit(document, ("strategies",), name, flow_yaml(data)) for name, data in strategies.items()
        ]
        return apply(document, edits)
    except ValueError as error:
        raise UsageError(f"cannot add strategies to {document.file}: {error}") from error
