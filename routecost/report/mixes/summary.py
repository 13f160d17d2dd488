"""Summary tables and notes for a sweep with many mixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Audience, Note, Table
from routecost.model.results.mix_sweep import (
    CheaperMixes,
    Highlight,
    MixQuality,
    PricedMix,
    ShareRange,
    Sweep,
)
from routecost.report import worst_case
from routecost.units import percent

MOST_ROWS = 20


def columns(sweep: Sweep) -> dict[str, Column]:
    """Return the columns of a sweep by their keys."""
    comparison = sweep.comparison
    shares = tuple(Column(tier, tier, Unit.SHARE) for tier in sweep.lattice.bases)
    calculated = (
        Column("cost_per_day", "per day", Unit.MONEY),
        Column("cost_per_month", "per month", Unit.MONEY),
        Column(
            "vs_baseline", f"vs. {comparison.baseline}", Unit.CHANGE, machine_only=comparison.baseline is None
        ),
        Column(
            "savings_per_month",
            f"below {comparison.default}",
            Unit.MONEY,
            machine_only=comparison.default is None,
        ),
        Column("quality", "success", Unit.SHARE, machine_only=sweep.quality is None),
        Column("on_frontier", "on frontier", Unit.FLAG, machine_only=sweep.quality is None),
        Column("cost_per_success", "per success", Unit.MONEY),
        Column("vs_baseline_low", "vs. the worst case", Unit.CHANGE, machine_only=True),
        Column("savings_per_month_high", "below the worst case", Unit.MONEY, machine_only=True),
    )
    return {column.key: column for column in (*shares, *calculated)}


_MOST_DIGITS = 9


def exact_share(value: Decimal | float | None) -> Cell:
    """Return a share to be shown in full: rounding would make mixes of a fine grid look equal."""
    if value is None:
        return None
    exact = Decimal(str(value))
    # The shares of a mix that follows from a table may be repeating decimals.
    return Shown(value, percent(exact)) if len(exact.as_tuple().digits) <= _MOST_DIGITS else value


def summary(sweep: Sweep) -> Iterator[Table]:
    """Yield the tables that replace the full list of mixes for people."""
    known = columns(sweep)
    keys = [*sweep.lattice.bases, "cost_per_month", "vs_baseline", "savings_per_month", "quality"]
    shown = [key for key in keys if not known[key].machine_only]
    rows = [[*_highlight_row(sweep, highlight, shown)] for highlight in sweep.highlights]
    heads = (Column("mix", "mix"), *(known[key] for key in shown))
    title = f"Highlighted mixes (--format csv lists all {sweep.count:,})"
    yield Table("landmarks", heads, rows, title=title, audience=Audience.PEOPLE)
    if sweep.quality is not None:
        yield _frontier(sweep, sweep.quality)
    if sweep.most_expensive_tier is not None:
        yield _by_share(sweep, sweep.most_expensive_tier)


def strategies(sweep: Sweep) -> Table:
    """Return the strategies shown on charts, on the grid or not, for machines."""
    known = columns(sweep)
    keys = [*sweep.lattice.bases, "cost_per_month", "vs_baseline", "quality"]
    rows = [
        (
            highlight.strategy,
            *highlight.mix.shares.values(),
            highlight.mix.cost_per_month,
            highlight.vs_baseline,
            quality_of(highlight, sweep),
        )
        for highlight in sweep.highlights
        if highlight.strategy is not None
    ]
    heads = (Column("strategy", "strategy"), *(known[key] for key in keys))
    return Table("strategies", heads, rows, audience=Audience.MACHINES)


def quality_of(highlight: Highlight, sweep: Sweep) -> Decimal | None:
    """Return the success rate of a strategy, else of its mix; None if unknown."""
    if sweep.quality is None:
        return None
    own = None if highlight.strategy is None else sweep.comparison[highlight.strategy].success_rate
    return sweep.quality.of(highlight.mix.shares) if own is None else own


def _highlight_row(sweep: Sweep, highlight: Highlight, keys: Sequence[str]) -> Iterator[Cell]:
    ends = " and ".join(highlight.ends)
    name = highlight.strategy or f"the {ends} of the grid"
    yield f"{name} ({ends})" if ends and highlight.strategy else name
    is_baseline = highlight.strategy is not None and highlight.strategy == sweep.comparison.baseline
    change = highlight.vs_baseline
    figures: dict[str, Cell] = {
        **{tier: exact_share(share) for tier, share in highlight.mix.shares.items()},
        "cost_per_month": highlight.mix.cost_per_month,
        "vs_baseline": Shown(change, "baseline") if is_baseline else change,
        "savings_per_month": highlight.savings_per_month,
        "quality": quality_of(highlight, sweep),
    }
    yield from (figures[key] for key in keys)


def _frontier(sweep: Sweep, quality: MixQuality) -> Table:
    """Return about ``MOST_ROWS`` mixes on the frontier."""
    known = columns(sweep)
    keys = (*sweep.lattice.bases, "quality", "cost_per_month", "cost_per_success")
    last = len(quality.frontier) - 1
    places = dict.fromkeys(at * last // (MOST_ROWS - 1) for at in range(MOST_ROWS))
    rows = [
        (*map(exact_share, mix.shares.values()), mix.quality, mix.cost_per_month, mix.cost_per_success)
        for mix in (quality.frontier[at] for at in places)
    ]
    some = f"; {len(rows)} of {quality.count:,}" if quality.count > len(rows) else ""
    title = f"Frontier: no other mix is better in both cost and success{some}"
    return Table("frontier", tuple(known[key] for key in keys), rows, title=title, audience=Audience.PEOPLE)


def _by_share(sweep: Sweep, tier: str) -> Table:
    """Return the cost range of mixes, and the count below the default, by share of a tier."""
    ranges = sweep.ranges[tier]
    kept = _worth_a_row(ranges, sweep.cheaper)
    heads = (
        Column("share", tier, Unit.SHARE),
        Column("cheapest", "cheapest per month", Unit.MONEY),
        Column("dearest", "most expensive", Unit.MONEY),
        Column("cheaper", f"less than {sweep.comparison.default}", Unit.COUNT, sweep.cheaper is None),
    )
    rows = [
        (
            exact_share(at_share.share),
            at_share.cheapest.cost_per_month,
            at_share.most_expensive.cost_per_month,
            _tally(sweep.cheaper, at_share),
        )
        for at_share in kept
    ]
    is_cut = kept[-1] is not ranges[-1]
    up_to = (
        f", up to the share above which no mix costs less than {sweep.comparison.default}" if is_cut else ""
    )
    return Table("by_share", heads, rows, title=f"By share of {tier}{up_to}", audience=Audience.PEOPLE)


def _tally(cheaper: CheaperMixes | None, at: ShareRange) -> Cell:
    if cheaper is None:
        return None
    less, mixes = cheaper.counts[at.share]
    return Shown(less, f"{less:,} of {mixes:,}" if mixes > 1 else "yes" if less else "no")


def _worth_a_row(ranges: tuple[ShareRange, ...], cheaper: CheaperMixes | None) -> tuple[ShareRange, ...]:
    """Return about ``MOST_ROWS`` shares, up to the first at which no mix beats the default."""
    beaten = [at for at, at_share in enumerate(ranges) if cheaper and cheaper.counts[at_share.share][0] == 0]
    worth = ranges[: beaten[0] + 1] if beaten and beaten[0] else ranges
    stride = max(1, -(-(len(worth) - 1) // MOST_ROWS))
    return (*worth[:-1:stride], worth[-1])


def notes(sweep: Sweep) -> Iterator[Note]:
    """Yield the number of mixes below the default, and the range of what they are compared with."""
    yield from _below_default(sweep)
    comparison = sweep.comparison
    for name in dict.fromkeys(filter(None, (comparison.default, comparison.baseline))):
        cost = comparison[name]
        if cost.cost_per_month_high != cost.cost_per_month:
            less = sweep.cheaper_high if name == comparison.default else None
            yield Note.of(
                f"If repeated work is {worst_case.AS_HARD}, {name} costs up to ",
                Quantity(cost.cost_per_month_high, Unit.MONEY),
                " a month"
                + ("" if less is None else f", and {less:,} of the {sweep.count:,} mixes cost less")
                + ". Other figures compare mixes with ",
                Quantity(cost.cost_per_month, Unit.MONEY),
                " a month.",
                warning=less is not None and sweep.cheaper is not None and less != sweep.cheaper.count,
            )


def _below_default(sweep: Sweep) -> Iterator[Note]:
    """Yield the number of mixes below the default, and their maximum share of the top tier."""
    if sweep.cheaper is None or sweep.comparison.default is None:
        return
    default = sweep.comparison[sweep.comparison.default]
    count, far = sweep.cheaper.count, sweep.cheaper.farthest
    yield Note.of(
        f"{_of_all(count, sweep.count)} less than {default.strategy} (default) at ",
        Quantity(default.cost_per_month, Unit.MONEY),
        " a month.",
    )
    if far is not None and sweep.most_expensive_tier is not None:
        yield _farthest(far, sweep.most_expensive_tier)


def _farthest(far: PricedMix, tier: str) -> Note:
    if not far.shares[tier]:
        return Note.of(f"None of them uses {tier}.")
    shares = ", ".join(f"{tier} {percent(share)}" for tier, share in far.shares.items() if share)
    return Note.of(
        f"Their maximum share of {tier} is {percent(far.shares[tier])}: {shares}, at ",
        Quantity(far.cost_per_month, Unit.MONEY),
        " a month.",
    )


def _of_all(cheaper: int, count: int) -> str:
    if count == 1:
        return "The mix costs" if cheaper else "The mix does not cost"
    if cheaper == 0:
        return f"None of the {count:,} mixes costs"
    which = "All" if cheaper == count else f"{cheaper:,} of the"
    return f"{which} {count:,} mixes cost{'s' if cheaper == 1 else ''}"
