"""What-if pages that are driven in a browser, and comparison of their figures with `routecost compare`."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape
from typing import Any

import routecost as api
from routecost.model.report.cells import Unit
from routecost.model.scenario.scenario import Scenario
from routecost.render.rounding import shown
from tests.browser.opened import Opened
from tests.cli.running import routecost

HOSTILE = "</script><script>alert(1)</script>"
LEAST = re.compile(r"^at (least|most) ")
MONEY = re.compile(r"(?:\$|EUR )[\d,.]*\d")

SHEET = """\
version: 1
currency: EUR
source: made up for tests
tiers: {small: little, large: big}
models:
  little:
    - from: 2026-01-01
      checked: 2026-01-01
      source: test
      input: 1
      output: 5
      cache_read: 0.1
      cache_write_5m: 1.25
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
    'a</script>':
      tasks_per_day: 120
      tokens: {per_call: [{share: 75%, input: 3000, output: 400}, {share: 25%, input: 15000, output: 900}]}
    b: {tasks_per_week: 35, tokens: {input: 9000, output: 333}, cache: {read: 30%, write_5m: 12.5%}}
strategies:
  'NAME': {mix: {small: 66.5%, large: 33.5%}}
  it's large: {tier: large}
baseline: it's large
default: it's large
proposed: 'NAME'
budget: {amount: 9, per: day, strategy: 'NAME'}
""".replace("NAME", HOSTILE)
ARRIVALS = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-06-01
workload:
  tasks_per_day: 1000
  tokens: {input: 5000, output: 100}
  cache: {prefix: 4000, window: 5m}
  arrivals: {time_zone: UTC, from: "09:00", to: "17:00", days: all}
strategies:
  split: {mix: {small: 50%, large: 50%}}
"""
SPREAD = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-06-01
workload: {tasks_per_day: 100, tokens: {per_call: [{share: 100%, input: [5000, 30000], output: 200}]}}
strategies:
  large: {tier: large}
"""
WORKING_DAYS = (
    OWN.partition("workload")[0]
    + """\
workload:
  tasks_per_working_day: 700
  tokens: {input: 9000, output: 333}
  cache: {read: 37.25%, write_5m: 10%}
strategies:
  split: {mix: {small: 50%, large: 50%}}
  large: {tier: large}
baseline: large
default: large
proposed: split
"""
)
PLANS = """\
subscriptions:
  pool: {fee: 5, included: [{money: 20, of: seats}], beyond: api, source: test}
  seat: {fee: 9, included: [{requests: 40, per: day}], beyond: stop, source: test}
"""
PAID = """\
version: 1
pricing: ./plans.yaml
as_of: 2026-06-01
workload:
  task_types:
    known:
      tasks_per_day: 90
      tokens: {input: 3000, output: 400}
      success: {small: 80%, large: 95%}
      failure_cost: 0.1
    unknown: {tasks_per_month: 1000, tokens: {input: 9000, output: 333}}
strategies:
  large: {tier: large}
  pooled: {tier: large, paid_by: {subscription: pool, seats: 7}}
  known on small: {assign: {known: {tier: small}, unknown: {tier: large}}}
baseline: large
default: large
proposed: pooled
budget: {amount: 9, per: day, strategy: pooled}
"""
STOPS = PAID.replace("subscription: pool", "subscription: seat")
ONE_SIDE = PAID.replace("proposed: pooled", "proposed: known on small").replace("  pooled", "  large2")
ONE_SIDE = ONE_SIDE.replace(", paid_by: {subscription: pool, seats: 7}", "").replace("y: pooled", "y: large2")
EFFORTS = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-06-01
workload:
  tasks_per_month: 1000
  tokens: {input: 9000, output: 400}
  tier_tokens: {small: {output_factor: 2.5}, large: {input: 9100, output: 900, reasoning: 40%}}
strategies:
  split: {mix: {small: 50%, large: 50%}}
  large: {tier: large}
baseline: large
default: large
proposed: split
"""
OWNS = {
    "working-days": WORKING_DAYS,
    "own": OWN,
    "arrivals": ARRIVALS,
    "spread": SPREAD,
    "paid": PAID,
    "stops": STOPS,
    "one-side": ONE_SIDE,
    "efforts": EFFORTS,
}


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
                row => [...row.children].map(cell => cell.textContent.replaceAll("\\u00a0", " "))),
              summary: [...document.querySelectorAll("#summary p")].map(one => one.textContent),
              tiles: [...document.querySelectorAll(".tile .figure")].map(one => one.textContent),
              open: [...document.querySelectorAll("#controls input[type=number]:enabled")].map(one => one.id),
              basis: document.getElementById("basis").textContent,
            })"""
        )
        return found


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
    words, page = opened.words(), opened.shown()
    rows, text = compared(words)
    least = [any(LEAST.match(cell) for cell in row[3:4]) for row in page["rows"]]
    assert len(page["rows"]) == len(rows)
    for cells, row, is_least in zip(page["rows"], rows, least, strict=True):
        name, *figures = map(plain, cells)
        name = name.removesuffix(" (proposed)").removesuffix(" (default)")
        assert name.endswith(" (not all tasks)") is (row.get("tasks served", "100.0%") != "100.0%")
        assert name.removesuffix(" (not all tasks)") == row["strategy"]
        for label, figure in zip(map(plain, page["head"][1:]), figures, strict=True):
            expected = row[label].removesuffix(" or more")
            is_open = is_least or expected != row[label]
            if label.startswith("vs.") and any(least):
                assert figure == "\N{EN DASH}" or LEAST.sub("", figure) == expected
            else:
                assert figure == (
                    f"at least {expected}" if is_open and label != "failures per month" else figure
                )
                assert LEAST.sub("", figure) == expected, (name, label)
    for sentence in map(plain, page["summary"]):
        if sentence.startswith("Budget of "):
            assert_budget(words, sentence, any(least))
        elif "not stated" in sentence or "lower bound" in sentence:
            assert [money for money in MONEY.findall(sentence) if money not in text] == []
            assert any(least)
        else:
            assert sentence in text
    everything = " ".join([*(cell for row in page["rows"] for cell in row), *page["summary"]])
    figures = [money for tile in page["tiles"] for money in MONEY.findall(tile)]
    assert [money for money in figures if money not in everything] == []
    assert "NaN" not in opened.page.locator("body").inner_text()


def scenario_of(words: list[str]) -> Scenario:
    options = list(zip(words[3::2], words[4::2], strict=True))
    given = dict(options)
    return api.load_scenario(
        words[2],
        pricing=given.get("--pricing"),
        settings=[value for name, value in options if name == "--set"],
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
