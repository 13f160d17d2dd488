"""Documentation of lint rules, parsed from their docstrings."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path
from textwrap import indent

from routecost.records import dataclass

EXAMPLES = Path(__file__).parent / "examples"
"""The library of the examples: taxonomy, pricing sheets, scenarios and evidence."""

ABOUT_EXAMPLES = (
    'The taxonomy "three-steps" of the examples allows haiku for extract, sonnet for draft and opus for '
    "approve."
)

CODE_MARK = "``"
"""The mark before and after code in a docstring."""

_HEAD = (
    "version: 1\ntaxonomy: three-steps\nescalation: [haiku, sonnet, opus]\nconfidence: required\nroutes:\n"
)
_ROWS = {
    "extract": "- {task: extract, tier: haiku}",
    "draft": "- {task: draft, tier: sonnet}",
    "approve": "- {task: approve, tier: opus}",
}
"""Valid rows by task type, which complete an example that has rows only."""

_SECTION = re.compile(r"^(?P<title>Why|Example|Use instead)(?: with (?P<options>--[\w -]+))?:$", re.MULTILINE)
_OPTION = re.compile(r"--(?P<name>pricing|scenario|evidence) (?P<value>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Example:
    """A routing table as YAML, and the files to check it against; ``options`` names them."""

    table: str
    pricing: str | None = None
    scenario: str | None = None
    evidence: str | None = None
    options: str = ""


@dataclass(frozen=True, slots=True)
class RuleDocs:
    """Sections of a rule's docstring. ``what`` begins with ``summary``; tests run the examples."""

    summary: str
    what: str
    why: str
    example: Example
    instead: Example


def parse(docstring: str) -> RuleDocs:
    """Parse a rule's docstring. Raises ValueError if a section is missing."""
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
        raise ValueError(f'unknown options of an example: "{options}"')
    files = {match["name"]: match["value"] for match in _OPTION.finditer(options)}
    return Example(_complete(table) + "\n", **files, options=options)


def _complete(example: str) -> str:
    """Complete an example that has rows only to a valid table; return other examples unchanged."""
    if not example.startswith("- "):
        return example
    rows = dict(_ROWS)
    for row in re.split(r"\n(?=- )", example):
        task = next((name for name in rows if re.match(rf"- {{?task: {name}\b", row)), row)
        rows[task] = row
    return _HEAD + indent("\n".join(rows.values()), "  ")


def plain(text: str) -> str:
    """Return text of a docstring without the marks of code."""
    return text.replace(CODE_MARK, "")


def _unwrapped(text: str) -> str:
    """Return paragraphs without the line breaks of the source."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
