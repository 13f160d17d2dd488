"""Reading of YAML and CSV text into data with positions; the only package that uses yaml.

Every input results in a document or in findings, never in an uncaught exception.
"""

from __future__ import annotations

from routecost.source.document import Document
from routecost.source.finding_log import Limits
from routecost.source.load import read_bytes, read_file, read_text
from routecost.source.nodes import Data, ListNode, MapNode

__all__ = ["Data", "Document", "Limits", "ListNode", "MapNode", "read_bytes", "read_file", "read_text"]
