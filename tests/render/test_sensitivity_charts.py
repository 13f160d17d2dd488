"""Charts of sweeps, of assumptions and of the frontier: whatever the figures, every text can be read."""

from __future__ import annotations

import dataclasses
from io import BytesIO
from itertools import combinations
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from routecost.model.line_figure import (
    LineFigure,
    LinePanel,
    LinePanelsFigure,
    Names,
    Numbers,
    Series,
    Spot,
)
from routecost.model.mix_figures import MixPoint
from routecost.model.report import Quantity, Unit
from routecost.model.sensitivity_figures import FrontierFigure, TornadoBar, TornadoFigure
from routecost.render.charts import FORMATS, design, draw, frontier, line, line_panels, tornado
from routecost.render.charts.style import SIZES, THEMES, house_style

LONG = "a-strategy-with-a-long-name-and-a-review-by-the-next-tier"
ABOUT: dict[str, Any] = {
    "title": "my-fleet",
    "axis": "USD per month",
    "source": "Prices: invented.",
    "alt": "A chart.",
    "unit": Unit.MONEY,
    "currency": "USD",
}
LINES = LineFigure(
    across=Numbers((1000.0, 5000.0, 9000.0), "tokens.output"),
    lines=(Series("small", (10.0, 20.0, 30.0)), Series("large", (5.0, 25.0, 45.0), emphasis=True)),
    spots=(Spot(3000.0, 15.0, ("large", "small")),),
    **ABOUT,
)
NAMES = dataclasses.replace(
    LINES, across=Names(("claude-article", "claude-2026-02", "claude-2026-11"), "pricing"), spots=()
)
PANELS = LinePanelsFigure(
    across=LINES.across,
    panels=tuple(
        LinePanel((f"{name}, cache_share ", Quantity(share, Unit.SHARE)), LINES.lines)
        for name in ("claude-article", "claude-2026-11")
        for share in (0.0, 0.5)
    ),
    columns=2,
    **ABOUT,
)
TORNADO = TornadoFigure(
    base=100.0,
    by=0.2,
    bars=(TornadoBar("tasks_per_day", 80.0, 120.0), TornadoBar("cache.read", 105.0, None)),
    **ABOUT,
)
FRONTIER = FrontierFigure(
    across="share of tasks that succeed",
    outline=((54.0, 0.62), (202.5, 0.85), (1012.5, 0.93)),
    frontier=((54.0, 0.62), (202.5, 0.85), (1012.5, 0.93)),
    points=(
        MixPoint("all-haiku", (0.62,), 54.0),
        MixPoint("routed", (0.67,), 124.2, emphasis=True),
        MixPoint("all-opus", (0.93,), 1012.5),
    ),
    **ABOUT,
)
CASES = [
    (line, LINES),
    (line, NAMES),
    (line, dataclasses.replace(LINES, across=Numbers((0.0, 0.25, 0.5), "cache_share", Unit.SHARE), spots=())),
    (line, dataclasses.replace(LINES, spots=(Spot(4000.0, None, ("large", "small")),))),
    (line, dataclasses.replace(NAMES, across=Names((LONG, LONG, LONG), LONG))),
    (line, dataclasses.replace(LINES, across=Numbers((0.0, 1e-9, 1e12), "$x$\n"), spots=())),
    (line_panels, PANELS),
    (line_panels, dataclasses.replace(PANELS, across=NAMES.across)),
    (line_panels, dataclasses.replace(PANELS, panels=PANELS.panels * 3, columns=3)),
    (line_panels, dataclasses.replace(PANELS, panels=(LinePanel((LONG * 3,), LINES.lines),), columns=1)),
    (tornado, TORNADO),
    (tornado, dataclasses.replace(TORNADO, bars=())),
    (tornado, dataclasses.replace(TORNADO, bars=(TornadoBar(LONG, 100.0, 100.0),), base=0.0)),
    (
        tornado,
        dataclasses.replace(
            TORNADO, bars=tuple(TornadoBar(f"{LONG}-{at}", 1e9 * at, -1e9 * at) for at in range(12, 0, -1))
        ),
    ),
    (frontier, FRONTIER),
    (frontier, dataclasses.replace(FRONTIER, outline=((0.0, 0.5),), frontier=((0.0, 0.5),), points=())),
    (
        frontier,
        dataclasses.replace(
            FRONTIER, points=tuple(MixPoint(f"{LONG}-{at}", (0.7,), 500.0 + at) for at in range(4))
        ),
    ),
]


def page_of(module: ModuleType, figure: object, size: str) -> Figure:
    with house_style(THEMES["light"]):
        page: Figure = module.draw(figure, design(size))
        page.draw_without_rendering()
    return page


def texts_of(page: Figure) -> list[Text]:
    found = [*page.texts]
    for axes in page.axes:
        found += [*axes.texts, axes.xaxis.label]
        if axes.axison:
            found += [*axes.get_xticklabels(), *axes.get_yticklabels()]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("module", "figure"), CASES)
def test_every_text_stays_on_the_page(module: ModuleType, figure: object, size: str) -> None:
    page = page_of(module, figure, size)
    for text in texts_of(page):
        box = text.get_window_extent()
        assert box.x0 >= -0.5, text
        assert box.x1 <= page.bbox.x1 + 0.5, text
        assert box.y0 >= -0.5, text
        assert box.y1 <= page.bbox.y1 + 0.5, text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("module", "figure"),
    [(line, LINES), (line, NAMES), (line_panels, PANELS), (tornado, TORNADO), (frontier, FRONTIER)],
)
def test_no_text_hides_another(module: ModuleType, figure: object, size: str) -> None:
    texts = texts_of(page_of(module, figure, size))
    for one, other in combinations(texts, 2):
        shared = one.get_window_extent().padded(-1), other.get_window_extent().padded(-1)
        assert not shared[0].overlaps(shared[1]), (one, other)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("figure", [LINES, PANELS, TORNADO, FRONTIER])
def test_the_same_figure_gives_the_same_bytes(figure: Any, kind: str) -> None:
    first, second = BytesIO(), BytesIO()
    draw(figure, first, kind)
    draw(figure, second, kind)
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (LINES, "A chart. small: $10.00 to $30.00; large: $5.00 to $45.00; large = small at 3,000: $15.00."),
        (
            dataclasses.replace(LINES, spots=(Spot(4000.0, None, ("large", "small")),)),
            (
                "A chart. small: $10.00 to $30.00; large: $5.00 to $45.00; "
                "a price step beyond 4,000 changes the order."
            ),
        ),
        (
            dataclasses.replace(PANELS, panels=PANELS.panels[1:2]),
            "A chart. claude-article, cache_share 50%: small $10.00 to $30.00, large $5.00 to $45.00.",
        ),
        (
            TORNADO,
            (
                "A chart. as it is: $100.00; tasks_per_day: $80.00 if less, $120.00 if more; "
                "cache.read: $105.00 if less, \N{EN DASH} if more."
            ),
        ),
        (
            FRONTIER,
            (
                "A chart. all-haiku: 62% for $54.00; routed: 67% for $124.20; all-opus: 93% for $1,012.50; "
                "frontier: 62% for $54.00 to 93% for $1,012.50."
            ),
        ),
    ],
)
def test_charts_are_told_to_those_who_cannot_see_them(figure: Any, told: str) -> None:
    sink = BytesIO()
    draw(figure, sink, "svg")
    assert ElementTree.fromstring(sink.getvalue())[1].text == told


def test_crossings_are_named_where_they_are() -> None:
    texts = [text.get_text().replace("\n", " ") for text in page_of(line, LINES, "doc").axes[0].texts]
    assert "large = small at 3,000: $15.00" in texts
