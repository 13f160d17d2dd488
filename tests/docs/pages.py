"""The pages of the documentation, their links and their anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.docs.blocks import FENCE

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")
PAGES = sorted([*(ROOT / name for name in OUTSIDE), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
LINK = re.compile(r"\]\(([^()\s]+)\)")
EXTERNAL = re.compile(r"[a-z]+:")


def links(markdown: str) -> list[str]:
    """Return the targets of links and images that are not in code, without those on the web."""
    prose = re.sub(r"`[^`]*`", "", "\n".join(lines_outside_code(markdown)))
    return [target for target in LINK.findall(prose) if not EXTERNAL.match(target)]


@cache
def anchors(markdown: str) -> set[str]:
    """Return the anchors that both GitHub and the site give to headings of a page.

    The second heading with the same text is ``text-1`` on GitHub and ``text_1`` on the site, so that no link
    leads there in both.
    """
    return set(github_anchors(markdown)) & set(site_anchors(markdown))


def github_anchors(markdown: str) -> list[str]:
    """Return the anchors of the headings on GitHub."""
    return list(_unique(markdown, "-"))


def site_anchors(markdown: str) -> list[str]:
    """Return the anchors of the headings on the site."""
    return list(_unique(markdown, "_"))


def _unique(markdown: str, separator: str) -> Iterator[str]:
    seen: set[str] = set()
    for line in lines_outside_code(markdown):
        if heading := re.match(r"#{1,6} (.+)", line):
            anchor = text = re.sub(r"[^\w\- ]", "", heading[1].strip().lower()).replace(" ", "-")
            number = 0
            while anchor in seen:
                number += 1
                anchor = f"{text}{separator}{number}"
            seen.add(anchor)
            yield anchor


def lines_outside_code(markdown: str) -> list[str]:
    """Return the lines of a page without its fenced blocks."""
    lines: list[str] = []
    closing = ""
    for line in markdown.splitlines():
        if closing:
            closing = "" if line.strip() == closing else closing
        elif fence := FENCE.match(line):
            closing = fence["ticks"]
        else:
            lines.append(line)
    return lines
