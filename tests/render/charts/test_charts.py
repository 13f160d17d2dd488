from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from routecost.errors import UsageError
from routecost.model.report.cells import Unit
from routecost.model.report.report import Bar, BarFigure
from routecost.render.charts import FORMATS, design, draw
from routecost.render.charts.kinds import bar
from routecost.render.charts.page.design import house_style
from routecost.render.charts.page.text_width import fitted, width
from tests.render.charts.colour import lightness
from tests.render.reports import FIGURE

ROOT = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
DESCRIPTION = (
    "Spend per month of <three> strategies. "
    "In US dollars per month: lowest all-haiku, $54.00; highest all-opus, $1,012.50. "
    "all-haiku: $54.00; routed: $124.20; all-opus: $1,012.50 (baseline)."
)
LONG = tuple(
    Bar(f"a-strategy-with-a-long-name and a review by {at}", float(at + 1), is_baseline=at == 11)
    for at in range(12)
)


def drawn(figure: BarFigure, kind: str, size: str = "doc") -> bytes:
    sink = BytesIO()
    draw(figure, sink, kind, size=size)
    return sink.getvalue()


@cache
def drawn_once(kind: str) -> bytes:
    return drawn(FIGURE, kind)


def with_bars(*bars: Bar, **changes: object) -> BarFigure:
    return dataclasses.replace(FIGURE, bars=bars, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_figure_gives_the_same_bytes(kind: str) -> None:
    assert drawn(FIGURE, kind) == drawn_once(kind)


@pytest.mark.slow
def test_another_process_draws_the_same_bytes_without_the_interactive_part_of_matplotlib() -> None:
    code = (
        "import hashlib, io, sys\nfrom routecost.render.charts import draw, FORMATS\n"
        "from tests.render.reports import FIGURE\nassert 'matplotlib' not in sys.modules\n"
        "for kind in FORMATS:\n    sink = io.BytesIO()\n    draw(FIGURE, sink, kind)\n"
        "    print(hashlib.sha256(sink.getvalue()).hexdigest())\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == [hashlib.sha256(drawn_once(kind)).hexdigest() for kind in FORMATS]


def test_svg_speaks_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(drawn_once("svg"))
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.tag, title.text) == (f"{SVG}title", FIGURE.title)
    assert (description.tag, description.text) == (f"{SVG}desc", DESCRIPTION)
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_png_and_pdf_carry_the_description() -> None:
    info = Image.open(BytesIO(drawn_once("png"))).info
    assert (info["Title"], info["Description"]) == (FIGURE.title, DESCRIPTION)
    words = b"/Subject (Spend per month of <three> strategies. In US dollars per month:"
    assert words in drawn_once("pdf")


@pytest.mark.parametrize(("size", "pixels"), [("slide", (1920, 1080)), ("square", (1080, 1080))])
def test_presets_have_their_pixels(size: str, pixels: tuple[int, int]) -> None:
    assert Image.open(BytesIO(drawn(FIGURE, "png", size))).size == pixels


def test_a_document_chart_grows_with_its_bars() -> None:
    small, large = (Image.open(BytesIO(drawn(figure, "png"))) for figure in (FIGURE, with_bars(*LONG)))
    assert small.width == large.width == 1300
    assert small.height < large.height


def texts(figure: BarFigure) -> list[str]:
    with house_style(design()):
        axes = bar.draw(figure, design()).axes[0]
        return [text.get_text() for text in [*axes.texts, *axes.get_xticklabels()]]


def test_bars_are_labelled_as_in_the_tables() -> None:
    assert texts(FIGURE)[:7] == [
        "all-haiku",
        "$54.00",
        "routed",
        "$124.20",
        "all-opus",
        "$1,012.50",
        "baseline",
    ]


def test_a_given_label_wins() -> None:
    assert "$1 to $2" in texts(with_bars(Bar("a", 1.5, label="$1 to $2")))


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (1012.5, ["$0", "$250", "$500", "$750", "$1,000"]),
        (0.0675, ["$0.00", "$0.02", "$0.04", "$0.06"]),
        (0.009, ["$0.0000", "$0.0020", "$0.0040", "$0.0060", "$0.0080"]),
        (0.0, ["$0"]),
    ],
)
def test_ticks_are_round_money_up_to_the_longest_bar(high: float, ticks: list[str]) -> None:
    assert texts(with_bars(Bar("a", high)))[2:] == ticks


def test_other_units_have_their_own_labels() -> None:
    assert texts(with_bars(Bar("a", 0.8), unit=Unit.SHARE))[1:] == ["80%", "0%", "20%", "40%", "60%", "80%"]


def test_the_proposed_bar_differs_in_lightness_and_the_baseline_in_pattern() -> None:
    with house_style(design()):
        patches = bar.draw(FIGURE, design()).axes[0].patches
    assert [bool(patch.get_hatch()) for patch in patches] == [False, False, True]
    plain, proposed, _ = (to_hex(patch.get_facecolor()) for patch in patches)
    assert abs(lightness(plain) - lightness(proposed)) >= 20


def test_the_users_own_settings_neither_matter_nor_change() -> None:
    plain = drawn_once("svg")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "font.family": "monospace"}):
        before = dict(mpl.rcParams)
        assert drawn(FIGURE, "svg") == plain
        assert dict(mpl.rcParams) == before


def test_a_path_says_the_format(tmp_path: Path) -> None:
    for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        path = tmp_path / f"chart.{kind.upper()}"
        draw(FIGURE, path)
        assert path.read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["chart.jpg", "chart", "svg"])
def test_an_unknown_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"expected a name in \.svg, \.png or \.pdf"):
        draw(FIGURE, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_size_theme_or_kind_is_refused() -> None:
    with pytest.raises(UsageError, match='unknown chart size "slid"; did you mean "slide"'):
        drawn(FIGURE, "svg", "slid")
    with pytest.raises(UsageError, match='unknown chart theme "drak"; did you mean "dark"'):
        draw(FIGURE, BytesIO(), "svg", theme="drak")
    with pytest.raises(UsageError, match='unknown chart format "gif"; known: "pdf", "png", "svg"'):
        drawn(FIGURE, "gif")
    with pytest.raises(UsageError, match="needs a format"):
        draw(FIGURE, BytesIO())


def test_a_failed_drawing_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        draw(with_bars(Bar("a", float("nan"))), tmp_path / "chart.svg")
    assert list(tmp_path.iterdir()) == []


def test_long_names_are_folded_then_lose_their_middle() -> None:
    room = width("execute-reviewed", 9)
    assert fitted("plan-and-execute", room, 9, 1) == ["plan-and-execute"]
    assert fitted("plan-and-execute-reviewed", room, 9, 2) == ["plan-and-", "execute-reviewed"]
    (line,) = fitted("plan-and-execute-reviewed", room, 9, 1)
    assert line.startswith("plan-")
    assert line.endswith("iewed")
    assert "…" in line
    assert fitted("", room, 9, 2) == []


def test_a_text_that_fits_its_lines_keeps_its_middle() -> None:
    text = " ".join(["Light parts: from the least to the most."] * 6)
    lines = fitted(text, width(text, 9) / 3, 9, 4)
    assert " ".join(lines) == text
