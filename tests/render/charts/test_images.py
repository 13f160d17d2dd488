"""Charts are drawn as they were when somebody last looked at them, byte by byte.

``make golden`` accepts what is drawn now; look at the images before you commit them. Texts without a halo
are kept as text, not as outlines of letters, so that a diff shows which of them changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib import rcParams

from routecost.model.report.cells import Range, ends
from routecost.model.report.report import Bar
from routecost.render.charts import design, laid_out
from routecost.render.charts.page.design import house_style
from tests.render.charts.figures import (
    BARS,
    BOUNDS,
    GAPS,
    PACE,
    PANELS,
    PLAIN,
    RELIABILITY,
    UNCERTAIN,
    changed,
)

IMAGES = Path(__file__).parent / "images"
CASES = [
    *((name, "light") for name in PLAIN),
    *((name, "dark") for name in ("bars", "bounds", "gaps", "uncertain", "map")),
]
ABOUT = {"Date": None, "Creator": "routecost"}


@pytest.mark.parametrize(("name", "theme"), CASES)
def test_charts_are_drawn_as_before(name: str, theme: str, pytestconfig: pytest.Config) -> None:
    file, image = IMAGES / f"{name}-{theme}.svg", plain(name, theme)
    if pytestconfig.getoption("--update-images"):
        file.write_bytes(image)
    assert first_difference(file.read_bytes(), image) is None


def test_every_image_is_that_of_a_case() -> None:
    assert {file.name for file in IMAGES.iterdir()} == {f"{name}-{theme}.svg" for name, theme in CASES}


@pytest.mark.parametrize(
    "bars",
    [
        tuple(changed(bar, value=1.05 * (ends(bar.value)[0] or 0)) for bar in BARS.bars),
        tuple(changed(bar, emphasis=False) for bar in BARS.bars),
        tuple(changed(bar, is_baseline=False) for bar in BARS.bars),
        BARS.bars[1:],
    ],
    ids=["longer", "no colour", "no hatch", "missing"],
)
def test_a_changed_bar_is_drawn_otherwise(bars: tuple[Bar, ...]) -> None:
    assert shapes(drawn(changed(BARS, bars=bars))) != shapes(plain("bars"))


def _raised(figure: Any, field: str, value: str, at: int = 0) -> Any:
    """Return a figure in which one value, or one of several, of the first of its parts is a fifth higher."""
    part, *others = getattr(figure, field)
    old = getattr(part, value)
    new = (*old[:at], old[at] * 1.2, *old[at + 1 :]) if isinstance(old, tuple) else old * 1.2
    return changed(figure, **{field: (changed(part, **{value: new}), *others)})


def _bounded(figure: Any, field: str, change: Callable[[Any], Any]) -> Any:
    first, *others = getattr(figure, field)
    return changed(figure, **{field: (change(first), *others)})


_LINES = ("months", "actuals", "numbers", "names")
_ENDS = PLAIN["frontier"].frontier
RAISED = {
    **{name: _raised(PLAIN[name], "lines", "values", 1) for name in _LINES},
    "bars": _raised(BARS, "bars", "value"),
    "bounds": _bounded(BOUNDS, "bars", lambda bar: changed(bar, value=Range(54.0, 300.0))),
    "gaps": _bounded(GAPS, "lines", lambda line: changed(line, values=(10.0, None, 30.0, 5.0))),
    "pace": _raised(PACE, "bands", "high", 2),
    "tornado": _raised(PLAIN["tornado"], "bars", "down"),
    "frontier": changed(PLAIN["frontier"], frontier=(_ENDS[0], (1.2 * _ENDS[1][0], _ENDS[1][1]), _ENDS[2])),
    "reliability": changed(
        RELIABILITY, panels=(_raised(RELIABILITY.panels[0], "points", "high"), RELIABILITY.panels[1])
    ),
    "map": changed(PLAIN["map"], corners=(54.0, 1.2 * 202.5, 1012.5)),
    "uncertain": _raised(UNCERTAIN, "bands", "high", 11),
    "panels": changed(PANELS, panels=(_raised(PANELS.panels[0], "lines", "values", 1), *PANELS.panels[1:])),
    "two-tiers": _raised(PLAIN["two-tiers"], "panels", "low", 10),
    "five-tiers": _raised(PLAIN["five-tiers"], "panels", "high", 10),
}
"""Name of a figure -> the same with one value that places something a fifth higher."""


@pytest.mark.parametrize(
    "name",
    [name if at % 12 == 1 else pytest.param(name, marks=pytest.mark.slow) for at, name in enumerate(PLAIN)],
)
def test_one_changed_value_moves_a_shape(name: str) -> None:
    assert shapes(drawn(RAISED[name])) != shapes(plain(name))


def test_a_change_of_words_alone_moves_no_shape() -> None:
    other = changed(BARS, title="my-fleet: spend per month by strategies")
    image = drawn(other)
    assert image != plain("bars")
    assert shapes(image) == shapes(plain("bars"))


@cache
def plain(name: str, theme: str = "light") -> bytes:
    """Return the chart of a plain figure, drawn once."""
    return drawn(PLAIN[name], theme)


def drawn(figure: Any, theme: str = "light") -> bytes:
    """Return a chart as SVG whose texts are texts."""
    made_for, sink = design("doc", theme), BytesIO()
    with house_style(made_for):
        rcParams["svg.fonttype"] = "none"
        laid_out(figure, made_for).savefig(sink, format="svg", metadata=ABOUT)
    return sink.getvalue()


def shapes(image: bytes) -> bytes:
    """Return an image without its texts, which matplotlib wraps in groups of their own."""
    root = ElementTree.fromstring(image)
    for parent in [*root.iter()]:
        for child in [*parent]:
            if child.get("id", "").startswith("text_"):
                parent.remove(child)
    return ElementTree.tostring(root)


def first_difference(one: bytes, other: bytes) -> tuple[bytes | None, bytes | None] | None:
    """Return the first lines that differ: a diff of two whole images takes minutes."""
    lines = zip_longest(one.splitlines(), other.splitlines())
    return next((pair for pair in lines if pair[0] != pair[1]), None)
