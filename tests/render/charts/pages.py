"""Charts as matplotlib lays them out, and what is wrong with where their texts stand."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

from routecost.render.charts import design, laid_out
from routecost.render.charts.page.design import house_style

Corners = np.ndarray[Any, np.dtype[np.float64]]

_HAIR = 1.5
"""Pixels that texts may share: their boxes are larger than their letters."""


def page_of(figure: Any, size: str = "doc", theme: str = "light") -> Figure:
    """Return a chart whose texts know their places."""
    with house_style(design(size, theme)):
        page = laid_out(figure, design(size, theme))
        page.draw_without_rendering()
    return page


def texts_of(page: Figure) -> list[Text]:
    """Return all texts that can be seen."""
    words = [*page.texts]
    for axes in page.axes:
        words += axes.texts
        if axes.axison:
            words += [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, axes.yaxis.label]
    return [text for text in words if text.get_text().strip() and text.get_visible()]


def placed_texts(page: Figure) -> list[tuple[str, Corners]]:
    """Return all texts that can be seen, each with the corners of its box."""
    return [(text.get_text(), corners(text)) for text in texts_of(page)]


def off_the_page(page: Figure, placed: list[tuple[str, Corners]]) -> list[str]:
    """Return the texts that leave the page."""
    most = (page.bbox.width + 0.5, page.bbox.height + 0.5)
    return [text for text, places in placed if (places < -0.5).any() or (places > most).any()]


def overlaps(placed: list[tuple[str, Corners]]) -> list[tuple[str, str]]:
    """Return the pairs of texts that hide each other."""
    words = [(text, _shrunk(places)) for text, places in placed]
    return [
        (one, other) for (one, first), (other, second) in combinations(words, 2) if _overlap(first, second)
    ]


def _shrunk(places: Corners) -> Corners:
    """Return corners moved a hair inwards along both edges."""
    edges = places[1] - places[0], places[3] - places[0]
    along, up = (_HAIR * edge / np.linalg.norm(edge) for edge in edges)
    return np.asarray(places + np.array([along + up, up - along, -along - up, along - up]))


def corners(text: Text) -> Corners:
    """Return the corners of a text's box in pixels, turned as the text is."""
    turn = text.get_rotation()
    text.set_rotation(0)
    box = text.get_window_extent()
    text.set_rotation(turn)
    upright = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
    if not turn:
        return upright
    assert text.get_rotation_mode() == "anchor"
    anchor = text.get_transform().transform(text.get_position())
    angle = np.radians(turn)
    turned = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    result: Corners = (upright - anchor) @ turned + anchor
    return result


def _overlap(one: Corners, other: Corners) -> bool:
    """Return whether two convex shapes overlap: they do unless an edge of one has the other outside."""
    if (one.max(0) <= other.min(0)).any() or (other.max(0) <= one.min(0)).any():
        return False
    return not any(_parts(edge, one, other) for shape in (one, other) for edge in _edges(shape))


def _edges(shape: Corners) -> Corners:
    return np.asarray(np.roll(shape, -1, axis=0) - shape)


def _parts(edge: Corners, one: Corners, other: Corners) -> bool:
    across = np.array([edge[1], -edge[0]])
    first, second = one @ across, other @ across
    return bool(first.max() <= second.min() or second.max() <= first.min())
