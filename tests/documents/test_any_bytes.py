"""Any bytes given as a document end in findings or success; never in another exception."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import DocumentError, compare, load_pricing, load_scenario
from routecost.documents.actuals.load import load_actuals
from routecost.errors import RoutecostError
from routecost.model.results.actuals import Actuals
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.render.findings import excerpt
from tests.documents.examples import HERE

FLEET = load_scenario("article-fleet")


def load_article_actuals(path: Path) -> Actuals:
    """Load what months of the article's fleet cost."""
    return load_actuals(path, FLEET, Horizon(date(2026, 2, 1), 12), date(2026, 11, 26))


Load = Callable[[Path], Any]
LOADS: dict[str, Load] = {
    "scenarios": load_scenario,
    "pricing": load_pricing,
    "actuals": load_article_actuals,
}
TEXTS = {
    folder: [path.read_bytes() for path in sorted((HERE / "positive" / folder).glob("*.yaml"))]
    for folder in LOADS
}
SNIPPETS = (
    *(b"{", b"}", b"[", b"]", b":", b"- ", b"\n", b"  ", b"\t", b"&a ", b"*a", b"<<", b"!!str ", b"# "),
    *(b"null", b"NaN", b"-1", b"1e400", b"80%", b"on", b"2026-02-30", b'"', b"'", b"|", b"---", b"\x00"),
    *(b"\xff", b"\xef\xbb\xbf", "\u2028".encode(), b"\r", b"tier", b"mix", b"haiku", b"per_call", b"with"),
)


def accept_or_explain(load: Load, data: bytes) -> Any:
    """Load bytes; if that fails, every finding must be one that can be shown."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "any.yaml")
        path.write_bytes(data)
        try:
            return load(path)
        except DocumentError as error:
            findings = error.findings
    assert findings
    assert all(excerpt(finding) for finding in findings)
    return None


@st.composite
def mutations(draw: st.DrawFn, texts: list[bytes]) -> bytes:
    """Draw a sound document with pieces cut out, put in, or copied from elsewhere."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 20)))
        source, size = draw(st.integers(0, len(text))), draw(st.integers(1, 40))
        copied = st.just(text[source : source + size])
        text = text[:start] + draw(st.just(b"") | st.sampled_from(SNIPPETS) | copied) + text[end:]
    return text


@pytest.mark.parametrize("folder", LOADS)
@given(data=st.binary(max_size=200))
def test_any_bytes(folder: str, data: bytes) -> None:
    accept_or_explain(LOADS[folder], data)


@pytest.mark.parametrize("folder", LOADS)
@given(text=st.text(st.sampled_from("{}[]:,-&*!|>'\"%@`#?~ \n\tab01"), max_size=60))
def test_any_punctuation(folder: str, text: str) -> None:
    accept_or_explain(LOADS[folder], text.encode())


@pytest.mark.parametrize("folder", LOADS)
@given(data=st.data())
def test_a_sound_document_with_random_changes(folder: str, data: st.DataObject) -> None:
    loaded = accept_or_explain(LOADS[folder], data.draw(mutations(TEXTS[folder])))
    if isinstance(loaded, Scenario):
        compare_or_explain(loaded)


def compare_or_explain(loaded: Scenario) -> None:
    """What loads must also price, or be refused in words."""
    with suppress(RoutecostError):
        compare(loaded)
