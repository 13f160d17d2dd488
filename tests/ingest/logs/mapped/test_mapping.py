"""Logs with columns of any name are read by mappings."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from routecost.errors import DocumentError, UsageError
from routecost.ingest.logs.call import Call
from routecost.ingest.logs.mapping import LEFT_OUT, NO_USAGE, load_mapping
from tests.ingest.logs.collected import read, write

MAPPING = """
version: 1
mapping: ours
time: {column: at, unit: s}
model: m
meters:
  input: {column: in, includes: [cache_read]}
  cache_read: {column: cached, optional: true}
  output: {column: out, scale: 1000}
cost: {column: cents, scale: 0.01}
currency: {constant: EUR}
id: id
session: s
task: ticket
agent: bot
task_type: kind
outcome: {column: ok, values: {"true": success, "false": failure}}
mode: {column: tier, values: {B: batch}, default: standard}
where: {env: [prod, live]}
labels: {name: title}
"""
HEADER = "at,m,in,cached,out,cents,id,s,ticket,bot,kind,ok,tier,env,title\n"
ROWS = [
    "1795161600.5,x-1,100,40,0.02,1.5,i1,s1,T1,b,triage,true,B,prod,",
    "1795161601,x-1,7,,0,,i2,s1,T1,b,draft,false,A,live,word",
    "1795161601,x-1,7,,0,,i2,s1,T1,b,draft,false,A,test,word",
]
EXPECTED = [
    Call(
        "x-1", 1795161600500000, {"input": 60, "cache_read": 40, "output": 20}, "i1", mode="batch",
        session="s1", task="T1", agent="b", task_type="triage", outcome="success",
        cost=15_000_000, currency="EUR",
    ),
    Call(
        "x-1", 1795161601000000, {"input": 7}, "i2", session="s1", task="T1", agent="b", task_type="draft",
        outcome="failure", currency="EUR", labels={"name": "word"},
    ),
]  # fmt: skip


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return write(tmp_path / "ours.yaml", MAPPING)


def test_csv_is_read_by_a_mapping(tmp_path: Path, mapping: Path) -> None:
    calls, log = read(write(tmp_path / "log.csv", HEADER + "\n".join(ROWS) + "\n"), mapping)
    assert calls == EXPECTED
    assert (log.calls, log.faults.count) == ({"ours": 2}, 0)
    assert log.faults.skipped == {LEFT_OUT: 1}


def test_parquet_and_json_lines_give_the_same_calls(tmp_path: Path, mapping: Path) -> None:
    table = write(tmp_path / "log.csv", HEADER + "\n".join(ROWS) + "\n")
    for kind, options in (("parquet", "FORMAT parquet"), ("jsonl", "FORMAT json")):
        other = tmp_path / f"log.{kind}"
        duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{table}')) TO '{other}' ({options})")
        assert read(other, mapping)[0] == EXPECTED


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("in", "many", '"in" is not a number'),
        ("in", "1e999999", '"in" is not a number'),
        ("in", "nan", '"in" is not a number'),
        ("in", "10.5", '"in" is not a whole number of units'),
        ("in", "30", "input (30) is less than what it includes: cache_read (40)"),
        ("in", "-4", "input is -4; expected a count from 0 to 9007199254740992"),
        ("out", "-1", "output is -1000; expected a count from 0 to 9007199254740992"),
        ("at", "soon", '"at" is not a number'),
        ("at", "1795161600000", '"at" is not a time in "s"'),
        ("cents", "-1", "its cost is not an amount from 0 to 1,000,000,000"),
        ("cents", "1e29", "its cost is not an amount from 0 to 1,000,000,000"),
        ("m", "", '"m" has no model'),
        ("ok", "maybe", '"values" of the mapping do not say what "ok" means here'),
        ("bot", "x" * 201, '"bot" is longer than 200 characters'),
    ],
)
def test_a_bad_row_is_rejected_without_its_text(
    tmp_path: Path, mapping: Path, column: str, value: str, reason: str
) -> None:
    cells = dict(zip(HEADER.strip().split(","), ROWS[0].split(","), strict=True)) | {column: value}
    log = write(tmp_path / "log.csv", HEADER + ROWS[1] + "\n" + ",".join(cells.values()) + "\n")
    calls, found = read(log, mapping)
    assert calls == EXPECTED[1:]
    assert [(reject.line, reject.reason) for reject in found.faults] == [(3, reason)]


def test_rows_without_usage_are_no_calls(tmp_path: Path, mapping: Path) -> None:
    calls, log = read(write(tmp_path / "log.csv", HEADER + "1,x-1,,,,,i1,s1,T1,b,k,true,B,prod,\n"), mapping)
    assert (calls, log.faults.count) == ([], 0)
    assert log.faults.skipped[NO_USAGE] == 1


def test_a_table_without_the_columns_is_an_error_with_all_of_them(tmp_path: Path, mapping: Path) -> None:
    log = write(tmp_path / "log.csv", HEADER.replace("cents", "cent").replace("ticket", "x") + ROWS[0])
    with pytest.raises(UsageError) as error:
        read(log, mapping)
    expected = 'lacks columns of mapping "ours": "ticket" (nearest: "tier"), "cents" (nearest: "cent")'
    assert str(error.value) == f'"{log}" {expected}'


@pytest.mark.parametrize(("text", "cost", "currency"), [("eur", "2", "EUR"), ("sk-ant-s3cr3t", "", None)])
def test_a_currency_is_a_code(tmp_path: Path, text: str, cost: str, currency: str | None) -> None:
    mapping = write(tmp_path / "m.yaml", STRICT.replace("use.", "") + "cost: c\ncurrency: k\n")
    rows = f"m,in,out,cached,state,c,k\nx,1,1,,,{cost},{text}\nx,1,1,,,2,sk-ant-s3cr3t\n"
    calls, log = read(write(tmp_path / "log.csv", rows), mapping)
    assert [call.currency for call in calls] == [currency]
    assert [one.reason for one in log.faults] == ["its currency is not a code of three letters, such as USD"]


STRICT = """
version: 1
mapping: strict
model: m
meters: {input: use.in, output: use.out, cache_read: {column: use.cached, optional: true}}
outcome: {column: state, values: {bad: failure}, default: success}
"""


def test_json_without_the_columns_is_an_error_unless_they_are_optional(tmp_path: Path) -> None:
    path = write(tmp_path / "strict.yaml", STRICT)
    log = write(tmp_path / "log", json.dumps({"m": "x", "use": {"in": 5, "outt": 4}}))
    with pytest.raises(UsageError, match=r'lacks columns of mapping "strict": "state".*, "use.out"'):
        read(log, path)
    write(
        path,
        STRICT.replace("use.out", "{column: use.out, optional: true}").replace(
            "success}", "success, optional: true}"
        ),
    )
    (call,) = read(log, path)[0]
    assert (call.units, call.outcome) == ({"input": 5}, "success")


@pytest.mark.parametrize(
    ("use", "state", "units", "outcome"),
    [
        ({"in": 5, "out": 4}, "ok", {"input": 5, "output": 4}, "success"),
        ({"in": 5, "out": 4}, None, {"input": 5, "output": 4}, None),
        ({"in": 5, "out": None}, "bad", {"input": 5}, "failure"),
        (None, "bad", {}, "failure"),
        (None, "ok", NO_USAGE, None),
        ({"in": 5}, "ok", '"use.out" has no count; expected one, or "optional: true" in the mapping', None),
        (
            {"in": 5, "out": ""},
            "ok",
            '"use.out" has no count; expected one, or "optional: true" in the mapping',
            None,
        ),
    ],
)
def test_what_a_record_lacks_is_never_0(
    tmp_path: Path, use: object, state: str | None, units: object, outcome: str | None
) -> None:
    full = {"m": "x", "use": {"in": 1, "out": 1}, "state": "ok"}
    row = {"m": "x", "use": use} | ({} if state is None else {"state": state})
    log = write(tmp_path / "log", json.dumps(full) + "\n" + json.dumps(row))
    calls, found = read(log, write(tmp_path / "strict.yaml", STRICT))
    reasons = [*found.faults.skipped, *(reject.reason for reject in found.faults)]
    assert [(call.units, call.outcome) for call in calls[1:]] == ([] if reasons else [(units, outcome)])
    assert reasons == ([units] if isinstance(units, str) else [])


@pytest.mark.parametrize(
    ("time", "value", "expected"),
    [
        ("at", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00+00:00"),
        ("at", "2026-11-20 08:00:00.25", "2026-11-20T08:00:00.250000+00:00"),
        ("at", "2026-11-20", "2026-11-20T00:00:00+00:00"),
        ("{column: at, zone: Europe/Berlin}", "2026-11-20 08:00", "2026-11-20T07:00:00+00:00"),
        ("{column: at, zone: Europe/Berlin}", "2026-11-20 08:00+01:00", "2026-11-20T07:00:00+00:00"),
        ('{column: at, format: "%d/%m/%Y %H:%M"}', "20/11/2026 08:00", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: ms}", "1795161600000", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: us}", "1795161600000000", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: ns}", "1795161600000000999", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: ms, start: 2026-11-20}", "28800000", "2026-11-20T08:00:00+00:00"),
        ("{column: at, unit: s, start: 2026-11-20}", "0", "2026-11-20T00:00:00+00:00"),
        ("at", "", None),
    ],
)
def test_times(tmp_path: Path, time: str, value: str, expected: str | None) -> None:
    from datetime import UTC, datetime

    mapping = f"version: 1\nmapping: t\nmodel: m\ntime: {time}\nmeters: {{input: n}}\n"
    (call,) = read(write(tmp_path / "log", f"m,n,at\nx,1,{value}\n"), write(tmp_path / "t.yaml", mapping))[0]
    found = None if call.time is None else datetime.fromtimestamp(call.time / 1e6, UTC).isoformat()
    assert found == expected


def test_relative_times_need_a_start(tmp_path: Path) -> None:
    mapping = "version: 1\nmapping: t\nmodel: m\ntime: {column: at, unit: ms}\nmeters: {input: n}\n"
    log = write(tmp_path / "log", "m,n,at\nx,1,40\n")
    calls, found = read(log, write(tmp_path / "t.yaml", mapping))
    (reject,) = found.faults
    assert calls == []
    assert reject.reason.startswith('"at" is before the year 2000; "start" in the mapping says')


def test_paths_reach_into_objects_key_value_lists_and_texts_of_json(tmp_path: Path) -> None:
    mapping = write(
        tmp_path / "paths.yaml",
        "version: 1\nmapping: paths\nmodel: a.model\nmeters: {input: 'a.use.in.tokens', output: dotted.out}\n"
        "task_type: tags.kind\ntags: meta\n",
    )
    row = {
        "a": {"model": "x", "use": json.dumps({"in.tokens": 5})},
        "dotted.out": 7,
        "tags": [{"key": "kind", "value": "triage"}],
        "meta": {"Team": "t", "prompt": "p" * 300, "nested": {}},
    }
    (call,) = read(write(tmp_path / "log", json.dumps(row)), mapping)[0]
    assert (call.model, call.units, call.task_type) == ("x", {"input": 5, "output": 7}, "triage")
    assert call.labels == {"tag:Team": "t"}


def test_all_faults_of_a_mapping_are_reported_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "bad.yaml",
        """version: 1
mapping: bad
model: {column: m, first: [n]}
tme: at
time: {column: at, zone: Europe/Berln}
meters:
  inptu: a
  output: {column: b, includes: [cache_raed]}
  input: {column: b, includes: [cache_read]}
cost: c
mode: {column: x, rules: [{matches: "(a+)+$", value: b}, {matches: "a.*b.*c.*d.*e", value: b}]}
outcome: {column: x, rules: [{matches: "(?P<one>x", value: y}, {matches: "x", value: "{two}"}]}
""",
    )
    with pytest.raises(DocumentError) as error:
        load_mapping(path)
    found = [f"{one.position.line}:{one.position.column} {one.message}" for one in error.value.findings]
    assert [line.split(";")[0] for line in found] == [
        '3:27 expected exactly one of "column", "first" and "constant"',
        '4:1 unknown key "tme"',
        '5:26 unknown time zone "Europe/Berln"',
        '7:3 unknown meter "inptu"',
        '8:34 unknown meter "cache_raed"',
        "11:37 a group is repeated, which can take too long",
        '11:68 "a.*b.*c.*d.*e" can take too long',
        '12:40 "(?P<one>x" is not a regular expression: missing ), unterminated subpattern at position 0',
        '12:86 no group "two" in "matches"',
    ]
    assert sum("did you mean" in line for line in found) == 4


def test_a_mapping_needs_usage_and_a_currency(tmp_path: Path) -> None:
    path = write(
        tmp_path / "bad.yaml",
        "version: 1\nmapping: bad\nmodel: m\ncost: c\nmeters:\n  input: {column: b, includes: [cache_read]}\n"
        "meter: x\n",
    )
    with pytest.raises(DocumentError) as error:
        load_mapping(path)
    assert [one.message for one in error.value.findings] == [
        'expected both "cost" and "currency", or none of them',
        '"cache_read" is not among the other meters',
        'expected "meters", or "meter" and "quantity"',
    ]
