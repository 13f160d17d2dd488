"""The what-if page in a browser: every figure that it shows is what `routecost compare` shows."""

from __future__ import annotations

import functools
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import routecost as api
from routecost.library import open_library
from routecost.model.report.cells import Unit
from routecost.render.rounding import shown
from tests.browser.test_planning_page import Opened
from tests.cli.running import routecost

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SCENARIOS = open_library(None).names("scenarios")
HOSTILE = "</script><script>alert(1)</script>"
LEAST = re.compile(r"^at (least|most) ")
MONEY = re.compile(r"(?:\$|EUR )[\d,.]*\d")

SHEET = """\
version: 1
currency: EUR
source: made up for tests
tiers: {small: little, large: big}
models:
  little: [{input: 1, output: 5, cache_read: 0.1, cache_write_5m: 1.25, from: 2026-01-01, checked: 2026-01-01, source: test}]
  big:
    - from: 2026-01-01
      checked: 2026-01-01
      source: test
      input: 3
      output: 15
      cache_read: 0.3
      cache_write_5m: 3.75
      above: [{tokens: 20000, input: 6, output: 22.5, cache_read: 0.6, cache_write_5m: 7.5}]
"""
OWN = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-06-01
workload:
  task_types:
    'a</script>': {tasks_per_day: 120, tokens: {per_call: [{share: 75%, input: 3000, output: 400}, {share: 25%, input: 15000, output: 900}]}}
    b: {tasks_per_week: 35, tokens: {input: 9000, output: 333}, cache: {read: 30%, write_5m: 12.5%}}
strategies:
  'NAME': {mix: {small: 66.5%, large: 33.5%}}
  it's large: {tier: large}
baseline: it's large
default: it's large
proposed: 'NAME'
budget: {amount: 9, per: day, strategy: 'NAME'}
""".replace("NAME", HOSTILE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("own")
    (made / "sheet.yaml").write_text(SHEET)
    (made / "own.yaml").write_text(OWN)
    discounts = SHEET + "volume_discounts: {steps: [{above: 100, share: 5%}]}\n"
    (made / "discounts.yaml").write_text(discounts)
    return made


@pytest.fixture(scope="module")
def library() -> Iterator[None]:
    """Make the bundle of the chart library once: it takes seconds."""
    charts = pytest.importorskip("vl_convert", reason="vl-convert-python is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "javascript_bundle", functools.cache(charts.javascript_bundle))
        yield


class WhatIf(Opened):
    """An open what-if page."""

    def set(self, control: str, value: str) -> None:
        """Set a control as a user does, and wait for nothing: the page follows at once."""
        self.page.evaluate(
            """([id, value]) => { const control = document.getElementById(id); control.value = value;
               control.dispatchEvent(new Event(control.type === "range" ? "input" : "change")); }""",
            [control, value],
        )

    def words(self) -> list[str]:
        return shlex.split(self.page.locator("#command").inner_text())

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.page.locator("#data").text_content() or ""))

    def shown(self) -> dict[str, Any]:
        """Return all texts of figures on the page."""
        found: dict[str, Any] = self.page.evaluate(
            """() => ({
              head: [...document.querySelectorAll("#costs thead th")].map(one => one.textContent),
              rows: [...document.querySelectorAll("#costs tbody tr")].map(
                row => [...row.children].map(cell => cell.textContent)),
              summary: [...document.querySelectorAll("#summary p")].map(one => one.textContent),
              tiles: [...document.querySelectorAll(".tile .figure")].map(one => one.textContent),
              open: [...document.querySelectorAll("#controls input[type=number]:enabled")].map(one => one.id),
              basis: document.getElementById("basis").textContent,
            })"""
        )
        return found


@pytest.fixture(scope="module")
def pages(browser: Browser, library: None, folder: Path) -> Iterator[Mapping[str, WhatIf]]:
    """Open pages on demand, and keep them open."""

    class Pages(dict[str, WhatIf]):
        def __missing__(self, name: str) -> WhatIf:
            source = str(folder / "own.yaml") if name == "own" else name
            more = ["--with-pricing", str(folder / "discounts.yaml")] if name == "own" else []
            file = folder / f"{name}.html"
            done = routecost("report", source, "--interactive", *more, "-o", str(file))
            assert (done.code, done.stdout) == (0, ""), done.stderr
            self[name] = opened = WhatIf.of(browser.new_page(), file)
            assert isinstance(opened, WhatIf)
            return opened

    opened = Pages()
    yield opened
    for one in opened.values():
        assert one.complaints == []
        assert one.requests == [one.file.as_uri()]
        one.page.close()


def plain(text: str) -> str:
    """Return a text of Markdown or of the page without escapes."""
    return unescape(text).replace("\\", "").replace("`", "")


def compared(words: list[str]) -> tuple[list[dict[str, str]], str]:
    """Run a command of the page; return the rows of its first table, as texts by column, and all its text."""
    done = routecost(*words[1:], "--format", "markdown")
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("|"))
    table = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        table.append([plain(cell.strip()) for cell in line.strip("|").split(" | ")])
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]], plain(done.stdout)


def assert_as_compared(opened: WhatIf) -> None:
    """Compare every figure of the page with the command that it shows."""
    words, shown = opened.words(), opened.shown()
    rows, text = compared(words)
    least = [any(LEAST.match(cell) for cell in row[3:4]) for row in shown["rows"]]
    assert len(shown["rows"]) == len(rows)
    for cells, row, is_least in zip(shown["rows"], rows, least, strict=True):
        name, *figures = map(plain, cells)
        assert name.removesuffix(" (proposed)").removesuffix(" (default)") == row["strategy"]
        for label, figure in zip(map(plain, shown["head"][1:]), figures, strict=True):
            expected = row[label].removesuffix(" or more")
            is_open = is_least or expected != row[label]
            if label.startswith("vs.") and any(least):
                assert figure == "\N{EN DASH}" or LEAST.sub("", figure) == expected
            else:
                assert figure == (f"at least {expected}" if is_open and label != "failures per month" else figure)
                assert LEAST.sub("", figure) == expected, (name, label)
    for sentence in map(plain, shown["summary"]):
        if sentence.startswith("Budget of "):
            assert_budget(words, sentence, any(least))
        elif "not stated" in sentence or "lower bound" in sentence:
            assert [money for money in MONEY.findall(sentence) if money not in text] == []
            assert any(least)
        else:
            assert sentence in text
    everything = " ".join([*(cell for row in shown["rows"] for cell in row), *shown["summary"]])
    figures = [money for tile in shown["tiles"] for money in MONEY.findall(tile)]
    assert [money for money in figures if money not in everything] == []
    assert "NaN" not in opened.page.locator("body").inner_text()


def scenario_of(words: list[str]) -> api.Scenario:
    options = list(zip(words[3::2], words[4::2], strict=True))
    given = dict(options)
    return api.load_scenario(
        words[2], pricing=given.get("--pricing"), settings=[value for name, value in options if name == "--set"]
    )


def assert_budget(words: list[str], sentence: str, is_least: bool) -> None:
    check = api.check(scenario_of(words))
    (budget,) = (claim for claim in check.claims if claim.is_budget)
    if not is_least:
        assert ("the budget holds" in sentence) is budget.holds
    assert shown(budget.published, Unit.MONEY, check.currency) in sentence
    if budget.computed is not None:
        assert shown(budget.computed, Unit.MONEY, check.currency) in sentence
        gap = abs(budget.computed - budget.published)
        assert shown(gap, Unit.MONEY, check.currency) in sentence


@pytest.mark.parametrize("name", [*SCENARIOS, "own"])
def test_it_shows_what_compare_says_at_every_sheet(pages: Mapping[str, WhatIf], name: str) -> None:
    opened = pages[name]
    opened.page.evaluate("location.hash = ''")
    sheets = [sheet["name"] for sheet in opened.data["sheets"]]
    assert sheets
    for at in range(len(sheets)):
        opened.set("sheet", str(at))
        assert sheets[at] in opened.shown()["basis"]
        assert_as_compared(opened)


FIXED = [
    ("article-fleet", {"volume-number": "612", "input-number": "3333", "output": "70", "cache": "35"}),
    ("article-fleet", {"mix-0-0": "0", "sheet": "1"}),
    ("article-fleet", {"mix-0-2-number": "100", "cache-number": "100", "volume": "5000"}),
    ("coding-agents", {"input-number": "100000"}),
    ("coding-agents", {"input-number": "100001", "sheet": "0", "cache": "0"}),
    ("support-desk", {"input": "67", "output": "10", "volume": "1000"}),
    ("legal-review", {"mix-0-1": "1", "volume": "10", "input": "334"}),
    ("masrouter", {"input": "77", "mix-0-1": "31"}),
    ("own", {"input": "134", "mix-0-0-number": "12.3", "volume": "333"}),
    ("own", {"input": "133", "cache-number": "50", "output": "500"}),
]


@pytest.mark.parametrize(("name", "settings"), FIXED)
def test_fixed_settings(pages: Mapping[str, WhatIf], name: str, settings: dict[str, str]) -> None:
    opened = pages[name]
    opened.page.click("#reset")
    before = opened.words()
    for control, value in settings.items():
        opened.set(control, value)
    assert opened.words() != before
    assert_as_compared(opened)


RANDOM = ["article-fleet", "coding-agents", "collaboration", "content-pipeline", "legal-review", "own"]


@given(st.data())
def test_random_settings(pages: Mapping[str, WhatIf], data: st.DataObject) -> None:
    opened = pages[data.draw(st.sampled_from(RANDOM))]
    content = opened.data
    opened.page.click("#reset")
    at = data.draw(st.integers(0, len(content["sheets"]) - 1))
    opened.set("sheet", str(at))
    reasons = content["sheets"][at]["reasons"]
    for slider in content["sliders"]:
        if slider["key"] not in reasons and data.draw(st.booleans()):
            opened.set(f"{slider['id']}-number", data.draw(values_of(slider, content["sheets"][at])))
    for place, mix in enumerate(content["mixes"]):
        for tier in range(len(mix["tiers"])):
            if f"mix:{mix['strategy']}" not in reasons and data.draw(st.booleans()):
                share = data.draw(st.integers(0, 100 * 10 ** mix["places"]))
                opened.set(f"mix-{place}-{tier}-number", str(Decimal(share).scaleb(-mix["places"])))
        assert opened.page.locator(f"#mix-{place}-sum").inner_text() == "Sum: 100%"
    assert_as_compared(opened)


def values_of(slider: Mapping[str, str], sheet: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """Return values of a slider, price steps and their neighbours more often than others."""
    low, high, step = (Decimal(slider[key]) for key in ("low", "high", "step"))
    anywhere = st.integers(0, int((high - low) / step)).map(lambda count: low + count * step)
    if slider["key"] != "i":
        return anywhere.map(str)
    ends = {Decimal(piece[0]) for strategy in sheet["strategies"] for piece in strategy["pieces"]}
    near = sorted({end + move for end in ends for move in (0, step) if end + move <= high})
    return st.one_of(anywhere, st.sampled_from(near)).map(str)
