"""The fenced code blocks of a Markdown text, and the commands with their output in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)")
NOT_EXECUTED = re.compile(r"^\s*<!-- not executed: .+ -->\s*$")


@dataclass(frozen=True)
class Block:
    """A code block; ``line`` is that of its first line of code, from 1."""

    language: str
    line: int
    text: str
    executed: bool


@dataclass(frozen=True)
class Shown:
    """A command and the output that the text shows for it; none shown is None."""

    command: str
    line: int
    output: list[str] | None


def blocks(markdown: str) -> Iterator[Block]:
    """Yield the fenced blocks in order; one below ``<!-- not executed: why -->`` is not executed."""
    lines = markdown.splitlines()
    number = 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if opening is None:
            number += 1
            continue
        end = _closing(lines, number + 1, opening["ticks"])
        code = [line.removeprefix(opening["indent"]) for line in lines[number + 1 : end]]
        executed = number == 0 or not NOT_EXECUTED.match(lines[number - 1])
        yield Block(opening["language"], number + 2, "\n".join(code), executed)
        number = end + 1


def _closing(lines: list[str], start: int, ticks: str) -> int:
    for number in range(start, len(lines)):
        if lines[number].strip() == ticks:
            return number
    raise ValueError(f"line {start}: the code block is never closed")


def commands(block: Block) -> Iterator[Shown]:
    """Yield what is to be typed, and what the text says comes back.

    In ``console`` blocks a command stands after ``$``; in ``sh`` blocks each line is one.
    A backslash at the end of a line carries a command on.
    """
    typed = _console(block) if block.language == "console" else _script(block)
    for command, line, output in typed:
        while output and not output[-1].strip():
            output.pop()
        yield Shown(command, line, output or None)


def _console(block: Block) -> Iterator[tuple[str, int, list[str]]]:
    current: tuple[str, int, list[str]] | None = None
    for line, text in _joined(block):
        if text.startswith("$ "):
            if current:
                yield current
            current = (text.removeprefix("$ ").strip(), line, [])
        elif current:
            current[2].append(text)
        else:
            raise ValueError(f"line {line}: output without a command before it")
    if current:
        yield current


def _script(block: Block) -> Iterator[tuple[str, int, list[str]]]:
    for line, text in _joined(block):
        if text.strip() and not text.lstrip().startswith("#"):
            yield text.strip(), line, []


def _joined(block: Block) -> Iterator[tuple[int, str]]:
    waiting, start = "", 0
    for line, text in enumerate(block.text.split("\n"), block.line):
        start = start if waiting else line
        if text.endswith("\\"):
            waiting += text.removesuffix("\\")
        else:
            yield start, waiting + text
            waiting = ""
    if waiting:
        yield start, waiting


def matches(expected: list[str], actual: list[str]) -> bool:
    """Tell whether lines are as expected; ``...`` stands for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "..." else re.escape(line.rstrip()) + r" *\n" for line in expected
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in actual)) is not None
