"""Edits of YAML text at a path, which keep all other text unchanged."""

from __future__ import annotations

from routecost.source.editing.edit import (
    apply,
    comment_edit,
    insert_item,
    insert_key,
    item_edit,
    key_edit,
    replace_scalar,
    scalar_edit,
)
from routecost.source.editing.fragments import Plain, scalar_yaml, text_yaml
from routecost.source.editing.insertion_style import Edit

__all__ = [
    "Edit",
    "Plain",
    "apply",
    "comment_edit",
    "insert_item",
    "insert_key",
    "item_edit",
    "key_edit",
    "replace_scalar",
    "scalar_edit",
    "scalar_yaml",
    "text_yaml",
]
