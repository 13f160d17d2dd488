"""The functions behind ``routecost pricing``, where the command line's golden cases do not reach."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.errors import UnknownNameError, UnpricedError, UsageError

DAY = date(2026, 11, 22)
SMALL = """\
version: 1
currency: USD
source: invented
tiers: {haiku: claude-haiku-5-5}
models:
  claude-haiku-5-5:
    - {checked: 2026-11-01, input: 0.10, output: 0.50}
"""
ABOVE = """\
version: 1
extends: ./small.yaml
source: ours
tiers: {sonnet: claude-sonnet-5-5}
models: {claude-sonnet-5-5: [{checked: 2026-11-01, input: 2, output: 10}]}
discounts: [{share: 10%}]
"""


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    Path("above.yaml").write_text(ABOVE, encoding="utf-8")


def test_sheets_are_listed_beside_the_faulty_ones() -> None:
    Path("lib/pricing").mkdir(parents=True)
    Path("lib/pricing/good.yaml").write_text(SMALL, encoding="utf-8")
    Path("lib/pricing/bad.yaml").write_text(SMALL.replace("0.10", "cheap"), encoding="utf-8")
    sheets, findings = routecost.list_pricing(library="lib")
    names = [sheet.name for sheet in sheets]
    assert "good" in names
    assert "claude-2026-11" in names
    assert "bad" not in names
    assert ['"cheap" is not a rate' in finding.message for finding in findings] == [True]


def test_the_oldest_check_counts_and_none_is_unknown() -> None:
    Path("lib/pricing").mkdir(parents=True)
    newer = "  other:\n    - {checked: 2026-11-20, input: 1}\n"
    Path("lib/pricing/dated.yaml").write_text(SMALL + newer, encoding="utf-8")
    Path("lib/pricing/undated.yaml").write_text(SMALL + "  other:\n    - {input: 1}\n", encoding="utf-8")
    checked = {sheet.name: sheet.checked for sheet in routecost.list_pricing(library="lib")[0]}
    assert (checked["dated"], checked["undated"]) == (date(2026, 11, 1), None)


def test_a_sheet_that_extends_another_is_shown_with_its_terms() -> None:
    prices = routecost.show_pricing(Path("above.yaml"), as_of=DAY)
    assert [row.tier for row in prices.rows] == ["haiku", "haiku", "sonnet", "sonnet"]
    assert prices.has_terms
    assert prices.to_frame()["price"].tolist() == [0.1, 0.5, 2, 10]


def test_discounts_are_in_the_cost_and_not_in_the_rates() -> None:
    Path("fleet.yaml").write_text(
        "version: 1\npricing: ./small.yaml\n"
        "workload: {tasks_per_day: 100, tokens: {input: 1000, output: 0}}\n"
        "strategies: {all: {tier: haiku}}\n",
        encoding="utf-8",
    )
    diff = routecost.diff_pricing(Path("small.yaml"), Path("above.yaml"), as_of=DAY, scenario="./fleet.yaml")
    (change,) = diff.changes
    assert (change.cost_per_month_before, change.cost_per_month_after) == (Decimal("0.3"), Decimal("0.27"))
    assert change.change_fraction == Decimal("-0.1")
    assert diff.has_other_terms
    assert {row.status for row in diff.prices} == {"added"}
    assert diff.to_frame()["after"].tolist() == [2, 10]


def test_without_genai_prices_the_rest_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    check = routecost.check_pricing(Path("small.yaml"), as_of=date(2027, 11, 22))
    assert [finding.rule for finding in check.findings] == ["stale"]
    assert "routecost[prices]" in check.notes[0]


def test_inherited_prices_are_checked_where_the_sheet_stands() -> None:
    check = routecost.check_pricing(Path("above.yaml"), as_of=DAY, max_age_days=7)
    stale = [finding for finding in check.findings if finding.rule == "stale"]
    assert [finding.position.file for finding in stale] == ["above.yaml"] * 2
    assert ["claude-haiku" in finding.message for finding in stale].count(True) == 1


def test_a_limit_below_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="-1 days"):
        routecost.check_pricing(Path("small.yaml"), max_age_days=-1)


def test_another_currency_is_not_compared() -> None:
    pytest.importorskip("genai_prices")
    Path("small.yaml").write_text(SMALL.replace("USD", "EUR").replace("0.10", "9"), encoding="utf-8")
    check = routecost.check_pricing(Path("small.yaml"), as_of=DAY)
    assert list(check.findings) == []
    assert "rates in EUR" in check.notes[0]


def test_the_provider_named_in_the_source_is_compared_with() -> None:
    pytest.importorskip("genai_prices")
    ours = SMALL.replace("claude-haiku-5-5", "gpt-5.5").replace(
        "{checked", '{source: "genai-prices 0.2.3, openai/gpt-5.5", checked'
    )
    Path("small.yaml").write_text(ours, encoding="utf-8")
    check = routecost.check_pricing(Path("small.yaml"), as_of=DAY)
    assert {finding.rule for finding in check.findings} == {"disagrees"}
    assert all("provider openai" in finding.message for finding in check.findings)


def test_importing_into_a_sheet_that_extends_touches_its_own_models() -> None:
    pytest.importorskip("genai_prices")
    imported = routecost.import_pricing("anthropic", Path("above.yaml"), checked=DAY)
    assert (imported.models, imported.entries, imported.confirmed) == (0, 1, 1)
    assert "claude-haiku-5-5" not in imported.text


def test_a_pricer_pays_the_discount() -> None:
    assert routecost.pricer(Path("above.yaml"), "claude-haiku-5-5", DAY)(input=1000) == Decimal("0.00009")


def test_a_pricer_says_what_it_does_not_know() -> None:
    with pytest.raises(UnknownNameError, match='did you mean "claude-haiku-5-5"'):
        routecost.pricer("claude-2026-11", "claude-haiku-55", DAY)
    with pytest.raises(UnpricedError, match="bulk"):
        routecost.pricer("claude-2026-11", "claude-haiku-5-5", DAY, mode="bulk")


def test_hours_of_modes_are_shown_and_compared() -> None:
    def timed(hours: str) -> str:
        mode = f"modes: {{peak: {{input: 1, output: 2{hours}}}}}"
        return SMALL.replace("output: 0.50", f"output: 0.50, {mode}")

    night = '{from: "22:00", to: "06:00", time_zone: UTC, days: [sat, sun]}'
    Path("before.yaml").write_text(timed(""), encoding="utf-8")
    Path("after.yaml").write_text(timed(f", hours: {night}"), encoding="utf-8")
    shown = routecost.show_pricing("./after.yaml", as_of=DAY)
    assert shown.hours == ("Mode peak of claude-haiku-5-5: 22:00-06:00 UTC sat/sun.",)
    diff = routecost.diff_pricing("./before.yaml", "./after.yaml", as_of=DAY)
    assert diff.prices == ()
    assert diff.hours == ("Mode peak of haiku: no hours becomes 22:00-06:00 UTC sat/sun.",)


@pytest.mark.parametrize(
    ("provider", "named"), [("google", "google"), ("anthropic", "anthropic"), ("acme", None)]
)
def test_a_row_is_compared_with_its_own_provider(provider: str, named: str | None) -> None:
    """Google lists models of Anthropic, too."""
    pytest.importorskip("genai_prices")
    ours = SMALL.replace("input: 0.10", f"provider: {provider}, input: 9")
    Path("small.yaml").write_text(ours, encoding="utf-8")
    check = routecost.check_pricing(Path("small.yaml"), as_of=DAY)
    disagreements = [finding.message for finding in check.findings if finding.rule == "disagrees"]
    assert all(f"provider {named} disagrees" in message for message in disagreements)
    assert bool(disagreements) == (named is not None)
    assert any("claude-haiku-5-5" in note for note in check.notes) == (named is None)
