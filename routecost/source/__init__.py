"""YAML text <-> data with positions. The only package that knows yaml.

Everything a text can hold ends as a document or as findings, never as a traceback.
"""

from routecost.source.complaints import Limits
from routecost.source.document import Document
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
from routecost.source.insertion import Edit
from routecost.source.load import read_bytes, read_file, read_text
from routecost.source.nodes import Data, ListNode, MapNode

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
