"""Steps that run once for each of something, and the numbers of those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from routecost.documents.task_plan.tier_text import split_count, vague
from routecost.records import dataclass

_EACH = re.compile(
    r"\b(?:each|for every|(?:once|one|call|calls|run) per)(?: of (?:the )?)? (?=(?P<words>[\w' -]+))",
    re.IGNORECASE,
)
_ENDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at by for from has have in into is its of on or that the their then to using we "
        "which who whose with x",
    )
)
_MOST_WORDS = 3


@dataclass(frozen=True)
class Each:
    """The words after "each": ``noun`` is the one that a message asks for."""

    words: tuple[str, ...]
    noun: str


def each_of(text: str) -> Iterator[Each]:
    """Yield what a text is to be done for each of."""
    for match in _EACH.finditer(text):
        words = match["words"].lower().split()
        end = next(
            (at for at, word in enumerate(words) if word in _ENDS or not word[0].isalnum()), len(words)
        )
        phrase = tuple(words[: min(end, _MOST_WORDS)]) or tuple(words[:1])
        yield Each(phrase, phrase[-1] if end <= _MOST_WORDS else phrase[0])


def counted_words(each: Each, counts: Mapping[str, int]) -> list[str]:
    """Return the names among the counts that are words of a phrase, in singular or plural."""
    return [
        name for word in each.words for name in (word, f"{word}s", word.removesuffix("s")) if name in counts
    ]


def number_of(text: str) -> tuple[int | None, str | None]:
    """Return the number of a cell or field such as ``12`` or ``x 12``, and what is wrong with it."""
    if text.strip() in ("-", "\u2013", "\u2014"):
        return None, None
    rest, count, fault = split_count(
        text if not text.strip().replace(",", "").isdigit() else f"x {text.strip()}"
    )
    if fault is None and (count is None or rest):
        fault = (
            vague(f"x {text}")
            or f'the number of repeats{{}} is not a whole number: "{text[:50]}"; expected "12"'
        )
    return count, fault
