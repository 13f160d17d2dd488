"""Chart of a sweep of mixes, chosen by the number of tiers that vary."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import Reference
from routecost.model.report.mix_figures import MixPanel, MixPanelsFigure, MixPoint, TernaryFigure
from routecost.model.report.report import Bar, BarFigure, Figure
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.mix_sweep import Highlight, Sweep
from routecost.report.mixes.frontier_figure import frontier_figure
from routecost.report.worst_case import drawn
from routecost.units import listed, percent


def figure(sweep: Sweep) -> Figure:
    """Return bars for one mix, a line for two tiers, a ternary map for three, else a panel per tier.

    All but bars are of totals if these are known, else of calls.
    """
    sweep = sweep.decisive
    if sweep.quality is not None and sweep.lattice.caps:
        about = _about(sweep, "Cost and success rate of mixes by")
        if sweep.failures and not sweep.is_unknown:
            about["axis"] += ", calls and failures"
        return frontier_figure(sweep, sweep.quality, about)
    match tuple(sweep.lattice.caps):
        case ():
            return _bars(sweep)
        case (_, high):
            what = "Line chart of monthly spend by"
            return MixPanelsFigure(panels=(_panel(sweep, high, _two_tiers(sweep)),), **_about(sweep, what))
        case (low, middle, high) if sweep.why_not_linear is None:
            return _ternary(sweep, (low, middle, high))
        case tiers:
            panels = tuple(_panel(sweep, tier, f"share of {tier}") for tier in tiers)
            what = "Lowest and highest monthly spend by"
            return MixPanelsFigure(panels=panels, **_about(sweep, what))


def _about(sweep: Sweep, what: str) -> dict[str, Any]:
    """Return the fields common to all figures."""
    comparison = sweep.comparison
    tiers = listed(sweep.lattice.caps or sweep.lattice.bases)
    reference = None if comparison.default is None else comparison[comparison.default]
    name = "" if reference is None else f"{reference.strategy}{' (calls)' * sweep.is_unknown}"
    asked = comparison.default is not None and not sweep.is_unknown
    of_calls = "Call costs" if sweep.is_unknown else "Monthly spend"
    return {
        "title": f"Which mixes cost less than {comparison.default}?"
        if asked
        else f"{of_calls} of mixes of {tiers}",
        "subtitle": _subtitle(sweep, tiers) + counted(sweep),
        "axis": f"{comparison.currency} per month",
        "source": f"Prices: {comparison.pricing}, as of {comparison.as_of}. Scenario: {comparison.scenario}.",
        "alt": f"{what} the shares of {tiers}.",
        "unit": Unit.MONEY,
        "currency": comparison.currency,
        "reference": reference and Reference(name, float(_amount(sweep, reference))),
    }


def counted(sweep: Sweep) -> str:
    """Return what the amounts of a chart count, if failures cost something."""
    below = sweep.below
    if below is not None:
        counts = f"{below.less:,} surely cost less than {sweep.comparison.default}, {below.not_less:,} do not"
        return f"; including failures, {counts}"
    if sweep.is_unknown:
        return "; failures are unknown in part"
    return "; calls and failures" if sweep.failures else ""


def _amount(sweep: Sweep, cost: StrategyCost) -> Decimal:
    total = cost.total_cost_per_month if sweep.failures and not sweep.is_unknown else None
    return cost.cost_per_month if total is None else total


def _subtitle(sweep: Sweep, tiers: str) -> str:
    lattice = sweep.lattice
    if not lattice.caps:
        return ", ".join(f"{tier} {percent(share)}" for tier, share in lattice.bases.items())
    fixed = [f"{tier} fixed at {percent(share)}" for tier, share in lattice.fixed.items() if share]
    grid = ", ".join([f"mixes of {tiers} in steps of {percent(lattice.step)}", *fixed])
    if sweep.cheaper is None or sweep.is_unknown:
        return f"{sweep.count:,} {grid}"
    far, tier = sweep.cheaper.farthest, sweep.most_expensive_tier
    most = "" if far is None or tier is None else f", with at most {percent(far.shares[tier])} {tier}"
    return f"{sweep.cheaper.count:,} of {sweep.count:,} {grid}{most}"


def _ternary(sweep: Sweep, tiers: tuple[str, str, str]) -> TernaryFigure:
    low, middle, high = (float(sweep.corner(tier)) for tier in tiers)
    spans = ((float(least), float(most)) for least, most in map(sweep.lattice.span, tiers))
    first, second, third = spans
    return TernaryFigure(
        tiers=tiers,
        corners=(low, middle, high),
        bounds=(first, second, third),
        whole=float(sweep.lattice.whole),
        points=tuple(_point(sweep, highlight, tiers) for highlight in _placed(sweep)),
        **_about(sweep, "Ternary map of monthly spend by"),
    )


def _panel(sweep: Sweep, tier: str, label: str) -> MixPanel:
    ranges = sweep.ranges[tier]
    in_it = [_point(sweep, highlight, (tier,)) for highlight in _placed(sweep)]
    return MixPanel(
        label=label,
        shares=tuple(float(at_share.share) for at_share in ranges),
        low=tuple(float(at_share.cheapest.cost_per_month) for at_share in ranges),
        high=tuple(float(at_share.most_expensive.cost_per_month) for at_share in ranges),
        points=tuple(point for point in in_it if point.shares[0] or len(sweep.lattice.caps) == 2),
    )


def _two_tiers(sweep: Sweep) -> str:
    low, high = sweep.lattice.caps
    return f"share of {high}; the rest is {low}"


def _placed(sweep: Sweep) -> list[Highlight]:
    """Return the strategies on the chart: those with the same shares of the fixed tiers."""
    fixed = sweep.lattice.fixed
    return [
        highlight
        for highlight in sweep.highlights
        if highlight.strategy and all(highlight.mix.shares[tier] == share for tier, share in fixed.items())
    ]


def _point(sweep: Sweep, highlight: Highlight, tiers: tuple[str, ...]) -> MixPoint:
    return MixPoint(
        name=highlight.strategy or "",
        shares=tuple(float(highlight.mix.shares[tier]) for tier in tiers),
        value=float(highlight.mix.cost_per_month),
        emphasis=highlight.strategy == sweep.comparison.proposed,
    )


def _bars(sweep: Sweep) -> BarFigure:
    """Return bars of the single mix and the strategies."""
    title = {"title": "Cost of the mix and of the strategies"}
    about = _about(sweep, "Bar chart of the monthly spend of the mix and of each strategy:")
    del about["reference"]
    about["subtitle"] = _subtitle(sweep, "")
    if sweep.failures:
        about["axis"] += ", calls and failures"
    bars = tuple(
        Bar(
            highlight.strategy or "the mix",
            drawn(highlight.total) if highlight.total else float(highlight.mix.cost_per_month),
            emphasis=bool(highlight.ends),
            is_baseline=highlight.strategy is not None and highlight.strategy == sweep.comparison.baseline,
        )
        for highlight in sweep.highlights
    )
    return BarFigure(bars=bars, **(about | title))
