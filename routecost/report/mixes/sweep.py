"""A sweep of mixes as a report: all of them for machines; for people, what they want to know of them."""

from __future__ import annotations

from routecost.model.report.report import Audience, Block, Meta, Report, Table
from routecost.model.results.mix_sweep import Sweep
from routecost.report.caveats import at_means, made_up
from routecost.report.mixes.figure import figure
from routecost.report.mixes.summary import columns, exact_share, notes, strategies, summary
from routecost.units import percent

MOST_ROWS = 60
"""The most mixes that people see row by row."""


def report(sweep: Sweep) -> Report:
    """Return the report of a sweep: a row per mix; many mixes are summed up for people."""
    is_long = sweep.count > MOST_ROWS
    blocks: list[Block] = [_points(sweep, is_long)]
    blocks += summary(sweep) if is_long else []
    blocks += notes(sweep)
    done = sweep.comparison
    blocks += made_up(done.illustrative)
    blocks += at_means(done.at_means)
    blocks.append(strategies(sweep))
    return Report(
        command="sweep",
        title=f"{done.scenario}: {_mixes(sweep.count)} in steps of {percent(sweep.lattice.step)}, "
        f"{done.pricing} prices as of {done.as_of}",
        meta=_meta(sweep),
        blocks=tuple(blocks),
        currency=done.currency,
        figure=figure(sweep),
    )


def _mixes(count: int) -> str:
    return f"{count:,} mix" + ("" if count == 1 else "es")


def _meta(sweep: Sweep) -> Meta:
    done = sweep.comparison
    return {
        "scenario": done.scenario,
        "currency": done.currency,
        "pricing": done.pricing,
        "as_of": done.as_of,
        "baseline": done.baseline,
        "default": done.default,
        "tiers": list(sweep.lattice.bases),
        "step": sweep.lattice.step,
        "mixes": sweep.count,
        "cheaper_than_default": None if sweep.cheaper is None else sweep.cheaper.count,
    }


def _points(sweep: Sweep, is_long: bool) -> Table:
    known = columns(sweep)
    ordered = tuple(known[key] for key in sweep.columns)
    if is_long:
        return Table("points", ordered, sweep.rows, audience=Audience.MACHINES, count=sweep.count)
    tiers = len(sweep.lattice.bases)
    rows = [[*map(exact_share, row[:tiers]), *row[tiers:]] for row in sweep.rows]
    return Table("points", ordered, rows)
