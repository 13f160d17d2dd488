"""Charts look as they did when somebody last looked at them.

The pictures are a third of what people get, so that a letter that another version of a font library
draws a little otherwise counts for little, and a bar, a line or a colour for much. ``pytest --update-images``
accepts what is drawn now: look at every picture that changed.
"""

from __future__ import annotations

import dataclasses
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from routecost.render.charts import draw
from tests.render.figures import BARS, PLAIN

PICTURES = Path(__file__).parent / "images"
SMALLER = 3

TOLERANCE = 2.5
"""The root of the mean square by which pixels may differ, of 255: a pixel aside makes 7 to 10."""

CASES = [(name, "light") for name in PLAIN] + [("bars", "dark"), ("uncertain", "dark"), ("map", "dark")]


def pictured(figure: Any, theme: str = "light") -> Image.Image:
    """Return a chart as it looks, at a third of its size."""
    sink = BytesIO()
    draw(figure, sink, "png", theme=theme)
    return Image.open(sink).convert("RGB").reduce(SMALLER)


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are apart; infinitely if one is larger."""
    if one.size != other.size:
        return float("inf")
    first, second = (np.asarray(image, np.float64) for image in (one, other))
    return float(np.sqrt(np.mean((first - second) ** 2)))


@pytest.mark.parametrize(("name", "theme"), CASES)
def test_charts_look_as_they_did(name: str, theme: str, pytestconfig: pytest.Config) -> None:
    path, drawn = PICTURES / f"{name}-{theme}.png", pictured(PLAIN[name], theme)
    if pytestconfig.getoption("--update-images"):
        PICTURES.mkdir(exist_ok=True)
        drawn.save(path, optimize=True)
    assert apart(drawn, Image.open(path).convert("RGB")) <= TOLERANCE


def test_every_picture_has_a_chart() -> None:
    assert {path.name for path in PICTURES.glob("*")} == {f"{name}-{theme}.png" for name, theme in CASES}


def test_a_changed_figure_is_noticed() -> None:
    dearer = dataclasses.replace(BARS.bars[1], value=BARS.bars[1].value * 1.2)
    changed = dataclasses.replace(BARS, bars=(BARS.bars[0], dearer, *BARS.bars[2:]))
    assert apart(pictured(changed), pictured(BARS)) > TOLERANCE


def test_another_theme_is_noticed() -> None:
    assert apart(pictured(BARS, "dark"), pictured(BARS)) > 10 * TOLERANCE
