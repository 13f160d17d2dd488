"""Text measurement and fitting."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

_MOST_CHARACTERS = 480
_WORD = re.compile(r"\S+\s*")
_PART = re.compile(r"[^\s\-_/+]*[\s\-_/+]+|[^\s\-_/+]+")


@lru_cache(maxsize=4096)
def width(text: str, points: float, bold: bool = False) -> float:
    """Return the width of one line of text, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=points, weight="bold" if bold else "normal")
    points_wide: float = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return points_wide / 72


def fitted(text: str, room: float, points: float, lines: int, bold: bool = False) -> list[str]:
    """Return text on at most ``lines`` lines of ``room`` inches, broken between words.

    Text that is too long loses its middle, because names tend to differ at their ends.
    """
    if not text:
        return []
    for kept in range(_most(text, room * lines, points, bold), 0, -1):
        short = _shortened(text, kept)
        folded = _folded(short, room, points, bold)
        if len(folded) <= lines and _widest(folded, points, bold) <= room:
            return _balanced(short, folded, points, bold)
    return ["…"]


def _most(text: str, room: float, points: float, bold: bool) -> int:
    """Return the approximate number of characters that fit, without loss at line ends."""
    counts = range(min(len(text), _MOST_CHARACTERS) + 1)
    return max(
        1, bisect_right(counts, 1.1 * room, key=lambda kept: width(_shortened(text, kept), points, bold)) - 1
    )


def _widest(lines: list[str], points: float, bold: bool) -> float:
    return max(width(line, points, bold) for line in lines)


def _shortened(text: str, kept: int) -> str:
    if kept >= len(text):
        return text
    return text[: (kept + 1) // 2].rstrip() + "…" + text[len(text) - kept // 2 :].lstrip()


def _balanced(text: str, folded: list[str], points: float, bold: bool) -> list[str]:
    """Return the same number of lines, balanced, so that no short word is left alone."""
    widest = _widest(folded, points, bold)
    tries = (_folded(text, widest * tenths / 10, points, bold) for tenths in range(5, 10))
    fitting = (
        lines for lines in tries if len(lines) == len(folded) and _widest(lines, points, bold) <= widest
    )
    return next(fitting, folded)


def _folded(text: str, room: float, points: float, bold: bool) -> list[str]:
    lines, pieces = [""], _WORD.findall(text)
    if any(width(piece.rstrip(), points, bold) > room for piece in pieces):
        pieces = _PART.findall(text)
    for piece in pieces:
        if lines[-1] and width((lines[-1] + piece).rstrip(), points, bold) > room:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
