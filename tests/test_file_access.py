"""Every file is read in one place, within limits."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import pytest

from routecost.errors import UsageError
from routecost.file_access import FileGuard, guarding, read_utf8, read_within
from tests.cli.running import ROOT, in_one_process, routecost

PACKAGE = ROOT / "routecost"
READS = re.compile(r"(?<![\w.])(?:io\.|os\.)?open\(|\.read_text\(|\.read_bytes\(|\.open\(|\bfdopen\(")
ELSEWHERE = {
    "file_access.py": "reads all files of users",
    "__init__.py": "reads its own stub",
    "cli/atomic_write.py": "opens files to write",
    "cli/output.py": "opens the null device",
    "cli/temporary_files.py": "opens and locks its own temporary files",
    "ingest/logs/files.py": "decompresses what file_access opened",
    "lint/registry.py": "reads the metadata of installed packages",
    "render/workbook/report.py": "copies its own temporary file",
    "source/anchors.py": "opens anchors",
    "source/yaml_reader.py": "opens anchors",
}
ZERO = Path("/dev/zero")


def test_files_are_read_in_one_place() -> None:
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if READS.search(path.read_text(encoding="utf-8"))
    }
    assert readers == set(ELSEWHERE)


def test_limits_are_inclusive(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_within(file, 5) == b"12345"
    assert read_within(file, 4) is None
    with pytest.raises(UsageError, match=r"too large; the limit is 4 bytes"):
        read_utf8(file, 4)


def test_text_has_no_byte_order_mark_and_plain_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_utf8(file) == "a\nb\nc\n"
    file.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8 text"):
        read_utf8(file)
    for path in (tmp_path, tmp_path / "absent", Path("nul\0")):
        with pytest.raises(UsageError, match="cannot read"):
            read_utf8(path)


def test_a_pipe_that_never_ends_is_cut(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write_until_the_reader_leaves() -> None:
        with pipe.open("wb", buffering=0) as stream:
            try:
                while True:
                    stream.write(b"x" * 1000)
            except BrokenPipeError:
                pass

    writer = threading.Thread(target=write_until_the_reader_leaves, daemon=True)
    writer.start()
    assert read_within(pipe, 100_000) is None
    writer.join(timeout=30)
    assert not writer.is_alive()


ENDLESS = [
    ("compare", "/dev/zero"),
    ("compare", "article-fleet", "--pricing", "/dev/zero"),
    ("check", "/dev/zero"),
    ("validate", "/dev/zero"),
    ("validate", "article", "--taxonomy", "/dev/zero"),
    ("validate", "article", "--evidence", "/dev/zero"),
    ("validate", "article", "--baseline-file", "/dev/zero"),
    ("plan", "/dev/zero", "--tokens", "input=1,output=1", "--pricing", "claude-2026-11"),
    ("project", "article-fleet", "--actuals", "endless.csv"),
    ("project", "article-fleet", "--actuals", "endless.yaml"),
    ("pricing", "import", "--litellm", "/dev/zero", "--tiers", "a=b"),
    ("pricing", "import", "--openrouter", "/dev/zero", "--tiers", "a=b"),
    ("pricing", "show", "/dev/zero"),
]


@pytest.mark.skipif(not ZERO.exists(), reason="no endless file here")
def test_no_reader_reads_without_end(tmp_path: Path) -> None:
    for suffix in (".csv", ".yaml"):
        (tmp_path / f"endless{suffix}").symlink_to(ZERO)
    for arguments, done in zip(ENDLESS, in_one_process(ENDLESS, tmp_path), strict=True):
        assert (done.code, done.stdout) == (2, ""), arguments
        assert "too large; the limit is " in done.stderr, arguments


def test_a_large_configuration_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.routecost]\n" + "# more\n" * 200_000)
    monkeypatch.chdir(tmp_path)
    done = routecost("validate", "article")
    assert (done.code, done.stderr.count("too large; the limit is 1,000,000 bytes")) == (2, 1)


def test_a_file_is_refused_whether_it_is_read_first_or_written_first(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    with guarding() as guard:
        read_utf8(file)
        with pytest.raises(UsageError, match=r"--output would replace .*, which is an input"):
            guard.output(file, "--output")
    with guarding() as guard:
        guard.output(file, "--output")
        with pytest.raises(UsageError, match=r"--output would replace .*, which is an input"):
            read_utf8(file)
    read_utf8(file)
    FileGuard().output(file, "--output")
    with guarding() as guard:
        guard.output(file, "--fix", updates=True)
        assert read_utf8(file) == "text"
        with pytest.raises(UsageError, match="--fix would replace"):
            guard.source(file)
