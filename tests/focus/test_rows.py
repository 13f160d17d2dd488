"""Rows of FOCUS: their rules hold, and they sum to what the command says, exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
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


PAID = """
version: 1
pricing: ./paid.yaml
as_of: 2026-11-22
workload:
  task_types:
    chat: {tasks_per_day: 300, tokens: {input: 4000, output: 700}, owner: support}
    review: {tasks_per_day: 100, tokens: {input: 20000, output: 2000}, owner: platform}
strategies:
  stop: {tier: sonnet, paid_by: {subscription: Stop, seats: [{from: 2026-12-16, seats: {platform: 3}}],
    usage: {all: {seats: 100%, work: 100%}}}}
  range: {tier: sonnet, paid_by: {subscription: Billed, seats: 4}}
  credits: {tier: sonnet, paid_by: {subscription: Credits, seats: 2, usage: {all: {seats: 1, work: 1}}}}
plan: {start: 2026-11}
"""
PLANS = """
version: 1
extends: claude-2026-11
source: invented
volume_discounts: {steps: [{above: 100, share: 10%}], source: invented}
subscriptions:
  Stop: {fee: 31, included: [{money: 40}], beyond: stop}
  Billed: [{fee: 30, included: [{money: 40}], beyond: api},
    {from: 2026-12-11, fee: 40, included: [{money: 40}], beyond: api}]
  Credits: {fee: 9, included: [{credits: 1000}], beyond: credits, credit_value: 0.03, credit_price: 0.04}
"""


@pytest.mark.parametrize("name", ["stop", "range", "credits"])
def test_fees_are_purchases_and_what_they_pay_is_a_credit(name: str, tmp_path: Path) -> None:
    (tmp_path / "paid.yaml").write_text(PLANS, encoding="utf-8")
    (tmp_path / "desk.yaml").write_text(PAID, encoding="utf-8")
    options: dict[str, Any] = {"months": 2, "growth": "0%"}
    projection = routecost.project(tmp_path / "desk.yaml", strategies=[name], **options)
    rows = as_csv(routecost.project_focus(tmp_path / "desk.yaml", strategy=name, **options))
    assert faults(rows) == []
    worst = (projection.worst or projection)[name].months
    for month, most in zip(projection[name].months, worst, strict=True):
        of_month = [row for row in rows if row["BillingPeriodStart"].startswith(month.month)]
        assert total(of_month) == total(of_month, "EffectiveCost") == month.cost
        high = sum(Decimal(row["x_BilledCostHigh"] or row["BilledCost"]) for row in of_month)
        assert high == pytest.approx(most.cost, abs=Decimal("1e-9"))
    december = [row for row in rows if row["BillingPeriodStart"].startswith("2026-12")]
    found = [
        (row["ChargeFrequency"], row["PricingUnit"], round(float(row["BilledCost"]), 6))
        for row in december
        if row["ChargeCategory"] == "Purchase" or "paid by" in row["ChargeDescription"]
    ]
    tokens = float(total([row for row in december if row["ConsumedUnit"] == "Tokens"], "ConsumedQuantity"))
    whole = 30 * (300 * 4_700 + 100 * 22_000)
    assert (found, tokens) == {
        # Sixteen days of 3 seats, each with $40, of the $180 of reviews: the others are not done.
        "stop": (
            [("Recurring", "Seat-Months", 48.0), ("One-Time", "", -61.935484)],
            pytest.approx(whole - 30 * 100 * 22_000 * 16 / 31 / 3),
        ),
        "range": (
            [
                ("Recurring", "Seat-Months", 38.709677),
                ("One-Time", "", -51.612903),
                ("Recurring", "Seat-Months", 108.387097),
                ("One-Time", "", -108.387097),
            ],
            whole,
        ),
        # $315 are 10,500 credits, and 8,500 are beyond those of two seats.
        "credits": (
            [
                ("Recurring", "Seat-Months", 18.0),
                ("One-Time", "Credits", 340.0),
                ("One-Time", "", -315.0),
            ],
            whole,
        ),
    }[name]


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
