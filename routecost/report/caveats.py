"""What a reader must know before believing a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.report import Note

_MOST_NAMED = 4


def made_up(illustrative: str | None) -> Iterator[Note]:
    """Yield a warning where figures were made up; ``illustrative`` says which."""
    if illustrative is not None:
        yield Note.of(f"Illustrative, not measured: {illustrative.rstrip('.')}.", warning=True)


def at_means(names: Sequence[str]) -> Iterator[Note]:
    """Yield a note where fields, given by name, are not known, and their means stand for them."""
    if names:
        yield Note.of(f'Not known, and taken at their means: {named(names)}; "routecost project" draws them.')


def named(names: Sequence[str]) -> str:
    """Return names as one list, of which a long one ends in how many more there are."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"
