"""Charts of sweeps and of assumptions: what stands where."""

from __future__ import annotations

import pytest

from routecost.render.charts.page.style import THEMES
from tests.render.charts.figures import NUMBERS, TORNADO
from tests.render.charts.hard_figures import HARD
from tests.render.charts.pages import page_of


def test_crossings_are_named_where_they_are() -> None:
    texts = [text.get_text().replace("\n", " ") for text in page_of(NUMBERS).axes[0].texts]
    assert "large = small at 3,000: $15.00" in texts


def test_assumptions_moved_up_and_down_differ_in_colour_and_are_explained() -> None:
    page, theme = page_of(TORNADO), THEMES["light"]
    colors = [patch.get_facecolor() for patch in page.axes[0].patches]
    assert len(colors) == 5  # an assumption that cannot be moved up has one bar
    assert len(set(colors)) == 2
    assert [text.get_text() for text in page.axes[-1].texts] == ["20% less", "20% more", "unchanged: $124.20"]
    assert [line.get_color() for line in page.axes[-1].lines] == [theme.muted, theme.strong, theme.ink]


@pytest.mark.slow
def test_many_panels_stand_side_by_side_where_the_page_is_wide() -> None:
    def columns(size: str) -> int:
        *plots, _ = page_of(HARD["panels-twelve"], size).axes
        return len({round(axes.get_position().x0, 3) for axes in plots})

    assert (columns("doc"), columns("slide")) == (3, 6)
