"""Build hook: the README as a package index shows it, where relative links lead nowhere.

With ``ROUTECOST_REPOSITORY_URL``, as a release sets it, links and images lead to the repository at the tag of
the version. Without it, links become their text, and images their description.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

try:
    from hatchling.metadata.plugin.interface import MetadataHookInterface
except ModuleNotFoundError:  # the tests of the text need no build backend
    MetadataHookInterface = object

REPOSITORY = "ROUTECOST_REPOSITORY_URL"
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def packaged(text: str, repository: str | None, tag: str) -> str:
    """Return a Markdown text without relative links: absolute with a repository, else plain."""

    def link(match: re.Match[str]) -> str:
        image, shown, target = match["image"], match["text"], match["target"]
        if "://" in target:
            return match[0]
        if repository is None:
            return f"*{shown}*" if image else shown
        view = "raw" if image else "blob"
        path = f"README.md{target}" if target.startswith("#") else target
        return f"{image}[{shown}]({repository.rstrip('/')}/{view}/{tag}/{path})"

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)


class Hook(MetadataHookInterface):  # type: ignore[misc]
    """Sets the README, and the address of the repository if it is known."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the fields of the package."""
        repository = os.environ.get(REPOSITORY) or None
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        shown = packaged(text, repository, f"v{metadata['version']}")
        metadata["readme"] = {"content-type": "text/markdown", "text": shown}
        metadata["urls"] = {} if repository is None else {"Repository": repository}
