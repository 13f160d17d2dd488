"""Clean tables stay clean however they are written; a fault that a rule guards against is always found."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.lint.registry import rules
from routecost.problems import Finding
from tests.examples import FEWER_EXAMPLES, one_in
from tests.lint.mutations.evidence import EVIDENCE_MUTATIONS
from tests.lint.mutations.further import MORE_MUTATIONS
from tests.lint.mutations.layouts import layouts
from tests.lint.mutations.places import PLACE_MUTATIONS
from tests.lint.mutations.tables import MUTATIONS as MUTATIONS_OF_TABLES
from tests.lint.mutations.tables import Draw
from tests.lint.worlds import Data, World, worlds

MUTATIONS = {**MUTATIONS_OF_TABLES, **EVIDENCE_MUTATIONS, **PLACE_MUTATIONS}
PLACE = re.compile(r"on line \d+, column \d+")


def said(findings: tuple[Finding, ...]) -> Counter[tuple[str | None, str]]:
    """Return what findings say, apart from where."""
    return Counter((finding.code, PLACE.sub("elsewhere", finding.message)) for finding in findings)


def reordered(draw: Draw, table: Data) -> Data:
    """Return a table with its keys and rows in another order."""
    items = draw(st.permutations(list(table.items())))
    return {key: draw(st.permutations(value)) if key == "routes" else value for key, value in items}


@given(worlds(), st.data())
def test_a_clean_table_is_clean_in_any_order_and_layout(world: World, data: st.DataObject) -> None:
    table = reordered(data.draw, world.table)
    assert world.findings(data.draw(layouts(table))) == ()


@pytest.mark.parametrize("code", one_in(2, sorted(MUTATIONS)))
@FEWER_EXAMPLES
@given(world=worlds(), data=st.data())
def test_a_fault_is_found_in_any_order_and_layout_and_can_be_ignored_on_its_line(
    code: str, world: World, data: st.DataObject
) -> None:
    broken = MUTATIONS[code](world, data.draw)
    # Of rows that repeat a task type the first is in force: there, order has a meaning.
    table = deepcopy(broken.table) if code == "RT103" else reordered(data.draw, broken.table)
    text, other = (data.draw(layouts(each)) for each in (broken.table, table))
    found = broken.findings(text)
    assert {finding.code for finding in found} == {code}
    assert said(found) == said(broken.findings(other))
    lines = text.split("\n")
    for line in {finding.position.line for finding in found}:
        lines[line - 1] += f"  # routecost: ignore[{code}] it is known"
    assert broken.findings("\n".join(lines)) == ()
    without_reason = "\n".join(lines).replace("] it is known", "]")
    assert {finding.code for finding in broken.findings(without_reason)} == {"RT002"}


@pytest.mark.parametrize(("code", "how"), sorted(MORE_MUTATIONS))
@FEWER_EXAMPLES
@given(world=worlds(), data=st.data())
def test_so_is_a_fault_that_is_made_in_another_way(
    code: str, how: str, world: World, data: st.DataObject
) -> None:
    broken = MORE_MUTATIONS[code, how](world, data.draw)
    assert {finding.code for finding in broken.findings(data.draw(layouts(broken.table)))} == {code}


@given(worlds(), st.data(), st.sampled_from([rule.code for rule in rules()]))
def test_an_ignore_of_nothing_is_found(world: World, data: st.DataObject, code: str) -> None:
    text = data.draw(layouts(world.table)).rstrip("\n") + f"  # routecost: ignore[{code}] for nothing\n"
    assert [finding.code for finding in world.findings(text)] == ["RT001"]


@given(worlds(), st.data())
def test_without_prices_no_rule_about_prices_is_heard(world: World, data: st.DataObject) -> None:
    broken = MUTATIONS[data.draw(st.sampled_from(["RT105", "RT204"]))](world, data.draw)
    assert broken.findings(data.draw(layouts(broken.table)), priced=False) == ()


def test_every_rule_on_tables_has_a_mutation() -> None:
    assert set(MUTATIONS) == {rule.code for rule in rules() if not rule.reads_comments}
