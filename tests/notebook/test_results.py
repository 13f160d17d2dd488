"""Every public result is shown in Jupyter as tables and charts, and becomes a frame."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import routecost
from routecost import notebook
from routecost.model.frames import Result, Results
from tests.support.transcripts import call, written
from tests.test_public_names import NAMES

SHEET = "claude-2026-11"
TIERS = "low=claude-haiku-4-5,high=claude-opus-4-5"
NO_RESULTS = {
    "Exported",  # the texts of configurations
    "FleetAnswers",
    "Finding",  # a finding is one of the rows of a result
    "LearnOptions",
    "LogSource",
    "NewFleet",  # the texts of documents
    "PlanOptions",
    "Portfolio",  # what a portfolio file states
    "Pricer",  # a function
    "Prices",
    "ReplayOptions",
    "Scenario",  # what a scenario states
    "Usage",
    "UsageKey",
}
"""Public classes that no function computes."""


def classes_of(name: str) -> Iterator[type]:
    """Yield the classes of routecost that a public name is, or returns."""
    value = getattr(routecost, name)
    if isinstance(value, type):
        if not issubclass(value, Exception):
            yield value
        return
    assert isfunction(value)
    module = import_module(value.__module__)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    imports = {
        alias.asname or alias.name: (str(node.module), alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for word in re.findall(r"\w+", str(signature(value).return_annotation)):
        place, own = imports.get(word, (module.__name__, word))
        found = getattr(import_module(place), own, None) if place.startswith("routecost") else None
        if isinstance(found, type) and found.__module__.startswith("routecost"):
            yield found


def test_every_public_result_is_shown_and_becomes_a_frame() -> None:
    found = {one for name in NAMES for one in classes_of(name)}
    assert len(found) > 35
    lacks = {one.__name__ for one in found if not issubclass(one, Result)}
    assert lacks == NO_RESULTS, f"add the base Result, or a reason: {lacks ^ NO_RESULTS}"


@pytest.mark.slow
def test_a_result_of_a_kind_has_a_report_or_records() -> None:
    found = {one for name in NAMES for one in classes_of(name) if issubclass(one, Result)}
    known = {*notebook._REPORTS, *notebook._NAMED, *notebook._OWN}
    lacks = {one for one in found if one.__name__ not in known and not hasattr(one, "records")}
    assert {one.__name__ for one in lacks} <= {"LearnedPolicy"}  # its fields are shown
    for place in notebook._REPORTS.values():
        module, _, function = place.partition(":")
        assert callable(getattr(import_module(f"routecost.report.{module}"), function or "report"))


def test_a_comparison_is_a_table_and_a_chart() -> None:
    comparison = routecost.compare("article-fleet")
    html = comparison._repr_html_()
    assert html.count("<table") >= 1
    assert "<svg" in html
    assert "$1,012.50" in html
    assert "mathjax_ignore" in html, "MathJax would take what is between two dollar signs for a formula"
    assert not re.search(r"<script|<link|\bsrc=|@import|<html|<body", html)
    ElementTree.fromstring(re.sub(r"<style>.*?</style>|<wbr>", "", html, flags=re.DOTALL))


def test_names_of_documents_are_no_markup() -> None:
    hostile = "</script><script>alert(1)</script>\u202e=cmd()"
    comparison = routecost.compare("article-fleet")
    html = replace(comparison, illustrative=hostile, scenario=hostile)._repr_html_()
    assert "<script" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;" in html


def test_a_long_table_is_cut_and_its_frame_is_whole() -> None:
    sheets = routecost.list_pricing()[0]
    many = Results(sheets * 40)
    html = many._repr_html_()
    assert html.count("<tr>") == 101
    assert "The first 100 rows; to_frame() has all." in html
    assert len(many.to_frame()) == len(sheets) * 40


@pytest.mark.slow
def test_nothing_of_it_is_loaded_by_the_import_or_a_comparison() -> None:
    code = (
        "import sys, routecost; routecost.compare('article-fleet');"
        "print([name for name in ('routecost.notebook', 'pandas', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    calls = [
        call(at, model, f"2026-11-{day}T10:00:00Z", input=1_000 * at, output=77)
        for at, (model, day) in enumerate(
            ((model, day) for model in ("claude-haiku-5-5", "claude-opus-5-5") for day in (17, 18)), 1
        )
    ]
    return written(tmp_path_factory.mktemp("logs") / "calls.jsonl", *calls)


Case = Callable[[Path], Any]
CASES: dict[str, tuple[Case, bool]] = {
    "breakeven": (lambda _: routecost.breakeven("article-fleet"), False),
    "calibrate": (lambda logs: routecost.calibrate(logs, pricing=SHEET), False),
    "check": (lambda _: routecost.check("article-fleet"), False),
    "compare": (lambda _: routecost.compare("article-fleet"), True),
    "diff": (lambda _: routecost.diff("article-fleet", "article-fleet"), False),
    "focus": (lambda logs: routecost.usage_focus(logs, pricing=SHEET), False),
    "import": (lambda _: routecost.import_pricing("anthropic", tiers=TIERS), False),
    "models": (lambda _: routecost.list_models("anthropic"), False),
    "pace": (lambda logs: routecost.spend_pace(logs, pricing=SHEET, budget="500"), True),
    "plan": (lambda _: routecost.plan("eight-subtasks"), True),
    "planning": (lambda _: routecost.planning("article-fleet"), True),
    "prices": (lambda _: routecost.show_pricing(SHEET), False),
    "price of usage": (
        lambda _: routecost.price(
            routecost.Usage({routecost.UsageKey("claude-opus-4-1", "input"): Decimal(7)}),
            routecost.load_pricing("claude-article"),
            date(2026, 2, 1),
        ),
        False,
    ),
    "pricing check": (lambda _: routecost.check_pricing(SHEET), False),
    "pricing diff": (lambda _: routecost.diff_pricing("claude-2026-02", SHEET), False),
    "project": (lambda _: routecost.project("article-fleet", months=3), True),
    "providers": (lambda _: routecost.list_providers(), False),
    "rows": (lambda _: routecost.routing_rows("article"), False),
    "search": (lambda _: routecost.search_policies("failure-modes"), False),
    "sheet": (lambda _: routecost.load_pricing(SHEET), False),
    "sheets": (lambda _: routecost.list_pricing()[0], False),
    "spend change": (
        lambda logs: routecost.spend_change(logs, "2026-11-17", "2026-11-18", pricing=SHEET),
        True,
    ),
    "suggestions": (lambda _: routecost.suggest("article", "article-fleet"), False),
    "summary": (lambda _: routecost.list_pricing()[0][0], False),
    "sweep": (lambda _: routecost.sweep("article-fleet"), True),
    "tornado": (lambda _: routecost.tornado("article-fleet"), True),
    "usage": (lambda logs: routecost.log_usage(logs, pricing=SHEET), True),
    "validation": (lambda _: routecost.validate("article"), False),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_results_are_tables_and_those_with_a_chart_have_it(name: str, logs: Path) -> None:
    make, has_chart = CASES[name]
    if name in ("import", "models", "providers"):
        pytest.importorskip("genai_prices")
    result = make(logs)
    html = result._repr_html_()
    assert html == result._repr_html_(), "outputs are the same each time"
    assert "<table" in html
    assert ("<svg" in html) == has_chart
    frame = result.to_frame()
    assert len(frame.columns)
