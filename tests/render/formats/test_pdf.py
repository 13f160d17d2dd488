"""PDF: what is on the pages, in what order, and what the file says of itself."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest
from pypdf import PdfReader

from routecost.errors import EnvironmentFailure
from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Listing, Note, Report, Table
from routecost.render import write
from tests.render.formats.test_formats import HOSTILE, report_of
from tests.render.formats.test_parts import document
from tests.render.reports import FIGURE, compare, one_table


def printed(report: Report) -> PdfReader:
    return PdfReader(BytesIO(written(report)))


def written(report: Report) -> bytes:
    sink = BytesIO()
    write(report, "pdf", sink)
    return sink.getvalue()


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_tables_notes_and_warnings_are_there() -> None:
    words = " ".join(text_of(printed(compare())).split())
    assert "all-haiku $0.0036 $54.00 -94.7%" in words
    assert "all-opus $0.0675 $1,012.50 baseline" in words
    assert "Saves $78.30 a month. Warning: Old." in words
    assert "15,000" not in words  # a column for machines only


def test_the_file_says_what_it_is() -> None:
    reader = printed(document())
    assert reader.metadata is not None
    assert reader.metadata.title == "A <plan>"
    assert reader.metadata.creator == "routecost"
    assert reader.metadata.creation_date is None
    assert str(reader.root_object["/Lang"]) == "en"


def test_headings_are_bookmarks() -> None:
    first, nested = printed(document()).outline
    assert not isinstance(first, list)
    assert first.title == "A <plan>"
    assert isinstance(nested, list)
    assert [each.title for each in nested if not isinstance(each, list)] == [
        "Summary",
        "Compare: article-fleet",
    ]


def test_long_tables_repeat_their_headings_and_pages_are_numbered() -> None:
    columns = (Column("name", "Item"), Column("cost", "Cost", Unit.MONEY))
    reader = printed(one_table(((f"item {at}", at) for at in range(150)), columns))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert page.count("Item") == 1
        assert f"page {number} of {len(pages)}" in page
    words = " ".join(" ".join(pages).split())
    assert all(f"item {at} ${at}.00" in words for at in range(150))


def test_columns_that_continue_below_repeat_the_names_of_their_rows() -> None:
    names = (Column("task", "Task"), Column("tier", "Tier"))
    many = tuple(Column(f"c{at}", f"column-{at}", Unit.MONEY) for at in range(24))
    rows = [("extract", "haiku", *range(24)), ("extract", "opus", *range(24, 48))]
    words = " ".join(page.extract_text() for page in printed(one_table(rows, (*names, *many))).pages)
    parts = words.count("Task")
    assert parts > 1
    assert [words.count(word) for word in ("Tier", "haiku", "opus", "extract")] == [*[parts] * 3, 2 * parts]
    assert [words.count(f"column-{at}\n") + words.count(f"column-{at} ") for at in (0, 23)] == [1, 1]


def test_a_short_table_stays_on_one_page() -> None:
    notes = tuple(Note.of("line") for _ in range(38))
    table = Table("t", (Column("name", "Item"),), [(f"item {at}",) for at in range(12)], "Title")
    pages = [page.extract_text() for page in printed(Report("plan", "Plan", {}, (*notes, table))).pages]
    assert [("Title" in page, "item 0" in page, "item 11" in page) for page in pages] == [
        (False, False, False),
        (True, True, True),
    ]


def test_a_heading_is_on_the_page_of_what_it_heads() -> None:
    table = Table("t", (Column("name", "Item"),), [(f"item {at}",) for at in range(12)])
    part = Report("plan", "Heading", {}, (table,))
    for lines in range(28, 42):
        notes = tuple(Note.of("line") for _ in range(lines))
        document = Report("plan", "Plan", {}, notes, parts={"part": part})
        pages = [page.extract_text() for page in printed(document).pages]
        assert ["Heading" in page for page in pages] == ["item 0" in page for page in pages]


def test_every_font_is_embedded() -> None:
    """Else a viewer or a printer takes another one. The charts of the page have fonts of their own."""
    for page in printed(document()).pages:
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        assert fonts
        assert not [str(font["/BaseFont"]) for font in fonts if "+" not in str(font["/BaseFont"])]


def test_charts_are_drawings_and_not_pictures() -> None:
    page = printed(compare(FIGURE)).pages[0]
    assert list(page.images) == []
    assert "Spend per month by strategy" in page.extract_text()
    assert "US dollars per month" in page.extract_text()


def test_charts_stand_between_their_heading_and_their_table() -> None:
    heights: dict[str, float] = {}

    def see(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        for name in ("Compare: article-fleet", "US dollars per month", "Strategy"):
            if text.strip().startswith(name):
                heights.setdefault(name, tm[5] * cm[3] + cm[5])

    printed(compare(FIGURE)).pages[0].extract_text(visitor_text=see)
    assert heights["Compare: article-fleet"] > heights["US dollars per month"] > heights["Strategy"] > 0


def test_columns_that_do_not_fit_follow_below_and_no_number_is_broken() -> None:
    columns = (
        Column("month", "month"),
        *(Column(f"c{at}", f"strategy {at}", Unit.MONEY) for at in range(20)),
    )
    rows = [(month, *range(1_000, 1_020)) for month in ("2026-02", "2026-03")]
    words = text_of(printed(one_table(rows, columns))).split()
    money = [word for word in words if word.startswith("$")]
    assert sorted(money) == sorted(f"${at:,}.00" for at in range(1_000, 1_020) for _ in rows)
    assert words.count("2026-02") == words.count("month") > 1


def test_an_empty_table_says_so() -> None:
    assert "none" in text_of(printed(one_table([])))


def test_listings_keep_their_lines() -> None:
    listed = Report("rules", "Rule", {}, (Listing("Example", "routes:\n  - {task: a<b}\n"),))
    assert "routes:\n  - {task: a<b}" in text_of(printed(listed))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert written(document()) == written(document())


def test_hostile_text_is_harmless() -> None:
    words = "".join(text_of(printed(report_of(HOSTILE))).split())
    assert r"a\x1b[31m\r\nb\u202ec\x9bd" in words


@pytest.mark.parametrize("package", ["reportlab", "pypdf"])
def test_without_what_it_needs_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    message = f'needs {package}; install it with: pip install "routecost\\[pdf\\]"'
    with pytest.raises(EnvironmentFailure, match=message):
        written(compare())
