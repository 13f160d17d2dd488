"""Characters that the font of charts lacks."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_GLYPH = re.compile(r"Glyph (\d+) .*missing from")
_MOST_NAMED = 5


class MissingGlyphs(UserWarning):
    """A warning that a chart shows boxes in place of characters."""


@contextmanager
def one_warning() -> Iterator[None]:
    """Replace the warnings of matplotlib about single characters by one MissingGlyphs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    missing: dict[str, None] = {}
    for warning in caught:
        glyph = _GLYPH.match(str(warning.message))
        if glyph:
            missing[chr(int(glyph[1]))] = None
        elif "does not support" not in str(warning.message):  # scripts whose characters lack too
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if missing:
        shown = ", ".join(list(missing)[:_MOST_NAMED]) + ", ..." * (len(missing) > _MOST_NAMED)
        noun = f"{len(missing)} character{'s' * (len(missing) > 1)}"
        message = f"the font of charts lacks {noun} ({shown}); the chart has boxes there"
        warnings.warn(MissingGlyphs(message), stacklevel=2)
