"""Leaves out strategies that are at fault and that the user did not select."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

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

    None if no such strategy is at fault, or all are. Faults in other files count as those of the strategies
    with a routing table.
    """
    strategies = document.get((STRATEGIES,))
    if not isinstance(strategies, MapNode) or not strategies:
        return None
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    blamed = dict(_blamed(document, strategies, errors))
    faulty = {name for names in blamed.values() for name in names} - {*selected}
    if not faulty or faulty >= strategies.keys():
        return None
    kept = with_strategies(document, [name for name in strategies if name not in faulty])
    warnings = (_warning(finding, names) for finding, names in blamed.items() if faulty & {*names})
    return kept, tuple(warnings)


def _blamed(
    document: Document, strategies: MapNode, errors: Iterable[Finding]
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Yield each fault with the strategy in whose text it is; in another file, with those with a table."""
    keys = document.data if isinstance(document.data, dict) else ()
    places = sorted((_order(document.position((STRATEGIES, name), key=True)), name) for name in strategies)
    starts, names = [start for start, _ in places], [None, *(name for _, name in places), None]
    after = [_order(document.position((key,), key=True)) for key in keys]
    starts += sorted(start for start in after if start > starts[-1])[:1]  # where the strategies end
    tabled = tuple(name for name, data in strategies.items() if isinstance(data, dict) and "table" in data)
    for finding in errors:
        if finding.position.file != document.file:
            yield finding, tabled
            continue
        name = names[bisect_right(starts, _order(finding.position))]
        yield finding, () if name is None else (name,)


def _order(position: Position) -> tuple[int, int]:
    return position.line, position.column


def _warning(finding: Finding, names: Collection[str]) -> Finding:
    them = " and ".join(f'"{name}"' for name in names)
    message = f"{finding.message} (not selected, and left out: {them})"
    return replace(finding, message=message, severity=Severity.WARNING)
