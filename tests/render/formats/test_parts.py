"""Reports of several parts, in every format: each part is what it is alone, under a heading."""

from __future__ import annotations

import json
import re
from io import StringIO

import pytest

from routecost.model.report.report import Note, Report
from routecost.render import find
from tests.render.formats.test_html import Outline
from tests.render.reports import FIGURE, compare, rendered

SUMMARY = Report("report", "Summary", {}, (Note.of("It is worth it."),))


def document() -> Report:
    """Return a document of two parts, the second of which has a figure."""
    return Report(
        "report",
        "A <plan>",
        {"scenario": "article-fleet"},
        (Note.of("What it is about."),),
        parts={"summary": SUMMARY, "comparison": compare(FIGURE)},
    )


def test_text_underlines_titles_and_leaves_figures_out() -> None:
    lines = rendered(document(), "text").splitlines()
    assert lines[:8] == ["A <plan>", "", "What it is about.", "", "", "Summary", "=======", ""]
    alone = rendered(compare(), "text").splitlines()
    assert lines[-len(alone) + 1 :] == alone[1:]


def test_json_nests_what_the_command_itself_prints() -> None:
    data = json.loads(rendered(document(), "json"))
    assert list(data) == ["schema", "scenario", "notes", "summary", "comparison"]
    assert data["schema"] == "routecost.report/1"
    assert data["summary"] == {"notes": ["It is worth it."]}
    assert data["comparison"] == json.loads(rendered(compare(), "json"))


def test_a_part_cannot_take_the_name_of_a_table() -> None:
    twice = Report("report", "A", {"summary": 1}, (), parts={"summary": SUMMARY})
    with pytest.raises(ValueError, match="would repeat a name"):
        rendered(twice, "json")


def test_csv_holds_the_first_table_of_the_parts() -> None:
    assert rendered(document(), "csv") == rendered(compare(), "csv")


def test_markdown_has_a_heading_per_part_and_links_the_figures_it_is_told_of() -> None:
    sink = StringIO()
    find("markdown").render(document(), sink, {"comparison": "a plan-comparison.svg"})
    text = sink.getvalue()
    assert re.findall("^#.*", text, re.MULTILINE) == [
        "# A &lt;plan&gt;",
        "## Summary",
        "## Compare: article-fleet",
    ]
    image = (
        "![Spend per month of &lt;three&gt; strategies. In US dollars per month: lowest all-haiku, $54.00; "
        "highest all-opus, $1,012.50. all-haiku: $54.00; routed: $124.20; "
        "all-opus: $1,012.50 (baseline).](a%20plan-comparison.svg)"
    )
    assert text.index("## Compare") < text.index(image) < text.index("| Strategy")
    assert image not in rendered(document(), "markdown")


def test_latex_has_a_section_per_part() -> None:
    assert r"\section{Compare: article-fleet}" in rendered(document(), "latex")


def test_html_has_sections_and_a_list_of_them() -> None:
    page = rendered(document(), "html")
    assert re.findall('<a href="#([^"]*)">([^<]*)</a>', page) == [
        ("summary", "Summary"),
        ("comparison", "Compare: article-fleet"),
    ]
    assert re.findall('<section id="([^"]*)"', page) == ["summary", "comparison"]
    assert "<caption>" not in page  # the heading of the part says it
    Outline(page)


def test_drawings_on_a_page_share_no_ids_and_refer_to_their_own() -> None:
    twice = Report("report", "A", {}, (), parts={"a": compare(FIGURE), "b": compare(FIGURE)})
    page = rendered(twice, "html")
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"|aria-labelledby="([^"]*)"', page)
    names = {name for found in referred for name in " ".join(found).split()}
    assert names <= set(ids)
    assert {"a-figure-light-chart-title", "b-figure-dark-chart-title"} <= names


def test_a_page_of_one_result_has_no_list_of_sections() -> None:
    assert "<nav" not in rendered(compare(FIGURE), "html")
