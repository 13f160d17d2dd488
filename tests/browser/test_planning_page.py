"""The planning document in a browser: it opens from disk, asks for nothing, and says what compare says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from routecost.library import open_library
from tests.browser.opened import Opened
from tests.cli.running import routecost

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SCENARIOS = open_library(None).names("scenarios")
COMPARED = "#comparison table"
MONEY = ("cost_per_", "failure_cost", "total_cost")
DESK, PHONE, PAPER = (1280, 900), (360, 740), (672, 960)
"""Sizes in CSS pixels; paper is A4 less its margins, at 96 dots an inch."""


@pytest.fixture(scope="module", params=SCENARIOS)
def scenario(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def opened(browser: Browser, scenario: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    file = tmp_path_factory.mktemp("report") / "plan.html"
    done = routecost("report", scenario, "--growth", "5%", "-o", str(file))
    assert (done.code, done.stdout) == (0, "")
    page = browser.new_page()
    yield Opened.of(page, file)
    page.close()


def test_it_asks_for_nothing_and_nothing_complains(opened: Opened) -> None:
    assert opened.requests == [opened.file.as_uri()]
    assert opened.complaints == []


def test_every_figure_of_the_comparison_is_that_of_compare(opened: Opened, scenario: str) -> None:
    data = json.loads(routecost("compare", scenario, "--format", "json").stdout, parse_float=Decimal)
    table = opened.page.locator(COMPARED).first
    rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert [row[0] for row in rows] == [cost["strategy"] for cost in data["strategies"]]
    quality = ("success_rate", "cost_per_success", "failure_cost_per_month", "total_cost_per_month")
    unknown = {key for key in quality if all(cost.get(key) is None for cost in data["strategies"])}
    known = {key for key in unknown if any(f"{key}_low" in cost for cost in data["strategies"])}
    hidden = unknown - known
    for row, cost in zip(rows, data["strategies"], strict=True):
        shown = {
            key: value
            for key, value in cost.items()
            if not key.endswith(("_low", "_high")) and key not in hidden
        }
        for text, (key, value) in zip(row[1:], list(shown.items())[1:], strict=True):
            ends = [value, *(cost[f"{key}{end}"] for end in ("_low", "_high") if cost.get(f"{key}{end}"))]
            parts = text.split(" to ")
            assert any(is_said_by(value, part) for part in parts), (row[0], key, value, text)
            assert all(any(is_said_by(end, part) for end in ends) for part in parts), (
                row[0],
                key,
                ends,
                text,
            )
            assert text.startswith(("$", "-$")) == (key.startswith(MONEY) and value is not None)


def is_said_by(value: Decimal | int | None, text: str) -> bool:
    """Return whether a text is the value, rounded to the places that it shows, and 0 only if that is."""
    if value is None or text == "baseline":
        return text == ("\N{EN DASH}" if value is None else "baseline") and not value
    digits = Decimal(text.removesuffix(" s").strip("+-$%").replace(",", ""))
    exact = Decimal(value) * (100 if text.endswith("%") else 1)
    half = Decimal(5).scaleb(int(digits.as_tuple().exponent) - 1)
    return (
        abs(digits - abs(exact)) <= half
        and text.startswith("-") == (exact < 0)
        and bool(digits) == bool(exact)
    )


@pytest.mark.parametrize(
    ("value", "text", "is_said"),
    [
        ("124.2", "$124.20", True),
        ("124.2", "$124.21", False),
        ("0.00828", "$0.0083", True),
        ("0.0004", "$0.00", False),
        ("-0.877", "-87.7%", True),
        ("-0.877", "87.7%", False),
        ("41666.67", "41,667", True),
        ("1.2", "-$1.20", False),
    ],
)
def test_a_wrong_figure_is_seen(value: str, text: str, is_said: bool) -> None:
    assert is_said_by(Decimal(value), text) is is_said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("media", "size"),
    [("screen", DESK), ("screen", PHONE), ("print", PAPER)],
    ids=["desk", "phone", "paper"],
)
def test_nothing_sticks_out_of_the_page(
    opened: Opened, media: str, scheme: str, size: tuple[int, int]
) -> None:
    opened.page.emulate_media(media=media, color_scheme=scheme)  # type: ignore[arg-type]
    opened.page.set_viewport_size({"width": size[0], "height": size[1]})
    width, room = opened.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= room


def test_dark_is_dark_and_paper_is_white(opened: Opened) -> None:
    shown = {}
    for media, scheme in (("screen", "light"), ("screen", "dark"), ("print", "dark")):
        opened.page.emulate_media(media=media, color_scheme=scheme)  # type: ignore[arg-type]
        shown[media, scheme] = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shown == {
        ("screen", "light"): "rgb(255, 255, 255)",
        ("screen", "dark"): "rgb(20, 25, 30)",
        ("print", "dark"): "rgb(255, 255, 255)",
    }


@pytest.mark.parametrize(
    ("media", "scheme", "seen"),
    [("screen", "light", "light"), ("screen", "dark", "dark"), ("print", "dark", "light")],
)
def test_figures_are_drawn_for_the_page_that_they_stand_on(
    opened: Opened, media: str, scheme: str, seen: str
) -> None:
    opened.page.emulate_media(media=media, color_scheme=scheme)  # type: ignore[arg-type]
    visible = [svg for svg in opened.page.locator("figure svg").all() if svg.is_visible()]
    assert len(visible) == opened.page.locator("figure").count() > 0
    assert {svg.locator("xpath=..").get_attribute("class") for svg in visible} == {f"on-{seen}"}


def test_figures_can_be_read_out(opened: Opened) -> None:
    names = opened.page.evaluate(
        """[...document.querySelectorAll("figure svg")].map(svg => svg.getAttribute("aria-labelledby")
           .split(" ").map(id => document.getElementById(id).textContent).join("|"))"""
    )
    assert len(names) == opened.page.locator("figure svg").count() > 0
    assert all(name.partition("|")[0] and name.partition("|")[2] for name in names)


def test_it_prints_with_all_its_sections(opened: Opened) -> None:
    headings = opened.page.locator("h2").all_inner_texts()
    opened.page.emulate_media(media="print", color_scheme="light")
    printed = PdfReader(BytesIO(opened.page.pdf(prefer_css_page_size=True)))
    words = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    assert [heading for heading in headings if heading not in words] == []
    assert round(float(printed.pages[0].mediabox.width)) in (595, 596)  # A4
