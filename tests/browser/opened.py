"""A page that was opened from disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass
class Opened:
    """A page that was opened from disk, and all that happened on the way."""

    page: Page
    file: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page, file: Path, fragment: str = "") -> Self:
        made = cls(page, file)
        page.on("request", lambda request: made.requests.append(request.url))
        page.on("console", lambda said: made.complaints.append(said.text))
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.goto(file.as_uri() + fragment, wait_until="networkidle")
        return made
