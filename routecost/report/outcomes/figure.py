"""Chart of models and policies by cost and quality."""

from __future__ import annotations

from routecost.model.outcomes.policies import Mixture
from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import MixPoint
from routecost.model.report.sensitivity_figures import Curve, FrontierFigure
from routecost.optimize.outcomes.learn.learned import Fitted, Learned
from routecost.report.outcomes.money import distinct_places


def figure(learned: Learned, name: str) -> FrontierFigure:
    """Return the chart of held-out results: models as points, policies as curves, and the chosen one."""
    chosen, currency = learned.chosen, learned.outcomes.currency
    points = [_point(model) for model in learned.models if model.name != chosen.name]
    families = dict.fromkeys(row.family for row in learned.curves if row.family != "single")
    curves = [_curve(learned, family) for family in families]
    return FrontierFigure(
        title="Cost and quality of policies",
        subtitle=f"held-out means; {chosen.name} is chosen",
        axis=f"cost per query, {currency}",
        across="quality",
        outline=(),
        frontier=tuple(_place(row) for row in (*learned.frontier, *learned.curves)),
        points=(*points, _point(chosen, emphasis=True)),
        source=f"{name}: {learned.promises.queries:,} held-out queries",
        alt=f"{len(learned.models)} models and {len(learned.frontier)} policies by cost and quality.",
        unit=Unit.MONEY,
        currency=currency,
        curves=tuple(curves),
        emphasized=chosen.family,
        places=distinct_places([row.held_out_cost.value for row in (*learned.models, chosen)]),
    )


def _curve(learned: Learned, family: str) -> Curve:
    """Return the curve of a family's policies; mixtures begin and end at models.

    The line is through those that no other one beats held out.
    """
    rows = [row for row in learned.curves if row.family == family]
    mixed = {model for row in rows if isinstance(row.policy, Mixture) for model in row.policy.shares}
    ends = [row for row in learned.models if row.name in mixed]
    places = sorted({_place(row): None for row in (*rows, *ends)}, key=lambda place: (place[0], -place[1]))
    line: list[tuple[float, float]] = []
    for place in places:
        if not line or place[1] > line[-1][1]:
            line.append(place)
    return Curve(family, tuple(line), tuple(place for place in places if place not in line))


def _place(row: Fitted) -> tuple[float, float]:
    return row.held_out_cost.value, row.held_out_quality.value


def _point(row: Fitted, *, emphasis: bool = False) -> MixPoint:
    return MixPoint(row.name, (row.held_out_quality.value,), row.held_out_cost.value, emphasis)
