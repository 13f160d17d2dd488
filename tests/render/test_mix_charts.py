"""Charts of mixes: a ternary map of three tiers, a line for two, a panel per tier for more."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

import routecost
from routecost.model.line_figure import Reference
from routecost.model.mix_figures import MixPanel, MixPanelsFigure, MixPoint, TernaryFigure
from routecost.model.report import BarFigure, Unit
from routecost.render.charts import FORMATS, design, draw, panels, ternary
from routecost.render.charts.style import SIZES, THEMES, house_style
from routecost.render.charts.triangle import Triangle, bounded, clipped, level
from routecost.report.sweep_figure import figure as figure_of_sweep

SVG = "{http://www.w3.org/2000/svg}"
EVERY = ((0.0, 1.0), (0.0, 1.0), (0.0, 1.0))
LONG = "a-strategy-with-a-long-name-and-a-review-by-the-next-tier"

MAP = TernaryFigure(
    title="Which mixes cost less than all-sonnet?",
    axis="USD per month",
    tiers=("haiku", "sonnet", "opus"),
    corners=(54.0, 202.5, 1012.5),
    bounds=EVERY,
    points=(
        MixPoint("all-haiku", (1, 0, 0), 54.0),
        MixPoint("all-opus", (0, 0, 1), 1012.5),
        MixPoint("routed", (0.8, 0.15, 0.05), 124.2, emphasis=True),
    ),
    source="Prices: invented.",
    alt="Ternary map of <spend>.",
    unit=Unit.MONEY,
    currency="USD",
    subtitle="43 of 231 mixes",
    reference=Reference("all-sonnet", 202.5),
)
SHARES = tuple(at / 20 for at in range(21))
LINE = MixPanelsFigure(
    title="Which mixes cost less than half?",
    axis="USD per month",
    panels=(
        MixPanel(
            "share of large, the rest to small",
            SHARES,
            tuple(67.5 + 270 * share for share in SHARES),
            tuple(67.5 + 270 * share for share in SHARES),
            (MixPoint("half", (0.5,), 202.5, emphasis=True), MixPoint("all-large", (1.0,), 337.5)),
        ),
    ),
    source="Prices: invented.",
    alt="Line chart of <spend>.",
    unit=Unit.MONEY,
    currency="USD",
    subtitle="10 of 21 mixes",
    reference=Reference("half", 202.5),
)


def panel(name: str, rates: Sequence[float], at: int) -> MixPanel:
    """Return the panel of one of several tiers: all else goes to the cheapest, or to the dearest, other."""
    others = [rate for other, rate in enumerate(rates) if other != at]
    low, high = (
        tuple(share * rates[at] + (1 - share) * end for share in SHARES) for end in (min(others), max(others))
    )
    return MixPanel(
        f"share of {name}", SHARES, low, high, (MixPoint("routed", (0.2,), 100.0, emphasis=True),)
    )


def panels_of(count: int, name: str = "tier") -> MixPanelsFigure:
    rates = [10.0 * 3**at for at in range(count)]
    made = tuple(panel(f"{name}-{at}", rates, at) for at in range(count))
    return dataclasses.replace(LINE, panels=made, reference=Reference("default", 90.0))


def changed(figure: TernaryFigure, **changes: object) -> TernaryFigure:
    return dataclasses.replace(figure, **changes)  # type: ignore[arg-type]


MAPS = [
    MAP,
    changed(MAP, points=(), reference=None, subtitle=None),
    changed(MAP, bounds=((0.5, 0.9), (0.0, 0.5), (0.0, 0.5))),
    changed(MAP, bounds=((0.85, 0.9), (0.05, 0.1), (0.0, 0.1))),
    changed(MAP, corners=(5.0, 5.0, 5.0)),
    changed(MAP, corners=(0.0, 0.0, 0.0), reference=Reference("free", 0.0)),
    changed(MAP, corners=(1e-9, 3e-9, 2e-8), reference=Reference("tiny", 4e-9)),
    changed(MAP, corners=(1e9, 3e11, 2e12), reference=Reference("huge", 4e11)),
    changed(MAP, corners=(1012.5, 54.0, 202.5)),
    changed(MAP, reference=Reference("far", 1e6)),
    changed(MAP, reference=Reference("short", 60.0)),
    changed(MAP, reference=Reference("near the top", 1000.0)),
    changed(MAP, whole=0.9, bounds=((0.0, 0.9),) * 3),
    changed(MAP, tiers=(LONG, LONG, LONG)),
    changed(MAP, title="T" * 200, subtitle="Words that go on. " * 20),
    changed(MAP, tiers=("$x^2$", "\\frac{", "new\nline\x1b")),
]
PANELS = [LINE, *map(panels_of, (4, 5, 6, 7)), panels_of(5, LONG), dataclasses.replace(LINE, reference=None)]


def page_of(figure: TernaryFigure | MixPanelsFigure, size: str = "doc") -> Figure:
    with house_style(THEMES["light"]):
        if isinstance(figure, TernaryFigure):
            page = ternary.draw(figure, design(size))
        else:
            page = panels.draw(figure, design(size))
        page.canvas.draw()
    return page


def texts(figure: TernaryFigure | MixPanelsFigure) -> list[str]:
    return [text.get_text() for axes in page_of(figure).axes for text in axes.texts]


def off_the_page(page: Figure, found: Sequence[Text]) -> list[str]:
    boxes = ((text.get_text(), text.get_window_extent()) for text in found)
    return [
        text
        for text, box in boxes
        if text
        and not (box.x0 >= -1 and box.y0 >= -1 and box.x1 <= page.bbox.x1 + 1 and box.y1 <= page.bbox.y1 + 1)
    ]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("figure", [MAP, LINE, panels_of(5)])
def test_the_same_figure_gives_the_same_bytes(figure: TernaryFigure | MixPanelsFigure, kind: str) -> None:
    first, second = BytesIO(), BytesIO()
    draw(figure, first, kind)
    draw(figure, second, kind)
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("figure", [*MAPS, *PANELS])
def test_every_text_stays_on_the_page(figure: TernaryFigure | MixPanelsFigure, size: str) -> None:
    page = page_of(figure, size)
    ticks = [
        tick
        for axes in page.axes
        if axes.axison
        for tick in (*axes.get_xticklabels(), *axes.get_yticklabels())
    ]
    assert (
        off_the_page(page, [*page.texts, *(text for axes in page.axes for text in axes.texts), *ticks]) == []
    )


@pytest.mark.parametrize("figure", MAPS[:3] + MAPS[8:9])
def test_no_text_of_a_plain_map_hides_another(figure: TernaryFigure) -> None:
    page = page_of(figure)
    upright = [text for text in page.axes[0].texts if not text.get_rotation() and text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-2)) for text in upright]
    hidden = [
        (one, two)
        for at, (one, first) in enumerate(boxes)
        for two, second in boxes[at + 1 :]
        if first.overlaps(second)
    ]
    assert hidden == []


def test_maps_are_told_to_those_who_cannot_see_them() -> None:
    sink = BytesIO()
    draw(MAP, sink, "svg")
    assert ElementTree.fromstring(sink.getvalue())[1].text == (
        "Ternary map of <spend>. 100% haiku: $54.00; 100% sonnet: $202.50; 100% opus: $1,012.50; "
        "all-haiku: $54.00; all-opus: $1,012.50; routed: $124.20; all-sonnet: $202.50."
    )


def test_a_map_answers_which_mixes_cost_less() -> None:
    found = texts(MAP)
    assert "costs as much as all-sonnet: $202.50" in found
    assert "\N{DOWNWARDS ARROW} costs less \N{DOWNWARDS ARROW}" in found
    assert "all-haiku\n$54.00" in found
    assert "100% sonnet\n$202.50" in found
    assert any(text.startswith("routed") and text.endswith("$124.20") for text in found)


def test_a_map_without_a_reference_in_it_claims_no_side() -> None:
    for reference in (None, Reference("far", 1e6)):
        assert not any("costs less" in text for text in texts(changed(MAP, reference=reference)))


def test_two_tiers_are_a_line_with_its_points_and_ends() -> None:
    found = texts(LINE)
    assert "share of large, the rest to small" in found
    assert "half\n$202.50" in found
    assert "all-large\n$337.50" in found
    assert "$67.50" in found
    assert "costs as much as half: $202.50" in found
    assert len(page_of(LINE).axes) == 2


def test_many_tiers_are_a_panel_each_on_one_scale() -> None:
    page = page_of(panels_of(5))
    *plots, key = page.axes
    assert len(plots) == 5
    assert len({axes.get_ylim() for axes in plots}) == 1
    assert {"cheapest mix", "dearest"} <= {text.get_text() for text in key.texts}


def test_what_is_drawn_suits_the_number_of_tiers_that_vary() -> None:
    fleet = "article-fleet"
    assert isinstance(figure_of_sweep(routecost.sweep(fleet)), TernaryFigure)
    two = figure_of_sweep(routecost.sweep(fleet, hold=["opus=5%"]))
    assert isinstance(two, MixPanelsFigure)
    assert len(two.panels) == 1
    assert isinstance(figure_of_sweep(routecost.sweep(fleet, hold=["opus=5%", "haiku=80%"])), BarFigure)


def test_the_map_of_the_articles_fleet() -> None:
    made = figure_of_sweep(routecost.sweep("article-fleet"))
    assert isinstance(made, TernaryFigure)
    assert (made.corners, made.bounds) == ((54.0, 202.5, 1012.5), EVERY)
    assert made.reference == Reference("all-sonnet", 202.5)
    assert [point.name for point in made.points if point.emphasis] == ["routed-80-15-5"]
    assert made.subtitle == "43 of 231 mixes of haiku, sonnet and opus in steps of 5%, with at most 15% opus"


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
