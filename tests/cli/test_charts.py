"""Every command that draws a chart gives the numbers behind it, for any page, and refuses an unknown one."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from routecost.cli import commands
from tests.cli.running import routecost
from tests.support.transcripts import call, written

PRICED = ["--pricing", "claude-2026-11"]
CASES = {
    "compare": ["compare", "article-fleet"],
    "compare with a mix": ["compare", "article-fleet", "--mix", "60/30/10"],
    "project": ["project", "article-fleet", "--months", "6", "--growth", "5%"],
    "project with bands": ["project", "uncertain-fleet", "--months", "3", "--runs", "2000"],
    "sweep of three tiers": ["sweep", "article-fleet", "--mix", "--step", "10%"],
    "sweep of two tiers": ["sweep", "article-fleet", "--mix", "--hold", "opus=5%"],
    "sweep of one mix": ["sweep", "article-fleet", "--mix", "--hold", "opus=5%", "--hold", "haiku=80%"],
    "sweep with success": ["sweep", "failure-modes", "--mix", "--step", "25%"],
    "sweep of a field": ["sweep", "content-pipeline", "--over", "publish.tasks_per_day=0:1000:500"],
    "sweep of names": ["sweep", "article-fleet", "--over", "pricing=claude-article,claude-2026-11"],
    "sweep of two fields": [
        *["sweep", "article-fleet", "--over", "tokens.input=1000:3000:1000"],
        *["--over", "tokens.output=100,500"],
    ],
    "tornado": ["sweep", "article-fleet", "--tornado"],
    "plan": ["plan", "eight-subtasks"],
    "optimize": ["optimize", "--outcomes", "../outcomes.csv"],
    "usage": ["usage", "../calls.jsonl", "--pricing", "claude-2026-11"],
    "usage of two periods": [
        *["usage", "../calls.jsonl", "--pricing", "claude-2026-11"],
        *["--compare", "2026-11-16", "2026-11-17"],
    ],
    "pace": ["usage", "../calls.jsonl", "--pricing", "claude-2026-11", "--pace", "--budget", "500"],
    "usage with unknown costs": ["usage", "../unpriced.jsonl", *PRICED, "--allow-unpriced"],
    "usage with unknown days": ["usage", "../unpriced.jsonl", *PRICED, "--allow-unpriced", "--by", "day"],
    "replay": ["replay", "../calls.jsonl", *PRICED, "--table", "../table.yaml", "--task-type", "=extraction"],
    "usage and costs": [
        *["usage", "../calls.jsonl", "--pricing", "claude-2026-11", "--against", "../costs.csv"],
    ],
    "usage by day": ["usage", "../calls.jsonl", "--pricing", "claude-2026-11", "--by", "day", "--by", "tier"],
}
LIKE_OTHERS = {
    *("compare with a mix", "sweep of one mix", "sweep with success"),
    *("usage of two periods", "usage with unknown days", "usage and costs"),
}
"""Charts of the same kind as another of the same command."""
QUICK = [name for name in CASES if name not in LIKE_OTHERS][::2]
"""Charts that make test compares with the numbers behind them."""

OUTCOMES = "query,model,score,cost,split\n" + "".join(
    f"{part}{query},{model},{int(query % worst > 0)},{cost},{part}\n"
    for part in ("train", "test")
    for query in range(12)
    for model, worst, cost in (("small", 2, "0.01"), ("middle", 3, "0.12"), ("large", 12, "0.09"))
)
CALLS = [
    call(day, f"claude-{tier}-5-5", f"2026-11-{day}T12:00:00Z", input=1_000_000 * day)
    for day, tier in ((16, "haiku"), (17, "sonnet"), (18, "haiku"), (20, "opus"))
]
UNPRICED = [*CALLS, call(9, "a-private-model", "2026-11-09T12:00:00Z", input=1000)]
BESIDE_THE_TABLE = {
    "replay": "the cost of the calls as they ran",
    "project": "budgets",
    "project with bands": "budgets",
    "sweep of three tiers": "strategies off the grid",
    "sweep of two tiers": "strategies off the grid",
    "sweep of one mix": "strategies off the grid",
    "sweep of a field": "crossings",
    "tornado": "the cost as it is",
    "plan": "totals, and those on one tier",
    "usage and costs": "totals",
    "pace": "budgets and the expected days",
    "usage by day": "days on which a tier has no calls",
    "optimize": "models that no policy of the frontier uses alone",
}
"""What a chart shows beside the first table, which is all that CSV holds; JSON holds the rest."""


def lay_out(tmp_path: Path) -> Path:
    """Write the files of the cases; return the folder to run them in."""
    (tmp_path / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    written(tmp_path / "calls.jsonl", *CALLS)
    written(tmp_path / "unpriced.jsonl", *UNPRICED)
    table = "version: 1\ntaxonomy: agent-fleet\nroutes:\n  - {task: extraction, tier: haiku}\n"
    (tmp_path / "table.yaml").write_text(table, encoding="utf-8")
    (tmp_path / "costs.csv").write_text("day,amount\n2026-11-16,1.5\n", encoding="utf-8")
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = lay_out(tmp_path)
    monkeypatch.chdir(folder)
    return folder


def test_every_command_that_draws_is_tried() -> None:
    drawn = set()
    for module in walk_packages(commands.__path__, f"{commands.__name__}."):
        command = getattr(import_module(module.name), "command", None)
        if command is not None and "chart" in signature(command).parameters:
            assert {"size", "theme", "format"} <= set(signature(command).parameters), module.name
            drawn.add(module.name.rsplit(".", 1)[1])
    assert drawn == {arguments[0] for arguments in CASES.values()}


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in CASES]
)
def test_every_chart_comes_with_the_numbers_behind_it(name: str, here: Path) -> None:
    plain = routecost(*CASES[name], "--format", "csv")
    done = routecost(*CASES[name], "--format", "json", "--chart", "chart.svg")
    assert done.code == plain.code
    assert done.code in (0, 1)
    drawn = _drawn(here / "chart.svg")
    assert len(drawn) > 1
    in_table = _numbers(cell for row in csv.reader(io.StringIO(plain.stdout)) for cell in row)
    assert (drawn <= in_table) == (name not in BESIDE_THE_TABLE)
    assert drawn <= _numbers(_leaves(json.loads(done.stdout, parse_float=str, parse_int=str)))


@pytest.mark.parametrize(
    "name", [name if name == "compare" else pytest.param(name, marks=pytest.mark.slow) for name in CASES]
)
@pytest.mark.usefixtures("here")
def test_a_chart_changes_nothing_that_is_printed(name: str) -> None:
    for style in ("csv", "json"):
        plain = routecost(*CASES[name], "--format", style)
        done = routecost(*CASES[name], "--format", style, "--chart", "chart.svg")
        assert (done.code, done.stdout) == (plain.code, plain.stdout)


def _drawn(file: Path) -> set[str]:
    """Return the money that a chart shows: all of it is in its words."""
    return set(re.findall(r"\$[\d,.]*\d", ElementTree.fromstring(file.read_bytes())[1].text or ""))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield str(value)


def _numbers(texts: Iterable[str]) -> set[str]:
    """Return those texts that are numbers as charts show money."""
    return {shown for text in texts for shown in _shown(text)}


def _shown(text: str) -> Iterator[str]:
    with suppress(InvalidOperation):
        value = Decimal(text)
        for places in range(2, 7):
            yield f"${value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"


@pytest.mark.parametrize(
    "command",
    ["compare", *(pytest.param(name, marks=pytest.mark.slow) for name in ("project", "tornado", "plan"))],
)
def test_sizes_and_themes_reach_the_file(command: str, here: Path) -> None:
    for size, theme in (("doc", "dark"), ("slide", "dark"), ("square", "light")):
        file = here / f"{size}-{theme}.png"
        done = routecost(*CASES[command], "--chart", str(file), "--size", size, "--theme", theme)
        assert done.code in (0, 1)
    dark, light = _image(here / "slide-dark.png"), _image(here / "square-light.png")
    assert (dark.size, light.size) == ((1920, 1080), (1080, 1080))
    assert _image(here / "doc-dark.png").width == 1300
    assert (_corner(dark) < 50, _corner(light)) == (True, 255)


@pytest.mark.parametrize(
    "command",
    ["plan", *(pytest.param(name, marks=pytest.mark.slow) for name in ("project", "tornado"))],
)
def test_a_size_and_a_theme_reach_every_chart(command: str, here: Path) -> None:
    done = routecost(*CASES[command], "--chart", "c.png", "--size", "square", "--theme", "dark")
    assert done.code in (0, 1)
    image = _image(here / "c.png")
    assert (image.size, _corner(image) < 50) == ((1080, 1080), True)


def _image(file: Path) -> Image.Image:
    with Image.open(file) as image:
        return image.convert("L")


def _corner(image: Image.Image) -> int:
    return image.tobytes()[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--theme", "drak"], 'unknown chart theme "drak"; did you mean "dark"?'),
        (["--theme", ""], 'unknown chart theme ""; known: "dark", "light"'),
        (["--size", "slid"], 'unknown chart size "slid"; did you mean "slide"?'),
        (["--size", "Doc"], 'unknown chart size "Doc"; did you mean "doc"?'),
    ],
)
def test_an_unknown_page_is_refused_with_the_nearest(options: list[str], message: str, here: Path) -> None:
    done = routecost("compare", "article-fleet", "--chart", "chart.svg", *options)
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("option", [["--size", "slide"], ["--theme", "dark"]])
def test_a_page_without_a_chart_is_refused(option: list[str], here: Path) -> None:
    for arguments in CASES["compare"], CASES["tornado"]:
        done = routecost(*arguments, *option, "-o", "out.csv")
        assert (done.code, done.stdout) == (2, "")
        assert done.stderr.endswith(f"error: {option[0]} requires --chart FILE\n")
        assert list(here.iterdir()) == []
