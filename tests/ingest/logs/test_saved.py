"""Calls that were read once are saved as Parquet, and read again as they were."""

from __future__ import annotations

import csv
import json
from hashlib import md5
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest

from routecost.api.call_log import CallLog, open_log
from routecost.errors import EnvironmentFailure, UsageError
from routecost.ingest.logs import faults, read, saved, store
from routecost.ingest.logs.aggregate import rows
from routecost.ingest.logs.task_types import task_types_from

KEYS = ("task_type", "agent", "session", "day")


def line(name: str, output: int, **message: Any) -> str:
    usage = {"input_tokens": 10, "output_tokens": output, "cache_read_input_tokens": 5}
    return json.dumps(
        {
            "type": "assistant",
            "timestamp": "2026-11-20T08:00:00Z",
            "sessionId": "s",
            "cwd": "/home/it's me/fleet",
            "message": {"id": name, "model": "claude-haiku-5-5", "usage": usage, **message},
        }
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join([line("a", 1), line("a", 7), line("b", 3)]) + "\n", encoding="utf-8")
    return path


def save(paths: list[Path], to: Path) -> list[Any]:
    with open_log(paths) as found, to.open("wb") as stream:
        found.save(stream)
        return cells(found)


def cells(log: CallLog) -> list[Any]:
    """Return the cells with hashes of sessions, which logs that were not saved lack."""
    plain, hashed = (f"'session': '{session}'" for session in ("s", md5(b"s").hexdigest()))
    return sorted(repr(cell).replace(plain, hashed) for cell in log.cells(KEYS, []))


def again(*paths: Path) -> list[Any]:
    with open_log(paths) as found:
        return cells(found)


def test_saved_calls_are_equal_and_are_not_parsed_again(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "it's saved.parquet"
    expected = save([log], to)
    assert "'calls': 2" in expected[0].replace("calls=", "'calls': ")
    monkeypatch.setattr(read, "contents", None)
    monkeypatch.setattr(store.CallStore, "_add_saved", None)
    with open_log([to]) as found:
        assert cells(found) == expected
        assert found.read.calls == {read.SAVED: 2}
        assert found.first == found.last == 1_795_161_600_000_000
        assert {row["task_type"] for row in rows(found.frame)} == {"main"}


def test_saved_calls_can_be_saved_again(tmp_path: Path, log: Path) -> None:
    one, two = tmp_path / "1.parquet", tmp_path / "2.parquet"
    assert save([log], one) == save([one], two) == again(two)


def test_calls_that_files_share_are_counted_once(tmp_path: Path, log: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(line("b", 9) + "\n" + line("c", 2) + "\n", encoding="utf-8")
    one, two = tmp_path / "1.parquet", tmp_path / "2.parquet"
    save([log], one)
    save([other], two)
    expected = again(log, other)
    assert again(one, two) == again(one, other) == again(log, two) == again(one, two, log, other) == expected
    assert "'output': 18" in expected[0]


def test_saved_calls_have_hashes_of_their_ids(tmp_path: Path) -> None:
    log, one, two = (tmp_path / name for name in ("l.jsonl", "1.parquet", "2.parquet"))
    log.write_text(line("SEKRET", 1).replace('"s"', '"SEKRET"') + "\n", encoding="utf-8")
    save([log], one)
    save([one, log], two)
    hashes = (md5(b"SEKRET").hexdigest(),) * 2
    for path in (one, two):
        found = duckdb.execute("SELECT session, task, * FROM read_parquet(?)", [str(path)]).fetchall()
        assert found[0][:2] == hashes
        assert "SEKRET" not in repr(found)


def test_a_full_temporary_folder_fails_cleanly(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise duckdb.IOException("Could not write all bytes to file: No space left on device")

    monkeypatch.setattr(store.CallStore, "_write", full)
    with pytest.raises(EnvironmentFailure, match=r"^the temporary folder .* is full or cannot be written"):
        again(log)


def test_a_failing_query_of_the_log_fails_cleanly(log: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="set TMPDIR to another one"), open_log([log]):
        raise duckdb.OutOfMemoryException("failed to offload data block")


def test_a_saved_file_without_some_meters_joins_one_that_has_them(tmp_path: Path, log: Path) -> None:
    one, two = tmp_path / "1.parquet", tmp_path / "2.parquet"
    save([log], one)
    other = tmp_path / "other.jsonl"
    other.write_text(line("d", 1, usage={"cache_creation_input_tokens": 4}) + "\n", encoding="utf-8")
    save([other], two)
    assert again(one, two) == again(log, other)


def test_another_version_and_chosen_task_types_are_errors(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "1.parquet", tmp_path / "2.parquet"
    save([log], one)
    chosen = task_types_from("name")
    with (
        pytest.raises(UsageError, match="has saved calls; their task types were chosen when they were saved"),
        open_log([one], task_types=chosen),
    ):
        pass
    monkeypatch.setattr(saved, "VERSION", "2")
    save([log], two)
    monkeypatch.undo()
    with pytest.raises(UsageError, match="has calls in version 2"):
        again(two)


def test_other_parquet_files_are_not_taken_for_saved_calls(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    duckdb.connect().execute(f"COPY (SELECT 1 AS calls) TO '{path}' (FORMAT parquet)")
    assert not saved.is_saved(path)
    with pytest.raises(UsageError, match="cannot recognise the dialect"):
        again(path)


@pytest.fixture
def _few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MOST_KEPT", 2)


@pytest.mark.usefixtures("_few_kept")
def test_bad_lines_are_written_with_their_places_and_without_their_text(tmp_path: Path) -> None:
    path = tmp_path / "log, 1.jsonl"
    secret = "sk-secret"
    bad = [json.dumps({"type": "assistant", "message": {"id": secret, "usage": secret}})] * 3
    path.write_text("\n".join([line("a", 1), *bad, '{"type": "assis' + secret]), encoding="utf-8")
    stream = StringIO()
    with open_log([path]) as found:
        faults.write_rejects(found.read.faults, stream)
    text = stream.getvalue()
    assert secret not in text
    header, *lines = csv.reader(StringIO(text))
    assert header == ["file", "line", "column", "reason"]
    assert [(name, number, column) for name, number, column, _ in lines] == [
        (str(path), "2", "1"), (str(path), "3", "1"), (str(path), "5", "1"), ("", "", "")
    ]  # fmt: skip
    assert lines[-1][-1] == "1 more bad lines, whose places were not kept"


@pytest.mark.parametrize("kind", ["summary", "file-history-snapshot"])
def test_a_transcript_without_calls_does_not_stop_a_folder(tmp_path: Path, log: Path, kind: str) -> None:
    (tmp_path / "none.jsonl").write_text(json.dumps({"type": kind, "leafUuid": "u"}) + "\n", encoding="utf-8")
    with open_log([log.parent]) as found:
        assert found.read.calls == {"claude-code": 3}
        assert found.read.faults.skipped == {read.NO_CALLS: 1}


def test_nothing_is_written_but_the_calls(log: Path) -> None:
    stream = BytesIO()
    with open_log([log]) as found:
        found.save(stream)
    assert stream.getvalue()[:4] == b"PAR1"
