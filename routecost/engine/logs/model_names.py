"""Models of a pricing sheet under the names that logs have for them.

Clouds and gateways add to the name of a model: a path, a vendor, a region, a date and the version of an
interface. ``vertex_ai/claude-x@20261014`` and ``us.anthropic.claude-x-20261014-v1:0`` are ``claude-x``. What
selects another price is kept: ``claude-x:free`` and ``claude-x-fast`` are not ``claude-x``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_VENDOR = re.compile(
    r"^(?:(?:us|eu|ap|apac|au|ca|jp|sa|us-gov|global)\.(?=[a-z0-9]+\.))?"
    r"(?:ai21|amazon|anthropic|cohere|google|meta|mistral|moonshot|nvidia|openai|qwen|stability|writer|zai)\."
)
_INTERFACE = re.compile(r"-v(\d{1,2})(?::\d{1,2})?$")
_DATE = re.compile(r"[@-](20\d{6}|20\d\d-\d\d-\d\d)$")
_NO_DATE = re.compile(r"[@-](?:latest|default)$")
_GEMINI = re.compile(r"^(gemini-[a-z0-9.-]*)-(00\d)$")


class Spelling(NamedTuple):
    """A name of a model: ``base`` says which it is; its date and version may be left out elsewhere."""

    base: str
    date: str | None = None
    version: str | None = None

    def is_of(self, model: Spelling) -> bool:
        """Return whether this logged name can be of a model: neither its date nor its version differs.

        A logged name without a date is not that of a dated model, except for Claude: elsewhere it moves on
        to later models.
        """
        if self.base != model.base or (
            self.date is None and model.date and not self.base.startswith("claude-")
        ):
            return False
        return all(
            mine is None or its is None or mine == its for mine, its in zip(self[1:], model[1:], strict=True)
        )


def spelling(model: str) -> Spelling:
    """Return the parts of a name; points and underscores in it become hyphens."""
    name = model.strip().lower().rsplit("/", 1)[-1]
    plain = _VENDOR.sub("", name)
    date = version = None
    match = _INTERFACE.search(plain)
    if match and (_DATE.search(plain[: match.start()]) or (plain != name and match[1] == "1")):
        plain, version = plain[: match.start()], match[1]
    plain = _NO_DATE.sub("", plain)
    if match := _DATE.search(plain):
        plain, date = plain[: match.start()], match[1].replace("-", "")
    elif match := _GEMINI.search(plain):
        plain, version = match[1], match[2]
    return Spelling(re.sub(r"[._]", "-", plain), date, version)


def matching_models(models: Iterable[str], logged: str) -> tuple[str, ...]:
    """Return the model of a sheet that a logged name fits best; several if it does not say which of them."""
    wanted = spelling(logged)
    best, closest = -1, list[str]()
    for model in models:
        own = spelling(model)
        if wanted.is_of(own):
            is_path = f"/{logged.strip().lower()}".endswith(f"/{model.lower()}")
            score = 4 * is_path + 2 * (wanted.date == own.date) + (wanted.version == own.version)
            closest = [*closest, model] if score == best else [model] if score > best else closest
            best = max(best, score)
    return tuple(closest)
