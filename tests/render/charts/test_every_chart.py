"""Whatever a chart shows, on every page that it may be for, every text can be read."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pkgutil import iter_modules
from typing import Any

import pytest
from matplotlib.figure import Figure as Page

from routecost.render.charts import draw, kinds
from routecost.render.charts.page.style import SIZES, THEMES
from tests.render.charts.figures import PLAIN
from tests.render.charts.hard_figures import HARD
from tests.render.charts.pages import off_the_page, overlaps, page_of, placed_texts, texts_of

SOME_HARD = {
    *("bars-long", "months-many-bands", "numbers-step", "panels-long", "tornado-many", "frontier-crowd"),
    *("reliability-one", "map-crowd", "tiers-long"),
}
"""Figures with all that makes one hard, of every kind: long names, odd texts, many labels."""


@pytest.mark.parametrize(
    ("name", "size"),
    [
        (name, size)
        if size == "doc" and name in SOME_HARD
        else pytest.param(name, size, marks=pytest.mark.slow)
        for name in HARD
        for size in SIZES
    ],
)
def test_no_text_is_cut_off_or_hides_another(name: str, size: str) -> None:
    page = page_of(HARD[name], size)
    placed = placed_texts(page)
    assert (off_the_page(page, placed), overlaps(placed)) == ([], [])


@pytest.mark.parametrize(
    "name",
    [name if at % 6 == 0 else pytest.param(name, marks=pytest.mark.slow) for at, name in enumerate(PLAIN)],
)
def test_a_theme_changes_colours_and_nothing_else(name: str) -> None:
    light, dark = (page_of(PLAIN[name], theme=theme) for theme in THEMES)
    placed = placed_texts(light)
    assert (off_the_page(light, placed), overlaps(placed)) == ([], [])
    assert [_rounded(light), _colors(light) & _colors(dark)] == [_rounded(dark), set()]


def _rounded(page: Page) -> list[tuple[str, list[float]]]:
    return [(text, places.round(3).ravel().tolist()) for text, places in placed_texts(page)]


def _colors(page: Page) -> set[Any]:
    return {text.get_color() for text in texts_of(page)} | {page.get_facecolor()}


def test_all_kinds_of_figures_are_tried() -> None:
    modules = (import_module(f"{kinds.__name__}.{module.name}") for module in iter_modules(kinds.__path__))
    drawn = {module.FIGURE for module in modules if hasattr(module, "FIGURE")}
    for figures in (PLAIN.values(), HARD.values(), [HARD[name] for name in SOME_HARD]):
        assert {type(figure) for figure in figures} == drawn


def test_the_measures_find_what_is_wrong() -> None:
    page = page_of(PLAIN["map"])
    first, second, *_ = (text for text in page.axes[0].texts if text.get_rotation())
    second.set_position(first.get_position())
    assert (first.get_text(), second.get_text()) in overlaps(placed_texts(page))
    first.set_position((-10, 0))
    assert off_the_page(page, placed_texts(page)) == [first.get_text()]


@pytest.mark.parametrize(
    "name",
    [name if name in {"map", "panels"} else pytest.param(name, marks=pytest.mark.slow) for name in PLAIN],
)
def test_the_same_figure_gives_the_same_bytes(name: str) -> None:
    first, second = BytesIO(), BytesIO()
    for sink in (first, second):
        draw(PLAIN[name], sink, "svg", theme="dark")
    assert first.getvalue() == second.getvalue()
