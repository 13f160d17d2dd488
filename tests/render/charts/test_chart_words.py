"""Every chart has a text alternative, in every format."""

from __future__ import annotations

from html import unescape
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from routecost.model.report.line_figure import Series, Spot
from routecost.model.report.report import Bar, Report
from routecost.render import write
from routecost.render.charts import described, draw
from tests.render.charts.figures import ACTUALS, BARS, MONTHS, NAMES, NUMBERS, PANELS, PLAIN, changed, grown
from tests.render.charts.hard_figures import HARD
from tests.render.charts.mix_figures import MAP

_SEASON = (4.0, 3.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 9.0, 4.5)

SVG = "{http://www.w3.org/2000/svg}"

WORDS = {
    "bounds": (
        "Bars of the spend per month of each strategy. In USD per month: "
        "lowest ranged, $54.00 to $202.50; highest all-opus, $202.50 to $1,012.50. "
        "ranged: $54.00 to $202.50; open: $124.20 or more; unpriced: unknown; "
        "all-opus: $202.50 to $1,012.50 (baseline). "
        "Light parts: from the least to the most. Fading ends: this or more. Unknown: no price."
    ),
    "gaps": (
        "Lines of the spend per month of each strategy. In USD per month, with week 2026-11-23: "
        "lowest priced, $5.00; highest bounded, $15.00 or more. "
        "priced: $10.00 to $5.00, highest $30.00 with week 2026-11-16; "
        "bounded: from $5.00 to $12.00, to $15.00 or more; "
        "unpriced at the end: $12.00 to unknown, highest $18.00 with week 2026-11-16. "
        "Whiskers: from the least to the most. Open dots: this or more; or a part of a week."
    ),
    "bars": (
        "Bars of the spend per month of each strategy. "
        "In USD per month: lowest all-haiku, $54.00; highest all-opus, $1,012.50. "
        "all-haiku: $54.00; all-sonnet: $202.50; routed: $124.20; all-opus: $1,012.50 (baseline)."
    ),
    "months": (
        "Lines of the spend per month of each strategy. "
        "In USD per month, in Jan 2027: lowest all-haiku, $92.36; highest all-sonnet, $346.34. "
        "all-haiku: $54.00 to $92.36; all-sonnet: $202.50 to $346.34; routed: $124.20 to $212.42; "
        "budget: $150.00; routed goes over budget in Jun 2026."
    ),
    "actuals": (
        "Lines of the spend per month of each strategy. "
        "In USD per month, in Jan 2027: lowest forecast, $191.60; highest plan, $212.42. "
        "plan: $124.20 to $212.42; forecast: $140.00 to $191.60; "
        "P10 to P90 of forecast at the end: $139.87 to $243.33; "
        "actual spend: $120.00 to $131.00, highest $138.00 in Mar 2026; budget: $150.00."
    ),
    "numbers": (
        "Lines of the spend per month of each strategy. "
        "In USD per month, with tokens.output 9,000: lowest small, $30.00; highest large, $45.00. "
        "small: $10.00 to $30.00; large: $5.00 to $45.00; large = small at 3,000: $15.00."
    ),
    "tornado": (
        "Bars of the spend per month of routed where one assumption changes. In USD per month: "
        "lowest with 20% less tasks_per_day, $99.36; highest with 20% more tasks_per_day, $149.04. "
        "unchanged: $124.20; tasks_per_day: $99.36 if 20% less, $149.04 if 20% more; "
        "tokens.output: $110.00 if 20% less, $138.40 if 20% more; "
        "cache.read: $130.00 if 20% less, \N{EN DASH} if 20% more."
    ),
    "frontier": (
        "Cost against success of mixes. In USD per month, by share of tasks that succeed: "
        "lowest all-haiku, 62% for $54.00; highest all-opus, 93% for $1,012.50. "
        "all-haiku: 62% for $54.00; all-sonnet: 85% for $202.50; routed: 67% for $124.20; "
        "all-opus: 93% for $1,012.50; frontier: 62% for $54.00 to 93% for $1,012.50."
    ),
    "map": (
        "Map of the spend per month of mixes. "
        "In USD per month: lowest 100% haiku, $54.00; highest 100% opus, $1,012.50. "
        "100% haiku: $54.00; 100% sonnet: $202.50; 100% opus: $1,012.50; all-haiku: $54.00; "
        "all-opus: $1,012.50; routed: $124.20; all-sonnet: $202.50."
    ),
    "two-tiers": (
        "Line of the spend per month of mixes. In USD per month: "
        "lowest 0% share of large, the rest to small, $67.50; "
        "highest 100% share of large, the rest to small, $337.50. "
        "share of large, the rest to small, 0%: $67.50; share of large, the rest to small, 100%: $337.50; "
        "half: $202.50; all-large: $337.50."
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_charts_are_described_with_extremes_unit_and_values(name: str) -> None:
    assert described(PLAIN[name]) == WORDS[name]


def test_panels_are_described_one_by_one() -> None:
    assert described(changed(PANELS, panels=PANELS.panels[1:2])) == (
        "Lines of the spend per month of each strategy. In USD per month, with tokens.output 9,000: "
        "lowest small with claude-article, cache_share 50%, $30.00; "
        "highest large with claude-article, cache_share 50%, $45.00. "
        "claude-article, cache_share 50%: small $10.00 to $30.00, large $5.00 to $45.00."
    )


def test_a_peak_or_trough_between_the_ends_is_described() -> None:
    season = changed(MONTHS, lines=(grown("flat", 5.0, growth=1.0), Series("season", _SEASON)), mark=None)
    words = described(season)
    assert (
        "flat: $5.00 to $5.00; season: $4.00 to $4.50, lowest $2.00 in Apr 2026, highest $9.00 in Dec 2026"
        in words
    )
    late = changed(NAMES, lines=(Series("late", (2.0, 1.0), start=1),))
    assert "late: $2.00 to $1.00." in described(late)
    longer = changed(NUMBERS, lines=(Series("small", (1.0, 3.0, 2.0)),), spots=())
    assert "small: $1.00 to $2.00, highest $3.00 with tokens.output 5,000." in described(longer)


def test_a_peak_is_described_where_a_line_that_starts_late_has_it() -> None:
    forecast = Series("forecast", (1.0, 2.0, 9.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0), start=3)
    assert "highest $9.00 in Jul 2026" in described(changed(ACTUALS, lines=(forecast,), bands=()))


def test_a_map_tells_of_no_mix_that_does_not_count() -> None:
    part = described(changed(MAP, bounds=((0.5, 0.9), (0.0, 0.5), (0.1, 0.5)), points=()))
    assert "lowest 90% haiku, 10% opus, $149.85; highest 50% haiku, 50% opus, $533.25." in part
    assert "100%" not in part
    held = described(changed(MAP, whole=0.9, bounds=((0.0, 0.9),) * 3, points=()))
    assert "lowest 90% haiku, $54.00; highest 90% opus, $1,012.50." in held


def test_a_step_is_described_without_a_cost() -> None:
    step = changed(NUMBERS, spots=(Spot(4000.0, None, ("large", "small")),))
    assert described(step).endswith("; a price step beyond 4,000 changes the order.")


def test_what_is_equal_has_no_extremes() -> None:
    same = changed(BARS, bars=(Bar("a", 5.0), Bar("b", 5.0)))
    assert "In USD per month: all are $5.00. a: $5.00; b: $5.00." in described(same)
    assert "In USD per month. a: $5.00." in described(changed(BARS, bars=(Bar("a", 5.0),)))


def test_a_label_is_described_in_place_of_its_value() -> None:
    ranges = changed(BARS, bars=(Bar("a", 1.5, "$1 to $2"), Bar("b", 9.0)))
    assert "lowest a, $1 to $2; highest b, $9.00" in described(ranges)


def test_bands_and_points_are_described() -> None:
    words = described(ACTUALS)
    assert "P10 to P90 of forecast at the end: " in words
    assert "actual spend: $120.00 to $131.00" in words


QUICK = ("bars-strange", "map-strange", "panels")


@pytest.mark.parametrize(
    "name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in PLAIN if name not in QUICK)]
)
def test_svg_speaks_to_a_screen_reader(name: str) -> None:
    figure = (PLAIN | HARD)[name]
    root = ElementTree.fromstring(_drawn(figure, "svg"))
    title, description = root[0], root[1]
    assert (root.get("role"), title.tag, description.tag) == ("img", f"{SVG}title", f"{SVG}desc")
    assert (title.text, description.text) == (figure.title, described(figure))
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.slow  # bars do so in test_charts
@pytest.mark.parametrize("name", ["bars", "map"])
def test_png_and_pdf_carry_the_words(name: str) -> None:
    figure = PLAIN[name]
    info = Image.open(BytesIO(_drawn(figure, "png"))).info
    assert (info["Title"], info["Description"]) == (figure.title, described(figure))
    assert b"/Subject " in _drawn(figure, "pdf")


@pytest.mark.parametrize("name", ["bars", "map"])
def test_html_carries_the_words(name: str) -> None:
    figure = PLAIN[name]
    sink = StringIO()
    write(Report("compare", "Compare", {}, (), figure=figure), "html", sink)
    assert f">{described(figure)}</desc>" in unescape(sink.getvalue())


def _drawn(figure: Any, kind: str) -> bytes:
    sink = BytesIO()
    draw(figure, sink, kind)
    return sink.getvalue()
