"""Every form of a file gives the same outcomes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from routecost.documents.pricing.load import load_pricing
from routecost.ingest.outcomes import Columns, Missing, SplitRule, read_outcomes
from routecost.ingest.outcomes.splits import by_share
from routecost.library import Library
from routecost.optimize.outcomes.data import Split
from tests.examples import FEWER_EXAMPLES
from tests.ingest.outcomes.files import BOTH, Row, equal, messages, read_text, wide, write
from tests.support.shared_data import shared_data

SHARED = ("category", "split", "length")


@some.composite
def long_rows(draw: some.DrawFn) -> list[dict[str, Any]]:
    """Return rows of some models and queries, in the order of the queries."""
    models = draw(some.lists(some.sampled_from("abcdef"), min_size=1, max_size=4, unique=True))
    count = draw(some.integers(2, 6))
    share = some.floats(0, 1)
    rows = []
    for number in range(count):
        of_query = {
            "category": draw(some.sampled_from(["maths", "law, old"])),
            "split": ("train", "test", "calibration")[number % 3],
            "length": draw(some.integers(1, 9)),
        }
        rows += [
            {
                "query": f'q "{number}"',
                "model": model,
                "score": draw(share),
                "cost": draw(share),
                "confidence": draw(some.none() | some.floats(-5, 0)),
                "input_tokens": draw(some.integers(0, 10**6)),
                **of_query,
            }
            for model in models
        ]
    return rows


@FEWER_EXAMPLES
@given(long_rows(), some.randoms())
def test_all_formats_and_orders_give_the_same_outcomes(rows: list[dict[str, Any]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    shuffled = [dict(random.sample(list(row.items()), len(row))) for row in shuffled]
    with tempfile.TemporaryDirectory() as folder:
        first = read_outcomes(write(Path(folder, "a.csv"), rows)).outcomes
        files: list[tuple[str, Sequence[Row]]] = [
            ("b.csv", shuffled),
            ("c.jsonl", shuffled),
            ("d.parquet", shuffled),
            ("e.csv", wide(shuffled, SHARED)),
            ("f.jsonl", wide(rows, SHARED)),
            ("g.parquet", wide(shuffled, SHARED)),
        ]
        for name, some_rows in files:
            assert equal(read_outcomes(write(Path(folder, name), some_rows)).outcomes, first), name


@given(long_rows())
def test_renamed_models_change_only_their_names(rows: list[dict[str, Any]]) -> None:
    names = dict(zip("abcdef", "zyxwvu", strict=True))
    renamed = [{**row, "model": names[row["model"]]} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        before = read_outcomes(write(Path(folder, "a.csv"), rows)).outcomes
        after = read_outcomes(write(Path(folder, "b.csv"), renamed)).outcomes
    assert set(after.models) == {names[model] for model in before.models}
    same_order = after.of_models([names[model] for model in before.models])
    assert np.array_equal(same_order.score, before.score)
    assert np.array_equal(same_order.cost, before.cost)


def test_values_are_where_they_belong(tmp_path: Path) -> None:
    outcomes = read_text(
        tmp_path,
        "query,model,score,cost,confidence,category,split,length,output",
        "2,b,TRUE,0.5,-inf,law,test,30,7",
        "2,a,0,0.25,,law,TEST,30,8",
        "1,b,0.5,2,-1e-3,art,training,20,9",
        "1,a,1,1,-2,art,train,20,10",
        "3,a,1,1,-2,art,dev,20,10",
        "3,b,0,1,-2,art,calib,20,10",
    ).outcomes
    assert (outcomes.queries, outcomes.models) == (("1", "2", "3"), ("a", "b"))
    assert outcomes.score.tolist() == [[1, 0.5], [0, 1], [1, 0]]
    assert outcomes.cost.tolist() == [[1, 2], [0.25, 0.5], [1, 1]]
    assert outcomes.confidence is not None
    expected = np.array([[-2, -1e-3], [np.nan, -np.inf], [-2, -2]])
    assert np.array_equal(outcomes.confidence, expected, equal_nan=True)
    assert outcomes.categories == ("art", "law", "art")
    assert list(outcomes.splits) == [Split.TRAIN, Split.TEST, Split.CALIBRATION]
    assert outcomes.features["length"].tolist() == [20, 30, 20]
    assert outcomes.tokens["output"].tolist() == [[10, 9], [8, 7], [10, 10]]


def test_nested_objects_are_the_wide_form(tmp_path: Path) -> None:
    outcomes = read_text(
        tmp_path,
        '{"query": 1, "score": {"a": true, "b": 0}, "cost": {"a": 2, "b": 1}, "split": "train"}',
        '{"query": 2, "cost": {"a": 2, "b": 1}, "score": {"b": 1, "a": false}, "split": "test"}',
        suffix=".jsonl",
    ).outcomes
    assert outcomes.score.tolist() == [[1, 0], [0, 1]]


def test_columns_are_mapped_joined_filtered_and_scaled(tmp_path: Path) -> None:
    columns = Columns(
        {"query": "part+id", "model": "llm", "score": "grade", "cost": "usd", "split": "part"},
        where={"benchmark": "one"},
        models=("a", "b"),
        features=(),
        currency="EUR",
    )
    outcomes = read_text(
        tmp_path,
        "benchmark,part,id,llm,grade,usd,length",
        *(f"one,{part},7,{model},{grade},1,9" for part in ("train", "test") for model, grade in GRADES),
        "two,train,7,a,99,1,9",
        columns=columns,
        score_range=(0, 10),
    ).outcomes
    assert (outcomes.queries, outcomes.models) == (("test/7", "train/7"), ("a", "b"))
    assert outcomes.score.tolist() == [[0.5, 1], [0.5, 1]]
    assert (outcomes.features, outcomes.currency) == ({}, "EUR")


GRADES = [("a", 5), ("b", 10), ("c", 0)]


def test_wide_columns_are_mapped_by_pattern_and_by_model(tmp_path: Path) -> None:
    lines = ("query,a_correct,b_correct,input,split", "1,1,0,10,train", "2,0,1,20,test")
    costs = {"a": 1.0, "b": 0.5}
    patterns = Columns({"score": "*_correct"}, costs=costs)
    by_model = Columns({"score.a": "a_correct", "score.b": "b_correct"}, costs=costs)
    outcomes = read_text(tmp_path, *lines, columns=patterns).outcomes
    assert equal(outcomes, read_text(tmp_path, *lines, columns=by_model).outcomes)
    assert outcomes.score.tolist() == [[1, 0], [0, 1]]
    assert outcomes.cost.tolist() == [[1, 0.5], [1, 0.5]]
    assert outcomes.tokens["input"].tolist() == [[10, 10], [20, 20]]


def test_shares_decide_by_query_whatever_else_is_there() -> None:
    queries = [f"q{number}" for number in range(4_000)]
    rule = SplitRule(train=0.6, calibration=0.1)
    parts = by_share(queries, rule)
    for part, share in [(Split.TRAIN, 0.6), (Split.CALIBRATION, 0.1), (Split.TEST, 0.3)]:
        assert abs((parts == part).mean() - share) < 0.03
    assert list(by_share(queries[::-3], rule)) == list(parts[::-3])
    assert (by_share(queries, SplitRule(train=0.6, calibration=0.1, seed=1)) != parts).any()


PRICES = """\
version: 1
currency: USD
source: a test
tiers: {low: small, high: large}
models:
  small: [{from: 2020-01-01, input: 1, output: 10}, {from: 2026-01-01, input: 0.5, output: 5}]
  large: [{input: 2, output: 20, request: 3, above: [{tokens: 1000, input: 4, output: 40}]}]
"""


@pytest.mark.parametrize(("day", "small"), [(date(2025, 12, 31), 1), (date(2026, 1, 1), 0.5)])
def test_tokens_are_priced_at_the_rates_of_a_day(tmp_path: Path, day: date, small: float) -> None:
    (tmp_path / "prices.yaml").write_text(PRICES, encoding="utf-8")
    outcomes = read_text(
        tmp_path,
        "query,model,score,cost,input_tokens,output_tokens,split",
        *("1,low,1,99,1000,100,train", "1,my-large,1,99,1000,100,train"),
        *("2,low,0,99,1001,0,test", "2,my-large,0,99,1001,100,test"),
        columns=Columns(priced_as={"my-large": "large"}),
        sheet=load_pricing(str(tmp_path / "prices.yaml"), Library()),
        as_of=day,
    ).outcomes
    expected = [[2e-3 * small, 4e-3 + 3e-3], [1.001e-3 * small, 8.004e-3 + 3e-3]]
    assert outcomes.models == ("low", "my-large")
    assert outcomes.cost == pytest.approx(np.array(expected), rel=1e-12)


def test_missing_cells_are_handled_as_stated(tmp_path: Path) -> None:
    lines = ["query,model,score,cost", *(f"{query},{model},0,1" for query in range(40) for model in "ab")]
    lines += ["0,c,1,2", "1,c,,2"]
    kept = read_text(tmp_path, *lines, missing=Missing.MODEL, split=BOTH)
    assert (len(kept.outcomes), kept.outcomes.models) == (40, ("a", "b"))
    assert (
        'warning 1:1: score or cost is missing for 39 of 120 outcomes ("c" 39): 1 of 3 models left out'
        in messages(kept)
    )


def test_queries_with_missing_cells_are_left_out(tmp_path: Path) -> None:
    lines = ["query,score.a,score.b,cost.a,cost.b,split"]
    lines += ["1,1,0,1,1,train", "2,,1,1,1,test", "3,1,0,1,1,test", "4,1,0,1,,train"]
    read = read_text(tmp_path, *lines)
    assert read.outcomes.queries == ("1", "3")
    assert messages(read)[0] == (
        'warning 1:1: score or cost is missing for 2 of 8 outcomes ("a" 1, "b" 1): 2 of 4 queries left out'
    )


def test_rational_cascades_are_read() -> None:
    path = shared_data("outcomes_rational_cascades.csv")
    names = {"query": "split+query_id", "confidence": "raw_logprob_conf", "cost": "cost_usd"}
    for benchmark, train, test in [("mmlu", 285, 1531), ("triviaqa", 300, 1000)]:
        outcomes = read_outcomes(path, Columns(names, where={"dataset": benchmark})).outcomes
        sizes = {part: len(outcomes.part(part)) for part in Split}
        assert sizes == {Split.TRAIN: train, Split.CALIBRATION: 0, Split.TEST: test}
        assert len(outcomes.models) == 9
        assert outcomes.tokens.keys() == {"input", "output"}
        assert (outcomes.categories is None) == (benchmark == "triviaqa")


def test_routellm_is_read() -> None:
    columns = Columns({"score": "*_correct"}, where={"contaminated": "0"}, costs={"weak": 0.0, "strong": 1.0})
    outcomes = read_outcomes(shared_data("outcomes_routellm_mmlu.csv"), columns).outcomes
    assert (len(outcomes), outcomes.models) == (14_037, ("strong", "weak"))
    assert outcomes.score.mean(axis=0) == pytest.approx([0.805870, 0.680915], abs=1e-6)
    assert list(outcomes.features) == ["prompt_chars"]
