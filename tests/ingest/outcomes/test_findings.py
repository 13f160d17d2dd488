"""What is wrong with a file of outcomes is reported at its place, and never changes an outcome."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from routecost.errors import DocumentError, EnvironmentFailure, RoutecostError, UsageError
from routecost.ingest.outcomes import Columns, Missing, SplitRule, chunks, read, read_outcomes, table
from routecost.ingest.outcomes.options import FIELDS
from tests.ingest.outcomes.files import BOTH, HEADER, errors, messages, read_text, write
from tests.support.build import entry, sheet

JOIN = (
    "; if they are different queries of different splits, name them by both columns: "
    '--column "query=split+query"'
)
PARTS = 'expected "train", "calibration" or "test"'
GOOD = ("1,a,1,1,train", "1,b,0,2,train", "2,a,0,1,test", "2,b,1,2,test")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "1,b,0,2,train",
            '6:1: query "1" and model "b": this outcome is given twice; the first is on line 3',
        ),
        ("3,a,1.5,1,test", '6:5: query "3", model "a": score 1.5; expected 0 to 1'),
        ("3,a,1,1e300,test", '6:7: query "3", model "a": cost 1e+300; expected an amount of 0 to 1e+15'),
        ("3,a,1,-1e-9,test", '6:7: query "3", model "a": cost -1e-09; expected an amount of 0 to 1e+15'),
        (
            "3,a,1,nan,test",
            '6:7: cost: "nan" is not a finite number',
        ),
        (
            "3,a,1,1e400,test",
            '6:7: cost: "1e400" is not a finite number',
        ),
        (
            "3,a,inf,1,test",
            '6:5: score: "inf" is not a finite number',
        ),
        (
            "3,a,1,true,test",
            '6:7: cost: "true" is not a finite number',
        ),
        (
            "3,a,one,1,test",
            '6:5: score: "one" is not a finite number',
        ),
        (",a,1,1,test", "6:1: the query is missing"),
        ("3,,1,1,test", '6:3: model "": expected a name of 1 to 200 characters that print'),
        ("3,a\x1b[2J,1,1,test", '6:3: model "a\x1b[2J": expected a name of 1 to 200 characters that print'),
        ("3,a,1,1", "6:1: this row has 4 fields; expected 5, as in the header"),
        ("1,c,1,1,test", '6:9: query "1": splits overlap: "train" on line 2, "test" here' + JOIN),
        ("3,a,1,1,tset", f'6:9: no part named "tset"; {PARTS}; did you mean "test"?'),
        ("3,a,1,1,validaton", f'6:9: no part named "validaton"; {PARTS}; did you mean "validation"?'),
        ("3,a,1,1,first", f'6:9: no part named "first"; {PARTS}'),
        ("3,a,1,1,", '6:9: the split of query "3" is missing'),
        ('3,"a,1,1,test', "6:1: not a valid CSV row: unexpected end of data"),
    ],
)
def test_a_bad_row_is_reported_at_its_place(tmp_path: Path, row: str, expected: str) -> None:
    found = errors(tmp_path, HEADER, *GOOD, row)
    hints = (
        "; leave the cell empty if it is not known",
        "; other scores are scaled if their range is declared",
    )
    assert found in [[expected + hint] for hint in ("", *hints)]


def test_names_of_queries_that_each_split_reuses_have_a_way_out(tmp_path: Path) -> None:
    rows = ("id,model,score,cost,part", "1,a,1,1,train", "1,a,0,1,test", "2,a,1,1,train", "2,a,0,1,val")
    names = {"query": "id", "split": "part"}
    found = errors(tmp_path, *rows, columns=Columns(names))
    assert len(found) == 4
    assert all(message.endswith('--column "query=part+id"') for message in found)
    read = read_text(tmp_path, *rows, columns=Columns(names | {"query": "part+id"}))
    assert len(read.outcomes) == 4
    assert [str(part) for part in read.outcomes.splits].count("calibration") == 1


def test_all_problems_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    rows = ('"1\nx",a,1,1,train', "", '"2",b,2,1,test', '"3",b,x,-1,test')
    with pytest.raises(DocumentError) as raised:
        read_text(tmp_path, HEADER, *rows)
    found = [(finding.position.line, finding.position.column) for finding in raised.value.findings]
    assert found == [(5, 7), (6, 7), (6, 9)]
    assert raised.value.findings[0].source_line == '"2",b,2,1,test'


def test_the_number_of_findings_is_limited(tmp_path: Path) -> None:
    found = errors(tmp_path, HEADER, *(f"{row},a,9,1,train" for row in range(5_000)))
    assert len(found) == 101
    assert found[-1].endswith("4,900 more problems of this file")


EXPECTED_SCORE = 'expected one of that name, or a mapping as in "score=COLUMN"'


@pytest.mark.parametrize(
    ("header", "columns", "expected"),
    [
        ("query,model,scor,cost", Columns(), f'no column "score"; {EXPECTED_SCORE}; did you mean "scor"?'),
        ("qid,model,score,cost", Columns({"query": "qiid"}), 'no column "qiid"; did you mean "qid"?'),
        (
            "query,model,score",
            Columns(),
            'no column "cost"; expected one, or columns of tokens and a pricing ',
        ),
        ("query,model,score,cost,cost", Columns(), 'column "cost" is given twice'),
        ("query,model,score,cost", Columns(where={"set": "x"}), 'no column "set"; known: "cost", "model", '),
        ("query,model,score,cost", Columns(where={"model": "aa"}), 'no row has model=aa; did you mean "a"?'),
        ("query,model,score,cost", Columns(models=("ab",)), 'no rows of model "ab"; did you mean "a"?'),
        (
            "query,model,score,cost",
            Columns(priced_as={"ab": "x"}),
            'no rows of model "ab"; did you mean "a"?',
        ),
        ("query,score.a,cost.a", Columns({"score": "*_ok"}), 'no column matches "*_ok"; known: "cost.a", '),
    ],
)
def test_columns_that_are_missing_are_reported(
    tmp_path: Path, header: str, columns: Columns, expected: str
) -> None:
    row = ",".join(["1", "a", "1", "1", "1"][: header.count(",") + 1])
    found = errors(tmp_path, header, row, columns=columns)
    assert any(message.split(": ", 1)[1].startswith(expected) for message in found)


SCALED = "other scores are scaled if their range is declared"


def test_rows_of_the_wide_form_are_reported_by_column(tmp_path: Path) -> None:
    rows = ("1,1,0,1,1,train", "2,1,2,1,x,test", "1,1,0,1,1,train")
    assert errors(tmp_path, "query,score.a,score.b,cost.a,cost.b,split", *rows) == [
        '3:5: query "2", model "b": score 2.0; expected 0 to 1; ' + SCALED,
        '3:9: cost of model "b": "x" is not a finite number; leave the cell empty if it is not known',
        '4:1: query "1": this outcome is given twice; the first is on line 2',
    ]


TEXTS = some.sampled_from(
    ["", "1", "0", "-1", "nan", "1e400", "é\n", "\x1b[31m", '"', ",", "train", "test", "\r"]
)


@given(
    some.lists(some.sampled_from([*FIELDS, "score.a", "cost.a", "x", ""]), min_size=1, max_size=7),
    some.lists(some.lists(TEXTS, min_size=7, max_size=7), max_size=4),
)
def test_any_table_is_read_or_refused(names: list[str], rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".csv", ".jsonl", ".parquet"):
            path = Path(folder, f"file{suffix}")
            write(
                path,
                [dict(zip(["query", "score", "cost", *names], row, strict=False)) for row in rows or [[]]],
            )
            try:
                found = read_outcomes(path).outcomes
            except RoutecostError:
                continue
            assert ((found.score >= 0) & (found.score <= 1) & (found.cost >= 0)).all()


@pytest.mark.parametrize("text", ["", "\n\n", HEADER])
def test_a_file_without_rows_is_an_error(tmp_path: Path, text: str) -> None:
    assert errors(tmp_path, text) == ["1:1: the file has no rows; expected a header and rows"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{x", "2:2: not valid JSON: Expecting property name enclosed in double quotes"),
        ("[1]", '2:1: expected an object, found "[1]"'),
        ("[" * 100_000, "2:1: not valid JSON: nested too deeply"),
        ('{"query": ' + "9" * 5_000 + "}", "2:1: not valid JSON: a number has too many digits"),
    ],
)
def test_bad_lines_of_json_are_reported(tmp_path: Path, line: str, expected: str) -> None:
    good = '{"query": 1, "model": "a", "score": 1, "cost": 1, "split": "train"}'
    found = errors(tmp_path, good, line, '{"query": 2, "model": "a", "score": 7}', suffix=".jsonl")
    assert found[0] == expected
    assert any(message.startswith("3:28: query") for message in found)


def test_rows_of_parquet_have_numbers(tmp_path: Path) -> None:
    rows = [{"query": at, "model": "a", "score": 1.0, "cost": cost} for at, cost in enumerate([1.0, -1.0])]
    with pytest.raises(DocumentError, match=r"parquet:2:1: query \"1\", model \"a\": cost -1.0"):
        read_outcomes(write(tmp_path / "file.parquet", rows))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(UsageError, match="not a valid Parquet file"):
        read_outcomes(tmp_path / "bad.parquet")


def test_parquet_without_its_package_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(chunks, "import_module", absent)
    (tmp_path / "file.parquet").touch()
    with pytest.raises(EnvironmentFailure, match=r"routecost\[parquet\]"):
        read_outcomes(tmp_path / "file.parquet")


LOW = sheet(low=entry(input="1", output="2"))
NO_RATE = (
    'no rate for meter "cache_read" (standard) of model "model-low" on 2026-02-01; known: "input", "output"'
)


@pytest.mark.parametrize(
    ("model", "header", "expected"),
    [
        ("lwo", "input", '2:3: no model or tier "lwo" in pricing sheet "invented"; did you mean "low"?'),
        ("low", "cache_read", f"2:3: {NO_RATE}"),
        ("low", "x", '1:1: no column of tokens, such as "input" and "output"; a pricing sheet needs them'),
    ],
)
def test_what_has_no_price_is_an_error(tmp_path: Path, model: str, header: str, expected: str) -> None:
    lines = (f"query,model,score,{header}", f"1,{model},1,10")
    assert errors(tmp_path, *lines, sheet=LOW, as_of=date(2026, 2, 1)) == [expected]
    if header == "input":
        with pytest.raises(UsageError, match="prices need a day"):
            read_text(tmp_path, *lines, sheet=LOW)


def test_models_that_teach_little_are_warned_of(tmp_path: Path) -> None:
    read = read_text(
        tmp_path,
        "query,model,score,cost,confidence,split,size,note,varies",
        "1,a,1,0,-1,train,1,text,1",
        "1,b,0,1,,train,1,text,2",
        "2,a,1,1,-1,test,2,text,3",
        "2,b,0,1,-2,test,2,text,4",
    )
    assert messages(read) == [
        'note 1:46: column "note" is not used: it is not numeric, not asked for, or one of too many',
        'note 1:51: column "varies" is not used: it differs between the answers to a query',
        'warning 2:5: model "a": all its scores are 1; nothing can be learned about when it fails',
        'warning 2:7: model "a": its cost is 0 for 1 of 2 queries',
        'warning 2:9: model "a": its confidence is always -1; no cascade can stop at it',
        'warning 3:5: model "b": it has no successes',
        'warning 3:9: model "b": its confidence is always -2; no cascade can stop at it',
    ]


def test_further_columns_are_limited_unless_they_are_named(tmp_path: Path) -> None:
    names = [f"x{at}" for at in range(table.MAX_FURTHER + 7)]
    lines = [f"{HEADER},{','.join(names)}", *(f"{row},{','.join('1' * len(names))}" for row in GOOD)]
    limited = read_text(tmp_path, *lines)
    assert list(limited.outcomes.features) == sorted(names[: table.MAX_FURTHER])
    assert any("2 more columns are not used" in message for message in messages(limited))
    named = read_text(tmp_path, *lines, columns=Columns(features=(names[-1],)))
    assert list(named.outcomes.features) == [names[-1]]


def test_a_column_that_is_almost_a_field_is_warned_of(tmp_path: Path) -> None:
    read = read_text(tmp_path, f"{HEADER},confidance", *(f"{row},1" for row in GOOD))
    assert 'warning 1:30: unknown column "confidance"; did you mean "confidence"?' in messages(read)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (Missing.FAIL, '; the first: query "1", model "b"'),
        (Missing.DROP, ': no query has all; leave out models instead ("model")'),
        (Missing.MODEL, ': no model has all; leave out queries instead ("drop")'),
    ],
)
def test_missing_cells_that_leave_nothing_are_errors(tmp_path: Path, missing: Missing, expected: str) -> None:
    rows = ("1,a,1,1,train", "2,b,1,1,test")
    found = errors(tmp_path, HEADER, *rows, missing=missing)
    assert found == [f'1:1: score or cost is missing for 2 of 4 outcomes ("a" 1, "b" 1){expected}']


def test_a_model_without_outcomes_is_an_error(tmp_path: Path) -> None:
    assert errors(tmp_path, HEADER, *GOOD, "1,c,,1,train") == ['1:1: model "c" has no outcomes']


def test_a_part_without_queries_is_an_error(tmp_path: Path) -> None:
    expected = 'no query is in the part "test"; policies are fitted on train and tested on test'
    assert errors(tmp_path, HEADER, *GOOD[:2]) == [f"1:1: {expected}"]


def test_limits_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_CELLS", 3)
    assert errors(tmp_path, HEADER, *GOOD) == [
        "1:1: too many outcomes: 2 queries x 2 models; the limit is 3; is the right column the model?"
    ]
    monkeypatch.setattr(table, "MAX_CELLS", 3)
    assert errors(tmp_path, HEADER, *GOOD)[-1] == "2:1: too many outcomes; the limit is 3"
    monkeypatch.undo()
    monkeypatch.setattr(read, "MAX_MODELS", 1)
    found = errors(tmp_path, HEADER, *GOOD)
    assert found == ["1:1: too many models: 2; the limit is 1; is the right column the model?"]
    monkeypatch.setattr(chunks, "MAX_ROWS", 3)
    assert errors(tmp_path, HEADER, *GOOD)[0] == "2:1: too many rows; the limit is 3"
    wide = ",".join(f"score.{at}" for at in range(2_001))
    assert errors(tmp_path, wide)[0] == "1:1: too many columns: 2,001; the limit is 2,000"
    assert errors(tmp_path, HEADER, "x" * 1_000_001)[0] == (
        "2:1: the line is too large; the limit is 1,000,000 characters"
    )
    monkeypatch.setattr(chunks, "MAX_BYTES", 3)
    with pytest.raises(UsageError, match="too large; the limit is 3 bytes"):
        read_text(tmp_path, HEADER)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"query,model\n\x80", b"\x00" * 1_000, b"\r\r\r", b"\xef\xbb\xbf"]
)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".txt"])
def test_other_files_are_refused(tmp_path: Path, data: bytes, suffix: str) -> None:
    file = tmp_path / f"file{suffix}"
    file.write_bytes(data)
    with pytest.raises(RoutecostError):
        read_outcomes(file)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Columns({"scores": "x"}),
        lambda: Columns({"category.a": "x"}),
        lambda: Columns(costs={"a": -1}),
        lambda: Columns(costs={"a": float("nan")}),
        lambda: SplitRule(train=0),
        lambda: SplitRule(train=0.8, calibration=0.2),
        lambda: SplitRule(train=float("nan")),
        lambda: read_outcomes(Path("absent.csv")),
        lambda: read_outcomes(Path("absent.csv"), score_range=(1, 1)),
    ],
)
def test_bad_options_are_refused(build: Any) -> None:
    with pytest.raises(UsageError):
        build()
    assert BOTH.calibration == 0
