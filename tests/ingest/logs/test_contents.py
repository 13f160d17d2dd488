"""Logs are recognised by their content, whatever their names are."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import msgspec
import pytest

from routecost.errors import UsageError
from routecost.ingest.logs import contents, read
from routecost.ingest.logs.call import BadRecordError, Call
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import LogFile, log_files
from routecost.ingest.logs.read import NO_CALLS, LogRead, read_logs
from tests.ingest.logs.collected import Store


def _line(data: bytes) -> list[Call]:
    return _row(msgspec.json.decode(data))


def _row(row: Mapping[str, Any]) -> list[Call]:
    if "m" not in row:
        return []
    if row["n"] is None:
        raise BadRecordError("it has no n")
    return [Call(model=row["m"], units={"input": int(row["n"])})] if row["m"] else []


def _page(data: bytes) -> list[Call]:
    return [call for row in msgspec.json.decode(data)["page"] for call in _row(row)]


LINES = SimpleNamespace(NAME="lines", KEYS=("m", "n"), matches=lambda x: "m" in x and "n" in x, parse=_line)
PAGES = SimpleNamespace(NAME="pages", KEYS=("page",), matches=lambda x: "page" in x, parse_document=_page)
ROWS = SimpleNamespace(NAME="rows", matches=lambda x: "m" in x and "row" in x, parse_row=_row)
FILE = [{"m": "a", "n": 1}, {"m": "b", "n": 2}]


@pytest.fixture(autouse=True)
def _dialects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "DIALECTS", {one.NAME: one for one in (LINES, PAGES, ROWS)})


def calls(path: Path, dialect: str = "auto") -> tuple[list[tuple[str, int]], LogRead]:
    store = Store()
    found = read_logs([path], store, dialect=dialect)  # type: ignore[arg-type]
    return [(call.model, call.units["input"]) for call in store.calls], found


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


BOTH = [("a", 1), ("b", 2)]
JSON_LINES = "".join(json.dumps(one) + "\n" for one in FILE)
CSV = "m,n,row\na,1,x\nb,2,y\n"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (JSON_LINES, "lines"),
        ("\n\n" + JSON_LINES, "lines"),
        ("\ufeff" + JSON_LINES, "lines"),
        ('{"other": 1}\n' + JSON_LINES, "lines"),
        (json.dumps(FILE), "lines"),
        ("  " + json.dumps(FILE, indent=2), "lines"),
        (json.dumps({"page": FILE}), "pages"),
        (json.dumps({"page": FILE}, indent=2), "pages"),
        ('{"page": [\n{"m": "a", "n": 1},\n{"m": "b", "n": 2}\n]}', "pages"),
        (json.dumps({"page": FILE[:1]}) + "\n" + json.dumps({"page": FILE[1:]}) + "\n", "pages"),
        (json.dumps([{"page": FILE[:1]}, {"page": FILE[1:]}]), "pages"),
        (CSV, "rows"),
        ("\ufeff" + CSV.replace(",", ";").replace("\n", "\r\n"), "rows"),
        (CSV.replace(",", "\t"), "rows"),
        ('m,n,row\na,1,"two\nlines, ""quoted"""\nb,2,y', "rows"),
        ('{"m": "a", "n": 1, "row": 1}\n{"m": "b", "n": 2, "row": 1}', "lines"),
    ],
)
def test_each_shape_is_read_whatever_the_name(tmp_path: Path, text: str, dialect: str) -> None:
    for name, data in (("log", text.encode()), ("log.gz", gzip.compress(text.encode()))):
        found, log = calls(write(tmp_path / name, data))
        assert (found, log.calls, log.faults.count) == (BOTH, {dialect: 2}, 0)
        assert not log.faults.skipped


@pytest.mark.parametrize(("rest", "dialect"), [("", "lines"), (", 'x' AS row", "lines")])
def test_parquet_rows_are_read_by_row_or_as_lines(tmp_path: Path, rest: str, dialect: str) -> None:
    path = tmp_path / "log.bin"
    rows = f"SELECT m, n{rest} FROM (VALUES ('a', 1), ('b', 2)) AS t(m, n)"
    duckdb.connect().execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    assert calls(path)[0] == BOTH
    assert calls(path)[1].calls == {dialect: 2}
    assert calls(path, "rows")[1].calls == {"rows": 2}


def test_times_of_parquet_are_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    rows = "SELECT TIMESTAMPTZ '2026-11-20 08:00:00.25+02' AS zoned, TIMESTAMP '2026-11-20 08:00:00' AS plain"
    duckdb.connect().execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    (row,) = contents.contents(LogFile(path, Faults())).samples
    assert str(row["zoned"]) == "2026-11-20 06:00:00.250000"
    assert str(row["plain"]) == "2026-11-20 08:00:00"


@pytest.mark.parametrize("text", ["", "\n \n", '{"m": "", "n": 1}\n', "m,n,row\n", "[]"])
def test_files_without_calls_are_counted(tmp_path: Path, text: str) -> None:
    found, log = calls(write(tmp_path / "log", text))
    assert (found, log.calls, log.faults.count) == ([], {}, 0)
    assert log.faults.skipped == {NO_CALLS: 1}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (JSON_LINES + "{]\n" + JSON_LINES, 3, "it is not valid JSON"),
        ("{]\n" + JSON_LINES, 1, "it is not valid JSON"),
        (b'"\xff\n' + JSON_LINES.encode(), 1, "it is not valid JSON"),
        (json.dumps([*FILE, {"m": "a", "n": None}], indent=1), 10, "it has no n"),
        (json.dumps(FILE, indent=2)[:-9], 1, "the document is not valid JSON, or ends too early"),
        (CSV + "a,1\nb,2,z\n", 4, "it has 2 columns; expected 3, as in the header"),
        (CSV + "a,1,2,3\n", 4, "it has 4 columns; expected 3, as in the header"),
        (CSV.encode() + b"a,1,\xff\nb,2,z\n", 4, "it is not valid UTF-8"),
        (CSV + 'a,1,"x"y\n', 4, "it is not a valid CSV row"),
        (CSV + "a,,x\n", 4, "it has no n"),
        (CSV + 'a,1,"x\nb,2,z', 4, "it is not a valid CSV row"),
        ("m,n,row,n,\na,1,x,1,\nb,2,y,3,\n", 3, 'it has different values of column "n", which the header'),
        (JSON_LINES.encode("utf-16"), 1, "it is UTF-16; expected UTF-8"),
        (CSV.encode("utf-16"), 1, "it is UTF-16; expected UTF-8"),
        (b"PAR1 and no more", 1, "it is not a valid Parquet file, or ends too early"),
        (gzip.compress(JSON_LINES.encode() * 9, mtime=0)[:-12], 16, "the rest of the file cannot be read"),
    ],
)
def test_bad_records_are_placed_and_do_not_stop_the_reading(
    tmp_path: Path, text: str | bytes, line: int, reason: str
) -> None:
    _, log = calls(write(tmp_path / "log", text))
    (reject,) = log.faults
    assert reject.line == line
    assert reject.reason.startswith(reason)


@pytest.mark.parametrize("text", [JSON_LINES + '{"m": "c', CSV + "c,4", CSV + 'c,4,"x', '{"m": "c'])
def test_a_torn_last_record_is_reported_and_not_counted(tmp_path: Path, text: str) -> None:
    found, log = calls(write(tmp_path / "log", text))
    assert found == (BOTH if len(text) > 20 else [])
    assert (log.faults.count, len(log.faults.torn)) == (0, 1)


def test_a_document_that_is_too_large_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_DOCUMENT", 20)
    _, log = calls(write(tmp_path / "log", json.dumps(FILE)))
    assert str(log.faults.rejects[0]).endswith(
        "log:1:1: the document has more than 20 bytes; write it as JSON lines"
    )


def test_an_unknown_file_is_an_error_with_the_nearest_dialect(tmp_path: Path) -> None:
    path = write(tmp_path / "log", '{"m": "a", "secret": "sk-1"}\n')
    with pytest.raises(UsageError) as error:
        calls(path)
    text = str(error.value)
    assert text.startswith(f'cannot recognise the dialect of "{path}"; expected one of lines, pages, rows, ')
    assert text.endswith(', openrouter, or a mapping file; the nearest is lines, but there is no "n"')
    with pytest.raises(UsageError, match=r'^no dialect "line"; did you mean "lines"\?$'):
        calls(path, "line")


def test_a_stated_dialect_must_read_the_kind_of_file(tmp_path: Path) -> None:
    path = write(tmp_path / "log", CSV)
    with pytest.raises(UsageError, match=r'log" is CSV, which dialect "lines" does not read$'):
        calls(path, "lines")


def test_a_dialect_may_depend_on_earlier_lines_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parser() -> Any:
        model: list[str] = []

        def parse(line: bytes) -> list[Call]:
            row = msgspec.json.decode(line)
            model.append(row.get("model", model[-1] if model else "none"))
            return [Call(model=model[-1], units={"input": row["n"]})] if "n" in row else []

        return parse

    turns = SimpleNamespace(NAME="turns", matches=lambda _: True, parser=parser)
    monkeypatch.setattr(read, "DIALECTS", {"turns": turns})
    one = write(tmp_path / "one", '{"model": "a"}\n{"n": 1}\n')
    store = Store()
    read_logs([one, write(tmp_path / "two", '{"n": 2}\n')], store)  # type: ignore[arg-type]
    assert [call.model for call in store.calls] == ["a", "none"]


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match=r'pipe" is no regular file; logs are read twice'):
        log_files([tmp_path / "pipe"])
