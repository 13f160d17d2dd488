"""The page about prices names every meter."""

from __future__ import annotations

from pathlib import Path

from routecost.units import METERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pricing.md"


def test_every_meter_is_documented() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [meter for meter in METERS if f"`{meter}`" not in text] == []
