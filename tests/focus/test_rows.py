"""Rows of FOCUS: their rules hold, and they sum to what the command says, exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import routecost
from routecost import render
from routecost.errors import UsageError
from routecost.model.results.focus.rows import FocusRows
from routecost.report.focus.rows import report
from tests.cli.running import routecost as run
from tests.focus.rules import faults, read, total
from tests.support.transcripts import call, written

SHEET = """
version: 1
extends: claude-2026-11
source: contract 1
currency: EUR
discounts: [{share: 12.5%, models: [claude-opus-5-5], source: contract 1}]
exchange: [{from: 2026-01-01, currency: USD, rate: 0.92, source: treasury}]
"""


def as_csv(rows: FocusRows) -> list[dict[str, str]]:
    sink = StringIO()
    render.write(report(rows), "focus", sink)
    return read(sink.getvalue())


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = ("claude-haiku-5-5", "claude-opus-5-5")
    calls = [
        call(at, model, f"2026-11-{day}T23:30:00Z", input=1_001 * at, output=77, read=13, write=5)
        for at, (model, day) in enumerate(((model, day) for model in models for day in (17, 18, 30)), 1)
    ]
    return written(tmp_path_factory.mktemp("logs") / "calls.jsonl", *calls)


def test_rows_of_logs_sum_to_their_cost_and_keep_the_rules(logs: Path) -> None:
    usage = routecost.log_usage(logs, pricing="claude-2026-11")
    rows = routecost.usage_focus(logs, pricing="claude-2026-11", by=["task-type"], billing_account="A-1")
    written_rows = as_csv(rows)
    assert faults(written_rows) == []
    assert rows.total == total(written_rows) == usage.total.least
    assert {row["BillingAccountId"] for row in written_rows} == {"A-1"}
    assert {row["x_ChargeType"] for row in written_rows} == {"Actual"}
    units = {(row["SkuMeter"], row["ConsumedUnit"], row["PricingUnit"]) for row in written_rows}
    assert ("Cache Write 5m Tokens", "Tokens", "1000000 Tokens") in units
    first = written_rows[0]
    assert (first["ChargePeriodStart"], first["ConsumedQuantity"]) == ("2026-11-17T00:00:00Z", "13.0")
    assert (
        total([row for row in written_rows if row["SkuMeter"] == "Input Tokens"], "ConsumedQuantity")
        == 21_021
    )


@pytest.mark.slow
def test_rows_are_by_day_or_month_of_the_time_zone(logs: Path) -> None:
    source = routecost.LogSource([logs], time_zone="Europe/Berlin")
    rows = routecost.usage_focus(source, pricing="claude-2026-11", by=["month"])
    starts = sorted({(row["BillingPeriodStart"], row["ChargePeriodEnd"]) for row in as_csv(rows)})
    assert starts == [
        ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
        ("2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
    ]
    assert rows.zone == ZoneInfo("Europe/Berlin")


def test_a_contract_is_the_difference_of_list_and_contracted_prices(logs: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "contract.yaml"
    sheet.write_text(SHEET, encoding="utf-8")
    rows = as_csv(routecost.usage_focus(logs, pricing=sheet))
    assert faults(rows) == []
    prices = {
        row["x_Model"]: [Decimal(row[name]) for name in ("ListUnitPrice", "ContractedUnitPrice")]
        + [Decimal(row[f"PricingCurrency{name}UnitPrice"]) for name in ("List", "Contracted")]
        for row in rows
        if row["SkuMeter"] == "Output Tokens"
    }
    haiku, opus = prices["claude-haiku-5-5"], prices["claude-opus-5-5"]
    assert haiku[0] == haiku[1] == haiku[2] * Decimal("0.92")
    assert opus[1] == opus[0] * Decimal("0.875")
    assert opus[3] == opus[2] * Decimal("0.875")
    assert {(row["BillingCurrency"], row["PricingCurrency"]) for row in rows} == {("EUR", "USD")}


@pytest.mark.slow
def test_rows_that_routecost_wrote_are_read_as_a_log(logs: Path, tmp_path: Path) -> None:
    again = tmp_path / "focus.csv"
    with again.open("w", encoding="utf-8") as sink:
        render.write(report(routecost.usage_focus(logs, pricing="claude-2026-11")), "focus", sink)
    usage = routecost.log_usage(again, pricing="claude-2026-11")
    assert usage.total.units == routecost.log_usage(logs, pricing="claude-2026-11").total.units


@pytest.mark.slow
def test_parquet_has_the_same_numbers_as_decimals(logs: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = routecost.usage_focus(logs, pricing="claude-2026-11")
    sink = BytesIO()
    render.write(report(rows), "parquet", sink)
    table = parquet.read_table(sink)
    assert sum(table["BilledCost"].to_pylist()) == rows.total
    assert str(table.schema.field("ChargePeriodStart").type) == "timestamp[ms, tz=UTC]"


def test_a_projection_is_a_forecast_of_one_strategy_month_by_month() -> None:
    rows = routecost.project_focus("growth-plan", months=14)
    written_rows = as_csv(rows)
    assert faults(written_rows) == []
    projection = routecost.project("growth-plan", months=14)
    months = {f"{month.month}-01T00:00:00Z": month.cost for month in projection["adopt-routing"].months}
    for start, cost in months.items():
        of_month = [row for row in written_rows if row["BillingPeriodStart"] == start]
        assert total(of_month) == total(of_month, "EffectiveCost") == cost
    assert {(row["x_ChargeType"], row["x_Strategy"]) for row in written_rows} == {
        ("Forecast", "adopt-routing")
    }
    assert all('"routecost/forecast": true' in row["Tags"] for row in written_rows)
    kinds = {(row["ChargeCategory"], row["CommitmentDiscountStatus"]) for row in written_rows}
    assert kinds == {("Usage", ""), ("Usage", "Unused"), ("Purchase", ""), ("Credit", ""), ("Adjustment", "")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["compare", "article-fleet", "--format", "focus"], 'only "usage" and "project" write "focus"'),
        (["project", "article-fleet", "--billing-account", "A"], "requires --format focus"),
        (["project", "article-fleet", "--format", "focus", "--by", "tier"], "--by cannot be used"),
        (
            [
                "project",
                "article-fleet",
                "--format",
                "focus",
                "--strategy",
                "all-opus",
                "--strategy",
                "all-haiku",
            ],
            "those of one strategy",
        ),
        (["project", "conversations", "--format", "focus"], "none is proposed; expected --strategy NAME"),
        (["project", "article-fleet", "--format", "focus", "--billing-account", " "], "is empty"),
        (["project", "article-fleet", "--format", "focus", "--start", "9999-12", "--months", "1"], "9999-12"),
    ],
)
def test_what_has_no_rows_is_refused(options: list[str], message: str) -> None:
    done = run(*options)
    assert done.code == 2, done.stderr
    assert message in done.stderr


@pytest.mark.slow
def test_calls_without_a_day_or_a_price_are_no_silent_gap(tmp_path: Path) -> None:
    line = call(1, "claude-haiku-5-5", "2026-11-17T10:00:00Z", input=10)
    undated = written(tmp_path / "undated.jsonl", {**line, "timestamp": None})
    with pytest.raises(UsageError, match="--since DATE leaves such calls out"):
        routecost.usage_focus(undated, pricing="claude-2026-11")
    other = written(tmp_path / "other.jsonl", line, call(2, "gpt-x", "2026-11-17T10:00:00Z", input=10))
    source = routecost.LogSource([other], allow_unpriced=True)
    rows = routecost.usage_focus(source, pricing="claude-2026-11")
    texts = [str(block) for block in report(rows).blocks[1:]]
    assert any("lower bounds: 1 call has" in text and "warning=True" in text for text in texts)


def test_a_cost_between_two_bounds_has_its_most_in_a_column_of_its_own(logs: Path) -> None:
    rows = routecost.usage_focus(logs, pricing="claude-2026-11")
    charge = replace(rows.charges[0], high=Decimal(9))
    two = replace(rows, charges=(charge,))
    assert as_csv(two)[0]["x_BilledCostHigh"] == "9.0"
    assert not two.is_exact
    assert two.to_frame()["x_BilledCostHigh"].tolist() == [9.0]
    assert charge.month == date(2026, 11, 1)
