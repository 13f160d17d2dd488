"""Leaves out strategies that are at fault and that the user did not select."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from routecost.problems import Finding, Position, Severity
from routecost.source import Document
from routecost.source.nodes import MapNode, with_child

STRATEGIES = "strategies"


def with_strategies(document: Document, names: Iterable[str]) -> Document:
    """Return the document with only these strategies, or with its first if it has none of these."""
    written = document.get((STRATEGIES,))
    chosen = [name for name in names if name in written] or list(written)[:1]
    kept = MapNode((name, written[name]) for name in chosen)
    kept.marks = [offset for name in kept for offset in written.mark(name) or (0, 0)]
    return replace(document, data=with_child(document.data, STRATEGIES, kept))


def without_faulty(
    document: Document, findings: Collection[Finding], selected: Collection[str]
) -> tuple[Document, tuple[Finding, ...]] | None:
    """Return the document without strategies at fault that are not selected, and a warning for each fault.

    None if no such strategy is at fault. Faults in other files count as those of the strategies with a
    routing table.
    """
    strategies = document.get((STRATEGIES,))
    if not isinstance(strategies, MapNode):
        return None
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    blamed = {finding: tuple(_blamed(document, strategies, finding)) for finding in errors}
    faulty = {name for names in blamed.values() for name in names} - {*selected}
    if not faulty:
        return None
    kept = with_strategies(document, [name for name in strategies if name not in faulty])
    warnings = (_warning(finding, names) for finding, names in blamed.items() if faulty & {*names})
    return kept, tuple(warnings)


def _blamed(document: Document, strategies: MapNode, finding: Finding) -> Iterator[str]:
    """Yield the strategies in whose text a fault is; for a fault in another file, those with a table."""
    if finding.position.file != document.file:
        yield from (name for name, data in strategies.items() if isinstance(data, dict) and "table" in data)
        return
    keys = document.data if isinstance(document.data, dict) else ()
    place = _order(finding.position)
    starts = [(_order(document.position((STRATEGIES, name), key=True)), name) for name in strategies]
    ends: list[Any] = [start for start, _ in starts[1:]]
    after = [_order(document.position((key,), key=True)) for key in keys]
    ends += [min((start for start in after if start > starts[-1][0]), default=None)]
    for (start, name), end in zip(starts, ends, strict=True):
        if start <= place and (end is None or place < end):
            yield name


def _order(position: Position) -> tuple[int, int]:
    return position.line, position.column


def _warning(finding: Finding, names: Collection[str]) -> Finding:
    them = " and ".join(f'"{name}"' for name in names)
    message = f"{finding.message} (not selected, and left out: {them})"
    return replace(finding, message=message, severity=Severity.WARNING)
