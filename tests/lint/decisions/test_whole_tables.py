"""A table beside its fleet: one fault is one finding, opt-outs, forbidden tiers, and models that retire."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

import routecost
from routecost import validate
from routecost.errors import UsageError
from routecost.lint.rule_docs import EXAMPLES
from routecost.problems import Severity
from tests.lint.worlds import DAY
from tests.lint.writing import evidence, measured, row, table

ROWS = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
FLEET = """version: 1
pricing: %s
workload:
  task_types:
    extract: {tasks_per_day: 800, tokens: {input: 2000, output: 500}}
    draft: {tasks_per_day: 150, tokens: {input: 2000, output: 500}}
strategies: {all: {tier: sonnet}, routed: {table: ./table.yaml}}
"""


def lint(file: Path, **options: object) -> list[tuple[str, int]]:
    given: dict[str, object] = {"as_of": DAY, "library": EXAMPLES, **options}
    findings = validate(file, **given).findings  # type: ignore[arg-type]
    return [(finding.code or "", finding.position.line) for finding in findings]


def test_a_table_of_the_scenario_keeps_its_own_findings(tmp_path: Path) -> None:
    rows = [row("extrakt", "haiku"), row("draft", "sonet"), row("approve", "opus")]
    file, fleet = table(tmp_path, rows), tmp_path / "fleet.yaml"
    fleet.write_text(FLEET % "dated")
    alone = [place for place in lint(file) if place[0].startswith("RT1")]
    assert alone == [("RT101", 6), ("RT104", 7)]
    beside = validate(file, scenario=fleet, as_of=DAY, library=EXAMPLES)
    assert {finding.position.file for finding in beside.findings} == {str(file)}
    assert [place for place in lint(file, scenario=fleet) if place[0].startswith("RT1")] == alone
    with pytest.raises(routecost.DocumentError, match='routes "draft" to "sonet", not a tier'):
        routecost.compare(fleet, library=EXAMPLES)
    fleet.write_text((FLEET % "dated").replace("all: {tier: sonnet}", "all: {tier: sonett}"))
    with pytest.raises(routecost.DocumentError) as caught:
        validate(file, scenario=fleet, as_of=DAY, library=EXAMPLES)
    assert 'unknown tier "sonett"' in str(caught.value)
    assert "extract" not in str(caught.value)


def test_a_misspelt_row_is_no_proposal_for_the_right_name(tmp_path: Path) -> None:
    file = table(tmp_path, [row("extrakt", "haiku"), *ROWS[1:]])
    found = validate(file, scenario="steps", as_of=DAY, library=EXAMPLES, select=["RT101,RT504"]).findings
    messages = {finding.code: finding.message for finding in found}
    assert 'did you mean "extract"' in messages["RT101"]
    assert '"extract"' in messages["RT504"]
    assert "did you mean" not in messages["RT504"]


def test_many_rows_without_a_signal_take_linear_time(tmp_path: Path) -> None:
    from routecost.api.validate import load_table
    from routecost.lint.registry import rules
    from routecost.lint.run import run_rules

    def comparisons(count: int) -> int:
        calls = 0
        rows = [row(f"a{index}", "haiku") for index in range(count)]
        file = table(tmp_path, rows)
        file.write_text(file.read_text().replace("confidence: required\n", ""))
        subject = load_table(file, library=EXAMPLES)

        def watch(_frame: object, event: str, _: object) -> None:
            nonlocal calls
            calls += event == "call"

        chosen = [rule for rule in rules() if rule.code in {"RT304", "RT306"}]
        sys.setprofile(watch)
        try:
            run_rules(subject, chosen)
        finally:
            sys.setprofile(None)
        return calls

    assert comparisons(400) < 3 * comparisons(200)


def test_one_missing_key_is_one_finding(tmp_path: Path) -> None:
    file = table(tmp_path, ROWS)
    text = file.read_text()
    for key, code in (("escalation: [haiku, sonnet, opus]\n", "RT302"), ("confidence: required\n", "RT306")):
        file.write_text(text.replace(key, ""))
        assert lint(file) == [(code, 4)]
    for word in ("none", "optional"):
        file.write_text(text.replace("confidence: required", f"confidence: {word}"))
        assert lint(file) == [("RT306", 4)], "at the key"
    file.write_text(text.replace("confidence: required", "reviewer: {haiku: sonnet, sonnet: opus}"))
    assert lint(file) == [("RT304", 5)]
    file.write_text(text.replace("confidence: required", "reviewer: {haiku: sonnet}"))
    assert lint(file) == [("RT306", 5)], "one key, though one row has a reviewer"


def test_a_path_that_an_anchor_shares_is_reported_once(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", "escalation: &up [opus]"),
        row("draft", "haiku", "escalation: *up"),
        ROWS[2],
    ]
    assert lint(table(tmp_path, rows), select=["RT301"]) == [("RT301", 6)]


def test_rows_opt_out_with_a_reason(tmp_path: Path) -> None:
    file = table(tmp_path, [row("extract", "haiku", "confidence: none, reviewer: none"), *ROWS[1:]])
    file.write_text(file.read_text().replace("routes:", "reviewer: {haiku: sonnet}\nroutes:"))
    assert {code for code, _ in lint(file)} == {"RT306", "RT308"}
    file.write_text(file.read_text().replace("reviewer: none", "reviewer: none, why: a schema checks it"))
    assert lint(file) == []
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET % "dated")
    (routed,) = [
        one for one in routecost.compare(fleet, library=EXAMPLES).strategies if one.strategy == "routed"
    ]
    # 800 x $0.0045 on haiku, which nobody reviews and nothing escalates, and 150 x $0.0135 on sonnet
    assert routed.cost_per_day == routecost.Decimal("5.625") if hasattr(routecost, "Decimal") else True


@pytest.mark.parametrize(
    ("costs", "expected"),
    [("", [("RT408", 7)]), ("failure_cost: 0, ", []), ("failure_cost: 40, ", [("RT203", 7)])],
)
def test_a_clearly_better_tier_is_reported_unless_the_failure_cost_decides(
    tmp_path: Path, costs: str, expected: list[tuple[str, int]]
) -> None:
    better = "{task: draft, tier: opus, successes: 240, trials: 240, evaluated: 2026-11-01}"
    rows = [ROWS[0], row("draft", "sonnet", f"{costs}{measured(206, 240)}"), ROWS[2]]
    options = {"scenario": "steps", "evidence": evidence(tmp_path, better), "select": ["RT2", "RT406,RT408"]}
    assert lint(table(tmp_path, rows), **options) == expected


def test_a_requirement_holds_for_every_model_that_sees_the_work(tmp_path: Path) -> None:
    head = (
        "version: 1\ntaxonomy: own-steps\nescalation: [haiku, sonnet, opus]\nconfidence: required\nroutes:\n"
    )
    file = tmp_path / "table.yaml"
    public = "  - {task: public, tier: haiku}\n"
    file.write_text(f"{head}  - {{task: personal, tier: opus, reviewer: sonnet}}\n{public}")
    assert lint(file, pricing="regions") == [("RT305", 6), ("RT307", 6)]
    file.write_text(f"{head}  - {{task: personal, tier: opus}}\n{public}")
    assert lint(file, pricing="regions") == []
    assert lint(file, pricing="dated") == [("RT206", 6)], "what a sheet does not state is not met"


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("{claude-haikou: {residency: eu}}", 'unknown model "claude-haikou"; did you mean'),
        ("{claude-haiku-5-5: {residency: {a: b}}}", "expected a name, or a list of names"),
    ],
)
def test_faults_of_properties_have_their_place(tmp_path: Path, properties: str, message: str) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(f"version: 1\nextends: claude-2026-11\nsource: ours\nproperties: {properties}\n")
    with pytest.raises(routecost.DocumentError, match=message):
        routecost.load_pricing(sheet)


def test_optimize_obeys_requirements_and_says_if_none_is_left(tmp_path: Path) -> None:
    kinds = "version: 1\nextends: agent-fleet\ntask_types:\n"
    title = "title: t, reasoning: low, ambiguity: low, stakes: low"
    fleet = routecost.load_scenario("support-desk")
    (tmp_path / "kinds.yaml").write_text(
        kinds
        + "".join(
            f"  {task.routed_as}: {{{title}, tiers: [haiku, sonnet, opus], requires: {{residency: eu}}}}\n"
            for task in fleet.workload.task_types
        )
    )
    with pytest.raises(UsageError, match="no tier meets what taxonomy"):
        routecost.search_policies(fleet, taxonomy=tmp_path / "kinds.yaml")
    sheet = tmp_path / "sheet.yaml"
    tiers = fleet.pricing.tiers
    sheet.write_text(
        f"version: 1\nextends: {fleet.pricing.name}\nsource: ours\nproperties:\n"
        f"  {tiers['opus'][-1].model}: {{residency: [us, eu]}}\n"
    )
    search = routecost.search_policies(
        routecost.load_scenario("support-desk", pricing=sheet), taxonomy=tmp_path / "kinds.yaml"
    )
    best = next(policy for policy in search.policies if policy.kind == "table")
    assert set(best.choices.values()) == {"opus"}


def test_a_plan_that_outlives_a_model_is_warned_of(tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yaml"
    table(tmp_path, ROWS)
    text = FLEET % "retiring" + "as_of: 2026-11-22\n"
    fleet.write_text(text)
    assert routecost.load_scenario(fleet, library=EXAMPLES).warnings == ()
    fleet.write_text(text + "plan: {start: 2026-12}\n")
    (warning,) = routecost.check(fleet, library=EXAMPLES).warnings
    assert (warning.severity, warning.position.line) == (Severity.WARNING, 9)
    assert warning.message == (
        '"medium-1" retires on 2026-12-31, within 12 months of the plan, and no later model of its tier is '
        'in "retiring"; "all" and "routed" have no price after it'
    )
    with pytest.raises(routecost.RoutecostError, match="no price on 2027-01-01"):
        routecost.project(fleet, library=EXAMPLES)


def test_a_replaced_model_does_not_retire(tmp_path: Path) -> None:
    text = (EXAMPLES / "pricing" / "retiring.yaml").read_text()
    later = "sonnet: [{model: medium-1}, {model: large-1, from: 2027-01-01}]"
    sheet = tmp_path / "sheet.yaml"
    file = table(tmp_path, ROWS)
    sheet.write_text(text)
    assert lint(file, pricing=sheet) == [("RT107", 3)]
    assert lint(file, pricing=sheet, as_of=date(2026, 10, 1)) == [], "91 days"
    sheet.write_text(text.replace("sonnet: medium-1", later))
    assert lint(file, pricing=sheet) == []
