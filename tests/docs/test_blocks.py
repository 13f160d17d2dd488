"""The reader of documented examples: an example that it misreads would prove nothing."""

from __future__ import annotations

import pytest

from tests.docs.blocks import Block, Shown, blocks, commands, matches


def test_blocks_are_found_with_language_and_line() -> None:
    text = "# Title\n\n```console\n$ routecost\n```\n\n- item\n\n  ```python\n  if 1:\n      pass\n  ```\n"
    assert list(blocks(text)) == [
        Block("console", 4, "$ routecost", executed=True),
        Block("python", 10, "if 1:\n    pass", executed=True),
    ]


def test_longer_fences_hold_shorter_ones() -> None:
    (block,) = blocks("````markdown\n```sh\nls\n```\n````\n")
    assert (block.language, block.text) == ("markdown", "```sh\nls\n```")


def test_a_block_may_say_why_it_is_not_executed() -> None:
    first, second = blocks(
        "<!-- not executed: needs a log -->\n```sh\na\n```\n<!-- else -->\n```sh\nb\n```\n"
    )
    assert (first.executed, second.executed) == (False, True)


def test_an_open_block_is_refused() -> None:
    with pytest.raises(ValueError, match="never closed"):
        list(blocks("```sh\nls\n"))


def test_console_commands_carry_their_output() -> None:
    block = Block("console", 10, "$ a \\\n  --b\nx\n\ny\n\n$ c", executed=True)
    assert list(commands(block)) == [Shown("a   --b", 10, ["x", "", "y"]), Shown("c", 16, None)]


def test_script_lines_are_commands() -> None:
    block = Block("sh", 3, "# set up\nmake demo\n\nmake test", executed=True)
    assert list(commands(block)) == [Shown("make demo", 4, None), Shown("make test", 6, None)]


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "b", "c"], False),
        (["a"], ["a  "], True),
        (["a", "..."], ["a"], True),
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "b"], False),
        (["$1.80 (x)"], ["$1.80 (x)"], True),
        (["$1.80"], ["$1x80"], False),
    ],
)
def test_matches(expected: list[str], actual: list[str], same: bool) -> None:
    assert matches(expected, actual) is same
