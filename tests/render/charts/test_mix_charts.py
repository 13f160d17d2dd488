"""Charts of mixes: a ternary map of three tiers, a line for two, a panel per tier for more."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.model.report.line_figure import Reference
from routecost.model.report.mix_figures import MixPanelsFigure, TernaryFigure
from routecost.model.report.report import BarFigure
from routecost.render.charts import draw
from routecost.render.charts.mixes.triangle import Triangle, bounded, clipped, level
from routecost.report.mixes.figure import figure as figure_of_sweep
from tests.render.charts.figures import changed
from tests.render.charts.mix_figures import MAP, TWO_TIERS, tiers
from tests.render.charts.pages import page_of

EVERY = ((0.0, 1.0), (0.0, 1.0), (0.0, 1.0))


def texts(figure: TernaryFigure | MixPanelsFigure) -> list[str]:
    return [text.get_text() for axes in page_of(figure).axes for text in axes.texts]


def test_a_map_answers_which_mixes_cost_less() -> None:
    lines = texts(MAP)
    assert "costs as much as all-sonnet: $202.50" in lines
    assert "\N{DOWNWARDS ARROW} costs less \N{DOWNWARDS ARROW}" in lines
    assert "all-haiku\n$54.00" in lines
    assert "100% sonnet\n$202.50" in lines
    assert any(text.startswith("routed") and text.endswith("$124.20") for text in lines)


def test_a_map_without_a_reference_in_it_claims_no_side() -> None:
    for reference in (None, Reference("far", 1e6)):
        assert not any("costs less" in text for text in texts(changed(MAP, reference=reference)))


def test_two_tiers_are_a_line_with_its_points_and_ends() -> None:
    lines = texts(TWO_TIERS)
    assert "share of large, the rest to small" in lines
    assert "half\n$202.50" in lines
    assert "all-large\n$337.50" in lines
    assert "$67.50" in lines
    assert "costs as much as half: $202.50" in lines
    assert len(page_of(TWO_TIERS).axes) == 2


def test_many_tiers_are_a_panel_each_on_one_scale() -> None:
    page = page_of(tiers(5))
    *plots, key = page.axes
    assert len(plots) == 5
    assert len({axes.get_ylim() for axes in plots}) == 1
    assert {"cheapest mix", "most expensive"} <= {text.get_text() for text in key.texts}


def test_what_is_drawn_suits_the_number_of_tiers_that_vary() -> None:
    fleet = "article-fleet"
    assert isinstance(figure_of_sweep(routecost.sweep(fleet)), TernaryFigure)
    two = figure_of_sweep(routecost.sweep(fleet, hold=["opus=5%"]))
    assert isinstance(two, MixPanelsFigure)
    assert len(two.panels) == 1
    assert isinstance(figure_of_sweep(routecost.sweep(fleet, hold=["opus=5%", "haiku=80%"])), BarFigure)


def test_the_map_of_the_articles_fleet() -> None:
    figure = figure_of_sweep(routecost.sweep("article-fleet"))
    assert isinstance(figure, TernaryFigure)
    assert (figure.corners, figure.bounds) == ((54.0, 202.5, 1012.5), EVERY)
    assert figure.reference == Reference("all-sonnet", 202.5)
    assert [point.name for point in figure.points if point.emphasis] == ["routed-80-15-5"]
    assert (
        figure.subtitle == "43 of 231 mixes of haiku, sonnet and opus in steps of 5%, with at most 15% opus"
    )


def test_values_that_are_not_finite_are_refused() -> None:
    for figure in (
        changed(MAP, corners=(1.0, float("nan"), 2.0)),
        changed(MAP, reference=Reference("x", float("inf"))),
    ):
        with pytest.raises(ValueError, match="not a finite number"):
            draw(figure, BytesIO(), "svg")


parts = st.floats(0, 1).filter(lambda part: part == 0 or part > 1e-3)
WHOLE = Triangle((0.0, 0.0, 0.0), 1.0, 5.0, (1.0, 2.0))


@given(parts, parts)
def test_a_place_on_the_map_has_the_shares_that_put_it_there(one: float, two: float) -> None:
    shares = (one * (1 - two), (1 - one) * (1 - two), two)
    assert WHOLE.shares(WHOLE.place(shares)) == pytest.approx(shares, abs=1e-9)


@given(st.tuples(parts, parts, parts), parts)
def test_the_ends_of_a_line_have_its_value(corners: tuple[float, float, float], value: float) -> None:
    def cost(shares: tuple[float, float, float]) -> float:
        return sum(share * corner for share, corner in zip(shares, corners, strict=True))

    ends = level(WHOLE.corners, cost, value)
    if ends is not None:
        assert [cost(end) for end in ends] == pytest.approx([value, value], abs=1e-6)
    elif min(corners) < value < max(corners):
        assert len(set(corners)) == 1


def test_bounds_cut_the_triangle() -> None:
    kept = bounded(WHOLE, ((0.5, 0.9), (0.0, 1.0), (0.0, 1.0)))
    assert {round(shares[0], 6) for shares in kept} == {0.5, 0.9}
    assert len(kept) == 4
    assert clipped(WHOLE.corners, lambda _: -1.0) == []
