"""Frames of pandas and Polars are taken where files with tables are; bad ones name row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

import routecost
from routecost.errors import DocumentError, UsageError

Rows = Sequence[Mapping[str, Any]]
Make = Callable[[Rows], Any]
SHEET = "claude-2026-11"

ACTUALS = [{"month": "2026-02", "spend": 100.0}, {"month": "2026-03", "spend": 120.5}]
EVIDENCE = [
    {
        "task": "extraction",
        "tier": "haiku",
        "successes": 90,
        "trials": 100,
        "evaluated": date(2026, 1, 10),
        "model": "claude-3-5-haiku",
    }
]
OUTCOMES = [
    {"query": query, "model": model, "score": score, "cost": cost}
    for query in range(40)
    for model, score, cost in (("low", query % 2, 0.1), ("high", 1, 0.5))
]
CALLS = [
    {"model": "claude-haiku-5-5", "input": 1_000, "output": 500, "time": 1_795_000_000_000_000 + at}
    for at in range(3)
]
COSTS = [{"day": "2026-11-18", "amount": "1.5", "currency": "USD"}]

CALLS_FRAME = pd.DataFrame(CALLS)


def test_a_frame_of_pandas_is_taken_for_actuals_and_evidence() -> None:
    actuals = pd.DataFrame({"month": pd.to_datetime(["2026-02-01"]), "spend": [100], "calls": [None]})
    projection = routecost.project("article-fleet", months=2, actuals=actuals)
    assert projection.actuals is not None
    assert projection.actuals.to_frame()["actual"].tolist()[0] == 100
    validation = routecost.validate("article", evidence=pd.DataFrame(EVIDENCE), as_of=date(2026, 2, 1))
    assert "RT401" not in {finding.code for finding in validation.findings}


BAD: list[tuple[Callable[[Any], object], Rows, str]] = [
    (
        lambda frame: routecost.project("article-fleet", actuals=frame),
        [*ACTUALS, {"month": "2026-04", "spend": -1}],
        'frame of actuals:row 2, column "spend": "-1" is out of range',
    ),
    (
        lambda frame: routecost.project("article-fleet", actuals=frame),
        [{"month": "2026-02", "spend": float("inf")}],
        'frame of actuals:row 0, column "spend": "inf"',
    ),
    (
        lambda frame: routecost.project("article-fleet", actuals=frame),
        [{"mnth": "2026-02", "spend": 1}],
        'column "month" is missing',
    ),
    (
        lambda frame: routecost.validate("article", evidence=frame),
        [*EVIDENCE, {**EVIDENCE[0], "tier": "opus", "successes": 101}],
        'frame of evidence:row 1, column "successes": 101 successes of 100 trials',
    ),
    (
        routecost.read_outcomes,
        [*OUTCOMES, {**OUTCOMES[2], "cost": -3}],
        'frame of outcomes:row 80, column "cost"',
    ),
    (
        routecost.read_outcomes,
        [*OUTCOMES, OUTCOMES[2]],
        "the first is in row 2",
    ),
    (
        lambda frame: routecost.log_usage(frame, pricing=SHEET),
        [*CALLS, {**CALLS[0], "input": -1}],
        'row 3, column "input": expected a whole number of at least 0',
    ),
    (
        lambda frame: routecost.usage_against(CALLS_FRAME, frame, pricing=SHEET),
        [{"day": "=cmd()", "amount": "1"}],
        'frame of costs:row 0, column "day"',
    ),
]


@pytest.mark.parametrize(("use", "rows", "message"), BAD, ids=[message for _, _, message in BAD])
def test_a_bad_frame_is_refused_by_row_and_column(
    use: Callable[[Any], object], rows: Rows, message: str
) -> None:
    with pytest.raises((DocumentError, UsageError)) as refused:
        use(pd.DataFrame(rows))
    assert message in str(refused.value)
    assert "/tmp" not in str(refused.value)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([1, 2], "list is no table; expected a path, or a frame of pandas, Polars or PyArrow"),
        (pd.DataFrame(), "DataFrame is no table"),
        (pd.DataFrame([[1, 2]], columns=["month", "month"]), 'two columns have the name "month"'),
    ],
)
def test_what_is_no_table_is_refused(table: object, message: str) -> None:
    with pytest.raises(UsageError, match="frame of actuals") as refused:
        routecost.project("article-fleet", actuals=table)
    assert message in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["DataFrame", "LazyFrame", "pyarrow"])
def test_other_frames_say_the_same_as_pandas(kind: str) -> None:
    if kind == "pyarrow":
        make: Make = pytest.importorskip("pyarrow").Table.from_pylist
    else:
        make = getattr(pytest.importorskip("polars"), kind)
    uses: list[tuple[Callable[[Any], Any], Rows]] = [
        (lambda frame: routecost.project("article-fleet", months=2, actuals=frame), ACTUALS),
        (lambda frame: routecost.validate("article", evidence=frame), EVIDENCE),
        (lambda frame: routecost.suggest("article", "failure-modes", evidence=frame), EVIDENCE),
        (routecost.read_outcomes, OUTCOMES),
        (lambda frame: routecost.log_usage(frame, pricing=SHEET), CALLS),
        (lambda frame: routecost.calibrate(frame, pricing=SHEET), CALLS),
        (lambda frame: routecost.usage_against(CALLS_FRAME, frame, pricing=SHEET), COSTS),
    ]
    for use, rows in uses:
        ours, theirs = use(make(list(rows))).to_frame(), use(pd.DataFrame(rows)).to_frame()
        pd.testing.assert_frame_equal(ours, theirs)


def test_times_and_quotes_are_kept() -> None:
    rows = [{**OUTCOMES[at], "query": f'q "{OUTCOMES[at]["query"]}", two\nlines'} for at in range(80)]
    read = routecost.read_outcomes(pd.DataFrame(rows))
    assert read.outcomes.queries[0] == 'q "0", two lines'
    actuals = pd.DataFrame([{"month": pd.Timestamp("2026-02-03T04:00"), "spend": 1}])
    with pytest.raises(DocumentError, match='"2026-02-03'):
        routecost.project("article-fleet", actuals=actuals)
