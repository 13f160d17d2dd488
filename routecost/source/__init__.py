"""YAML text to data with positions. The only package that knows yaml.

Any text ends as a document or as findings, never as a traceback.
"""

from __future__ import annotations

from routecost.source.document import Document
from routecost.source.finding_log import Limits
from routecost.source.load import read_bytes, read_file, read_text
from routecost.source.nodes import Data, ListNode, MapNode

__all__ = ["Data", "Document", "Limits", "ListNode", "MapNode", "read_bytes", "read_file", "read_text"]
