"""docs/documents.md names every key of taxonomies, tables and evidence, and docs/evidence.md every limit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from routecost.documents.core.document_type import hints
from routecost.documents.routing.evidence import EvidenceRowDocument
from routecost.documents.routing.table import RouteDocument, TableDocument
from routecost.documents.routing.taxonomy import TaskKindDocument, TaxonomyDocument
from routecost.model.routing.limits import DEFAULT_LIMITS, Limits

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "documents.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", TEXT.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("Taxonomy", [TaxonomyDocument, TaskKindDocument]),
        ("Routing table", [TableDocument, RouteDocument]),
        ("Evidence", [EvidenceRowDocument]),
    ],
)
def test_every_key_is_documented(title: str, kinds: list[type]) -> None:
    named = set(re.findall(r"`(?:routes\[\]\.)?(\w+)`", section(title)))
    assert {key for kind in kinds for key in hints(kind)} - {"version"} <= named


def test_every_limit_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d%]+) \|", (DOCS / "evidence.md").read_text(), re.MULTILINE)
    shown = {name: float(text.rstrip("%")) / (100 if "%" in text else 1) for name, text in rows}
    assert shown == {name: float(getattr(DEFAULT_LIMITS, name)) for name in Limits.__dataclass_fields__}
