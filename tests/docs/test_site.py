"""The navigation of the site has every page, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.docs.blocks import blocks
from tests.docs.pages import NAMES, PAGES, ROOT

CONFIG = ROOT / "mkdocs.yml"
OUTSIDE = {"index.md", "project/contributing.md", "project/changelog.md", "project/benchmarks.md"}
GENERATED = {"reference/commands/*", "reference/schemas/*", "reference/python/*"}
COMMANDS = {"console", "sh", "python"}
"""The languages of blocks that are executed."""


def test_every_page_is_in_the_navigation_once() -> None:
    named = sorted(named_in(yaml.safe_load(CONFIG.read_text("utf-8"))["nav"]))
    docs = {name.removeprefix("docs/") for name in NAMES if name.startswith("docs/")}
    missing = docs - set(named)
    assert not missing, f"add these pages to a group of `nav` in mkdocs.yml: {sorted(missing)}"
    gone = set(named) - docs - OUTSIDE - GENERATED
    assert not gone, f"remove these pages from `nav` in mkdocs.yml, or write them: {sorted(gone)}"
    assert len(named) == len(set(named)), "a page is in `nav` of mkdocs.yml twice"


def named_in(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from named_in(part)


def test_the_theme_fetches_nothing() -> None:
    config = yaml.safe_load(CONFIG.read_text("utf-8"))
    assert config["theme"]["font"] is False
    sources = [CONFIG, *(ROOT / "docs" / "assets").iterdir()]
    fetched = [
        re.findall(r"(?:url\(|import |: )['\"]?(?:https?:)?//\S*", file.read_text("utf-8"))
        for file in sources
    ]
    assert fetched == [[]] * len(sources)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_are_in_blocks_that_are_executed(page: Any) -> None:
    for block in blocks(page.read_text("utf-8")):
        if block.language not in COMMANDS:
            hidden = re.findall(r"^(?:\$ |>>> |routecost ).*", block.text, re.MULTILINE)
            assert not hidden, (
                f"line {block.line}: use console, sh or python, so that this is executed: {hidden}"
            )
