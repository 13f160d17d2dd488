"""Links between the pages lead to files and headings that exist, and the README leads to every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import FENCE

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")),
        *(ROOT / "docs").glob("*.md"),
    ]
)
LINK = re.compile(r"\]\(([^()\s]+)\)")
EXTERNAL = re.compile(r"[a-z]+:")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_every_page_is_linked_from_the_readme() -> None:
    linked = {target.partition("#")[0] for target in links((ROOT / "README.md").read_text("utf-8"))}
    pages = {str(page.relative_to(ROOT)) for page in PAGES} - {"README.md"}
    assert pages - linked == set()


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## A `key`, and more\n\n## Twice\n\n## Twice\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\n[a](other.md) [b](other.md#a-key-and-more) [c](#page) [d](other.md#twice-1) ![e](no.svg)\n"
        "[f](other.md#no-such) [g](#nor-this) [h](mailto:x) `[i](code.md)`\n\n"
        "```md\n# No\n[j](code.md)\n```\n",
        "utf-8",
    )
    assert broken_links(page) == ["no.svg", "other.md#no-such", "#nor-this"]


def broken_links(page: Path) -> list[str]:
    """Return the links of a page whose file or heading does not exist."""
    return [target for target in links(page.read_text("utf-8")) if not _exists(page, target)]


def links(markdown: str) -> list[str]:
    """Return the targets of links and images that are not in code, without those on the web."""
    prose = re.sub(r"`[^`]*`", "", "\n".join(_lines_outside_code(markdown)))
    return [target for target in LINK.findall(prose) if not EXTERNAL.match(target)]


def _exists(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    file = page.parent / name if name else page
    return file.exists() and (not anchor or anchor in _anchors(file.read_text("utf-8")))


def _anchors(markdown: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    anchors: set[str] = set()
    for line in _lines_outside_code(markdown):
        if heading := re.match(r"#{1,6} (.+)", line):
            text = re.sub(r"[^\w\- ]", "", heading[1].strip().lower()).replace(" ", "-")
            number = sum(1 for anchor in anchors if re.fullmatch(rf"{re.escape(text)}(-\d+)?", anchor))
            anchors.add(f"{text}-{number}" if number else text)
    return anchors


def _lines_outside_code(markdown: str) -> list[str]:
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
