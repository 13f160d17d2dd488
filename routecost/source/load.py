"""Reads documents from texts, bytes and files."""

from __future__ import annotations

import os
from pathlib import Path

from routecost.errors import UsageError
from routecost.problems import Finding
from routecost.source.characters import BYTE_ORDER_MARK, clean, decode
from routecost.source.document import Document
from routecost.source.finding_log import Limits
from routecost.source.text_positions import Places
from routecost.source.yaml_reader import Builder

DEFAULT_LIMITS = Limits()

Result = tuple[Document | None, list[Finding]]
"""A document unless nothing usable could be read, and what is wrong, in the order of the text."""


def read_text(text: str, file: str, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Read the one document of a YAML text; ``file`` is the name that positions bear.

    Keys, values and tags that cannot be used are findings beside a document without them. Broken
    syntax, a breach of a limit and an empty text are findings without a document, because half a
    document would only raise complaints about the missing half.
    """
    size = len(text) if len(text) > limits.max_bytes else len(text.encode("utf-8", "surrogatepass"))
    if size > limits.max_bytes:
        return None, [_too_large(file, limits)]
    return _read(text, file, limits)


def read_bytes(data: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Read the one document of YAML bytes, as :func:`read_text` does; expects UTF-8."""
    if len(data) > limits.max_bytes:
        return None, [_too_large(file, limits)]
    text, findings = decode(data, file)
    return (None, findings) if text is None else _read(text, file, limits)


def read_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Read the one document of a YAML file, as :func:`read_text` does.

    Raises :class:`~routecost.errors.UsageError` if the file cannot be read at all. A file that is
    too large is not opened.
    """
    data = file_bytes(path, limits)
    return (None, [data]) if isinstance(data, Finding) else read_bytes(data, str(path), limits)


def file_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes | Finding:
    """Return what is in a file, or the finding that it is too large; it is not opened then.

    Raises :class:`~routecost.errors.UsageError` if the file cannot be read at all.
    """
    try:
        if os.stat(path).st_size > limits.max_bytes:
            return _too_large(str(path), limits)
        with open(path, "rb") as stream:
            data = stream.read(limits.max_bytes + 1)
    except OSError as error:
        raise UsageError(f'cannot read "{path}": {(error.strerror or str(error)).lower()}') from error
    except ValueError as error:
        raise UsageError(f'cannot read "{path}": {error}') from error
    return data if len(data) <= limits.max_bytes else _too_large(str(path), limits)


def _read(text: str, file: str, limits: Limits) -> Result:
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text, findings = clean(text.removeprefix(mark), file)
    places = Places(file, text)
    builder = Builder(places, limits)
    root = builder.read()
    findings = sorted(findings + builder.complaints.findings, key=Finding.sort_key)
    if root is None:
        return None, findings
    data, start = root
    if data is None:
        return None, [*findings, places.finding("the document is empty; expected a mapping", start)]
    return Document(file, text, data, start, mark), findings


def _too_large(file: str, limits: Limits) -> Finding:
    message = f"the file is too large; at most {limits.max_bytes:,} bytes are read"
    return Places(file, "").finding(message, 0)
