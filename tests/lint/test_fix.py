"""Fixes mend what they guard, touch nothing else, and have nothing to do the second time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import fix_table, validate
from routecost.documents.core.loader import Loader
from routecost.documents.routing import table as table_documents
from routecost.library import Library
from routecost.lint.fix import fix
from routecost.lint.registry import rules
from routecost.lint.rule_docs import EXAMPLES
from routecost.lint.subject import Subject
from routecost.source import read_text
from tests.lint.mutations.layouts import layouts
from tests.lint.mutations.tables import MUTATIONS
from tests.lint.worlds import DAY, World, worlds

FIXED = ("RT301",)


def subject_of(world: World, text: str) -> Subject:
    document, faults = read_text(text, "table.yaml")
    assert document is not None, faults
    loader = Loader(Library())
    table = loader.finish(loader.check(document, table_documents.TABLE, {})).build("table")
    return Subject(document, table, world.taxonomy, DAY)


def is_subsequence(short: str, long: str) -> bool:
    """Tell whether all of ``short`` is in ``long``, in order: nothing was taken away or moved."""
    characters = iter(long)
    return all(character in characters for character in short)


@pytest.mark.parametrize("code", FIXED)
@given(world=worlds(), data=st.data())
def test_a_fix_silences_its_rule_and_only_adds(code: str, world: World, data: st.DataObject) -> None:
    broken = MUTATIONS[code](world, data.draw)
    text = data.draw(layouts(broken.table))
    fixed = fix(subject_of(broken, text), rules())
    if fixed.not_fixed:  # a layout in which nothing can be put without touching something else
        return
    assert {finding.code for finding in fixed.findings} == {code}
    assert broken.findings(fixed.after) == ()
    assert is_subsequence(text, fixed.after)
    again = fix(subject_of(broken, fixed.after), rules())
    assert (again.after, again.findings) == (fixed.after, ())


@given(worlds(), st.data())
def test_a_clean_table_is_left_alone(world: World, data: st.DataObject) -> None:
    text = data.draw(layouts(world.table))
    assert fix(subject_of(world, text), rules()).after == text


TABLE = """\
# ours
version: 1
taxonomy: three-steps
escalation: [haiku, opus]   # goes up
reviewer: {haiku: sonnet}
review: {tokens: {input: 800, output: 100}, reads_output: true}   # of the reviewer
pass_on: true
routes:
  # the cheap ones
  - {task: extract, tier: haiku, confidence: required}   # since March
  - {task: draft, tier: sonnet, confidence: required}
  - {task: approve, tier: opus}
  # the end
"""
MENDED = """\
# ours
version: 1
taxonomy: three-steps
escalation: [haiku, sonnet, opus]   # goes up
reviewer: {haiku: sonnet}
review: {tokens: {input: 800, output: 100}, reads_output: true}   # of the reviewer
pass_on: true
routes:
  # the cheap ones
  - {task: extract, tier: haiku, confidence: required}   # since March
  - {task: draft, tier: sonnet, confidence: required}
  - {task: approve, tier: opus}
  # the end
"""


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_comments_order_breaks_and_marks_stay(tmp_path: Path, line_break: str, mark: str) -> None:
    file = tmp_path / "table.yaml"
    file.write_bytes((mark + TABLE.replace("\n", line_break)).encode())
    fixed = fix_table(file, library=EXAMPLES)
    assert fixed.after == mark + MENDED.replace("\n", line_break)
    assert file.read_bytes() == (mark + TABLE.replace("\n", line_break)).encode()
    file.write_bytes(fixed.after.encode())
    assert validate(file, library=EXAMPLES, as_of=DAY).findings == ()


def test_a_missing_route_is_left_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE.replace("  - {task: draft, tier: sonnet, confidence: required}\n", ""))
    fixed = fix_table(file, library=EXAMPLES)
    assert [finding.code for finding in fixed.findings] == ["RT301"]
    file.write_text(fixed.after)
    assert [found.code for found in validate(file, library=EXAMPLES, as_of=DAY).findings] == ["RT102"]


def test_json_stays_json(tmp_path: Path) -> None:
    rows = [{"task": "extract", "tier": "haiku"}, {"task": "draft", "tier": "sonnet"}]
    data = {"version": 1, "taxonomy": "three-steps", "escalation": ["haiku", "opus"], "routes": rows}
    file = tmp_path / "table.json"
    file.write_text(json.dumps({**data, "confidence": "required"}, indent=2))
    fixed = json.loads(fix_table(file, library=EXAMPLES).after)
    assert fixed == {**data, "confidence": "required", "escalation": ["haiku", "sonnet", "opus"]}


OWN = "version: 1\ntaxonomy: own-steps\nconfidence: required\nescalation: [haiku%s, opus]\nroutes:\n"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (OWN % "", "{task: personal, tier: haiku}"),
        (OWN % ", sonnet", "{task: personal, tier: haiku, escalation: [opus]}"),
    ],
)
def test_no_fix_writes_a_tier_that_may_not_see_the_work(tmp_path: Path, head: str, row: str) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(f"{head}  - {row}\n  - {{task: public, tier: haiku}}\n")
    assert fix_table(file, library=EXAMPLES).after == file.read_text()
    assert validate(file, library=EXAMPLES, as_of=DAY).findings == ()


def test_what_is_ignored_or_not_selected_is_not_fixed(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE.replace("# goes up", "# routecost: ignore[RT301] until May"))
    assert fix_table(file, library=EXAMPLES).findings == ()
    assert fix_table(file, select=["RT2"], library=EXAMPLES).findings == ()


def test_what_an_anchor_shares_is_left_and_said(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    rows = "  - {task: draft, tier: sonnet, escalation: *up}\n  - {task: approve, tier: opus}\n"
    start = (
        "version: 1\ntaxonomy: three-steps\nconfidence: required\nescalation: &up [haiku, opus]\nroutes:\n"
    )
    file.write_text(start + "  - {task: extract, tier: haiku}\n" + rows)
    fixed = fix_table(file, library=EXAMPLES)
    assert fixed.after == fixed.before
    assert fixed.not_fixed
    assert all("is not fixed" in reason for reason in fixed.not_fixed)


def test_the_diff_is_a_patch(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE.rstrip("\n"))
    patch = fix_table(file, library=EXAMPLES).diff()
    assert "-escalation: [haiku, opus]   # goes up\n+escalation: [haiku, sonnet, opus]   # goes up\n" in patch
    assert "\n # the end" not in patch, "only the lines around the change are shown"
