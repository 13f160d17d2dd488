"""Mutated documents of every kind, through every command that reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import FEWER_EXAMPLES
from tests.hostile.contract import folder, run_hostile
from tests.hostile.mutate import SOURCES, documents

FORMATS = ("text", "json", "csv", "spreadsheet", "markdown", "html", "latex")
COMMANDS = {
    "scenario": (
        "compare F", "compare F --explain", "check F", "breakeven F", "project F --months 2 --runs 20",
        "optimize F", "sweep F --mix --step 25%", "sweep F --tornado", "validate article --scenario F",
        "pricing diff claude-2026-11 claude-article --scenario F",
    ),
    "pricing": (
        "pricing show F", "pricing check F", "pricing diff F claude-2026-11",
        "compare article-fleet --pricing F",
        "compare support-desk --pricing F", "plan eight-subtasks --pricing F",
    ),
    "table": ("validate F", "validate F --scenario article-fleet", "rules --prompt F", "validate F --diff"),
    "taxonomy": ("validate article --taxonomy F", "rules --prompt article --taxonomy F"),
    "evidence": ("validate article --evidence F", "rules --prompt article --evidence F"),
    "plan": ("plan F",),
    "actuals": ("project article-fleet --actuals F",),
}  # fmt: skip
FREE = ("rules --prompt", "--diff")


def test_every_kind_of_document_is_mutated() -> None:
    assert SOURCES.keys() == COMMANDS.keys()
    assert all(SOURCES.values())


@pytest.mark.parametrize("kind", COMMANDS)
@FEWER_EXAMPLES
@given(data=st.data())
def test_mutated_documents(kind: str, data: st.DataObject) -> None:
    text = data.draw(documents(kind))
    command = data.draw(st.sampled_from(COMMANDS[kind]))
    chosen = () if any(word in command for word in FREE) else ("-f", data.draw(st.sampled_from(FORMATS)))
    with folder() as here:
        (here / "f.yaml").write_text(text, encoding="utf-8")
        run_hostile(*command.replace(" F", " ./f.yaml").split(), *chosen)


@given(data=st.data())
def test_annotations_of_mutated_tables(data: st.DataObject) -> None:
    text = data.draw(documents("table"))
    with folder() as here:
        (here / "f.yaml").write_text(text, encoding="utf-8")
        run_hostile("validate", "./f.yaml", "-f", data.draw(st.sampled_from(("github", "sarif"))))
