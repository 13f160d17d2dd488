"""Ternary map: cost of mixes of three tiers, by colour and lines of equal cost."""

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
from routecost.render.charts.page.alt_text import lowest_and_highest, sentences
from routecost.render.charts.page.design import Design
from routecost.render.charts.page.label_boxes import Box
from routecost.render.charts.page.title_block import framed
from routecost.render.rounding import shown, shown_column

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE = TernaryFigure

_DIGITS = 8  # precision of shares after geometry


def draw(figure: TernaryFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    layout = laid_out(figure, frame)
    page = frame.page(layout.height)
    axes = frame.axes(page, 0, layout.height, right=0)
    axes.set_axis_off()
    axes.set_xlim(0, design.width)
    axes.set_ylim(0, layout.height)
    taken: list[Box] = []
    draw_field(axes, layout)
    draw_sides(axes, layout, taken)
    draw_scale(axes, layout)
    draw_reference(axes, layout, taken)
    draw_points(axes, layout, taken)
    draw_cheaper(axes, layout, taken)
    draw_lines(axes, layout, taken)
    return page


def described(figure: TernaryFigure) -> str:
    """Return the text alternative: corners, named mixes and the reference."""
    corners = [_corner(figure, corner) for corner in bounded(_whole(figure), figure.bounds)]
    named = corners + [(point.name, point.value) for point in figure.points]
    named += [] if figure.reference is None else [(figure.reference.name, figure.reference.value)]
    values = shown_column([value for _, value in named], figure.unit, figure.currency)
    values_text = [f"{name}: {value}" for (name, _), value in zip(named, values, strict=True)]
    ends = [(name, value, text) for (name, value), text in zip(corners, values, strict=False)]
    return sentences(figure.alt, lowest_and_highest(figure.axis, ends), dict.fromkeys(values_text))


def _whole(figure: TernaryFigure) -> Triangle:
    return Triangle((0.0, 0.0, 0.0), figure.whole, 1.0, (0.0, 0.0))


def _corner(figure: TernaryFigure, shares: Shares) -> tuple[str, float]:
    """Return a mix as text, and its value; the extremes are at corners."""
    exact = [round(share, _DIGITS) for share in shares]
    named = zip(exact, figure.tiers, figure.corners, strict=True)
    kept = [(share, tier, value) for share, tier, value in named if share]
    name = ", ".join(f"{shown(share, Unit.SHARE)} {tier}" for share, tier, _ in kept)
    return name, sum(share * value for share, _, value in kept) / figure.whole
