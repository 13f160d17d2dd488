"""Resources for agents: the built-in documents and the lint rules, as text."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.errors import UnknownNameError
from routecost.file_access import read_utf8
from routecost.library import Library
from routecost.problems import did_you_mean
from routecost.records import dataclass

SCHEME = "routecost://"
DOCUMENTS = ("scenarios", "pricing", "tables", "plans")
RULES = "rules"


@dataclass(frozen=True, slots=True)
class TextResource:
    """A text to read: its address, what it is, and the media type."""

    uri: str
    name: str
    description: str
    media_type: str


def resources() -> Iterator[TextResource]:
    """Yield the built-in documents, and the list of rules."""
    for kind in DOCUMENTS:
        for name in Library().names(kind):
            about = f"Built-in document of {kind}; the tools know it as {name}."
            yield TextResource(f"{SCHEME}{kind}/{name}", f"{kind}/{name}", about, "application/yaml")
    about = f"All lint rules of routing tables; {SCHEME}{RULES}/CODE explains one, with an example."
    yield TextResource(f"{SCHEME}{RULES}", RULES, about, "text/markdown")


def read_resource(uri: str) -> tuple[str, str]:
    """Return the media type and the text of a resource. Raises UnknownNameError."""
    kind, _, name = uri.removeprefix(SCHEME).partition("/")
    if uri.startswith(SCHEME):
        if kind in DOCUMENTS and name in Library().names(kind):
            return "application/yaml", read_utf8(Library().find(kind, name))
        if kind == RULES:
            return "text/markdown", _rules(name)
    hint = did_you_mean(uri, [one.uri for one in resources()])
    raise UnknownNameError(f'no resource "{uri}"{hint}')


def _rules(code: str) -> str:
    import io

    from routecost.cli.app import run

    text, errors = io.StringIO(), io.StringIO()
    words = ["rules", "--format=markdown", "--", *([code] if code else [])]
    if run(words, stdout=text, stderr=errors):
        raise UnknownNameError(errors.getvalue().strip().removeprefix("error: "))
    return text.getvalue()
