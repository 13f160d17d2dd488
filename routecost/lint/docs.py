"""What a rule says about itself: its docstring, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path

EXAMPLES = Path(__file__).parent / "examples"
"""The library that the examples refer to: their taxonomy, and pricing sheets."""

ABOUT_EXAMPLES = (
    'The taxonomy "three-steps" of the examples admits haiku for extract, sonnet for draft and opus for '
    "approve."
)

_SECTION = re.compile(r"^(?P<title>Why|Example|Use instead)(?: with (?P<options>--[\w -]+))?:$", re.MULTILINE)
_OPTION = re.compile(r"--(?P<name>pricing|scenario|evidence) (?P<value>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Example:
    """A routing table as YAML, and what it is held against, if anything, as ``options`` say it."""

    table: str
    pricing: str | None = None
    scenario: str | None = None
    evidence: str | None = None
    options: str = ""

    @property
    def evidence_file(self) -> str | None:
        """The path of the evidence file."""
        return None if self.evidence is None else str(EXAMPLES / "evidence" / f"{self.evidence}.yaml")


@dataclass(frozen=True, slots=True)
class RuleDocs:
    """``what`` begins with the ``summary``; ``why`` names its source; the examples are executed."""

    summary: str
    what: str
    why: str
    example: Example
    instead: Example


def parse(docstring: str) -> RuleDocs:
    """Take a rule's docstring apart; raises ValueError if a section is missing."""
    text = cleandoc(docstring)
    heads = list(_SECTION.finditer(text))
    if [head["title"] for head in heads] != ["Why", "Example", "Use instead"]:
        raise ValueError("a rule's docstring needs the sections Why, Example and Use instead, in this order")
    ends = [*(head.start() for head in heads[1:]), len(text)]
    why, example, instead = (
        cleandoc("\n" + text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    )
    what = _unwrapped(text[: heads[0].start()])
    return RuleDocs(
        what.split("\n\n")[0],
        what,
        _unwrapped(why),
        _example(example, heads[1]["options"] or ""),
        _example(instead, heads[2]["options"] or ""),
    )


def _example(table: str, options: str) -> Example:
    if _OPTION.sub("", options).strip():
        raise ValueError(f'an example cannot be held against "{options}"')
    given = {found["name"]: found["value"] for found in _OPTION.finditer(options)}
    return Example(table + "\n", **given, options=options)


def _unwrapped(text: str) -> str:
    """Return paragraphs without the line breaks of the source."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
