"""The documentation site in a browser, opened from the disk: nothing is fetched, and the search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.site import build_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_the_site_works_from_the_disk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    site = build_site(tmp_path_factory.mktemp("site"))
    page = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark").new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((site / "guides" / "spark.html").as_uri())
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("label[for=__search].md-header__button").click()
    page.locator("input.md-search__input").type("dirichlet")
    found = page.locator(".md-search-result__item a").first
    found.wait_for(timeout=30_000)
    assert "reference/schemas/scenario.html" in (found.get_attribute("href") or "")
    page.goto((site / "index.html").as_uri())
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:", "blob:"))] == []
    assert faults == []
