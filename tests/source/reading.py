"""A text that must read without findings -> its document."""

from __future__ import annotations

from routecost.source import Document, read_text


def document_of(text: str) -> Document:
    document, findings = read_text(text, "t.yaml")
    assert findings == []
    assert document is not None
    return document
