"""Rows of random scenarios keep the rules, and sum to the cost of each month exactly."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import routecost
from routecost import render
from routecost.errors import DocumentError, RoutecostError
from routecost.report.focus.rows import report
from tests.focus.rules import faults, read, total
from tests.oracle.writing import Writer
from tests.support.fleets import Document, write
from tests.support.transcripts import call, written

pytestmark = pytest.mark.slow

FIRST, LAST = datetime(2026, 10, 1), datetime(2026, 12, 1)  # noqa: DTZ001  Hypothesis wants them so


@given(st.integers(0, 2**40), st.sampled_from(["per_month", "calendar", "working"]))
def test_rows_of_random_scenarios_sum_to_each_month(seed: int, days: str) -> None:
    documents = Writer(seed).documents()
    options = dict(documents.options)
    with TemporaryDirectory() as folder:
        path = documents.write(Path(folder))
        pricing = Path(folder) / options["pricing"] if "pricing" in options else None
        try:
            scenario = routecost.load_scenario(path, pricing=pricing)
        except DocumentError:
            reject()  # a stated success rate that is not possible, which the writer does not look for
        name = sorted(scenario.strategies)[seed % len(scenario.strategies)]
        months: dict[str, Any] = {"months": 2, "growth": "7%", "start": "2026-11", "days": days}
        if "as_of" in options:
            months["as_of"] = date.fromisoformat(options["as_of"])
        try:
            projection = routecost.project(scenario, strategies=[name], runs=1_000, **months)
        except RoutecostError as error:
            with pytest.raises(type(error)):
                routecost.project_focus(scenario, strategy=name, **months)
            return
        rows = routecost.project_focus(scenario, strategy=name, **months)
    sink = StringIO()
    render.write(report(rows), "focus", sink)
    found = read(sink.getvalue())
    assert faults(found) == []
    for month in projection[name].months:
        of_month = [row for row in found if row["BillingPeriodStart"].startswith(month.month)]
        assert total(of_month) == total(of_month, "EffectiveCost") == month.cost


AMOUNTS = st.sampled_from(
    [
        {"money": 40},
        {"money": "unknown", "at_least": 3},
        {"requests": 20, "per": "5h"},
        {"tokens": 10**6, "of": "seats"},
        {"credits": 500, "of": "plan"},
        {"tasks": 99, "per": "week"},
    ]
)
TERMS = st.fixed_dictionaries(
    {
        "fee": st.sampled_from([0, 7, 30.5]),
        "included": st.lists(AMOUNTS, min_size=1, max_size=2),
        "beyond": st.sampled_from(["api", "stop", "slow", "credits"]),
        "minimum_seats": st.sampled_from([1, 5]),
    }
).map(
    lambda terms: {
        **terms,
        **({"credit_price": 0.04} if terms["beyond"] == "credits" else {}),
        **({"credit_value": 0.03} if "credits" in str(terms) else {}),
    }
)
SEATS = st.sampled_from([0, 3, 4, {"a": 2}, {"a": 1, "b": 3}])


@given(
    st.tuples(TERMS, TERMS),
    st.tuples(SEATS, SEATS),
    st.booleans(),
    st.sampled_from(["per_month", "calendar"]),
)
def test_rows_of_subscriptions_sum_to_each_month(
    terms: tuple[Document, Document], seats: tuple[Any, Any], is_known: bool, days: str
) -> None:
    sheet = {"version": 1, "extends": "claude-2026-11", "source": "invented"}
    dated = [terms[0], {"from": "2026-12-11", **terms[1]}]
    steps = {"steps": [{"above": 50, "share": 0.1}]}
    used = (
        {"usage": {"x": {"seats": 0.25, "work": 0.75}, "y": {"seats": 0.75, "work": 0.25}}}
        if is_known
        else {}
    )
    begun = [{"from": "2026-11-01", "seats": seats[0]}, {"from": "2026-12-19", "seats": seats[1]}]
    tokens = {"tokens": {"input": 4000, "output": 700}}
    fleet = {
        "version": 1,
        "pricing": "./plans.yaml",
        "workload": {
            "task_types": {name: {"tasks_per_day": 80, "owner": name, **tokens} for name in ("a", "b")}
        },
        "strategies": {
            "paid": {
                "mix": {"haiku": 0.5, "opus": 0.5},
                "paid_by": {"subscription": "team", "seats": begun, **used},
            }
        },
    }
    with TemporaryDirectory() as folder:
        write(
            {**sheet, "volume_discounts": steps, "subscriptions": {"team": dated}},
            Path(folder) / "plans.yaml",
        )
        path = write(fleet, Path(folder) / "fleet.yaml")
        options: dict[str, Any] = {"months": 3, "growth": "7%", "start": "2026-11", "days": days}
        projection = routecost.project(path, **options)
        rows = routecost.project_focus(path, **options)
    sink = StringIO()
    render.write(report(rows), "focus", sink)
    found = read(sink.getvalue())
    assert faults(found) == []
    worst = (projection.worst or projection)["paid"].months
    for month, most in zip(projection["paid"].months, worst, strict=True):
        of_month = [row for row in found if row["BillingPeriodStart"].startswith(month.month)]
        assert total(of_month) == total(of_month, "EffectiveCost") == month.cost
        high = sum(Decimal(row["x_BilledCostHigh"] or row["BilledCost"]) for row in of_month)
        assert high == pytest.approx(max(month.cost, most.cost), abs=Decimal("1e-9"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"]),
            st.datetimes(FIRST, LAST),
            st.tuples(*[st.integers(0, 300_000)] * 4),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["UTC", "America/St_Johns"]),
    st.lists(st.sampled_from(["task-type", "tier", "agent", "month"]), unique=True),
)
def test_rows_of_random_logs_sum_to_their_cost(
    calls: list[tuple[str, datetime, tuple[int, ...]]], zone: str, by: list[str]
) -> None:
    names = ("input", "output", "read", "write")
    lines = [
        call(at, model, f"{time:%Y-%m-%dT%H:%M:%SZ}", **dict(zip(names, tokens, strict=True)))
        for at, (model, time, tokens) in enumerate(calls)
    ]
    with TemporaryDirectory() as folder:
        source = routecost.LogSource([written(Path(folder) / "calls.jsonl", *lines)], time_zone=zone)
        usage = routecost.log_usage(source, pricing="claude-2026-11")
        rows = routecost.usage_focus(source, pricing="claude-2026-11", by=by)
    sink = StringIO()
    render.write(report(rows), "focus", sink)
    found = read(sink.getvalue())
    assert faults(found) == []
    assert total(found) == usage.total.least
