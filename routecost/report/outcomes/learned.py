"""Report of the policies that outcomes support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from routecost.model.outcomes.policies import CategoryRouting, SystemRouting
from routecost.model.report.cells import Cell, Column, Quantity, Range, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.optimize.outcomes.data import Split
from routecost.optimize.outcomes.learn.learned import Fitted, Learned
from routecost.report.outcomes.figure import figure
from routecost.report.outcomes.limits import limit_notes
from routecost.report.outcomes.money import distinct_places, money_places
from routecost.report.outcomes.risk import risk_notes

if TYPE_CHECKING:
    from routecost.optimize.outcomes.export.table import LearnedTable

_FEW_HELD = 0.8
"""Below this share of kept promises on train, a warning says so."""

_MORE_PLACES = 2
"""The most decimal places more than usual that tell different costs of a table apart."""

MOST_SHOWN = 12
"""The most policies of the frontier in a table for display."""

_COLUMNS = (
    Column("policy", "policy"),
    Column("family", "family", machine_only=True),
    Column("cost_per_query", "cost (train)", Unit.MONEY),
    Column("quality", "quality (train)", Unit.SHARE),
    Column("expected_quality", "expected", Unit.SHARE),
    Column("held_out_cost_per_query", "cost (held out)", Unit.MONEY),
    Column("held_out_quality", "quality (held out)", Unit.SHARE),
    Column("held_out_cost_low", "cost, low", Unit.MONEY, machine_only=True),
    Column("held_out_cost_high", "cost, high", Unit.MONEY, machine_only=True),
    Column("held_out_quality_low", "95% interval", Unit.SHARE),
    Column("held_out_quality_high", "quality, high", Unit.SHARE, machine_only=True),
    Column("regret", "regret", Unit.SHARE),
    Column("regret_at_cost", "regret at this cost", Unit.SHARE, machine_only=True),
    Column("chosen", "chosen", Unit.FLAG),
    Column("within_risk", "within risk", Unit.FLAG, machine_only=True),
    Column("risk_test", "test of risk", machine_only=True),
)
_ROUTES = (Column("category", "category"), Column("model", "model"), Column("share", "share", Unit.SHARE))
_STEPS = (
    Column("model", "model"),
    Column("called", "called", Unit.SHARE),
    Column("answered", "answered", Unit.SHARE),
    Column("quality", "quality of these", Unit.SHARE),
)
_CALIBRATION = (
    Column("model", "model"),
    Column("calibration_error", "calibration error", Unit.SHARE),
    Column("calibration_error_low", "error, low", Unit.SHARE, machine_only=True),
    Column("calibration_error_high", "error, high", Unit.SHARE, machine_only=True),
    Column("why", "why not known"),
)
_RELIABILITY = (
    Column("model", "model"),
    Column("queries", "queries", Unit.COUNT),
    Column("probability", "predicted", Unit.SHARE),
    Column("score", "observed", Unit.SHARE),
)


def report(learned: Learned, name: str, table: LearnedTable | None = None) -> Report:
    """Return the report of what was learned from the outcomes called ``name``; ``table`` is written."""
    chosen, options = learned.chosen, learned.options
    return Report(
        command="optimize-outcomes",
        title=f"{name}: policies learned from {_count(learned, Split.TRAIN):,} of {len(learned.outcomes):,} "
        "queries",
        meta={
            "outcomes": name,
            "currency": learned.outcomes.currency,
            "queries": {str(split): _count(learned, split) for split in Split},
            "chosen": chosen.name,
            "reference": learned.reference,
            "budget": options.budget,
            "min_quality": options.min_quality,
            "risk": options.risk,
            "margin": None if options.risk is None else options.margin,
            "lambda": learned.price,
            "held": sum(row.held for row in learned.frontier) / len(learned.frontier),
        },
        blocks=tuple(_blocks(learned, table)),
        currency=learned.outcomes.currency,
        figure=figure(learned, name),
    )


def _count(learned: Learned, split: Split) -> int:
    return int((learned.outcomes.splits == split).sum())


def _blocks(learned: Learned, table: LearnedTable | None) -> Iterator[Block]:
    rows = list(learned.frontier)
    shown = _thinned(rows, learned.chosen)
    title = "Frontier: no policy is better on train at this cost"
    if any(row.name == learned.chosen.name and _beaten(row, rows) for row in rows):
        title += "; and the chosen policy"
    if len(shown) < len(rows):
        yield _table("frontier", rows, learned, title, Audience.MACHINES)
        title += f" ({len(shown)} of {len(rows)})"
        yield _table("frontier_shown", shown, learned, title, Audience.PEOPLE)
    else:
        yield _table("frontier", rows, learned, title)
    yield _table("families", learned.families, learned, "Choice of each family")
    yield _table("models", learned.models, learned, "Single models")
    if isinstance(learned.chosen.policy, CategoryRouting | SystemRouting):
        yield _routes(learned.chosen.policy)
    steps = [(step.model, step.called, step.answered, step.quality) for step in learned.steps]
    yield Table("steps", _STEPS, steps, f"Calls of {learned.chosen.name}, held out")
    if learned.reliability:
        yield from _reliability(learned)
    if table is not None:
        yield _table("written_table", [table.policy], learned, "Routing table written", Audience.MACHINES)
    yield from _notes(learned)
    yield from limit_notes(learned, table)


def _beaten(policy: Fitted, rows: Sequence[Fitted]) -> bool:
    """Whether another policy is at least as good on train, and no more expensive."""
    return any(
        row is not policy and row.cost <= policy.cost and row.quality >= policy.quality for row in rows
    )


def _thinned(rows: Sequence[Fitted], chosen: Fitted) -> list[Fitted]:
    """Return at most ``MOST_SHOWN`` rows, evenly spaced, with the first, the last and the chosen one."""
    last = len(rows) - 1
    if last < MOST_SHOWN:
        return list(rows)
    places = {round(at * last / (MOST_SHOWN - 2)) for at in range(MOST_SHOWN - 1)}
    places |= {at for at, row in enumerate(rows) if row.name == chosen.name}
    return [rows[at] for at in sorted(places)]


def _table(
    name: str, rows: Sequence[Fitted], learned: Learned, title: str, audience: Audience = Audience.ALL
) -> Table:
    costs = [fitted.cost for fitted in rows], [fitted.held_out_cost.value for fitted in rows]
    least = money_places([model.cost for model in learned.models])
    places = max(least, *(min(least + _MORE_PLACES, distinct_places(column)) for column in costs))
    cells = [list(_row(fitted, fitted.name == learned.chosen.name, places)) for fitted in rows]
    return Table(name, _COLUMNS, cells, title, audience)


def _row(fitted: Fitted, is_chosen: bool, places: int) -> Iterator[Cell]:
    cost, quality = fitted.held_out_cost, fitted.held_out_quality
    yield from (fitted.name, fitted.family, Quantity(fitted.cost, Unit.MONEY, places=places), fitted.quality)
    yield fitted.expected_quality
    yield from (Quantity(cost.value, Unit.MONEY, places=places), quality.value)
    yield from (cost.low, cost.high, Range(quality.low, quality.high), quality.high)
    yield from (fitted.regret.quality, fitted.regret.quality_at_cost, is_chosen, fitted.passes)
    yield fitted.tested


def _routes(policy: CategoryRouting | SystemRouting) -> Table:
    routes = {**policy.routes, "(others)": policy.default}
    rows = [(name, model, share) for name, shares in routes.items() for model, share in shares.items()]
    return Table("routes", _ROUTES, rows, "Model of each category")


def _reliability(learned: Learned) -> Iterator[Block]:
    errors = [
        (
            row.model,
            *((row.error.value, row.error.low, row.error.high) if row.error else (None,) * 3),
            row.why,
        )
        for row in learned.reliability
    ]
    columns = _CALIBRATION if any(row.why for row in learned.reliability) else _CALIBRATION[:-1]
    yield Table(
        "calibration",
        columns,
        [row[: len(columns)] for row in errors],
        "Calibration error of the confidence of models, held out",
    )
    bins = [
        (row.model, part.count, part.probability, part.score)
        for row in learned.reliability
        for part in row.bins
    ]
    yield Table(
        "reliability",
        _RELIABILITY,
        bins,
        "Reliability: predicted and observed success, held out",
        Audience.ALL if 0 < len(bins) <= 2 * MOST_SHOWN else Audience.MACHINES,
    )


def _notes(learned: Learned) -> Iterator[Note]:
    yield _chosen_note(learned)
    yield _promise_note(learned)
    if learned.price is not None:
        yield Note.of(
            "The price of the budget (lambda): ",
            Quantity(1 / learned.price / 100, Unit.MONEY),
            " more per query buys one point of quality on train.",
        )
    yield from risk_notes(learned)
    yield from _positive_note(learned)
    for family, why in learned.skipped.items():
        yield Note.of(f'No policy of the family "{family}": {why}.', warning=True)


def _positive_note(learned: Learned) -> Iterator[Note]:
    """Yield a warning of confidences that are no log probabilities, which the transform needs."""
    outcomes, transform = learned.outcomes, learned.options.transform
    if outcomes.confidence is None or transform == "identity":
        return
    greatest = outcomes.confidence.max(axis=0, initial=0.0, where=~np.isnan(outcomes.confidence))
    models = [model for model, value in zip(outcomes.models, greatest.tolist(), strict=True) if value > 0]
    if models:
        yield Note.of(
            f"Confidences of {', '.join(models)} are above 0, and the transform {transform} is for log "
            "probabilities, which are at most 0: no cascade can stop at these models. Confidences from 0 to "
            "1 need no transform.",
            warning=True,
        )


def _chosen_note(learned: Learned) -> Note:
    chosen = learned.chosen
    model = next(model for model in learned.models if model.name == learned.reference)
    saved = 1 - chosen.held_out_cost.value / model.held_out_cost.value if model.held_out_cost.value else 0.0
    gap = chosen.held_out_quality.value - model.held_out_quality.value
    if chosen.name == model.name:
        return Note.of(f"{chosen.name} is chosen, which is the reference model.")
    cost: tuple[str | Quantity, ...] = ("as much as",)
    if saved:
        cost = Quantity(abs(saved), Unit.SHARE), f" {'less' if saved > 0 else 'more'} than"
    return Note.of(
        f"{chosen.name} is chosen. Held out, it costs ",
        *cost,
        f" {model.name} (reference), and its quality is {_points(gap)}{_interval(learned)}; the oracle's is "
        f"{_points(chosen.regret.quality)}.",
    )


def _interval(learned: Learned) -> str:
    """Return the interval of the difference of qualities in points, as a sentence shows it."""
    if learned.difference is None:
        return ""
    low, high = (100 * end for end in (learned.difference.quality.low, learned.difference.quality.high))
    return f" (95% interval of the difference: {low:+.1f} to {high:+.1f})"


def _points(gap: float) -> str:
    """Return a difference of qualities in points, as a sentence shows it."""
    size = f"{100 * abs(gap):.1f}"
    return "the same" if float(size) == 0 else f"{size} points {'higher' if gap > 0 else 'lower'}"


def _promise_note(learned: Learned) -> Note:
    """Return how far the results on train held on queries that no policy was fitted to."""
    rows, chosen = learned.frontier, learned.chosen
    gap = sum(row.held_out_quality.value - row.quality for row in rows) / len(rows)
    held = sum(row.held for row in rows)
    excess = f"{100 * (chosen.quality - chosen.expected_quality):.1f}"
    expected = f" By cross-validation, the quality of {chosen.name} on train is too high by {excess} points."
    return Note.of(
        f"Train promises: {held} of {len(rows)} policies of the frontier keep the cost and quality of train "
        "on held-out queries, within the sampling error of both (95%). The quality is on average "
        f"{_points(gap)} there.{expected if float(excess) else ''}",
        warning=held < _FEW_HELD * len(rows),
    )
