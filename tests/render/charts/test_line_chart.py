"""Charts of lines over months: where their labels are, and how they differ."""

from __future__ import annotations

import dataclasses
from datetime import date
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from routecost.model.report.line_figure import Band, LineFigure, Points, Reference, Series
from routecost.model.scenario.horizon import Horizon
from routecost.render.charts import described, draw
from routecost.render.charts.lines.month_axis import month_ticks
from routecost.render.charts.page.label_spacing import spaced
from routecost.render.charts.page.style import THEMES
from tests.render.charts.figures import ACTUALS, MONTHS, UNCERTAIN, changed, grown, over_months
from tests.render.charts.pages import page_of

FIRST = date(2026, 2, 1)
NINE = over_months(*(grown(f"strategy-{at}", 100 + at / 10, emphasis=at == 3) for at in range(9)))


def texts(figure: LineFigure) -> list[str]:
    return [text.get_text() for text in page_of(figure).axes[0].texts]


def test_lines_are_labelled_at_their_ends_with_their_last_value() -> None:
    lines = texts(MONTHS)
    for label in ("all-haiku  $92.36", "all-sonnet  $346.34", "routed  $212.42", "budget  $150.00"):
        assert label in lines
    assert "routed goes over budget in Jun 2026" in lines


def test_a_reference_far_above_is_named_but_does_not_flatten_the_lines() -> None:
    far = dataclasses.replace(MONTHS, reference=Reference("budget", 100_000.0))
    assert page_of(far).axes[0].get_ylim()[1] < 400
    assert "budget  $100,000.00 ↑" in " ".join(texts(far)) or "$100,000.00 ↑" in texts(far)
    near = dataclasses.replace(MONTHS, reference=Reference("budget", 500.0))
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


def test_bands_lie_around_their_lines_in_their_colour() -> None:
    axes = page_of(UNCERTAIN).axes[0]
    fills = {
        to_hex(np.asarray(fill.get_facecolor())[0]): np.asarray(fill.get_paths()[0].vertices)
        for fill in axes.collections
    }
    theme = THEMES["light"]
    assert list(fills) == [theme.lines[0], theme.lines[1], theme.strong]
    for band, corners in zip(UNCERTAIN.bands, fills.values(), strict=True):
        assert corners[:, 1].min() == pytest.approx(min(band.low))
        assert corners[:, 1].max() == pytest.approx(max(band.high))


def test_the_axis_has_room_for_bands_and_points() -> None:
    tall = Band("routed", (100.0,) * 12, (900.0,) * 12, "P10 to P90")
    assert page_of(changed(MONTHS, bands=(tall,))).axes[0].get_ylim() == (0, 900)
    assert page_of(changed(MONTHS, points=Points("actual", (700.0,)))).axes[0].get_ylim() == (0, 700)


def test_bands_are_explained_once_and_points_named() -> None:
    page = page_of(UNCERTAIN)
    assert [text.get_text() for text in page.axes[-1].texts] == ["USD per month", "P10 to P90"]
    assert "actual spend" in texts(ACTUALS)


def test_a_line_may_begin_late() -> None:
    forecast = next(line for line in page_of(ACTUALS).axes[0].lines if np.size(line.get_xdata()) == 9)
    assert list(np.asarray(forecast.get_xdata())) == list(range(3, 12))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bands": (Band("nobody", (1.0,), (2.0,), "P10 to P90"),)}, 'no line "nobody" for its band'),
        ({"bands": (Band("routed", (1.0,), (2.0,), "P10 to P90"),)}, "does not have a value for each"),
        ({"points": Points("actual", (1.0,) * 13)}, '"actual" has 13 values for 12 places'),
        ({"lines": (Series("short", (1.0,)),)}, '"short" does not have a value for each'),
    ],
)
def test_what_does_not_fit_its_places_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(changed(MONTHS, **{"mark": None, **change}), BytesIO(), "svg")


def test_values_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        draw(over_months(Series("a", (float("nan"),))), BytesIO(), "svg")


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
    centres = spaced(places, heights, 0, sum(heights) + 10)
    order = sorted(range(len(wanted)), key=lambda at: centres[at])
    assert [places[at] for at in order] == sorted(places)
    for low, high in pairwise(order):
        assert centres[high] - centres[low] >= (heights[high] + heights[low]) / 2 - 1e-9
    for at, centre in enumerate(centres):
        assert heights[at] / 2 - 1e-9 <= centre <= sum(heights) + 10 - heights[at] / 2 + 1e-9


def test_labels_with_room_stay_where_they_are() -> None:
    assert spaced([1, 5, 3], [1, 1, 1], 0, 6) == [1, 5, 3]
    assert spaced([1, 5, 3.5], [1, 1, 1], 0, 6) == [1, 5, 3.5]


def test_labels_in_one_place_spread_around_it() -> None:
    assert spaced([3, 3, 3], [1, 1, 1], 0, 6) == pytest.approx([2, 3, 4])
    assert spaced([0, 0, 0], [1, 1, 1], 0, 6) == pytest.approx([0.5, 1.5, 2.5])
    assert spaced([6, 6], [1, 2], 0, 6) == pytest.approx([3.5, 5])


def test_a_reference_may_change_from_place_to_place() -> None:
    steps = tuple(150.0 if at < 6 else 250.0 for at in range(12))
    stepped = dataclasses.replace(MONTHS, reference=Reference("budget", 250.0, steps))
    axes = page_of(stepped).axes[0]
    (drawn,) = (one for one in axes.get_lines() if one.get_drawstyle() == "steps-mid")
    assert np.array_equal(drawn.get_ydata(), steps)
    assert axes.get_ylim()[1] >= 250
    assert "budget: $250.00" in described(stepped)
