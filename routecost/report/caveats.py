"""What a reader must know before believing a figure."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report import Note


def made_up(illustrative: str | None) -> Iterator[Note]:
    """Yield a warning where figures were made up; ``illustrative`` says which."""
    if illustrative is not None:
        yield Note.of(f"Illustrative, not measured: {illustrative.rstrip('.')}.", warning=True)
