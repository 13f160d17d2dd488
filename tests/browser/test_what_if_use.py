"""The what-if page in use: links, keyboard, screen readers, charts, paper and hostile text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from pypdf import PdfReader

from tests.browser.what_if import WhatIf, assert_as_compared, compared
from tests.cli.running import routecost

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


pytestmark = pytest.mark.browser
DESK, PHONE, PAPER = (1280, 900), (360, 740), (672, 960)


def fragment_of(opened: WhatIf) -> str:
    opened.page.wait_for_timeout(250)
    return str(opened.page.evaluate("location.hash"))


def open_with(opened: WhatIf, fragment: str) -> None:
    opened.page.evaluate("text => { location.hash = text }", fragment)
    opened.page.wait_for_timeout(50)


SETTINGS = {"sheet": "2", "volume-number": "750", "input": "2600", "cache": "40", "mix-0-0": "61"}


def test_a_link_holds_the_plan(browser: Browser, pages: Mapping[str, WhatIf]) -> None:
    opened = pages["article-fleet"]
    opened.page.click("#reset")
    for control, value in SETTINGS.items():
        opened.set(control, value)
    link, words, shown = fragment_of(opened), opened.words(), opened.shown()
    assert dict(parse_qsl(link.removeprefix("#"))) == {
        "pricing": opened.data["sheets"][2]["name"],
        "volume": "750",
        "input": "2600",
        "cache": "40",
        "mix.routed-80-15-5": "61/30/9",
        "page": opened.data["version"],
    }
    opened.page.click("#reset")
    assert fragment_of(opened) == ""
    assert opened.words() != words
    open_with(opened, link)
    assert (opened.words(), opened.shown()) == (words, shown)
    again = WhatIf.of(browser.new_page(), opened.file, link)
    assert (again.words(), again.shown()) == (words, shown)
    assert again.page.locator("#notice").is_hidden()
    again.page.close()


@pytest.mark.parametrize(
    ("fragment", "why"),
    [
        ("volume=750", "another version of this page"),
        ("volume=750&page=0123456789ab", "another version of this page"),
        ("pricing=none&page=VERSION", "unknown pricing sheet"),
        ("volume=NaN&page=VERSION", "volume is invalid"),
        ("volume=-1&page=VERSION", "volume is invalid"),
        ("volume=0&page=VERSION", "volume is invalid"),
        ("volume=1e3&page=VERSION", "volume is invalid"),
        ("volume=750.5&page=VERSION", "volume is invalid"),
        ("volume=99999999999999999999&page=VERSION", "volume is invalid"),
        ("volume=750&volume=751&page=VERSION", "sets something twice"),
        ("volume=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&page=VERSION", "volume is invalid"),
        ("cache=101&page=VERSION", "cache share is invalid"),
        ("mix.routed-80-15-5=50/50/1&page=VERSION", "mix is invalid"),
        ("mix.routed-80-15-5=100/0&page=VERSION", "mix is invalid"),
        ("mix.all-opus=100/0/0&page=VERSION", "unknown setting"),
        ("__proto__=1&page=VERSION", "unknown setting"),
        ("<script>alert(1)</script>&page=VERSION", "unknown setting"),
        ("%E0%A4%A&page=VERSION", "unknown setting"),
        ("page=VERSION&" + "x" * 30_000, "too long"),
    ],
)
def test_a_hostile_or_stale_link_is_ignored_with_a_notice(
    pages: Mapping[str, WhatIf], fragment: str, why: str
) -> None:
    opened = pages["article-fleet"]
    opened.page.click("#reset")
    stated = opened.words(), opened.shown()
    opened.set("volume", "800")
    assert "volume=800" in fragment_of(opened)
    open_with(opened, "#" + fragment.replace("VERSION", opened.data["version"]))
    notice = opened.page.locator("#notice")
    assert notice.is_visible()
    assert why in notice.inner_text()
    assert (opened.words(), opened.shown()) == stated
    opened.set("volume", "810")
    assert notice.is_hidden()


def test_a_link_cannot_move_a_fixed_slider(pages: Mapping[str, WhatIf]) -> None:
    opened = pages["growth-plan"]
    open_with(opened, f"#volume=200&page={opened.data['version']}")
    assert "cannot be changed" in opened.page.locator("#notice").inner_text()
    assert opened.page.locator("#volume").input_value() == "100"


def test_sliders_work_by_keyboard(pages: Mapping[str, WhatIf]) -> None:
    opened = pages["article-fleet"]
    page = opened.page
    page.click("#reset")
    page.focus("#volume")
    page.keyboard.press("ArrowRight")
    assert page.locator("#volume-number").input_value() == "510"
    page.keyboard.press("Home")
    assert page.locator("#volume-number").input_value() == "10"
    page.focus("#mix-0-0")
    page.keyboard.press("ArrowLeft")
    assert [page.locator(f"#mix-0-{at}").input_value() for at in range(3)] == ["79", "16", "5"]
    page.focus("#volume-number")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1234")
    page.keyboard.press("Enter")
    assert "--set workload.tasks_per_day=1234" in page.locator("#command").inner_text()
    assert_as_compared(opened)


def test_every_control_is_reached_by_tab_in_the_order_of_the_page(pages: Mapping[str, WhatIf]) -> None:
    page = pages["article-fleet"].page
    page.click("#reset")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("window.scrollTo(0, 0)")
    reached = []
    page.focus("#skip")
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or not reached[-1]
    ids = page.evaluate(
        "[...document.querySelectorAll('#controls :is(input, select, button), #along')].map(one => one.id)"
    )
    assert [one for one in reached if one in ids][: len(ids)] == ids


def test_what_is_typed_is_held_within_the_slider(pages: Mapping[str, WhatIf]) -> None:
    opened = pages["article-fleet"]
    opened.page.click("#reset")
    for text, value in [("999999999", "5000"), ("-5", "500"), ("", "500"), ("1.6", "10"), ("749.5", "750")]:
        opened.page.click("#reset")
        opened.set("volume-number", text)
        assert opened.page.locator("#volume-number").input_value() == value


NAMES = """() => [...document.querySelectorAll("input, select, button, a, [tabindex], summary")].filter(
  one => one.offsetParent !== null
    && !(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent.trim()))
  .map(one => one.outerHTML)"""


@pytest.mark.parametrize("name", ["article-fleet", "support-desk", "growth-plan"])
def test_a_screen_reader_has_names_and_news(pages: Mapping[str, WhatIf], name: str) -> None:
    page = pages[name].page
    assert page.evaluate(NAMES) == []
    assert page.locator("#summary[role=status][aria-live=polite]").count() == 1
    charts = [chart for chart in page.locator(".chart[role=img]").all() if chart.is_visible()]
    assert charts
    assert all(chart.get_attribute("aria-label") for chart in charts)
    assert page.locator("html").get_attribute("lang") == "en"
    assert [len(row.locator("th[scope=row]").all()) for row in page.locator("#costs tbody tr").all()] == [
        1
    ] * page.locator("#costs tbody tr").count()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(
    part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4).reduce(
    (sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
  const behind = one => { for (; one; one = one.parentElement) {
    const [r, g, b, a = 1] = rgb(getComputedStyle(one).backgroundColor); if (a) return [r, g, b]; }
    return [255, 255, 255]; };
  const says = one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll("main *, header *, footer *")].filter(one => one.offsetParent !== null
    && !one.closest(":disabled, svg") && says(one)).map(one => {
      const [high, low] = [light(rgb(getComputedStyle(one).color)), light(behind(one))].sort((a, b) => b - a);
      return [(high + .05) / (low + .05), one.tagName, one.className, one.textContent.slice(0, 40)];
    }).filter(([ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(pages: Mapping[str, WhatIf], scheme: str) -> None:
    page = pages["support-desk"].page
    page.emulate_media(media="screen", color_scheme=scheme)  # type: ignore[arg-type]
    assert page.evaluate(CONTRAST) == []
    page.emulate_media(media="screen", color_scheme="light")


@pytest.mark.parametrize(
    ("name", "sheet", "reasons"),
    [
        (
            "growth-plan",
            0,
            {
                "volume": "commitments",
                "input": "commitments",
                "cache": "commitments",
                "mix-0-0": "commitments",
            },
        ),
        ("support-desk", 0, {"cache": "shared prefix"}),
        ("uncertain-fleet", 0, {"volume": "uncertain", "output": "uncertain", "mix-0-0": "uncertain"}),
        ("conversations", 0, {"cache": "stated twice"}),
        (
            "own",
            1,
            {"volume": "volume discounts", "output": "volume discounts", "mix-0-1": "volume discounts"},
        ),
        (
            "arrivals",
            0,
            {
                "volume": "how many calls arrive",
                "input": "how many calls arrive",
                "mix-0-0": "the more calls",
            },
        ),
        ("spread", 0, {"input": "not linear"}),
    ],
)
def test_a_fixed_slider_says_why(
    pages: Mapping[str, WhatIf], name: str, sheet: int, reasons: dict[str, str]
) -> None:
    opened = pages[name]
    opened.page.click("#reset")
    opened.set("sheet", str(sheet))
    for control, words in reasons.items():
        if opened.page.locator(f"#{control}").count():
            assert opened.page.locator(f"#{control}").is_disabled()
            assert opened.page.locator(f"#{control}-number").is_disabled()
        reason = opened.page.locator(f"#{re.sub(r'-[1-9]$', '-0', control)}-reason")
        assert reason.is_visible()
        assert words in reason.inner_text()
    assert_as_compared(opened)


def test_a_fixed_slider_goes_back_to_the_scenario(pages: Mapping[str, WhatIf]) -> None:
    opened = pages["own"]
    opened.page.click("#reset")
    opened.set("volume", "300")
    opened.set("sheet", "1")
    assert opened.page.locator("#volume").input_value() == "100"
    assert "--set" not in opened.words()


@pytest.mark.parametrize("name", ["article-fleet", "coding-agents", "own", "frugalgpt"])
def test_charts_show_the_figures_of_the_table(pages: Mapping[str, WhatIf], name: str) -> None:
    opened = pages[name]
    opened.page.click("#reset")
    opened.page.wait_for_timeout(200)
    shown = opened.shown()
    column = shown["head"].index("total per month" if "total per month" in shown["head"] else "per month")
    drawn = opened.page.evaluate(
        "[...document.querySelectorAll('#bars svg text')].map(one => one.textContent)"
    )
    figures = {row[column] for row in shown["rows"]}
    assert figures <= set(drawn)
    label = opened.page.locator("#bars .chart").get_attribute("aria-label") or ""
    assert [figure for figure in figures if figure not in label] == []


@pytest.mark.parametrize(("name", "along"), [("article-fleet", "v"), ("coding-agents", "i"), ("own", "o")])
def test_the_table_of_the_line_chart_is_what_compare_says(
    pages: Mapping[str, WhatIf], name: str, along: str
) -> None:
    opened = pages[name]
    page = opened.page
    page.click("#reset")
    page.select_option("#along", along)
    page.locator("#lines details").evaluate("one => { one.open = true }")
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator("#points tbody tr").all()]
    assert len(rows) > 8
    control = next(one["id"] for one in opened.data["sliders"] if one["key"] == along)
    for value, *figures in rows:
        opened.set(f"{control}-number", value)
        cells, _ = compared(opened.words())
        per_month = [row.get("total per month", row["per month"]) for row in cells]
        places = [len(text.rpartition(".")[2]) for text in figures]
        assert [one[: len(one)] for one in figures] == per_month or min(places) > 2
    page.click("#reset")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("media", "size"), [("screen", DESK), ("screen", PHONE), ("print", PAPER)])
@pytest.mark.parametrize("name", ["article-fleet", "support-desk"])
def test_nothing_sticks_out_of_the_page(
    pages: Mapping[str, WhatIf], name: str, media: str, size: tuple[int, int], scheme: str
) -> None:
    page = pages[name].page
    page.emulate_media(media=media, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(150)
    width, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    assert width <= room


def test_it_prints_the_settings_with_the_results(pages: Mapping[str, WhatIf]) -> None:
    opened = pages["article-fleet"]
    opened.page.click("#reset")
    opened.set("volume", "800")
    opened.page.emulate_media(media="print", color_scheme="light")
    printed = PdfReader(BytesIO(opened.page.pdf(prefer_css_page_size=True)))
    opened.page.emulate_media(media="screen", color_scheme="light")
    words = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    shown = opened.shown()
    for text in (
        "Settings",
        "800 tasks a day (changed)",
        "haiku 80%, sonnet 15%, opus 5%",
        *shown["rows"][2],
    ):
        assert text in words
    assert "Reset to the scenario" not in words
    assert len(printed.pages) <= 2
    assert round(float(printed.pages[0].mediabox.width)) in (595, 596)  # A4


def test_the_page_may_not_use_the_network(pages: Mapping[str, WhatIf]) -> None:
    page = pages["spread"].page
    tried = page.evaluate(
        """() => fetch("http://127.0.0.1:9/").then(() => "sent", error => error.constructor.name)"""
    )
    assert tried == "TypeError"
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    pages["spread"].complaints.clear()  # of the attempt


def test_names_are_texts_wherever_they_come_from(pages: Mapping[str, WhatIf]) -> None:
    opened = pages["own"]
    assert opened.page.locator("script").count() == 3
    assert "</script><script>alert(1)</script> (proposed)" in [row[0] for row in opened.shown()["rows"]]
    assert opened.page.locator("legend", has_text="Mix of </script>").count() == 1


@pytest.mark.usefixtures("library")
def test_the_same_scenario_makes_the_same_page(pages: Mapping[str, WhatIf], tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    assert routecost("report", "article-fleet", "--interactive", "-o", str(again)).code == 0
    assert again.read_bytes() == pages["article-fleet"].file.read_bytes()
