"""``routecost.validate``: names and options in, findings out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import routecost
from routecost.model.results.validation import FailOn

TABLE = """version: 1
taxonomy: agent-fleet
escalation: [haiku, opus]
routes:
  - {task: extraction, tier: opus}
  - {task: legal-risk-compliance, tier: sonnet}
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE, encoding="utf-8")
    return file


def codes(made: routecost.Validation) -> list[str | None]:
    return [finding.code for finding in made.findings]


def test_selected_rules_alone_are_heard(table: Path) -> None:
    assert codes(routecost.validate(table, select=["RT2"])) == ["RT202", "RT201"]
    assert codes(routecost.validate(table, select=["RT2"], ignore=["over-routed"])) == ["RT201"]
    assert codes(routecost.validate(table, select=["RT301", "under-routed"])) == ["RT301", "RT201"]


def test_findings_carry_their_place_and_line(table: Path) -> None:
    (found,) = routecost.validate(table, select=["RT201"]).findings
    assert (found.position.file, found.position.line, found.position.column) == (str(table), 6, 41)
    assert found.source_line == "  - {task: legal-risk-compliance, tier: sonnet}"


@pytest.mark.parametrize(
    ("select", "fail_on", "fails"),
    [
        (["RT201"], FailOn.ERROR, True),
        (["RT202"], FailOn.ERROR, False),
        (["RT202"], FailOn.WARNING, True),
        (["RT201"], FailOn.NEVER, False),
        (["RT101"], FailOn.WARNING, False),
    ],
)
def test_what_fails(table: Path, select: list[str], fail_on: FailOn, fails: bool) -> None:
    assert routecost.validate(table, select=select).fails(fail_on) is fails


def test_rules_about_prices_are_skipped_without_them(table: Path) -> None:
    bare = routecost.validate(table)
    priced = routecost.validate(table, pricing="claude-2026-11", as_of=date(2026, 11, 22))
    assert {"RT105", "RT204"} <= {rule.code for rule in bare.skipped}
    assert not {"RT105", "RT204"} & {rule.code for rule in priced.skipped}
    assert (bare.pricing, bare.as_of) == (None, None)
    assert (priced.pricing, priced.as_of) == ("claude-2026-11", date(2026, 11, 22))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"select": ["RT9999"]}, 'no rule named "RT9999"'),
        ({"ignore": ["under-ruoted"]}, 'did you mean "under-routed"'),
        ({"taxonomy": "agent-flete"}, 'did you mean "agent-fleet"'),
        ({"pricing": "claude-2026-12"}, "did you mean"),
    ],
)
def test_names_that_are_not_there(table: Path, wrong: dict[str, object], says: str) -> None:
    with pytest.raises(routecost.RoutecostError, match=says):
        routecost.validate(table, **wrong)  # type: ignore[arg-type]


def test_faults_of_shape_are_raised_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "faulty.yaml").write_text(
        "version: 1\ntaxonomy: agent-fleet\nroutes: [{tier: [a]}]\nrotes: 1\n"
    )
    with pytest.raises(routecost.DocumentError) as refused:
        routecost.validate(tmp_path / "faulty.yaml")
    assert len(refused.value.findings) == 3
