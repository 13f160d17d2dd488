from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

from routecost.model.horizon import Horizon
from routecost.model.line_figure import LineFigure, Mark, Months, Reference, Series
from routecost.model.report import Unit
from routecost.render.charts import FORMATS, design, draw, line
from routecost.render.charts.apart import apart
from routecost.render.charts.months import month_ticks
from routecost.render.charts.style import SIZES, THEMES, house_style

SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 2, 1)


def grown(name: str, first: float, months: int = 12, growth: float = 1.05, emphasis: bool = False) -> Series:
    return Series(name, tuple(first * growth**at for at in range(months)), emphasis)


def figure_of(*lines: Series, **changes: object) -> LineFigure:
    plain = LineFigure(
        title="my-fleet: spend per month",
        subtitle="The work grows by 5% a month",
        axis="USD per month",
        across=Months(Horizon(FIRST, len(lines[0].values)).first_days),
        lines=lines,
        source="Prices: invented.",
        alt="Line chart of <spend>.",
        unit=Unit.MONEY,
        currency="USD",
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


FIGURE = figure_of(
    grown("all-haiku", 54),
    grown("all-sonnet", 202.5),
    grown("routed", 124.2, emphasis=True),
    reference=Reference("budget", 150.0),
    mark=Mark(4, 124.2 * 1.05**4, "routed goes over budget in"),
)
NINE = figure_of(*(grown(f"strategy-{at}", 100 + at / 10, emphasis=at == 3) for at in range(9)))
LONG = "a-strategy-with-a-long-name-and-a-review-by-the-next-tier"


def page_of(figure: LineFigure, size: str = "doc") -> Figure:
    with house_style(THEMES["light"]):
        page = line.draw(figure, design(size))
        page.canvas.draw()
    return page


def texts(figure: LineFigure) -> list[str]:
    return [text.get_text() for text in page_of(figure).axes[0].texts]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_figure_gives_the_same_bytes(kind: str) -> None:
    first, second = BytesIO(), BytesIO()
    draw(FIGURE, first, kind)
    draw(FIGURE, second, kind)
    assert first.getvalue() == second.getvalue()


def test_the_chart_is_told_to_those_who_cannot_see_it() -> None:
    sink = BytesIO()
    draw(FIGURE, sink, "svg")
    assert ElementTree.fromstring(sink.getvalue())[1].text == (
        "Line chart of <spend>. all-haiku: $54.00 to $92.36; all-sonnet: $202.50 to $346.34; "
        "routed: $124.20 to $212.42; budget: $150.00; routed goes over budget in Jun 2026."
    )


def test_lines_are_labelled_at_their_ends_with_their_last_value() -> None:
    found = texts(FIGURE)
    for label in ("all-haiku  $92.36", "all-sonnet  $346.34", "routed  $212.42", "budget  $150.00"):
        assert label in found
    assert "routed goes over budget in Jun 2026" in found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "figure",
    [
        FIGURE,
        NINE,
        figure_of(*(grown(f"{LONG}-{at}", 100) for at in range(12)), reference=Reference("yearly / 12", 1e6)),
        figure_of(grown("only", 0.0)),
        figure_of(grown("only", 5.0, months=1), mark=Mark(0, 5.0, "over in"), reference=Reference("b", 4.0)),
        figure_of(grown("tiny", 0.00000036), grown("large", 1e12, emphasis=True)),
        figure_of(grown("falling", 10, months=600, growth=0.9), grown("rising", 10, months=600, growth=1.01)),
        figure_of(grown("a", 1), mark=Mark(0, 1.0, f"{LONG} goes over budget in"), title="T" * 300),
        figure_of(
            grown("a", 1), mark=Mark(11, 1.7, "goes over budget in"), subtitle="Words that go on. " * 30
        ),
        figure_of(grown("$x^2$ \\frac{ $", 1), grown("new\nline\x1b", 2)),
    ],
)
def test_every_text_stays_on_the_page_and_off_the_others(figure: LineFigure, size: str) -> None:
    page = page_of(figure, size)
    axes = page.axes[0]
    box = page.bbox
    ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    for text in [*page.texts, *axes.texts, *ticks]:
        extent = text.get_window_extent()
        assert (extent.x0 >= box.x0, extent.y0 >= box.y0) == (True, True), text
        assert (extent.x1 <= box.x1, extent.y1 <= box.y1) == (True, True), text
    assert overlaps([*page.texts, *axes.texts]) == []
    assert overlaps([*page.texts, *ticks]) == []


def overlaps(found: Sequence[Text]) -> list[tuple[str, str]]:
    """Return the texts whose boxes share more than a hair's breadth."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-2)) for text in found]
    return [
        (one, two)
        for at, (one, first) in enumerate(boxes)
        for two, second in boxes[at + 1 :]
        if first.overlaps(second)
    ]


def test_a_reference_far_above_is_named_but_does_not_flatten_the_lines() -> None:
    far = dataclasses.replace(FIGURE, reference=Reference("budget", 100_000.0))
    assert page_of(far).axes[0].get_ylim()[1] < 400
    assert "budget  $100,000.00 ↑" in " ".join(texts(far)) or "$100,000.00 ↑" in texts(far)
    near = dataclasses.replace(FIGURE, reference=Reference("budget", 500.0))
    assert page_of(near).axes[0].get_ylim()[1] == 500


def test_the_proposed_line_is_told_from_the_others_without_colour() -> None:
    thick, *others = sorted(
        (drawn for drawn in page_of(NINE).axes[0].lines if np.size(drawn.get_xdata()) == 12),
        key=lambda drawn: -drawn.get_linewidth(),
    )
    assert thick.get_color() == THEMES["light"].strong
    assert {drawn.get_linewidth() / thick.get_linewidth() < 0.7 for drawn in others} == {True}
    looks = [(drawn.get_color(), str(drawn.get_linestyle())) for drawn in others]
    assert len(set(looks)) == 8


def test_values_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        draw(figure_of(Series("a", (float("nan"),))), BytesIO(), "svg")


@pytest.mark.parametrize(
    ("start", "months", "ticks"),
    [
        (FIRST, 1, {0: "Feb\n2026"}),
        (
            FIRST,
            7,
            dict(enumerate(["Feb\n2026", "Mar\n ", "Apr\n ", "May\n ", "Jun\n ", "Jul\n ", "Aug\n "])),
        ),
        (date(2026, 11, 1), 4, {0: "Nov\n2026", 1: "Dec\n ", 2: "Jan\n2027", 3: "Feb\n "}),
        (FIRST, 24, {5: "Jul\n2026", 11: "Jan\n2027", 17: "Jul\n ", 23: "Jan\n2028"}),
        (FIRST, 60, {11: "2027", 23: "2028", 35: "2029", 47: "2030", 59: "2031"}),
        (FIRST, 600, {47: "2030", 167: "2040", 287: "2050", 407: "2060", 527: "2070"}),
        (date(9999, 12, 1), 1, {0: "Dec\n9999"}),
    ],
)
def test_month_ticks_are_few_round_and_name_each_year_once(
    start: date, months: int, ticks: dict[int, str]
) -> None:
    assert dict(month_ticks(Horizon(start, months).first_days)) == ticks


@given(st.integers(1, 600), st.integers(0, 11))
def test_there_is_always_a_tick(months: int, after: int) -> None:
    assert 1 <= len(month_ticks(Horizon(date(2026, 1 + after, 1), months).first_days)) <= 7


labels = st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 2)), max_size=12)


@given(labels)
def test_labels_do_not_overlap_and_keep_their_order(wanted: list[tuple[float, float]]) -> None:
    places, heights = [place for place, _ in wanted], [height for _, height in wanted]
    centres = apart(places, heights, 0, sum(heights) + 10)
    order = sorted(range(len(wanted)), key=lambda at: centres[at])
    assert [places[at] for at in order] == sorted(places)
    for low, high in pairwise(order):
        assert centres[high] - centres[low] >= (heights[high] + heights[low]) / 2 - 1e-9
    for at, centre in enumerate(centres):
        assert heights[at] / 2 - 1e-9 <= centre <= sum(heights) + 10 - heights[at] / 2 + 1e-9


def test_labels_with_room_stay_where_they_are() -> None:
    assert apart([1, 5, 3], [1, 1, 1], 0, 6) == [1, 5, 3]
    assert apart([1, 5, 3.5], [1, 1, 1], 0, 6) == [1, 5, 3.5]


def test_labels_in_one_place_spread_around_it() -> None:
    assert apart([3, 3, 3], [1, 1, 1], 0, 6) == pytest.approx([2, 3, 4])
    assert apart([0, 0, 0], [1, 1, 1], 0, 6) == pytest.approx([0.5, 1.5, 2.5])
    assert apart([6, 6], [1, 2], 0, 6) == pytest.approx([3.5, 5])


def test_a_reference_may_change_from_place_to_place() -> None:
    steps = tuple(150.0 if at < 6 else 250.0 for at in range(12))
    stepped = dataclasses.replace(FIGURE, reference=Reference("budget", 250.0, steps))
    axes = page_of(stepped).axes[0]
    (drawn,) = (one for one in axes.get_lines() if one.get_drawstyle() == "steps-mid")
    assert np.array_equal(drawn.get_ydata(), steps)
    assert axes.get_ylim()[1] >= 250
    assert "budget: $250.00" in line.described(stepped)
