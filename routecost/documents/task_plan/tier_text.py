"""The part of a step that names its tier: ``**Haiku** (short, x 12)``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from routecost.problems import Names
from routecost.records import dataclass

NUMBER = r"[0-9]{1,3}(?:[,_'\u2009\u00a0\u202f ][0-9]{3})+|[0-9]{1,15}"
_SIGN = r"(?:[\u00d7\u2715*]|(?<![^\W_])[xX])"
_UNITS = r"(?:[\u00d7\u2715]|(?:x|X|times|calls?|runs|repeats|instances)(?!\w))"
_COUNT = re.compile(rf"{_SIGN}[ ]?(?P<after>{NUMBER})(?![\w.,])|(?P<before>{NUMBER})[ ]?{_UNITS}")
_VAGUE = re.compile(
    rf"{_SIGN} ?(?:[~\u2248(<>\[]|[0-9]|[A-Z]\b|about |up to )|(?:[~\u2248<>]|up to |about )[0-9]"
)
_RANGE = re.compile(r"[0-9]\)? ?(?:-|\u2013|\u2014|\u2012|\.\.+|to|or) ?[0-9]")
_NOTE = re.compile(
    r"[\u2010-\u2015:;,.-]+(?=\s|$|\()|[\u2013\u2014]|(?:because|since|as|for|due to)(?!\w)", re.IGNORECASE
)
_LEAD = re.compile(r"(?:tier|model)\b ?[:=]? ?", re.IGNORECASE)
_WRAPPED = (("[", "]"), ("(", ")"), ('"', '"'), ("<", ">"), ("\u201c", "\u201d"), ("{", "}"))


@dataclass
class TierText:
    """What is read of the part: its tier, repeats and remark, or what is wrong with it."""

    tier: str | None = None
    count: int | None = None
    because: str | None = None
    fault: str | None = None


class Tiers:
    """The tiers that steps may name."""

    def __init__(self, names: Sequence[str]) -> None:
        self._by_lower = {name.lower(): name for name in sorted(names, key=len, reverse=True)}
        self._names = tuple(names)

    @cached_property
    def _known(self) -> Names:
        return Names(self._names)

    @cached_property
    def _start(self) -> re.Pattern[str]:
        names = "|".join(map(re.escape, self._by_lower))
        return re.compile(rf"(?:{names or '(?!)'})(?![\w/]|[-.]\w)", re.IGNORECASE)

    def exact(self, text: str) -> str | None:
        """Return the tier that a text is, apart from its case and brackets."""
        return self._by_lower.get(unwrapped(text).lower())

    def mentions(self, text: str) -> bool:
        """Return whether a text names a tier."""
        return any(
            match.start() == 0 or not text[match.start() - 1].isalnum()
            for match in self._start.finditer(text)
        )

    def read(self, text: str) -> TierText:
        """Read a tier with its repeats and remark."""
        text = unwrapped(text.strip())
        before = _COUNT.match(text)
        text = unwrapped(text[before.end() :].strip()) if before else text
        lead = _LEAD.match(text)
        match = self._start.match(text, lead.end() if lead else 0) or self._start.match(text)
        tier_text = TierText(count=_count(before) if before else None)
        if match is None:
            offender = re.split(r"\s[(\u2013\u2014-]|[,;:]", text, maxsplit=1)[0].strip()
            tier_text.fault = f'unknown tier "{short(offender)}"{{}}{self._known.suggestion(offender)}'
            return tier_text
        tier_text.tier = self._by_lower[match.group().lower()]
        rest = re.sub(r"^ ?(?:tier|model)\b", "", text[match.end() :], flags=re.IGNORECASE)
        self._rest(rest.strip(), tier_text)
        return tier_text

    def _rest(self, rest: str, tier_text: TierText) -> None:
        """Read what follows a tier: notes in parentheses, repeats, and a remark after a dash or comma."""
        remarks: list[str] = []
        while rest and tier_text.fault is None:
            count, note = _COUNT.match(rest), _NOTE.match(rest)
            if rest[0] in "([":
                inner, rest = _group(rest)
                remark = self._counted(inner.strip(), tier_text)
            elif count and not _RANGE.match(rest, max(count.end() - 1, 0)):
                remark = self._counted(count.group(), tier_text)
                rest = re.sub(r"^ [a-z]+(?= ?$| ?\()", "", rest[count.end() :])  # "x 12 companies"
            elif note:
                remark, rest = self._counted(rest[note.end() :].strip(), tier_text), ""
                if remark and self.mentions(remark):
                    tier_text.fault = (
                        f'two tiers{{}}: "{short(remark)}" names another; expected a step for each call'
                    )
            else:
                tier_text.fault = (
                    vague(rest) or f'"{short(rest)}" after the tier{{}}; expected "(a note)" or "x 12"'
                )
                return
            remarks += [remark] if remark else []
            rest = rest.strip()
        tier_text.because = "; ".join(remarks) or None

    @staticmethod
    def _counted(text: str, tier_text: TierText) -> str:
        """Take repeats out of a note, and return what is left of it."""
        rest, count, fault = split_count(text)
        if fault or (count is not None and tier_text.count is not None):
            tier_text.fault = fault or "two numbers of repeats{}; expected one"
        tier_text.count = tier_text.count if count is None else count
        return rest


def split_count(text: str) -> tuple[str, int | None, str | None]:
    """Return a text without the repeats at its start or end, the repeats, and what is wrong with them."""
    matches = list(_COUNT.finditer(text))
    for match in matches[-1:] + matches[:1]:
        before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        if before.endswith("(") and after == ")":
            before, after = before[:-1].rstrip(), ""
        if not after or (not before and (match["before"] or after[0] in ",;:\u2014\u2013")):
            if _RANGE.search(text, max(match.start() - 4, 0)):
                break
            return before.rstrip(",;") or after.lstrip(",;:\u2014\u2013 "), _count(match), None
    return text, None, vague(text)


def vague(text: str) -> str | None:
    """Return a message about repeats that are no single number."""
    match = _VAGUE.search(text)
    if match is None and not (_COUNT.search(text) and _RANGE.search(text)):
        return None
    what = "a range" if _RANGE.search(text) else "not a whole number"
    return f'the number of repeats{{}} is {what}: "{short(text)}"; expected one number, such as "x 12"'


def unwrapped(text: str) -> str:
    """Return a text without the brackets or quotes around all of it."""
    for start, end in _WRAPPED:
        inner = text[1:-1]
        if len(text) > 2 and text[0] == start and text[-1] == end and not {start, end} & set(inner):
            return inner.strip()
    return text


def short(text: str) -> str:
    """Return a text for a message."""
    return text if len(text) <= 50 else text[:49].rstrip() + "\u2026"


def _group(text: str) -> tuple[str, str]:
    """Split a text after the bracket that closes its first."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return text[1:at], text[at + 1 :]
    return text[1:], ""


def _count(match: re.Match[str]) -> int:
    return int(re.sub(r"[^0-9]", "", match["after"] or match["before"]))
