"""A ternary map: what mixes of three tiers cost, by colour and by lines of equal cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import TernaryFigure
from routecost.render.charts.mixes.ternary_field import draw_field, draw_lines, draw_scale
from routecost.render.charts.mixes.ternary_labels import draw_points
from routecost.render.charts.mixes.ternary_layout import laid_out
from routecost.render.charts.mixes.ternary_reference import draw_cheaper, draw_reference
from routecost.render.charts.mixes.ternary_sides import draw_sides
from routecost.render.charts.mixes.triangle import Shares, Triangle, bounded
from routecost.render.charts.page.alt_text import extremes, sentences
from routecost.render.charts.page.design import Design
from routecost.render.charts.page.label_boxes import Box
from routecost.render.charts.page.title_block import framed
from routecost.render.rounding import shown, shown_column

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE = TernaryFigure

_DIGITS = 8  # of shares; geometry leaves less than that behind


def draw(figure: TernaryFigure, design: Design) -> Figure:
    """Return the chart as a matplotlib figure, to be saved within ``designs.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    made = laid_out(figure, frame)
    page = frame.page(made.height)
    axes = frame.axes(page, 0, made.height, right=0)
    axes.set_axis_off()
    axes.set_xlim(0, design.width)
    axes.set_ylim(0, made.height)
    taken: list[Box] = []
    draw_field(axes, made)
    draw_sides(axes, made, taken)
    draw_scale(axes, made)
    draw_reference(axes, made, taken)
    draw_points(axes, made, taken)
    draw_cheaper(axes, made, taken)
    draw_lines(axes, made, taken)
    return page


def described(figure: TernaryFigure) -> str:
    """Return the figure in words: the corners of the mixes that count, the named ones, the reference."""
    corners = [_corner(figure, corner) for corner in bounded(_whole(figure), figure.bounds)]
    named = corners + [(point.name, point.value) for point in figure.points]
    named += [] if figure.reference is None else [(figure.reference.name, figure.reference.value)]
    values = shown_column([value for _, value in named], figure.unit, figure.currency)
    told = [f"{name}: {value}" for (name, _), value in zip(named, values, strict=True)]
    ends = [(name, value, text) for (name, value), text in zip(corners, values, strict=False)]
    return sentences(figure.alt, extremes(figure.axis, ends), dict.fromkeys(told))


def _whole(figure: TernaryFigure) -> Triangle:
    return Triangle((0.0, 0.0, 0.0), figure.whole, 1.0, (0.0, 0.0))


def _corner(figure: TernaryFigure, shares: Shares) -> tuple[str, float]:
    """Return a mix in words, and its value; at a corner no mix that counts is lower, or none higher."""
    exact = [round(share, _DIGITS) for share in shares]
    named = zip(exact, figure.tiers, figure.corners, strict=True)
    kept = [(share, tier, value) for share, tier, value in named if share]
    name = ", ".join(f"{shown(share, Unit.SHARE)} {tier}" for share, tier, _ in kept)
    return name, sum(share * value for share, _, value in kept) / figure.whole
