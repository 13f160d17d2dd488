"""Report of a sweep of mixes."""

from __future__ import annotations

from collections.abc import Sequence

from routecost.model.report.cells import Bounds, Cell, raw
from routecost.model.report.report import Audience, Block, Meta, Note, Report, Table
from routecost.model.results.mix_sweep import TOTALS, Sweep
from routecost.report.caveats import (
    at_means,
    if_all_escalate,
    left_out,
    made_up,
    own_fees,
    own_payers,
    subscribed,
    unpriced_reviews,
    work_differs,
)
from routecost.report.mixes.figure import figure
from routecost.report.mixes.summary import columns, exact_share, notes, strategies, summary
from routecost.units import percent

MOST_ROWS = 60
"""Maximum number of mixes listed for people."""


def report(sweep: Sweep) -> Report:
    """Return the report of a sweep: a row per mix, or a summary for people if there are many."""
    is_long = sweep.count > MOST_ROWS
    blocks: list[Block] = [_points(sweep, is_long)]
    blocks += summary(sweep) if is_long else []
    blocks += notes(sweep)
    blocks += work_differs(sweep.calls_per_task)
    if sweep.why_not_linear is not None:
        blocks.append(Note.of(f"The cost of a mix is not linear in its shares: {sweep.why_not_linear}."))
    comparison = sweep.comparison
    blocks += own_fees(own_payers(comparison), "the mixes")
    blocks += subscribed(comparison, "the mixes")
    blocks += left_out(comparison.left_out)
    blocks += if_all_escalate(comparison)
    blocks += unpriced_reviews(comparison.unpriced_reviews)
    blocks += made_up(comparison.illustrative)
    blocks += at_means(comparison.at_means)
    blocks.append(strategies(sweep))
    return Report(
        command="sweep",
        shape="mixes",
        title=f"{comparison.scenario}: {_mixes(sweep.count)} in steps of {percent(sweep.lattice.step)}, "
        f"{comparison.pricing} prices as of {comparison.as_of}",
        meta=_meta(sweep),
        blocks=tuple(blocks),
        currency=comparison.currency,
        figure=figure(sweep),
    )


def _mixes(count: int) -> str:
    return f"{count:,} mix" + ("" if count == 1 else "es")


def _meta(sweep: Sweep) -> Meta:
    comparison = sweep.comparison
    return {
        "scenario": comparison.scenario,
        "currency": comparison.currency,
        "pricing": comparison.pricing,
        "as_of": comparison.as_of,
        "baseline": comparison.baseline,
        "default": comparison.default,
        "tiers": list(sweep.lattice.bases),
        "step": sweep.lattice.step,
        "mixes": sweep.count,
        "cheaper_than_default": None if sweep.cheaper is None else sweep.cheaper.count,
        **_below_in_total(sweep),
        **({} if sweep.cheaper_high is None else {"cheaper_than_default_high": sweep.cheaper_high}),
    }


def _below_in_total(sweep: Sweep) -> Meta:
    """Return the number of mixes below the default with failures, if these cost something; or its bounds."""
    if sweep.below is not None:
        most = sweep.count - sweep.below.not_less
        return {"total_cheaper_than_default_low": sweep.below.less, "total_cheaper_than_default_high": most}
    totals = sweep.totals
    if totals is None or totals.cheaper is None:
        return {}
    return {"total_cheaper_than_default": totals.cheaper.count}


def _points(sweep: Sweep, is_long: bool) -> Table:
    known = columns(sweep)
    ordered = tuple(known[key] for key in sweep.columns)
    if is_long:
        return Table("points", ordered, sweep.rows, audience=Audience.MACHINES, count=sweep.count)
    tiers = len(sweep.lattice.bases)
    rows = [[*map(exact_share, row[:tiers]), *_amounts(sweep, row)[tiers:]] for row in sweep.rows]
    return Table("points", ordered, rows)


def _amounts(sweep: Sweep, row: Sequence[float | None]) -> Sequence[Cell]:
    """Return a row whose amounts that are known in part have bounds."""
    by_key: dict[str, Cell] = dict(zip(sweep.columns, row, strict=True))
    for key in TOTALS:
        if key in by_key and f"{key}_low" in by_key and by_key[key] is None:
            by_key[key] = Bounds(*(raw(by_key[f"{key}_{end}"]) for end in ("low", "high")))
    return list(by_key.values())
