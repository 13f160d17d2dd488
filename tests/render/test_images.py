"""Charts look as they did when somebody last looked at them.

``make golden`` accepts what is drawn now; look at the images before you commit them.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import rcParams
from PIL import Image, ImageFilter

from routecost.model.report.report import Bar
from routecost.render.charts import design, laid_out
from routecost.render.charts.page.design import house_style
from tests.render.figures import BARS, PANELS, PLAIN, UNCERTAIN, changed

IMAGES = Path(__file__).parent / "images"
CASES = [*((name, "light") for name in PLAIN), *((name, "dark") for name in ("bars", "uncertain", "map"))]

Pixels = np.ndarray[Any, np.dtype[np.float64]]

DPI, FINER = 80, 4
BLUR = 6
TOLERANCE = 10
"""How much red, green or blue (0 to 255) may differ at any pixel, once both images are blurred.

Letters drawn with all of FreeType's hints differ by up to 9 from those without, which is how they are
drawn here; the fewer colours of the files are off by up to 4; a bar that is 5% longer differs by 15.
"""


@pytest.mark.parametrize(("name", "theme"), CASES)
def test_charts_look_as_before(name: str, theme: str, pytestconfig: pytest.Config) -> None:
    file, image = IMAGES / f"{name}-{theme}.png", drawn(PLAIN[name], theme)
    if pytestconfig.getoption("--update-images"):
        image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)
    with Image.open(file) as expected:
        assert difference(expected, image) <= TOLERANCE


def test_every_image_is_that_of_a_case() -> None:
    assert {file.name for file in IMAGES.iterdir()} == {f"{name}-{theme}.png" for name, theme in CASES}


@pytest.mark.parametrize("name", ["bars", "panels", "map"])
def test_hints_of_letters_are_tolerated(name: str) -> None:
    plain, hinted = drawn(PLAIN[name]), drawn(PLAIN[name], hinting="force_autohint")
    assert 0 < difference(plain, hinted) <= TOLERANCE


@pytest.mark.parametrize(
    "bars",
    [
        tuple(changed(bar, value=1.05 * bar.value) for bar in BARS.bars),
        tuple(changed(bar, emphasis=False) for bar in BARS.bars),
        tuple(changed(bar, is_baseline=False) for bar in BARS.bars),
        BARS.bars[1:],
    ],
    ids=["longer", "no colour", "no hatch", "missing"],
)
def test_a_changed_bar_is_noticed(bars: tuple[Bar, ...]) -> None:
    with Image.open(IMAGES / "bars-light.png") as expected:
        assert difference(expected, drawn(changed(BARS, bars=bars))) > TOLERANCE


def _raised(figure: Any, field: str, value: str, at: int = 0) -> Any:
    """Return a figure in which one value, or one of several, of the first of its parts is a fifth higher."""
    part, *others = getattr(figure, field)
    old = getattr(part, value)
    new = (*old[:at], old[at] * 1.2, *old[at + 1 :]) if isinstance(old, tuple) else old * 1.2
    return changed(figure, **{field: (changed(part, **{value: new}), *others)})


_LINES = ("months", "actuals", "numbers", "names")
_ENDS = PLAIN["frontier"].frontier
RAISED = {
    **{name: _raised(PLAIN[name], "lines", "values", 1) for name in _LINES},
    "bars": _raised(BARS, "bars", "value"),
    "tornado": _raised(PLAIN["tornado"], "bars", "down"),
    "frontier": changed(PLAIN["frontier"], frontier=(_ENDS[0], (1.2 * _ENDS[1][0], _ENDS[1][1]), _ENDS[2])),
    "map": changed(PLAIN["map"], corners=(54.0, 1.2 * 202.5, 1012.5)),
    "uncertain": _raised(UNCERTAIN, "bands", "high", 11),
    "panels": changed(PANELS, panels=(_raised(PANELS.panels[0], "lines", "values", 1), *PANELS.panels[1:])),
    "two-tiers": _raised(PLAIN["two-tiers"], "panels", "low", 10),
    "five-tiers": _raised(PLAIN["five-tiers"], "panels", "high", 10),
}
"""Name of a figure -> the same with one value that places something a fifth higher.

What a label alone says is not noticed in blurred images: tests of texts and words are for that.
"""


@pytest.mark.parametrize("name", PLAIN)
def test_one_changed_value_is_noticed(name: str) -> None:
    with Image.open(IMAGES / f"{name}-light.png") as expected:
        assert difference(expected, drawn(RAISED[name])) > TOLERANCE


def test_another_theme_is_noticed() -> None:
    with Image.open(IMAGES / "bars-light.png") as expected:
        assert difference(expected, drawn(BARS, "dark")) > 100


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the greatest difference of blurred images; 255 if they are not of one size."""
    if one.size != other.size:
        return 255.0
    return float(np.abs(_blurred(one) - _blurred(other)).max())


def drawn(figure: Any, theme: str = "light", hinting: str = "no_hinting") -> Image.Image:
    """Return a chart drawn finely and made smaller, so that the placing of letters matters little."""
    made_for, sink = design("doc", theme), BytesIO()
    with house_style(made_for):
        rcParams["text.hinting"] = hinting
        laid_out(figure, made_for).savefig(sink, format="png", dpi=DPI * FINER)
    with Image.open(sink) as image:
        return image.convert("RGB").reduce(FINER)


def _blurred(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB").filter(ImageFilter.GaussianBlur(BLUR)), dtype=float)
