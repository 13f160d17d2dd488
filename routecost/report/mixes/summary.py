"""Summary tables and notes for a sweep with many mixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Audience, Note, Table
from routecost.model.results.mix_sweep import (
    TOTALS,
    CheaperMixes,
    Highlight,
    MixesBelow,
    MixQuality,
    PricedMix,
    ShareRange,
    Sweep,
)
from routecost.report.caveats import named
from routecost.report.worst_case import amount_cell
from routecost.units import percent

MOST_ROWS = 20


def columns(sweep: Sweep) -> dict[str, Column]:
    """Return the columns of a sweep by their keys."""
    comparison = sweep.comparison
    below = f"below {comparison.default}"
    shares = tuple(Column(tier, tier, Unit.SHARE, each="tier") for tier in sweep.lattice.bases)
    calculated = (
        Column("cost_per_day", "per day", Unit.MONEY),
        Column("cost_per_month", "calls per month" if sweep.failures else "per month", Unit.MONEY),
        Column(
            "vs_baseline",
            f"vs. {comparison.baseline}",
            Unit.CHANGE,
            machine_only=comparison.baseline is None or bool(sweep.failures),
        ),
        Column("savings_per_month", below, Unit.MONEY, comparison.default is None or bool(sweep.failures)),
        Column("quality", "success", Unit.SHARE, machine_only=sweep.quality is None),
        Column("on_frontier", "on frontier", Unit.FLAG, sweep.quality is None or sweep.totals is not None),
        Column("cost_per_success", "calls per success" if sweep.failures else "per success", Unit.MONEY),
        Column("vs_baseline_low", "vs. the worst case", Unit.CHANGE, machine_only=True),
        Column("savings_per_month_high", "below the worst case", Unit.MONEY, machine_only=True),
        Column("total_cost_per_month", "total per month", Unit.MONEY, not sweep.failures),
        Column(
            "total_savings_per_month",
            f"total {below}",
            Unit.MONEY,
            not (sweep.failures and comparison.default),
        ),
        *(
            Column(key, key.replace("_", " "), Unit.MONEY, machine_only=True)
            for key in TOTALS
            if key.endswith(("_low", "_high"))
        ),
        Column("total_on_frontier", "on frontier", Unit.FLAG),
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
    keys = [*sweep.lattice.bases, "cost_per_month", "vs_baseline", "savings_per_month"]
    keys += ["total_cost_per_month", "total_savings_per_month", "quality"]
    shown = [key for key in keys if not known[key].machine_only]
    rows = [[*_highlight_row(sweep, highlight, shown)] for highlight in sweep.decisive.highlights]
    heads = (Column("mix", "mix"), *(known[key] for key in shown))
    title = f"Highlighted mixes (--format csv lists all {sweep.count:,})"
    yield Table("landmarks", heads, rows, title=title, audience=Audience.PEOPLE)
    if sweep.decisive.quality is not None:
        yield _frontier(sweep, sweep.decisive.quality)
    if sweep.decisive.most_expensive_tier is not None and not sweep.is_unknown:
        yield _by_share(sweep.decisive, sweep.decisive.most_expensive_tier)


def strategies(sweep: Sweep) -> Table:
    """Return the strategies shown on charts, on the grid or not, for machines."""
    known = columns(sweep)
    keys = [*sweep.lattice.bases, "cost_per_month", "vs_baseline", "quality"]
    totals = [key for key in sweep.columns if key in TOTALS]
    rows = [
        (
            highlight.strategy,
            *highlight.mix.shares.values(),
            highlight.mix.cost_per_month,
            highlight.vs_baseline,
            quality_of(highlight, sweep),
            *(_end(highlight, key) for key in totals),
        )
        for highlight in sweep.highlights
        if highlight.strategy is not None
    ]
    heads = (Column("strategy", "strategy"), *(known[key] for key in keys + totals))
    return Table("strategies", heads, rows, audience=Audience.MACHINES)


def _end(highlight: Highlight, key: str) -> Decimal | None:
    """Return the total or the savings of a highlight: the amount if it is known, or an end."""
    amount = highlight.total_savings if "savings" in key else highlight.total
    if amount is None:
        return None
    return amount.low if key.endswith("_low") else amount.high if key.endswith("_high") else amount.known


def quality_of(highlight: Highlight, sweep: Sweep) -> Decimal | None:
    """Return the success rate of a strategy, else of its mix; None if unknown."""
    if sweep.quality is None:
        return None
    own = None if highlight.strategy is None else sweep.comparison[highlight.strategy].success_rate
    return sweep.quality.of(highlight.mix.shares) if own is None else own


def _highlight_row(sweep: Sweep, highlight: Highlight, keys: Sequence[str]) -> Iterator[Cell]:
    ends = " and ".join(f"{end}{' calls' * sweep.is_unknown}" for end in highlight.ends)
    mix = highlight.mix
    calls = sweep.calls_of(mix) if sweep.totals is not None else mix.cost_per_month
    if highlight.strategy is not None:
        calls = sweep.comparison[highlight.strategy].cost_per_month
    name = highlight.strategy or f"the {ends} of the grid"
    yield f"{name} ({ends})" if ends and highlight.strategy else name
    is_baseline = highlight.strategy is not None and highlight.strategy == sweep.comparison.baseline
    change = highlight.vs_baseline
    figures: dict[str, Cell] = {
        **{tier: exact_share(share) for tier, share in mix.shares.items()},
        "cost_per_month": calls,
        "vs_baseline": Shown(change, "baseline") if is_baseline else change,
        "savings_per_month": highlight.savings_per_month,
        "total_cost_per_month": amount_cell(highlight.total),
        "total_savings_per_month": amount_cell(highlight.total_savings),
        "quality": quality_of(highlight, sweep),
    }
    yield from (figures[key] for key in keys)


def _frontier(sweep: Sweep, quality: MixQuality) -> Table:
    """Return about ``MOST_ROWS`` mixes on the frontier."""
    known = columns(sweep)
    money: tuple[str, ...] = ("cost_per_month", "cost_per_success")
    heads = [known[key] for key in money]
    if sweep.totals is not None:
        heads = [Column(f"total_{key}", f"total per {key.split('_')[-1]}", Unit.MONEY) for key in money]
    heads = [*(known[key] for key in (*sweep.lattice.bases, "quality")), *heads]
    last = len(quality.frontier) - 1
    places = dict.fromkeys(at * last // (MOST_ROWS - 1) for at in range(MOST_ROWS))
    rows = [
        (*map(exact_share, mix.shares.values()), mix.quality, mix.cost_per_month, mix.cost_per_success)
        for mix in (quality.frontier[at] for at in places)
    ]
    some = f"; {len(rows)} of {quality.count:,}" if quality.count > len(rows) else ""
    what = "total cost" if sweep.totals is not None else "call cost" if sweep.failures else "cost"
    title = f"Frontier: no other mix is better in both {what} and success{some}"
    return Table("frontier", tuple(heads), rows, title=title, audience=Audience.PEOPLE)


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
    title = f"By share of {tier}{', including failures' if sweep.failures else ''}{up_to}"
    return Table("by_share", heads, rows, title=title, audience=Audience.PEOPLE)


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
    yield from _below_default(sweep.decisive)
    comparison = sweep.comparison
    for name in dict.fromkeys(filter(None, (comparison.default, comparison.baseline))):
        cost = comparison[name]
        usual, high = cost.cost_per_month, cost.cost_per_month_high
        if sweep.totals is not None and cost.total_cost_per_month is not None:
            usual, high = cost.total_cost_per_month, cost.total_cost_per_month_high or high
        if high != usual:
            less = sweep.decisive.cheaper_high if name == comparison.default else None
            yield Note.of(
                f"If {comparison.worst_of.condition}, {name} costs up to ",
                Quantity(high, Unit.MONEY),
                f" a month{', including failures' if sweep.totals else ''}"
                + ("" if less is None else f", and {less:,} of the {sweep.count:,} mixes cost less")
                + ". Other figures compare mixes with ",
                Quantity(usual, Unit.MONEY),
                " a month.",
                warning=less is not None and less != getattr(sweep.decisive.cheaper, "count", less),
            )


def _below_default(sweep: Sweep) -> Iterator[Note]:
    """Yield the number of mixes below the default, and their maximum share of the top tier."""
    if sweep.cheaper is None or sweep.comparison.default is None:
        return
    default = sweep.comparison[sweep.comparison.default]
    if sweep.below is not None:
        yield _surely_below(sweep, sweep.below, sweep.cheaper.count)
        return
    count, far = sweep.cheaper.count, sweep.cheaper.farthest
    cost = default.total_cost_per_month if sweep.failures else default.cost_per_month
    yield Note.of(
        f"{_of_all(count, sweep.count)} less than {default.strategy} (default) at ",
        Quantity(cost, Unit.MONEY),
        f" a month{', including failures' if sweep.failures else ''}.",
    )
    if far is not None and sweep.most_expensive_tier is not None:
        yield _farthest(far, sweep.most_expensive_tier)


def _surely_below(sweep: Sweep, below: MixesBelow, calls: int) -> Note:
    """Return how many mixes cost less than the default, including failures, as far as that is known."""
    unsure = sweep.count - below.less - below.not_less
    given = f", if a lower tier fails no less often on {named(below.assumed)}" if below.assumed else ""
    than = f"less than {sweep.comparison.default} (default)"
    if sweep.count == 1:
        verb = "costs" if below.less else "may or may not cost" if unsure else "does not cost"
        counts, of_calls = f"the mix {verb} {than}{given}", "it costs less" if calls else "it does not"
    else:
        unknown = f"; of {unsure:,} it is unknown" if unsure else ""
        counts = f"{below.less:,} of the {sweep.count:,} mixes cost {than}, {below.not_less:,} do not{given}"
        counts, of_calls = counts + unknown, f"{calls:,} cost less"
    return Note.of(
        f"Including failures, {counts}. The cost of failures of {named(below.unknown)} is unknown on some "
        f"tiers: set success and failure_cost. On call costs alone, {of_calls}.",
        warning=True,
    )


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
