"""A plain figure of each kind, such as commands make."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from routecost.model.report.cells import Quantity, Range, Unit
from routecost.model.report.line_figure import (
    Band,
    LineFigure,
    LinePanel,
    LinePanelsFigure,
    Mark,
    Months,
    Names,
    Numbers,
    Points,
    Reference,
    Series,
    Spot,
)
from routecost.model.report.mix_figures import MixPoint
from routecost.model.report.reliability_figure import ReliabilityFigure, ReliabilityPanel, ReliabilityPoint
from routecost.model.report.report import Bar, BarFigure
from routecost.model.report.sensitivity_figures import FrontierFigure, TornadoBar, TornadoFigure
from routecost.model.scenario.horizon import Horizon
from tests.render.charts.about import ABOUT
from tests.render.charts.mix_figures import MAP, TWO_TIERS, tiers


def changed(figure: Any, **changes: Any) -> Any:
    """Return a figure with some of its fields changed."""
    return dataclasses.replace(figure, **changes)


BARS = BarFigure(
    title="my-fleet: spend per month by strategy",
    alt="Bars of the spend per month of each strategy.",
    bars=(
        Bar("all-haiku", 54.0),
        Bar("all-sonnet", 202.5),
        Bar("routed", 124.2, emphasis=True),
        Bar("all-opus", 1012.5, is_baseline=True),
    ),
    **ABOUT,
)


BOUNDS = changed(
    BARS,
    bars=(
        Bar("ranged", Range(54.0, 202.5), emphasis=True),
        Bar("open", Range(124.2, None)),
        Bar("unpriced", None),
        Bar("all-opus", Range(202.5, 1012.5), is_baseline=True),
    ),
    footnote="Light parts: from the least to the most. Fading ends: this or more. Unknown: no price.",
)


def grown(name: str, first: float, months: int = 12, growth: float = 1.05, emphasis: bool = False) -> Series:
    """Return a line that grows by a rate."""
    return Series(name, tuple(first * growth**at for at in range(months)), emphasis)


def months(count: int) -> Months:
    """Return so many months from February 2026."""
    return Months(Horizon(date(2026, 2, 1), count).first_days)


def over_months(*lines: Series, **changes: Any) -> LineFigure:
    """Return the figure of lines over months."""
    plain = LineFigure(
        title="my-fleet: spend per month by strategy",
        subtitle="The work grows by 5% a month",
        alt="Lines of the spend per month of each strategy.",
        across=months(len(lines[0].values)),
        lines=lines,
        **ABOUT,
    )
    return dataclasses.replace(plain, **changes)


MONTHS = over_months(
    grown("all-haiku", 54),
    grown("all-sonnet", 202.5),
    grown("routed", 124.2, emphasis=True),
    reference=Reference("budget", 150.0),
    mark=Mark(4, 124.2 * 1.05**4, "routed goes over budget in"),
)


def band_of(line: Series, per_month: float = 0.03) -> Band:
    """Return a band around a line that widens by some of its value each month."""
    low, high = (
        tuple(value * (1 + way * per_month * (at + 1)) for at, value in enumerate(line.heights))
        for way in (-1, 1)
    )
    return Band(line.name, low, high, "P10 to P90", line.start)


UNCERTAIN = changed(MONTHS, bands=tuple(map(band_of, MONTHS.lines)))
_FORECAST = Series("forecast", tuple(140 * 1.04**at for at in range(9)), emphasis=True, start=3)
ACTUALS = over_months(
    grown("plan", 124.2),
    _FORECAST,
    bands=(band_of(_FORECAST),),
    points=Points("actual spend", (120.0, 138.0, 131.0)),
    reference=Reference("budget", 150.0),
)
NUMBERS = LineFigure(
    title="my-fleet: spend per month by tokens.output",
    alt="Lines of the spend per month of each strategy.",
    across=Numbers((1000.0, 5000.0, 9000.0), "tokens.output"),
    lines=(Series("small", (10.0, 20.0, 30.0)), Series("large", (5.0, 25.0, 45.0), emphasis=True)),
    spots=(Spot(3000.0, 15.0, ("large", "small")),),
    **ABOUT,
)
NAMES = changed(
    NUMBERS, across=Names(("claude-article", "claude-2026-02", "claude-2026-11"), "pricing"), spots=()
)
GAPS = changed(
    NAMES,
    across=Names(("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"), "week"),
    lines=(
        Series("priced", (10.0, 20.0, 30.0, 5.0), emphasis=True),
        Series("bounded", (Range(5.0, 12.0), Range(8.0, None), None, Range(15.0, None))),
        Series("unpriced at the end", (12.0, 16.0, 18.0, None)),
    ),
    partial=(3,),
    footnote="Whiskers: from the least to the most. Open dots: this or more; or a part of a week.",
)
PACE = over_months(
    Series("expected", (29.0, 40.0, 51.0), emphasis=True, start=9, is_dashed=True),
    grown("plan", 5.0, growth=1.2),
    bands=(Band("expected", (29.0, 35.0, 42.0), (29.0, 46.0, 62.0), "P10 to P90", 9),),
    points=Points("spent", tuple(2.9 * at for at in range(1, 11)), is_line=True),
    reference=Reference("budget", 60.0),
    across=months(12),
)
PANELS = LinePanelsFigure(
    title="my-fleet: spend per month by tokens.output",
    subtitle="A panel for each value of pricing and cache_share",
    alt="Lines of the spend per month of each strategy.",
    across=NUMBERS.across,
    panels=tuple(
        LinePanel((f"{name}, cache_share ", Quantity(share, Unit.SHARE)), NUMBERS.lines)
        for name in ("claude-article", "claude-2026-11")
        for share in (0.0, 0.5)
    ),
    columns=2,
    **ABOUT,
)
TORNADO = TornadoFigure(
    title="my-fleet: what moves the cost of routed",
    subtitle="Each assumption alone, less and more",
    alt="Bars of the spend per month of routed where one assumption changes.",
    base=124.2,
    by=0.2,
    bars=(
        TornadoBar("tasks_per_day", 99.36, 149.04),
        TornadoBar("tokens.output", 110.0, 138.4),
        TornadoBar("cache.read", 130.0, None),
    ),
    **ABOUT,
)
FRONTIER = FrontierFigure(
    title="What success costs",
    subtitle="No other mix beats 101 of the 5,151 mixes of haiku, sonnet, opus in steps of 1%",
    alt="Cost against success of mixes.",
    across="share of tasks that succeed",
    outline=((54.0, 0.62), (202.5, 0.85), (1012.5, 0.93)),
    frontier=((54.0, 0.62), (202.5, 0.85), (1012.5, 0.93)),
    points=(
        MixPoint("all-haiku", (0.62,), 54.0),
        MixPoint("all-sonnet", (0.85,), 202.5),
        MixPoint("routed", (0.67,), 124.2, emphasis=True),
        MixPoint("all-opus", (0.93,), 1012.5),
    ),
    **ABOUT,
)
RELIABILITY = ReliabilityFigure(
    title="Reliability of the confidence of models",
    subtitle="calibrated on train, observed on held-out queries",
    alt="Observed by predicted success of 2 models.",
    panels=(
        ReliabilityPanel(
            "haiku",
            0.064,
            (
                ReliabilityPoint(0.16, 0.125, 0.05, 0.25),
                ReliabilityPoint(0.5, 0.45, 0.3, 0.6),
                ReliabilityPoint(0.92, 1.0, 0.91, 1.0),
            ),
        ),
        ReliabilityPanel("opus", 0.03, (ReliabilityPoint(0.86, 0.7, 0.56, 0.82),)),
    ),
    meaning="95% interval",
    source="evals.csv: 403 held-out queries",
)
PLAIN: dict[str, Any] = {
    "bars": BARS,
    "months": MONTHS,
    "uncertain": UNCERTAIN,
    "actuals": ACTUALS,
    "numbers": NUMBERS,
    "names": NAMES,
    "bounds": BOUNDS,
    "gaps": GAPS,
    "pace": PACE,
    "panels": PANELS,
    "tornado": TORNADO,
    "frontier": FRONTIER,
    "reliability": RELIABILITY,
    "map": MAP,
    "two-tiers": TWO_TIERS,
    "five-tiers": tiers(5),
}
"""Name -> a figure such as commands make; all kinds of figures are among them."""
