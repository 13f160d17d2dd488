"""Nothing from a document acts on a terminal or a CI runner; data for machines are in UTF-8."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from routecost.cli.safe_stream import SafeStream
from tests.cli.running import finish, routecost, start

SCENARIO = """version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload: {tasks_per_day: 5, tokens: {input: 9, output: 1}}
strategies: {%s: {tier: haiku}}
"""


NAMES = '"::error file=a.py::forged": {tier: haiku}, "##[error]b": {tier: opus}, "##vso[x]"'
FORMULAS = """"=cmd|'/c calc'!A0": {tier: haiku}, "a;=1": {tier: haiku}, "plain-1\""""


def written(*texts: str) -> str:
    raw = StringIO()
    stream = SafeStream(raw)
    for text in texts:
        stream.write(text)
    stream.flush()
    return raw.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("::error::x\n", "\\x3a:error::x\n"),
        ("a\n\u00a0 ::x\n", "a\n\u00a0 \\x3a:x\n"),
        ("a ##[error]b ##vso[x] ##teamcity[y]\n", "a #\\x23[error]b #\\x23vso[x] #\\x23teamcity[y]\n"),
        ("a::b # ## c [d]\n", "a::b # ## c [d]\n"),
        (
            "\x1b[31m\u202eb\u200bc\x9b\ud800\U000e0041\n",
            "\\x1b[31m\\u202eb\\u200bc\\x9b\\ud800\\U000e0041\n",
        ),
        ("a\tb\r\nc\rd\n", "a\tb\r\nc\\rd\n"),
        ("\u26a0\ufe0f 日本 zwölf\n", "\u26a0\ufe0f 日本 zwölf\n"),
    ],
)
def test_what_a_line_may_not_hold(text: str, expected: str) -> None:
    assert written(text) == expected
    assert written(*text) == expected  # a command that comes in pieces


def test_a_line_that_is_flushed_midway() -> None:
    assert written(" :") + written(":error::") == " \\x3a:error::"


def test_text_cannot_be_written_around_the_stream() -> None:
    assert not hasattr(SafeStream(StringIO()), "buffer")


@pytest.mark.parametrize("style", ["text", "markdown", "csv", "spreadsheet", "json", "html", "latex"])
def test_names_start_no_command_in_any_format(style: str, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(SCENARIO % NAMES)
    done = routecost("compare", str(file), "-f", style)
    assert done.code == 0
    assert not [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in done.stdout
    assert "##vso[" not in done.stdout
    assert "forged" in done.stdout


def test_json_keeps_the_names(tmp_path: Path) -> None:
    name = "##[error]\u202eb\U000e0041"
    file = tmp_path / "s.yaml"
    file.write_text(SCENARIO % f'"{name}"', encoding="utf-8")
    stdout = routecost("compare", str(file), "-f", "json").stdout
    assert stdout.isascii()
    assert [row["strategy"] for row in json.loads(stdout)["strategies"]] == [name]


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(name, marks=pytest.mark.slow) for name in ("cp1252", "utf-16"))]
)
def test_machine_formats_are_in_utf8_whatever_the_locale(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(SCENARIO % "Zürich", encoding="utf-8")
    expected = {style: routecost("compare", str(file), "-f", style).stdout for style in ("json", "csv")}
    for style, text in expected.items():
        with open(tmp_path / "out", "wb") as out:
            process = start("compare", str(file), "-f", style, stdout=out, env={"PYTHONIOENCODING": encoding})
            assert finish(process).code == 0
        assert (tmp_path / "out").read_bytes() == text.encode()
        assert "Zürich" in text


def test_a_spreadsheet_runs_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(SCENARIO % FORMULAS)
    rows = list(csv.reader(StringIO(routecost("compare", str(file), "-f", "spreadsheet").stdout)))
    assert [row[0] for row in rows[1:]] == ["'=cmd|'/c calc'!A0", "a;'=1", "plain-1"]


def test_an_excerpt_shows_no_line_of_another_file(tmp_path: Path) -> None:
    for text in ("token = s3cret", "password: s3cret", "a: s3cret\n[b", "# s3cret\n- s3cret"):
        (tmp_path / "outside.txt").write_text(text)
        (tmp_path / "s.yaml").write_text("version: 1\nextends: ./outside.txt\nsource: x\n")
        done = routecost("pricing", "show", str(tmp_path / "s.yaml"))
        assert (done.code, done.stdout) == (2, "")
        assert "this is not a document of routecost" in done.stderr
        assert "s3cret" not in done.stderr


def test_an_excerpt_shows_lines_of_broken_documents(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("version: 1\nsource: [x\n")
    assert "source: [x" in routecost("pricing", "show", str(tmp_path / "s.yaml")).stderr


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "C:x", "", "x.yaml", "a\u202eb"])
def test_a_name_cannot_leave_its_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"m": {"input_cost_per_token": 1e-6}}')
    done = routecost(
        "pricing", "import", "--litellm", str(tmp_path / "p.json"), "--tiers", "low=m",
        "--library", str(tmp_path), f"--name={name}",
    )  # fmt: skip
    assert (done.code, done.stderr.count("is not a name")) == (2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]


@pytest.mark.parametrize("source", ["litellm", "openrouter"])
def test_a_price_that_is_listed_twice_is_not_imported(source: str, tmp_path: Path) -> None:
    listed = [{"id": name, "pricing": {"prompt": price}} for name, price in ("m1", "m2", "n1")]
    prices = {name: json.dumps({"input_cost_per_token": int(price)}) for name, price in ("m1", "n1")}
    texts = {
        "litellm": f'{{"m": {prices["m"]}, "m": {{"input_cost_per_token": 2}}, "n": {prices["n"]}}}',
        "openrouter": json.dumps({"data": listed}),
    }
    (tmp_path / "p.json").write_text(texts[source])
    done = routecost("pricing", "import", f"--{source}", str(tmp_path / "p.json"), "--tiers", "low=n")
    assert done.code == 0
    assert 'skipped "m": it is given twice, with different values\n' in done.stderr
    assert "  m:" not in done.stdout
