"""A real browser: Debian's Chromium, driven by Playwright, which brings none of its own here."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from tests.browser.what_if import OWNS, PLANS, SHEET, WhatIf
from tests.cli.running import routecost

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

OPTIONS = [
    "--no-sandbox",  # there is none for root, and the pages are our own
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine; Debian has it in the package chromium")
    playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("own")
    (made / "sheet.yaml").write_text(SHEET)
    (made / "plans.yaml").write_text(SHEET + PLANS)
    for name, text in OWNS.items():
        (made / f"{name}.yaml").write_text(text)
    discounts = SHEET + "volume_discounts: {steps: [{above: 100, share: 5%}]}\n"
    (made / "discounts.yaml").write_text(discounts)
    return made


@pytest.fixture(scope="session")
def library() -> Iterator[bool]:
    """Make the bundle of the chart library once: it takes seconds."""
    charts = pytest.importorskip("vl_convert", reason="vl-convert-python is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "javascript_bundle", functools.cache(charts.javascript_bundle))
        yield True


@pytest.fixture(scope="session")
def pages(browser: Browser, library: bool, folder: Path) -> Iterator[Mapping[str, WhatIf]]:
    """Open pages on demand, and keep them open."""
    assert library

    class Pages(dict[str, WhatIf]):
        def __missing__(self, name: str) -> WhatIf:
            source = str(folder / f"{name}.yaml") if name in OWNS else name
            more = ["--with-pricing", str(folder / "discounts.yaml")] if name == "own" else []
            file = folder / f"{name}.html"
            done = routecost("report", source, "--interactive", *more, "-o", str(file))
            assert (done.code, done.stdout) == (0, ""), done.stderr
            self[name] = opened = WhatIf.of(browser.new_page(), file)
            assert isinstance(opened, WhatIf)
            return opened

    opened = Pages()
    yield opened
    for one in opened.values():
        assert one.complaints == []
        assert one.requests == [one.file.as_uri()]
        one.page.close()
