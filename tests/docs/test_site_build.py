"""The site builds without a warning, works offline, and its reference has all that the code has."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from tests.cli.running import ROOT, routecost
from tests.docs.pages import NAMES, site_anchors
from tests.docs.site import build_site
from tests.test_public_names import NAMES as PUBLIC

pytestmark = pytest.mark.slow
PLACES = {"README.md": "index.html", "CONTRIBUTING.md": "project/contributing.html"}
PLACES |= {"CHANGELOG.md": "project/changelog.html", "benchmarks/README.md": "project/benchmarks.html"}
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
"""What a browser loads of a page by itself, and the attribute that says from where."""
STRUCTURE = ("h1", "h2", "h3", "li", "table", "tr", "td", "pre", "img", "blockquote")


class Page(HTMLParser):
    """The elements of a page: all, and those of its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self.ids += [values["id"]] if "id" in values else []
        if re.fullmatch("h[1-6]", tag) and "id" in values:
            self.headings.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in LOADED and values.get("rel") != "canonical":
            self.loaded.append(values.get(LOADED[tag], ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {file.relative_to(site).as_posix(): Page(file.read_text("utf-8")) for file in site.rglob("*.html")}


def place(name: str) -> str:
    return PLACES.get(name, name.removeprefix("docs/").replace(".md", ".html"))


def test_every_page_is_there_with_the_anchors_of_its_headings(pages: dict[str, Page]) -> None:
    for name in NAMES:
        assert pages[place(name)].headings == site_anchors((ROOT / name).read_text("utf-8")), name


def test_every_link_leads_to_a_file_and_an_anchor(site: Path, pages: dict[str, Page]) -> None:
    broken = [
        (name, link)
        for name, page in pages.items()
        for link in page.links
        if not re.match(r"[a-z]+:|/", link) and not _leads_somewhere(site, pages, name, link)
    ]
    assert broken == []


def _leads_somewhere(site: Path, pages: dict[str, Page], name: str, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = (site / name).parent / path if path else site / name
    file = (target / "index.html" if target.is_dir() else target).resolve()
    if not file.exists():
        return False
    return not anchor or anchor in pages[file.relative_to(site.resolve()).as_posix()].ids


def test_pages_load_nothing_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for source in page.loaded:
            assert not re.match(r"[a-z]+:|//", source), f"{name} loads {source}"
            assert name == "404.html" or ((site / name).parent / source.partition("#")[0]).exists(), (
                name,
                source,
            )
    sheets = "".join(file.read_text("utf-8") for file in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//[^)]*|@import[^;]*", sheets) == []


def test_the_search_knows_every_page(site: Path, pages: dict[str, Page]) -> None:
    entries = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    found = {entry["location"].partition("#")[0] or "index.html" for entry in entries}
    assert found == set(pages) - {"404.html"}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_the_structure_that_github_shows(site: Path, name: str) -> None:
    written = MarkdownIt("commonmark").enable("table").render((ROOT / name).read_text("utf-8"))
    article = (site / place(name)).read_text("utf-8").partition("<article")[2].partition("</article>")[0]
    assert _counts(article) == _counts(written)


def _counts(html: str) -> Counter[str]:
    return Counter(tag for tag in re.findall(r"<(\w+)[\s>/]", html) if tag in STRUCTURE)


def _words(html: str) -> str:
    text = re.sub(r"<[^>]+>", "", html.partition("<article")[2].partition("</article>")[0])
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return "".join(text.split())


def test_the_help_of_every_command_is_there(site: Path) -> None:
    commands = list(_commands())
    assert len(commands) > 20
    for command in commands:
        page = site / "reference" / "commands" / f"{command[0]}.html"
        shown, said = _words(page.read_text("utf-8")), routecost(*command, "--help").stdout
        about, *groups = re.split(r"\n(?=\w[\w ]*:\n)", said.partition("\n\n")[2])
        assert "".join(about.split()) in shown
        for group in groups:
            for option in re.split(r"\n  (?=-)", group.partition("\n\n")[0])[1:]:
                assert "".join(option.split()) in shown, f"{command}: {option}"


def _commands(group: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    listed = routecost(*group, "--help").stdout.partition("\nCommands:\n")[2]
    names = re.findall(r"^  (\w\S*)", listed, re.MULTILINE)
    if group and not names:
        yield group
    for name in names:
        yield from _commands((*group, name))


def test_every_key_of_every_document_is_there(site: Path) -> None:
    for file in (ROOT / "schemas").glob("*.json"):
        shown = (site / "reference" / "schemas" / f"{file.stem}.html").read_text("utf-8")
        schema = json.loads(file.read_text("utf-8"))
        keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
        assert keys
        assert [key for key in keys if f"<code>{key}</code>" not in shown] == []


def test_every_python_name_is_there(site: Path) -> None:
    files = [site / "reference" / "python" / f"{name}.html" for name in ("functions", "classes")]
    shown = "".join(file.read_text("utf-8") for file in files)
    assert len(PUBLIC) > 70
    assert [name for name in PUBLIC if f'<code>{name}</code><a class="headerlink"' not in shown] == []
    assert [mark for mark in (":func:", ":class:", "_MISSING_TYPE", "object at 0x") if mark in shown] == []
