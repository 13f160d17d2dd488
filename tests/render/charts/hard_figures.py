"""Figures that are hard to draw: long names, many lines, wide or no ranges, odd texts."""

from __future__ import annotations

from typing import Any

from routecost.model.report.cells import Range, Unit
from routecost.model.report.line_figure import (
    Band,
    LinePanel,
    Mark,
    Names,
    Numbers,
    Points,
    Reference,
    Series,
    Spot,
)
from routecost.model.report.mix_figures import MixPoint
from routecost.model.report.report import Bar
from routecost.model.report.sensitivity_figures import TornadoBar
from tests.render.charts.figures import (
    ACTUALS,
    BARS,
    FRONTIER,
    NAMES,
    NUMBERS,
    PACE,
    PANELS,
    RELIABILITY,
    TORNADO,
    UNCERTAIN,
    band_of,
    changed,
    grown,
    months,
    over_months,
)
from tests.render.charts.mix_figures import MAP, TWO_TIERS, tiers

LONG = "a-strategy-with-a-long-name-and-a-review-by-the-next-tier"
WORDS = "Words that go on. " * 30

_TWELVE = tuple(Bar(f"{LONG} {at}", float(at + 1), is_baseline=at == 11) for at in range(12))
_MANY = tuple(grown(f"{LONG}-{at}", 100 + 10 * at, emphasis=at == 3) for at in range(12))
_SAME = tuple(grown(f"strategy-{at}", 100 + at / 10, emphasis=at == 3) for at in range(9))

HARD: dict[str, Any] = {
    "bars-long": changed(BARS, bars=_TWELVE, title="T" * 300, subtitle=WORDS, source=WORDS),
    "bars-wide": changed(BARS, bars=(Bar("a", -78.3), Bar("b", 1e12, is_baseline=True))),
    "bars-tiny": changed(BARS, bars=(Bar("a", 3.6e-7), Bar("b", 6.75e-5, is_baseline=True, emphasis=True))),
    "bars-nothing": changed(BARS, bars=(Bar("a", 0.0), Bar("b", 0.0, is_baseline=True))),
    "bars-strange": changed(BARS, bars=(Bar("$x^2$ \\frac{ $", 1.0, label="$1 to $2"), Bar("n\nl\x1b", 2.0))),
    "bars-one": changed(BARS, bars=(Bar("x" * 500, 1.0),)),
    "bars-bounds": changed(
        BARS,
        bars=(Bar(LONG, Range(1e6, 1e9)), Bar("b", Range(1e8, None), is_baseline=True), Bar("c", None)),
        footnote=WORDS,
    ),
    "bars-falling": changed(
        BARS, bars=(Bar("a", -78.3), Bar("b", -1.0)), axis="a change that has long words"
    ),
    "bars-unknown": changed(BARS, bars=(Bar("a", None), Bar("b", Range(0.0, None)))),
    "names-unknown": changed(
        NAMES,
        lines=(Series("a", (None, None, None)), Series(LONG, (1.0, None, Range(1e6, 2e9)))),
        footnote=WORDS,
    ),
    "months-pace-at-the-end": changed(
        PACE, points=changed(PACE.points, name=LONG, values=tuple(3.0 * at for at in range(12)))
    ),
    "months-many": over_months(*_MANY, reference=Reference("yearly budget / 12", 1e6)),
    "months-same": over_months(*_SAME, title="T" * 300, subtitle=WORDS),
    "months-many-bands": over_months(*_MANY, bands=tuple(band_of(line, 0.05) for line in _MANY)),
    "months-one": over_months(
        grown("only", 5.0, 1), mark=Mark(0, 5.0, "over in"), reference=Reference("b", 4.0)
    ),
    "months-one-band": over_months(
        grown("only", 5.0, 1), bands=(Band("only", (4.0,), (7.0,), "P10 to P90"),), points=Points("a", (6.0,))
    ),
    "months-wide": over_months(grown("tiny", 3.6e-7), grown("large", 1e12, emphasis=True)),
    "months-fifty-years": over_months(grown("falling", 10, 600, 0.9), grown("rising", 10, 600, 1.01)),
    "months-mark-at-the-end": over_months(
        grown("a", 1), mark=Mark(11, 1.05**11, f"{LONG} goes over budget in")
    ),
    "months-meanings": changed(
        UNCERTAIN,
        bands=tuple(changed(band, meaning=f"{at}: {LONG}") for at, band in enumerate(UNCERTAIN.bands)),
    ),
    "months-actuals-all": changed(ACTUALS, points=Points(LONG, tuple(100.0 + at for at in range(12)))),
    "numbers-step": changed(NUMBERS, spots=(Spot(4000.0, None, ("large", "small")),)),
    "numbers-wide": changed(NUMBERS, across=Numbers((0.0, 1e-9, 1e12), "$x$\n"), spots=()),
    "numbers-shares": changed(NUMBERS, across=Numbers((0.0, 0.25, 0.5), "cache_share", Unit.SHARE), spots=()),
    "names-long": changed(NAMES, across=Names((LONG, LONG, LONG), LONG)),
    "names-many": changed(
        NAMES,
        across=Names(tuple(f"claude-2026-{at:02}" for at in range(1, 13)), "pricing"),
        lines=(grown("all-haiku", 54), grown("routed", 124.2, emphasis=True)),
    ),
    "panels-twelve": changed(PANELS, panels=PANELS.panels * 3, columns=3),
    "panels-names": changed(PANELS, across=NAMES.across),
    "panels-many-lines": changed(PANELS, panels=(LinePanel(("all",), _MANY),) * 4, across=months(12)),
    "panels-long": changed(PANELS, panels=(LinePanel((LONG * 3,), NUMBERS.lines),) * 6, columns=3),
    "panels-one": changed(PANELS, panels=(LinePanel((LONG * 3,), NUMBERS.lines),), columns=1),
    "tornado-none": changed(TORNADO, bars=()),
    "tornado-flat": changed(TORNADO, bars=(TornadoBar(LONG, 0.0, 0.0),), base=0.0),
    "tornado-many": changed(
        TORNADO, bars=tuple(TornadoBar(f"{LONG}-{at}", 1e9 * at, -1e9 * at) for at in range(12, 0, -1))
    ),
    "tornado-one-sided": changed(
        TORNADO,
        base=100.0,
        bars=(
            TornadoBar("both-up", 120.0, 120.5),
            TornadoBar(LONG, 90.0, 60.0),
            TornadoBar("near the middle", 100.1, 100.2),
            TornadoBar("equal", 130.0, 130.0),
            TornadoBar("one end", None, 140.0),
        ),
    ),
    "frontier-outlier": changed(
        FRONTIER,
        points=(
            MixPoint("far-away", (0.5,), 1e6),
            *(MixPoint(f"{LONG}-{at}", (0.9 + at / 1000,), 50.0 + at, at == 2) for at in range(5)),
        ),
    ),
    "frontier-near": changed(
        FRONTIER,
        points=(MixPoint("all-haiku", (0.8,), 100.0), MixPoint("all-haiku-cached", (0.8,), 100.01)),
    ),
    "frontier-one": changed(FRONTIER, outline=((0.0, 0.5),), frontier=((0.0, 0.5),), points=()),
    "frontier-crowd": changed(
        FRONTIER, points=tuple(MixPoint(f"{LONG}-{at}", (0.7,), 500.0 + at) for at in range(4))
    ),
    "frontier-many": changed(
        FRONTIER,
        points=tuple(
            MixPoint(f"strategy-{at}", (0.62 + 0.03 * at,), 54.0 + 80 * at, at == 4) for at in range(10)
        ),
    ),
    "reliability-many": changed(
        RELIABILITY,
        panels=tuple(changed(RELIABILITY.panels[0], name=f"{LONG}-{at}") for at in range(12)),
        subtitle=WORDS,
        source=WORDS,
    ),
    "reliability-one": changed(
        RELIABILITY, panels=(changed(RELIABILITY.panels[1], name="$x^2$ \\frac{\n"),), title="T" * 300
    ),
    "map-bare": changed(MAP, points=(), reference=None, subtitle=None),
    "map-part": changed(MAP, bounds=((0.5, 0.9), (0.0, 0.5), (0.0, 0.5))),
    "map-close": changed(MAP, bounds=((0.85, 0.9), (0.05, 0.1), (0.0, 0.1))),
    "map-flat": changed(MAP, corners=(5.0, 5.0, 5.0)),
    "map-free": changed(MAP, corners=(0.0, 0.0, 0.0), reference=Reference("free", 0.0)),
    "map-tiny": changed(MAP, corners=(1e-9, 3e-9, 2e-8), reference=Reference("tiny", 4e-9)),
    "map-huge": changed(MAP, corners=(1e9, 3e11, 2e12), reference=Reference("huge", 4e11)),
    "map-turned": changed(MAP, corners=(1012.5, 54.0, 202.5)),
    "map-far": changed(MAP, reference=Reference("far", 1e6)),
    "map-short": changed(MAP, reference=Reference("short", 60.0)),
    "map-top": changed(MAP, reference=Reference("near the top", 1000.0)),
    "map-whole": changed(MAP, whole=0.9, bounds=((0.0, 0.9),) * 3),
    "map-long": changed(MAP, tiers=(LONG, LONG, LONG)),
    "map-words": changed(MAP, title="T" * 200, subtitle=WORDS),
    "map-strange": changed(MAP, tiers=("$x^2$", "\\frac{", "new\nline\x1b")),
    "map-crowd": changed(
        MAP,
        points=tuple(
            MixPoint(f"mix-{at}", (0.8 - at / 100, 0.15, 0.05 + at / 100), 124.0 + 9 * at) for at in range(6)
        ),
    ),
    "tiers-four": tiers(4),
    "tiers-six": tiers(6),
    "tiers-seven": tiers(7),
    "tiers-long": tiers(5, LONG),
    "two-tiers-bare": changed(TWO_TIERS, reference=None),
    "two-tiers-long": changed(TWO_TIERS, reference=Reference(LONG, 202.5)),
}
"""Name -> a figure with long names, many lines, wide or no ranges, or odd texts."""
