"""Prices written as YAML are read back as they were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from routecost.documents.core.validate import validate
from routecost.documents.pricing.rates import EntryDocument
from routecost.documents.pricing.sheet_text import entry_data, rate_text
from routecost.model.pricing.sheet import PriceEntry
from routecost.source import read_text
from routecost.source.editing.yaml_writer import block_yaml, flow_yaml
from tests.support import build
from tests.support.strategies import entries

DAY = date(2026, 11, 22)


def read_back(text: str) -> PriceEntry:
    document, findings = read_text(text, "written.yaml")
    assert document is not None, findings
    made, _ = validate(document, EntryDocument, {})
    entry: PriceEntry = made.build()
    return entry


@given(entries())
def test_written_entries_read_back(entry: PriceEntry) -> None:
    data = entry_data(entry)
    assert read_back(block_yaml(data)) == entry
    assert read_back(flow_yaml(data)) == entry


def test_all_about_an_entry_is_written() -> None:
    text = 'from: 2026-01-01\nuntil: 2026-12-31\nchecked: 2026-11-22\nsource: "the vendor\'s"\ninput: 0.1\n'
    assert block_yaml(entry_data(read_back(text))) == text


def test_hours_are_written() -> None:
    text = """\
input: 1
modes:
  night:
    input: 0.5
    hours:
      - from: "22:00"
        to: "06:00"
        time_zone: Europe/Berlin
        days: [monday, saturday]
  noon:
    input: 2
    hours:
      - from: "12:00"
        to: "24:00"
        time_zone: "+05:30"
        days: [sunday]
"""
    assert block_yaml(entry_data(read_back(text))) == text


def test_fees_are_written_where_they_differ() -> None:
    entry = build.entry((100, build.card({"input": 1, "request": 3}, input=2, request=4)), input=1, request=4)
    assert entry_data(entry) == {
        "input": "1",
        "request": "4",
        "above": [{"tokens": "100", "input": "2", "modes": {"batch": {"input": "1", "request": "3"}}}],
    }


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        ("0.10", "0.1"),
        ("10", "10"),
        ("1E+1", "10"),
        ("0.0000", "0"),
        ("1.5E-7", "0.00000015"),
        ("100.00", "100"),
    ],
)
def test_rates_are_written_plainly(rate: str, text: str) -> None:
    assert rate_text(Decimal(rate)) == text
