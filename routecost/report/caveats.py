"""Caveats: illustrative figures, and uncertain inputs held at their means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.report import Note

_MOST_NAMED = 4


def made_up(illustrative: str | None) -> Iterator[Note]:
    """Yield a warning if ``illustrative`` names figures that were not measured."""
    if illustrative is not None:
        yield Note.of(f"Illustrative, not measured: {illustrative.rstrip('.')}.", warning=True)


def at_means(names: Sequence[str]) -> Iterator[Note]:
    """Yield a note that names the uncertain fields that are held at their means."""
    if names:
        yield Note.of(
            f"Uncertain inputs held at their mean: {named(names)}. Run `routecost project` to simulate them."
        )


def left_out(reasons: Sequence[str]) -> Iterator[Note]:
    """Yield a warning for each strategy that is left out because it has no price and is not selected."""
    for reason in reasons[:_MOST_NAMED]:
        yield Note.of(f"Not selected, and left out: {reason}.", warning=True)
    if len(reasons) > _MOST_NAMED:
        more = len(reasons) - _MOST_NAMED
        yield Note.of(f"{more} more strategies without a price are left out.", warning=True)


def named(names: Sequence[str]) -> str:
    """Return names as one list; a long list ends with the number of names left out."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"
