"""YAML text <-> data with positions. The only package that knows yaml.

Everything a text can hold ends as a document or as findings, never as a traceback.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from routecost.source.document import Document
from routecost.source.finding_log import Limits
from routecost.source.load import read_bytes, read_file, read_text
from routecost.source.nodes import Data, ListNode, MapNode

if TYPE_CHECKING:
    from routecost.source.edit import (
        apply,
        insert_item,
        insert_key,
        item_edit,
        key_edit,
        replace_scalar,
        scalar_edit,
    )
    from routecost.source.fragments import scalar_yaml
    from routecost.source.insertion_style import Edit

__all__ = [
    "Data",
    "Document",
    "Edit",
    "Limits",
    "ListNode",
    "MapNode",
    "apply",
    "insert_item",
    "insert_key",
    "item_edit",
    "key_edit",
    "read_bytes",
    "read_file",
    "read_text",
    "replace_scalar",
    "scalar_edit",
    "scalar_yaml",
]

_WRITING = {"Edit": "insertion_style", "scalar_yaml": "fragments"}


def __getattr__(name: str) -> Any:
    """Load what writes when it is first asked for: most commands only read."""
    if name not in __all__:
        raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
    return getattr(import_module(f"{__name__}.{_WRITING.get(name, 'edit')}"), name)
