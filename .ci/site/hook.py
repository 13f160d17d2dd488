"""The hook of mkdocs.yml: adds pages that are generated from the code, and those outside of docs/.

On pages, links to other files of the repository lead to their pages on the site, anchors are those of GitHub,
and a file that has no page is named as code.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

import command_pages
import python_pages
import schema_pages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx.slugs import slugify

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "benchmarks/README.md": "project/benchmarks.md",
}
"""Files outside of docs/ that are pages, and where on the site."""
LINK = re.compile(r"(?P<text>\[[^\[\]]*\])\((?P<target>[^()\s:#]+)(?P<anchor>#[^()\s]*)?\)")


@cache
def generated() -> dict[str, str]:
    """Return the text of each generated page, in the order of the navigation."""
    return {
        **{f"reference/commands/{name}.md": text for name, text in command_pages.pages(ROOT).items()},
        **{f"reference/schemas/{name}.md": text for name, text in schema_pages.pages(ROOT).items()},
        **{f"reference/python/{name}.md": text for name, text in python_pages.pages().items()},
    }


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill the navigation's ``GROUP/*``, and give headings the anchors that GitHub gives them."""
    config.nav = _filled(config.nav)
    config.mdx_configs["toc"]["slugify"] = slugify(case="lower")
    fence = {"name": "console", "class": "highlight", "format": _console}
    config.mdx_configs["pymdownx.superfences"] = {"custom_fences": [fence]}
    return config


def _console(source: str, *_: object, **__: object) -> str:
    """Return a console block as HTML; only ``$ `` begins a command, as output may begin with ``$1.20``."""
    lines: list[str] = []
    typed = False
    for line in escape(source).split("\n"):
        prompt, command = re.fullmatch(r"(\$ )?(.*)", line).groups("")  # type: ignore[union-attr]
        kind = "kn" if prompt or typed else "go"
        lines.append(f'<span class="gp">{prompt}</span><span class="{kind}">{command}\n</span>')
        typed = kind == "kn" and line.endswith("\\")
    return f'<div class="highlight"><pre><span></span><code>{"".join(lines)}</code></pre></div>'


def _filled(nav: Any) -> Any:
    if isinstance(nav, dict):
        return {title: _filled(part) for title, part in nav.items()}
    if isinstance(nav, list):
        return [filled for part in nav for filled in _pages_of(part)]
    return nav


def _pages_of(part: Any) -> list[Any]:
    if not (isinstance(part, str) and part.endswith("/*")):
        return [_filled(part)]
    group = part.removesuffix("*")
    uris = [uri for uri in generated() if uri.startswith(group)]
    return [
        uri if uri.endswith("index.md") else {uri[len(group) : -3].replace("-", " "): uri} for uri in uris
    ]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not in docs/."""
    for uri, text in generated().items():
        files.append(File.generated(config, uri, content=text))
    for source, uri in OUTSIDE.items():
        files.append(File.generated(config, uri, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, files: Files, **_: object) -> str:
    """Let links between files of the repository lead to their pages."""
    places = {uri: source for source, uri in OUTSIDE.items()}
    here = places.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def on_site(link: re.Match[str]) -> str:
        target = normpath(PurePosixPath(here).parent / link["target"])
        uri = OUTSIDE.get(target, target.removeprefix("docs/") if target.startswith("docs/") else None)
        if uri is None and (ROOT / target).exists():
            return f"{link['text'][1:-1]} (`{target}`)"
        if uri is None or files.get_file_from_path(uri) is None:
            return link[0]
        text = link["text"]
        if text == f"[{PurePosixPath(uri).name}]":
            text = f"[{_title(files, uri)}]"
        path = relpath(uri, str(PurePosixPath(page.file.src_uri).parent))
        return f"{text}({path}{link['anchor'] or ''})"

    return LINK.sub(on_site, markdown)


def _title(files: Files, uri: str) -> str:
    """Return the title of a page, which the text of a link to ``page.md`` becomes."""
    file = files.get_file_from_path(uri)
    found = re.search(r"^# (.+)", file.content_string if file else "", re.MULTILINE)
    return found[1] if found else uri
