"""Bad lines and files never stop a run with a traceback, and are never lost."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path

import pytest

from routecost.api.call_log import open_log
from routecost.errors import UsageError
from routecost.ingest.logs.contents import whole
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import MAX_LINE, LogFile, log_files
from tests.ingest.logs.samples import units

SECRET = "sk-ant-secret"


def line(number: int = 1, tokens: object = 10) -> bytes:
    usage = {"input_tokens": tokens, "output_tokens": 1}
    message = {"id": f"msg_{number}", "model": "claude-sonnet-5-5", "content": SECRET, "usage": usage}
    held = {"type": "assistant", "sessionId": "s1", "timestamp": "2026-11-20T08:00:00Z", "message": message}
    return json.dumps(held).encode() + b"\n"


def read(path: Path) -> tuple[int, Faults]:
    """Return the input tokens of a log, and what was wrong in it."""
    with open_log([path], dialect="claude-code") as log:
        return units(log.cells([], [])).get("input", 0), log.read.faults


DEEP = b"[" * 100_000 + b"]" * 100_000
BAD = {
    "truncated": line(2)[:-40] + b"\n",
    "two records in one line": line(2)[:60] + line(3),
    "not an object": b"[1, 2]\n",
    "text": b"hello\n",
    "nulls": b"\0" * 500 + b"\n",
    "invalid UTF-8 in a name": line(2).replace(b"msg_2", b"msg_\xff"),
    "nested too deeply": line(2).replace(b'"type"', b'"x": ' + DEEP + b', "type"', 1),
    "a negative count": line(2, -1),
    "a fraction": line(2, 1.5),
    "a text for a count": line(2, "10"),
    "a huge count": line(2, 2**53 + 1),
    "a count of 400 digits": line(2, 10**400),
    "an infinite count": line(2).replace(b": 10,", b": 1e999,"),
    "not a number": line(2).replace(b": 10,", b": NaN,"),
    "a bad time": line(2).replace(b"2026-11", b"2026-13"),
    "a time after all years": line(2).replace(b"2026-11", b"99999-11"),
    "10 MB": line(2).replace(b"sk-ant", b"x" * MAX_LINE),
}


@pytest.mark.parametrize("kind", [*BAD])
def test_a_bad_line_is_counted_and_placed(tmp_path: Path, kind: str) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(line(0) + b"\n" + BAD[kind] + line(1))
    tokens, faults = read(log)
    assert tokens == 20
    assert [(reject.file, reject.line) for reject in faults] == [(str(log), 3)]
    assert faults.count == 1
    assert SECRET not in str([*faults])
    assert "msg_" not in str([*faults])


def test_invalid_utf8_in_a_content_loses_no_call(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(line(0) + line(1).replace(b"sk-ant", b"\xff\xfe"))
    assert read(log)[0] == 20


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\ude00", b"\\ud83d\\ud83d\\ude00", b"\\\\\\ud83d"])
def test_half_of_a_surrogate_pair_loses_no_call(tmp_path: Path, half: bytes) -> None:
    log = tmp_path / "a.jsonl"
    for name in (b"sk-ant", b"msg_1"):  # in a text that is not read, and in one that is
        log.write_bytes(line(1).replace(name, name + half) + line(2) + line(3).replace(name, name + half))
        tokens, faults = read(log)
        assert (tokens, faults.count, faults.torn) == (30, 0, [])
        log.write_bytes(line(1).replace(name, name + half)[:-40] + b"\n" + line(2))
        tokens, faults = read(log)
        assert (tokens, faults.count) == (10, 1)


def test_texts_are_kept_but_for_halves_of_pairs() -> None:
    text = rb'["\ud83d\ude00 \\ud83d \u00e9 \n", "\ud83d \ude00\ud83d"]'
    assert whole(text) == rb'["\ud83d\ude00 \\ud83d \u00e9 \n", "\ufffd \ufffd\ufffd"]'
    assert whole(rb'["\ud83d\ude00 \\ud83d"]') is None


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n\n", b"\n  \n"])
def test_ends_of_files(tmp_path: Path, end: bytes) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(line(1) + line(2).rstrip() + end)
    tokens, faults = read(log)
    assert (tokens, faults.count, faults.torn) == (20, 0, [])


@pytest.mark.parametrize(
    "cut",
    [cut if cut % 4 == 1 else pytest.param(cut, marks=pytest.mark.slow) for cut in range(1, 200, 7)],
)
def test_a_torn_last_line_is_reported_and_not_counted(tmp_path: Path, cut: int) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(line(1) + line(2)[:cut])
    tokens, faults = read(log)
    assert (tokens, faults.count, [torn.line for torn in faults.torn]) == (10, 0, [2])


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_compressed_logs(tmp_path: Path, layers: int) -> None:
    data = line(1) + line(2)
    for _ in range(layers):
        data = gzip.compress(data)
    log = tmp_path / "a.jsonl"
    log.write_bytes(data)
    assert read(log)[0] == 20


def test_truncated_compressed_data_are_counted(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl.gz"
    plain = b"".join(line(number) for number in range(3000))
    log.write_bytes(gzip.compress(plain)[:-1000])
    tokens, faults = read(log)
    assert 0 < tokens < 30_000
    assert faults.count == 1
    assert "compressed data end too early" in str(*faults)


def test_damaged_compressed_data_are_counted(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl.gz"
    data = bytearray(gzip.compress(b"".join(line(number) for number in range(3000))))
    data[len(data) // 2] ^= 0xFF
    log.write_bytes(data)
    _, faults = read(log)
    assert faults.count >= 1
    assert "the rest of the file cannot be read" in str([str(reject) for reject in faults])


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(line(1) + line(2))
    lines = LogFile(log, Faults()).lines()
    first = next(lines)
    with log.open("ab") as stream:
        stream.write(line(3) + line(4)[:50])
    assert [first[0], *(number for number, _ in lines)] == [1, 2, 3, -4]


def test_folders_have_logs_at_any_depth_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "x.jsonl" / "deeper"
    folder.mkdir(parents=True)
    for name in ("a.jsonl", "b.JSONL.gz", "agent-1.meta.json", "notes.txt"):
        (folder / name).touch()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.jsonl")
    assert [file.name for file in log_files([tmp_path])] == ["a.jsonl", "b.JSONL.gz"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_read_if_it_is_named(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(line(1) + line(2)))
    writer.start()
    assert sum(1 for _ in LogFile(pipe, Faults()).lines()) == 2
    writer.join()


@pytest.mark.skipif(os.name == "nt" or not os.geteuid(), reason="the user may read everything")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_cannot_be_read_is_named(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret.jsonl"
    if kind == "folder":
        secret.mkdir(mode=0)
    else:
        secret.touch(mode=0)
    with pytest.raises(UsageError, match=r'cannot read ".*secret.jsonl": permission denied'):
        read(tmp_path)


def test_one_file_under_two_names_is_read_once(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl"
    log.write_bytes(line(1))
    (tmp_path / "b.jsonl").symlink_to(log)
    assert len(log_files([tmp_path, log, f"{tmp_path}/*.jsonl"])) == 1


def test_half_of_a_surrogate_pair_in_documents_and_in_json_within_texts(tmp_path: Path) -> None:
    row = {
        "request_id": "r1",
        "spend": 0.1,
        "startTime": "2026-11-20T08:00:00Z",
        "model": "claude-sonnet-5-5",
        "prompt_tokens": 10,
        "completion_tokens": 1,
        "request_tags": ["a\ud83d"],
        "metadata": json.dumps({"usage_object": {"prompt_tokens": 10}, "title": "\ud83d"}),
    }
    log = tmp_path / "rows.json"
    log.write_text(json.dumps([row], indent=1))
    with open_log([log], dialect="litellm") as found:
        assert (units(found.cells([], [])).get("input"), found.read.faults.count) == (10, 0)
