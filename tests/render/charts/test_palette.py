"""Both themes can be read: on screen, in grey print, by eyes that lack a kind of cones."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from routecost.render.charts.page.style import DASHES, THEMES, Theme
from tests.render.charts.colour import apart, contrast, lightness

TEXT, MARK = 4.5, 3.0
"""WCAG 2.2, criteria 1.4.3 and 1.4.11."""

TOLD_APART = 15.0
"""Distance in L*a*b*; 2.3 is just noticeable between large patches side by side, lines are thin."""

both = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def test_the_measures_measure() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lightness("#ffffff") == pytest.approx(100, abs=0.01)
    assert lightness("#777777") == pytest.approx(50.0, abs=0.1)
    # A red and a green that people without middle cones take for each other.
    assert apart("#d92626", "#7f7f00") < TOLD_APART < apart("#d92626", "#2626d9")


@both
def test_texts_stand_out_from_the_page(theme: Theme) -> None:
    for color in (theme.ink, theme.soft):
        assert contrast(color, theme.page) >= TEXT
    assert contrast(theme.ink, theme.area) >= TEXT


@both
def test_marks_stand_out_from_the_page(theme: Theme) -> None:
    for color in (theme.strong, theme.muted, theme.accent, theme.edge, *theme.lines):
        assert contrast(color, theme.page) >= MARK, color


@both
def test_grids_and_areas_stay_behind(theme: Theme) -> None:
    for color in (theme.grid, theme.area):
        assert 1.1 < contrast(color, theme.page) < 1.6


@both
def test_what_a_chart_is_about_stands_out_in_grey_too(theme: Theme) -> None:
    assert abs(lightness(theme.strong) - lightness(theme.muted)) >= 20
    assert abs(lightness(theme.accent) - lightness(theme.ink)) >= 20
    assert apart(theme.strong, theme.muted) >= TOLD_APART
    assert apart(theme.accent, theme.ink) >= TOLD_APART
    assert contrast(theme.strong, theme.page) > contrast(theme.muted, theme.page) + 1


@both
def test_the_scale_leaves_the_page_step_by_step(theme: Theme) -> None:
    far = [abs(lightness(color) - lightness(theme.page)) for color in theme.scale]
    assert all(after - before >= 8 for before, after in pairwise(far))


@both
def test_lines_of_one_dash_differ_in_grey_and_to_all_eyes(theme: Theme) -> None:
    looks = list(zip(theme.lines, DASHES, strict=True))
    assert len(set(looks)) == len(looks) == 8
    for (one, dashes), (other, others) in combinations(looks, 2):
        if dashes == others:
            assert abs(lightness(one) - lightness(other)) >= 15, (one, other)
            assert apart(one, other) >= TOLD_APART, (one, other)


@both
def test_neighbours_differ_in_dash_and_to_all_eyes(theme: Theme) -> None:
    looks = list(zip(theme.lines, DASHES, strict=True))
    for (one, dashes), (other, others) in pairwise(looks):
        assert dashes != others
        assert apart(one, other) >= TOLD_APART, (one, other)
    # The strong line is solid like the first of the others, and thicker.
    assert apart(theme.strong, theme.lines[0]) >= TOLD_APART


def test_themes_share_no_colour_of_text_or_page() -> None:
    light, dark = THEMES["light"], THEMES["dark"]
    assert lightness(light.page) > 95
    assert lightness(dark.page) < 15
    assert light.ink != dark.ink
