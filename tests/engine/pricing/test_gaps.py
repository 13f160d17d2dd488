"""Rates that a mode, a step or a period lacks: stated in the sheet, or a finding; never carried."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import routecost
from routecost.engine.pricing.rate_changes import gaps, unstated_gaps
from routecost.errors import DocumentError, UnpricedError

DAY = date(2026, 11, 22)
SHEET = "version: 1\ncurrency: USD\nsource: invented\ntiers: {only: m}\nmodels:\n  m:\n"
DATED = "checked: 2026-11-22"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def entries(*lines: str) -> None:
    rows = (f"    - {{{DATED}, {line}}}\n" for line in lines)
    Path("sheet.yaml").write_text(SHEET + "".join(rows), encoding="utf-8")


def findings(*lines: str) -> list[tuple[str | None, str]]:
    entries(*lines)
    check = routecost.check_pricing(Path("sheet.yaml"), as_of=DAY)
    return [
        (finding.rule, finding.message) for finding in check.findings if finding.rule in ("unpriced", "zero")
    ]


BATCH = "modes: {batch: {input: 1}}"


@pytest.mark.parametrize(
    ("lines", "lacks", "stated", "last"),
    [
        (
            ["input: 1, cache_read: 1, web_search: 3, modes: {batch: {input: 1}}"],
            '"cache_read" in mode batch',
            "modes: {batch: {unpriced: [cache_read]}}",
            "input: 1, cache_read: 1, web_search: 3, modes: {batch: {input: 1, unpriced: [cache_read]}}",
        ),
        (
            [f"input: 1, {BATCH}, above: [{{tokens: 10, input: 2}}]"],
            '"input" in mode batch above 10 tokens',
            "modes: {batch: {unpriced: [input]}}",
            f"input: 1, {BATCH}, above: [{{tokens: 10, input: 2, modes: {{batch: {{unpriced: [input]}}}}}}]",
        ),
        (
            ["input: 1, web_search: 3", "from: 2026-02-01, input: 1"],
            '"web_search"',
            "unpriced: [web_search]",
            "from: 2026-02-01, input: 1, unpriced: [web_search]",
        ),
        (
            [f"input: 1, {BATCH}", "from: 2026-02-01, input: 1"],
            '"input" in mode batch',
            "modes: {batch: {unpriced: [input]}}",
            "from: 2026-02-01, input: 1, modes: {batch: {unpriced: [input]}}",
        ),
    ],
)
def test_a_missing_rate_is_a_finding_unless_it_is_stated(
    lines: list[str], lacks: str, stated: str, last: str
) -> None:
    message = (
        f'"m" has no price of {lacks}, though other calls have one; if the source has none, state "{stated}"'
    )
    assert findings(*lines) == [("unpriced", message)]
    assert findings(*lines[:-1], last) == []


def test_what_a_mode_is_stated_to_lack_is_no_finding_and_has_no_price() -> None:
    batch = "modes: {batch: {input: 0.5, output: 1, unpriced: [cache_read]}}"
    assert findings(f"input: 1, output: 2, cache_read: 0.1, {batch}") == []
    price = routecost.pricer(Path("sheet.yaml"), "m", DAY, mode="batch")
    assert price(input=1_000_000) * 2 == 1
    with pytest.raises(UnpricedError, match='"cache_read"'):
        price(cache_read=1)


def test_a_mode_that_ends_at_a_step_is_not_carried_over_it() -> None:
    lost = "modes: {batch: {unpriced: [input]}}"
    entries(f"input: 1, modes: {{batch: {{input: 0.5}}}}, above: [{{tokens: 10, input: 2, {lost}}}]")
    price = routecost.pricer(Path("sheet.yaml"), "m", DAY, mode="batch")
    assert price(input=10) * 1_000_000 == 5
    with pytest.raises(UnpricedError):
        price(input=11)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("input: 1, unpriced: [input]", 'the entry has a rate for "input"'),
        ("input: 1, modes: {batch: {input: 1, unpriced: [input]}}", 'the mode has a rate for "input"'),
        (
            "input: 1, above: [{tokens: 9, input: 2, modes: {batch: {input: 1, unpriced: [input]}}}]",
            'the mode has a rate for "input"',
        ),
        ("input: 1, output: 1, above: [{tokens: 9, input: 2}]", 'the step has no rate for "output"'),
    ],
)
def test_a_statement_does_not_contradict_the_rates(line: str, complaint: str) -> None:
    entries(line)
    with pytest.raises(DocumentError, match=complaint):
        routecost.load_pricing("./sheet.yaml")


def test_rates_of_zero_are_findings() -> None:
    assert findings("input: 0, output: 2, modes: {batch: {input: 0, output: 0}}") == [
        ("zero", '"input" of "m" is 0: if this is not free, its price is missing'),
        (
            "zero",
            '"input" and "output" of "m" in mode batch are 0: if this is not free, its price is missing',
        ),
    ]


def test_gaps_are_named_once() -> None:
    entries(
        "input: 1, output: 1, modes: {batch: {input: 1}}, above: [{tokens: 9, input: 2, unpriced: [output]}]",
        "from: 2026-02-01, input: 1",
    )
    first, second = routecost.load_pricing("./sheet.yaml").models["m"]
    assert [tuple(gap) for gap in gaps(first)] == [
        (0, "batch", "output"),
        (9, "standard", "output"),
        (9, "batch", "input"),
    ]
    assert [tuple(gap) for gap in unstated_gaps(first)] == [(0, "batch", "output"), (9, "batch", "input")]
    assert [tuple(gap) for gap in gaps(second, first)] == [(0, "standard", "output"), (0, "batch", "input")]
