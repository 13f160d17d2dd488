from __future__ import annotations

import re
from html.parser import HTMLParser

from routecost.model.report.report import Note, Report
from tests.render.reports import FIGURE, compare, one_table, rendered

VOID = {"meta", "br", "hr", "img", "link"}


class Outline(HTMLParser):
    """Collects open elements, attributes and text; fails on elements that are closed out of order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.cells: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for key, value in attrs if key in ("src", "href", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.cells.append(data)


def test_the_table_is_complete() -> None:
    cells = Outline(rendered(compare(), "html")).cells
    assert cells[:5] == ["Strategy", "Per task", "Per month", "Against all-opus", "all-haiku"]
    assert cells[-4:] == ["all-opus", "$0.0675", "$1,012.50", "baseline"]


def test_headings_say_what_they_head() -> None:
    page = rendered(compare(), "html")
    assert '<th scope="col" class="number">Per task</th>' in page
    assert '<th scope="row" class="name">all-haiku</th><td class="number">$0.0036</td>' in page
    assert "<caption>Compare: article-fleet</caption>" in page


def test_markup_in_names_is_text() -> None:
    page = rendered(one_table([('<script>alert("x")</script>&amp;',)]), "html")
    assert "<script" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;" in page


def test_notes_are_paragraphs() -> None:
    page = rendered(Report("plan", "<Plan>", {}, (Note.of("a < b"), Note.of("old", warning=True))), "html")
    assert "<p>a &lt; b</p>" in page
    assert '<p class="warning"><strong>Warning:</strong> old</p>' in page
    assert "<title>&lt;Plan&gt;</title>" in page


def test_an_empty_table_says_so() -> None:
    assert '<td colspan="1">none</td>' in rendered(one_table([]), "html")


def test_the_page_loads_nothing_and_knows_dark_and_print() -> None:
    page = rendered(compare(FIGURE), "html")
    assert all(link.startswith("#") for link in Outline(page).links)
    assert not re.search(r"url\((?!#)|@import", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_a_figure_stands_in_the_page_with_its_description() -> None:
    page = rendered(compare(FIGURE), "html")
    assert re.findall('<div class="([^"]*)">\n<svg', page) == ["on-light", "on-dark"]
    assert "<?xml" not in page
    extremes = "In US dollars per month: lowest all-haiku, $54.00; highest all-opus, $1,012.50."
    costs = "all-haiku: $54.00; routed: $124.20; all-opus:"
    assert f"of &lt;three&gt; strategies. {extremes} {costs}" in page
    assert "<svg" not in rendered(compare(), "html")
