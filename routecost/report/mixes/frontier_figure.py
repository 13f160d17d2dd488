"""Chart of mixes by cost and success rate, with the frontier."""

from __future__ import annotations

from typing import Any

from routecost.model.report.mix_figures import MixPoint
from routecost.model.report.sensitivity_figures import FrontierFigure
from routecost.model.results.mix_sweep import MixQuality, Sweep
from routecost.report.mixes.summary import quality_of
from routecost.units import percent


def frontier_figure(sweep: Sweep, quality: MixQuality, about: dict[str, Any]) -> FrontierFigure:
    """Return the figure of a sweep with success rates; ``about`` has the common fields."""
    tiers = ", ".join(sweep.lattice.caps)
    own = {
        "title": "Call cost of success" if sweep.is_unknown else "Cost of success",
        "subtitle": f"{quality.count:,} of {sweep.count:,} mixes of {tiers} are on the frontier, "
        f"in steps of {percent(sweep.lattice.step)}",
    }
    kept = {key: value for key, value in about.items() if key != "reference"}
    return FrontierFigure(
        **(kept | own),
        across="success rate",
        outline=quality.outline,
        frontier=tuple((float(mix.cost_per_month), float(mix.quality)) for mix in quality.frontier),
        points=tuple(_points(sweep)),
    )


def _points(sweep: Sweep) -> list[MixPoint]:
    known = [
        (highlight, quality_of(highlight, sweep)) for highlight in sweep.highlights if highlight.strategy
    ]
    return [
        MixPoint(
            highlight.strategy or "",
            (float(rate),),
            float(highlight.mix.cost_per_month),
            emphasis=highlight.strategy == sweep.comparison.proposed,
        )
        for highlight, rate in known
        if rate is not None
    ]
