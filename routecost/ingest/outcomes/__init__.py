"""Reading of measured outcomes: which model answered which query how well, at what cost."""

from __future__ import annotations

from routecost.ingest.outcomes.options import Columns, Missing, SplitRule
from routecost.ingest.outcomes.read import Read, read_outcomes

__all__ = ["Columns", "Missing", "Read", "SplitRule", "read_outcomes"]
