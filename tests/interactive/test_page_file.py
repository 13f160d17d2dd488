"""The file of an interactive page, without a browser: one file, closed, with harmless text."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.running import routecost
from tests.interactive.documents import FLEET, SHEET

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def short_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart library of one line: that of vl-convert takes seconds."""
    stub = SimpleNamespace(
        javascript_bundle=lambda *_: 'window.vegaEmbed = "</script>";',
        get_vega_version=lambda: "6",
        get_vega_embed_version=lambda: "7",
    )
    monkeypatch.setitem(sys.modules, "vl_convert", stub)


def written(folder: Path, fleet: str = FLEET, *options: str) -> str:
    (folder / "sheet.yaml").write_text(SHEET)
    (folder / "fleet.yaml").write_text(fleet)
    file = folder / "page.html"
    done = routecost("report", str(folder / "fleet.yaml"), "--interactive", "-o", str(file), *options)
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    return file.read_text(encoding="utf-8")


def test_the_page_runs_only_its_own_scripts_and_texts_stay_texts(tmp_path: Path) -> None:
    fleet = FLEET.replace("routed", f"'{HOSTILE}'").replace("all-large", '"all\\u202elarge"')
    page = written(tmp_path, f"{fleet}illustrative: '{HOSTILE}'\n", "--as-of", "2026-07-01")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2
    allowed = re.search(r"script-src ([^;]*);", page)
    assert allowed is not None
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    assert allowed[1] == " ".join(f"'sha256-{one}'" for one in hashes)
    assert "default-src 'none'" in page
    assert re.findall(r"(?:src|href)=(?!\"#)", page) == []
    assert "innerHTML" not in page
    assert HOSTILE not in page
    assert "\u202e" not in page
    assert "&lt;/script&gt;" in page
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert (data["proposed"], data["default"]) == (HOSTILE, "all\\u202elarge")
    assert data["command"][3:] == ["--as-of", "2026-07-01"]
    (sheet,) = data["sheets"]
    assert sheet["strategies"][1]["pieces"][0] == [
        "2500",
        {
            "cost": {"vi": "0.00009", "vo": "0.00045", "vic": "-0.00000081"},
            "low": {},
            "high": None,
            "worst_cost": {"vi": "0.00009", "vo": "0.00045", "vic": "-0.00000081"},
            "worst_low": {},
            "worst_high": None,
        },
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--months", "3"], "--months does not apply to --interactive"),
        (["--by", "owner"], "--by does not apply to --interactive"),
        (["--actuals", "x.yaml"], "--actuals does not apply to --interactive"),
        (["--format", "json"], "--interactive writes HTML"),
        (["-o", "page.pdf"], "--interactive writes HTML"),
    ],
)
def test_options_that_a_page_does_not_have(
    options: list[str], message: str, fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = routecost("report", str(fleet), "--interactive", *options)
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_other_sheets_are_for_pages_only(fleet: Path) -> None:
    done = routecost("report", str(fleet), "--with-pricing", "claude-article")
    assert (done.code, done.stderr) == (2, "error: --with-pricing requires --interactive\n")


def test_without_the_package_it_says_what_to_install(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    done = routecost("report", str(fleet), "--interactive", "-o", str(tmp_path / "page.html"))
    assert done.code == 3
    assert 'pip install "routecost[interactive]"' in done.stderr


@pytest.mark.slow
def test_stdout_gets_the_page(fleet: Path) -> None:
    done = routecost("report", str(fleet), "--interactive", "--what-if", "big input -10%")
    assert (done.code, done.stdout[:15]) == (0, "<!doctype html>")
    assert '"--what-if","big input -10%"' in done.stdout
