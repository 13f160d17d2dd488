"""A grid of mixes: how far apart they lie, which shares are held, and which are kept in a range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from routecost.errors import UsageError
from routecost.units import MAX_DIGITS, exact, percent

_NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_EXPECTED = "expected a share from 0% to 100%, such as 5% or 0.05"

DEFAULT_STEP = "5%"


@exact
def read_share(text: str) -> Decimal:
    """Return the fraction that a text such as ``5%`` or ``0.05`` says.

    Raises UsageError for anything that is not a share from 0 to 1 in at most 20 digits.
    """
    bare = text.strip()
    digits = bare.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(digits) or len(Decimal(digits).as_tuple().digits) > MAX_DIGITS:
        raise UsageError(f'"{text}" is not a share; {_EXPECTED}')
    number = Decimal(digits).scaleb(-2 if bare.endswith("%") else 0)
    if number > 1:
        hint = f'; did you mean "{digits}%"?' if not bare.endswith("%") and number <= 100 else ""
        raise UsageError(f'"{text}" is more than 100%; {_EXPECTED}{hint}')
    return number


@dataclass(frozen=True, slots=True)
class MixGrid:
    """What to sweep: mixes ``step`` apart; shares are fractions.

    ``held`` fixes the share of a tier, ``ranges`` gives its lowest and highest, both included.
    """

    step: Decimal = Decimal("0.05")
    held: Mapping[str, Decimal] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @classmethod
    def parse(cls, step: str, hold: Sequence[str] = (), ranges: Sequence[str] = ()) -> MixGrid:
        """Read ``5%``, ``opus=5%`` and ``haiku=50%:90%``; UsageError for what makes no sense."""
        length = read_share(step)
        if not length:
            raise UsageError(f'a step of "{step}" leads nowhere; expected more than 0%')
        held = {tier: read_share(share) for tier, share in _named("--hold", "opus=5%", hold)}
        spans = {tier: _span(tier, span) for tier, span in _named("--range", "haiku=50%:90%", ranges)}
        for tier in held:
            if tier in spans:
                raise UsageError(f'tier "{tier}" is held and ranged; expected one of the two')
        return cls(length, held, spans)


def _named(option: str, example: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    seen = set()
    for text in texts:
        tier, equals, value = (part.strip() for part in text.rpartition("="))
        if not equals or not tier:
            raise UsageError(f'{option} "{text}" names no tier; expected something like {example}')
        if tier in seen:
            raise UsageError(f'{option} is given twice for tier "{tier}"; expected it once')
        seen.add(tier)
        yield tier, value


def _span(tier: str, text: str) -> tuple[Decimal, Decimal]:
    low, colon, high = text.partition(":")
    if not colon:
        raise UsageError(f'"{text}" is not a range for tier "{tier}"; expected two shares, such as 50%:90%')
    bounds = read_share(low), read_share(high)
    if bounds[0] > bounds[1]:
        raise UsageError(
            f'the range of tier "{tier}" begins at {percent(bounds[0])}, above its end, {percent(bounds[1])}'
        )
    return bounds
