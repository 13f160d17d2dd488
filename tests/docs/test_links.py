"""Links between the pages lead to files and headings that exist, and the README leads to every page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import NAMES, PAGES, ROOT, anchors, links


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_every_page_is_linked_from_the_readme() -> None:
    linked = {target.partition("#")[0] for target in links((ROOT / "README.md").read_text("utf-8"))}
    missing = set(NAMES) - {"README.md"} - linked
    assert not missing, f"link these pages in README.md: {sorted(missing)}"


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## A `key`, and more\n\n## Twice\n\n## Twice\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\n[a](other.md) [b](other.md#a-key-and-more) [c](#page) [d](other.md#twice) ![e](no.svg)\n"
        "[f](other.md#no-such) [g](#nor-this) [k](other.md#twice-1) [h](mailto:x) `[i](code.md)`\n\n"
        "```md\n# No\n[j](code.md)\n```\n",
        "utf-8",
    )
    assert broken_links(page) == ["no.svg", "other.md#no-such", "#nor-this", "other.md#twice-1"]


def broken_links(page: Path) -> list[str]:
    """Return the links of a page whose file or heading does not exist."""
    return [target for target in links(page.read_text("utf-8")) if not _exists(page, target)]


def _exists(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    file = page.parent / name if name else page
    return file.exists() and (not anchor or anchor in anchors(file.read_text("utf-8")))
