"""No regular expression of routecost backtracks over the same text again and again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import routecost

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = [chr(code) for code in range(256)] + list("\u00d7\u2022\u2028\u202f\u0660\u2192")
EXTRAS = {"anyio", "mcp", "mcp_types", "py4j", "pyspark", "vl_convert"}
"""Packages that only test-all installs."""
MANY = 100
"""A repetition of at least so many characters is one over which backtracking takes time."""

ANCHORED = {
    "api/changes/gate.py": "matched as a whole",
    "source/editing/insertion_style.py": "matched at one place",
    "source/node_ends.py": "matched at one place",
}
"""Modules whose expressions may begin with a repetition, because nothing searches for them."""

_LAST = "the last repetition takes any character, so that nothing after it fails"
_NUMBER = "a digit is before or after a separator that is not optional in its group"
REVIEWED = {
    r"[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?": _NUMBER,
    r"[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?": _NUMBER,
    r"\d+(\.\d*)?|\.\d+": _NUMBER,
    r"(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,2})?": _NUMBER,
    r"(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}": _NUMBER,
    r'"[^"]*"|(?<![\w.-])[+-]?\d+(?:[.,-]\d+)*': _NUMBER,
    r"(?:^|(?<=[ \t]))#[ \t]*routecost:[ \t]*(?P<what>[^\r\n]*)": _LAST,
    r"[ \t]*(?:(,)[ \t]*)?(?:#[^\r\n]*)?(?=[\r\n]|\Z)": "a comma is between the spaces",
    r"\s*(?:#[^\r\n\x85\u2028\u2029]*[\r\n\x85\u2028\u2029]\s*)*:": "a # starts each repetition",
}
"""Expressions that the analysis cannot judge, because it ignores which group a separator is in."""


def expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield all compiled expressions of the modules, and the patterns given to functions of ``re``."""
    for info in walk_packages(routecost.__path__, "routecost."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = import_module(info.name)
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
            continue
        file = Path(str(module.__file__)).relative_to(ROOT / "routecost").as_posix()
        for value in vars(module).values():
            if isinstance(value, re.Pattern):
                yield file, value
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "import re\n" in text else ():
            if _is_search(node):
                pattern = node.args[0]  # type: ignore[attr-defined]
                if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
                    yield file, re.compile(pattern.value)


def _is_search(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    is_of_re = isinstance(function, ast.Attribute) and getattr(function.value, "id", None) == "re"
    return is_of_re and isinstance(function, ast.Attribute) and function.attr not in {"compile", "escape"}


EXPRESSIONS = sorted({(file, made.pattern, made.flags) for file, made in expressions()})

Characters = frozenset[str]
Part = tuple[Characters, bool]
"""The characters that may be matched, and whether they may be repeated many times."""


def overlaps(pattern: str, flags: int = 0, *, searched: bool = True) -> list[str]:
    """Return why the time of an expression may be quadratic in the length of a text."""
    tree = parser.parse(pattern, flags & ~re.UNICODE.value)
    reasons: list[str] = []
    for sequence in _sequences(list(tree)):
        reasons += _neighbours(sequence)
    if searched and _starts_with_repetition(list(tree)):
        reasons.append("a search begins with a repetition")
    return reasons


def _sequences(items: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield an expression with the contents of its groups in place, and those of its repetitions."""
    yield list(items)
    for operation, argument in items:
        for inner in _inner(operation, argument):
            yield from _sequences(inner)


def _inner(operation: Any, argument: Any) -> list[list[Any]]:
    if operation is codes.SUBPATTERN:
        return [list(argument[-1])]
    if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        body = list(argument[2])
        return [body, body * 2] if argument[1] >= MANY else [body]
    if operation is codes.BRANCH:
        return [list(branch) for branch in argument[1]]
    return []


def _neighbours(items: Sequence[Any]) -> Iterator[str]:
    """Yield the repetitions that can take each other's characters: nothing else must be between them."""
    open_repetitions: list[Characters] = []
    for operation, argument in _flat(items):
        if operation in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            continue
        characters, is_many, may_be_empty = _part(operation, argument)
        if is_many:
            if any(characters & other for other in open_repetitions):
                yield f"repetitions of {sorted(characters)[:5]} overlap"
            open_repetitions.append(characters)
        if not may_be_empty:
            kept = [characters] if is_many else []
            # What must be between two repetitions separates them, unless it is one of their characters.
            between = [other & characters for other in open_repetitions if other & characters]
            open_repetitions = kept or between


def _flat(items: Sequence[Any]) -> Iterator[Any]:
    for operation, argument in items:
        if operation is codes.SUBPATTERN:
            yield from _flat(list(argument[-1]))
        elif operation in (codes.MAX_REPEAT, codes.MIN_REPEAT) and argument[:2] == (0, 1):
            for inner in _flat(list(argument[2])):
                yield (codes.MAX_REPEAT, (0, 1, [inner])) if _is_single(*inner) else inner
        else:
            yield operation, argument


def _is_single(operation: Any, _: Any) -> bool:
    return operation in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)


def _part(operation: Any, argument: Any) -> tuple[Characters, bool, bool]:
    """Return the characters of an item, whether it repeats, and whether it may match nothing."""
    if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, body = argument
        characters: Characters = frozenset().union(*(_part(*item)[0] for item in body))
        return characters, most >= MANY, least == 0
    if operation is codes.BRANCH:
        parts = [_part(*item) for branch in argument[1] for item in branch]
        return frozenset().union(*(part[0] for part in parts)), False, not all(argument[1])
    if operation is codes.SUBPATTERN:
        parts = [_part(*item) for item in argument[-1]]
        return frozenset().union(*(part[0] for part in parts)), False, all(part[2] for part in parts)
    if operation in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return frozenset(), False, True
    return (
        frozenset(character for character in SAMPLES if _matches(operation, argument, character)),
        False,
        False,
    )


def _matches(operation: Any, argument: Any, character: str) -> bool:
    if operation is codes.LITERAL:
        return bool(ord(character) == argument)
    if operation is codes.NOT_LITERAL:
        return bool(ord(character) != argument)
    if operation is codes.ANY:
        return character != "\n"
    if operation is codes.RANGE:
        return bool(argument[0] <= ord(character) <= argument[1])
    if operation is codes.CATEGORY:
        classes = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
        name = str(argument).removeprefix("CATEGORY_")
        positive = re.match(classes[name.removeprefix("NOT_")], character) is not None
        return positive != name.startswith("NOT_")
    if operation is codes.IN:
        negated = argument[0][0] is codes.NEGATE
        return any(_matches(kind, inner, character) for kind, inner in argument[negated:]) != negated
    raise NotImplementedError(operation)


def _starts_with_repetition(items: Sequence[Any]) -> bool:
    """Return whether a search tries a repetition at each place of a run: no look-behind keeps it out."""
    for operation, argument in _flat(items):
        if operation in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            return False
        _, is_many, may_be_empty = _part(operation, argument)
        if is_many and may_be_empty:
            return True
        if not may_be_empty:
            return False
    return False


@pytest.mark.parametrize(("file", "pattern", "flags"), EXPRESSIONS)
def test_no_expression_backtracks_without_end(file: str, pattern: str, flags: int) -> None:
    reasons = overlaps(pattern, flags, searched=file not in ANCHORED)
    assert reasons == [] or pattern in REVIEWED, "separate the repetitions, or review the expression"


def test_expressions_are_found() -> None:
    assert len(EXPRESSIONS) > 40
    patterns = {pattern for _, pattern, _ in EXPRESSIONS}
    assert patterns >= set(REVIEWED), "remove the reviews of expressions that are no longer there"
    assert {file for file, _, _ in EXPRESSIONS} >= set(ANCHORED)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s*x",
        r"x\s*:?\s*$",
        r"[ \t]*(,?)[ \t]*$",
        r"a\d+\d*b",
        r"(a+)+b",
        r"x(\s*,?\s*)*y",
        r"x\w+[a-z]*;",
        r"^\[(.*)\s*\]",
    ],
)
def test_an_expression_that_backtracks_is_seen(pattern: str) -> None:
    assert overlaps(pattern)


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s*x", r'"[^"]*"', r"\w+:\d*", r"#[^\n]*\n", r"a{1,9}a*b"])
def test_a_linear_expression_passes(pattern: str) -> None:
    assert overlaps(pattern) == []
