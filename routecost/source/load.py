"""Reading of documents from text, bytes and files."""

from __future__ import annotations

from pathlib import Path

from routecost.file_access import read_within
from routecost.problems import Finding
from routecost.source.characters import BYTE_ORDER_MARK, clean, decode
from routecost.source.document import Document
from routecost.source.finding_log import Limits
from routecost.source.text_positions import Places
from routecost.source.yaml_reader import Builder

DEFAULT_LIMITS = Limits()
EMPTY = "the document is empty; expected a mapping"

Result = tuple[Document | None, list[Finding]]
"""A document, or None if the text is unusable, and findings in text order."""


def read_text(text: str, file: str, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Read the single document of a YAML text; ``file`` is the file name in positions.

    Unusable keys, values and tags are findings, and the document omits them. Invalid syntax, an
    exceeded limit and an empty text are findings without a document, because an incomplete document
    would cause misleading findings.
    """
    size = len(text) if len(text) > limits.max_bytes else len(text.encode("utf-8", "surrogatepass"))
    if size > limits.max_bytes:
        return None, [_too_large(file, limits)]
    return _read(text, file, limits)


def read_bytes(data: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Read the single document of YAML bytes in UTF-8; see :func:`read_text`."""
    if len(data) > limits.max_bytes:
        return None, [_too_large(file, limits)]
    text, findings = decode(data, file)
    return (None, findings) if text is None else _read(text, file, limits)


def read_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Read the single document of a YAML file; see :func:`read_text`.

    Raises :class:`~routecost.errors.UsageError` if the file cannot be read. A file that is too
    large is not opened.
    """
    data = file_bytes(path, limits)
    return (None, [data]) if isinstance(data, Finding) else read_bytes(data, str(path), limits)


def file_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes | Finding:
    """Return the contents of a file, or a finding if it is too large to open.

    Raises :class:`~routecost.errors.UsageError` if the file cannot be read.
    """
    data = read_within(path, limits.max_bytes)
    return _too_large(str(path), limits) if data is None else data


def _read(text: str, file: str, limits: Limits) -> Result:
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text, findings = clean(text.removeprefix(mark), file)
    places = Places(file, text)
    builder = Builder(places, limits)
    root = builder.read()
    findings = sorted(findings + builder.log.findings, key=Finding.sort_key)
    if root is None:
        return None, findings
    data, start = root
    if data is None:
        return None, [*findings, places.finding(EMPTY, start)]
    return Document(file, text, data, start, mark), findings


def _too_large(file: str, limits: Limits) -> Finding:
    message = f"the file is too large; the limit is {limits.max_bytes:,} bytes"
    return Places(file, "").finding(message, 0)
