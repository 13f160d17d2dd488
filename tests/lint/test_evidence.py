"""What evidence says in messages, and which of it counts, by figures that can be followed by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost import validate
from routecost.engine.numeric.proportions import Sample, wilson
from routecost.lint.facts.evidence import as_percent, rate_text
from routecost.lint.rule_docs import EXAMPLES
from tests.lint.worlds import DAY
from tests.lint.writing import evidence, measured, row, table


def test_a_miscalibrated_planner_is_told_in_numbers(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", measured(232, 250)),
        row("draft", "sonnet", measured(178, 180)),
        row("approve", "opus"),
    ]
    (finding,) = validate(table(tmp_path, rows), as_of=DAY, library=EXAMPLES).findings
    assert finding.message == (
        "haiku fails 7.2% (18/250, 95% 4.6 to 11.1%), sonnet 1.1% (2/180): "
        "the planner sends too much to haiku"
    )


def test_a_tier_that_work_leaves_is_told_in_numbers(tmp_path: Path) -> None:
    counted = "evidence: {successes: 291, trials: 300, evaluated: 2026-11-01, escalated: 120}"
    rows = [row("extract", "haiku", counted), row("draft", "sonnet"), row("approve", "opus")]
    (finding,) = validate(table(tmp_path, rows), as_of=DAY, library=EXAMPLES).findings
    assert finding.message == (
        '40.0% (120/300, 95% 34.6 to 45.6%) of "extract" tasks escalate from "haiku"; expected at most 20.0%'
    )


def test_a_risk_names_the_failure_cost_at_which_it_turns(tmp_path: Path) -> None:
    # haiku 2000 x 1 + 500 x 5 per MTok = 0.0045, sonnet 0.0135; 10% and 2% failures at 1 dollar:
    # 0.1045 against 0.0335; sonnet's extra 0.009 buys 8 points, so a failure must cost 0.1125
    rows = [
        row("extract", "haiku", f"failure_cost: 1, {measured(900, 1000)}"),
        row("draft", "sonnet"),
        row("approve", "opus"),
    ]
    better = "{task: extract, tier: sonnet, successes: 980, trials: 1000, evaluated: 2026-11-01}"
    validation = validate(
        table(tmp_path, rows),
        scenario="steps",
        evidence=evidence(tmp_path, better),
        as_of=DAY,
        library=EXAMPLES,
    )
    (finding,) = validation.findings
    assert finding.code == "RT203"
    assert finding.message == (
        '"extract" costs $0.10 on "haiku" ($0.0045 and 10.0% failures at $1.00), but $0.034 on "sonnet" '
        '($0.014 and 2.0% failures at $1.00) (over 99.9% certain); "sonnet" pays off '
        "above $0.11 per failure; "
        'the taxonomy does not allow "sonnet" yet'
    )


def test_the_newest_evidence_counts_wherever_it_stands(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", measured(10, 100, "2026-01-01")),
        row("draft", "sonnet"),
        row("approve", "opus"),
    ]
    newer = "{task: extract, tier: haiku, successes: 99, trials: 100, evaluated: 2026-11-01}"
    file = table(tmp_path, rows)
    findings = validate(file, as_of=DAY, library=EXAMPLES).findings
    assert {finding.code for finding in findings} == {"RT401"}
    assert validate(file, evidence=evidence(tmp_path, newer), as_of=DAY, library=EXAMPLES).findings == ()


def test_a_day_that_has_not_come_counts_only_where_nothing_else_does(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", measured(990, 1000)),
        row("draft", "sonnet"),
        row("approve", "opus"),
    ]
    # a slip of the pen (2062 for 2026) must neither hide what was measured, nor decide anything
    slips = [
        f"{{task: extract, tier: {tier}, successes: {successes}, trials: 1000, evaluated: 2062-11-01}}"
        for tier, successes in (("haiku", 10), ("sonnet", 1000))
    ]
    findings = validate(
        table(tmp_path, rows), evidence=evidence(tmp_path, *slips), as_of=DAY, library=EXAMPLES
    ).findings
    assert [(finding.code, finding.position.line) for finding in findings] == [("RT401", 3), ("RT401", 4)]
    assert "is dated 2062-11-01, after 2026-11-22" in findings[0].message


# The sheet "dated" says that haiku is small-1, and small-2 since October 2026.
@pytest.mark.parametrize(
    ("more", "judged"),
    [
        ("evaluated: 2026-11-01", True),
        ("evaluated: 2026-11-01, model: small-2", True),
        ("evaluated: 2026-11-01, model: small-1", False),
        ("evaluated: 2026-09-01", False),
        ("evaluated: 2026-01-01, model: small-2", False),
        ("evaluated: 2027-01-01", False),
    ],
)
def test_evidence_that_does_not_stand_is_not_held_against_another_tier(
    tmp_path: Path, more: str, judged: bool
) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet", measured(990, 1000)), row("approve", "opus")]
    lower = f"{{task: draft, tier: haiku, successes: 990, trials: 1000, {more}}}"
    findings = validate(
        table(tmp_path, rows),
        evidence=evidence(tmp_path, lower),
        pricing="dated",
        as_of=DAY,
        library=EXAMPLES,
    ).findings
    assert ("RT406" in {finding.code for finding in findings}) == judged


def test_of_two_models_that_of_the_tier_counts(tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    of_each = [
        f"{{task: extract, tier: haiku, successes: {good}, trials: 1000, evaluated: {day}, model: {model}}}"
        for good, day, model in ((990, "2026-11-01", "small-2"), (100, "2026-11-10", "small-3"))
    ]
    for written in (of_each, of_each[::-1]):
        file = evidence(tmp_path, *written)
        validation = validate(
            table(tmp_path, rows), evidence=file, pricing="dated", as_of=DAY, library=EXAMPLES
        )
        assert validation.findings == ()


def test_findings_in_the_evidence_file_stand_there_and_can_be_ignored_there(tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    thin = "{task: extract, tier: haiku, successes: 9, trials: 10, evaluated: 2026-11-01}"
    file, others = table(tmp_path, rows), evidence(tmp_path, thin)
    (finding,) = validate(file, evidence=others, as_of=DAY, library=EXAMPLES).findings
    assert (finding.code, finding.task, Path(finding.position.file).name) == (
        "RT403",
        "extract",
        "evidence.yaml",
    )
    assert finding.source_line == f"  - {thin}"
    evidence(tmp_path, thin + "  # routecost: ignore[RT403] the pilot")
    assert validate(file, evidence=others, as_of=DAY, library=EXAMPLES).findings == ()


def test_names_in_the_evidence_file_are_those_of_the_taxonomy(tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    bad = [
        "{task: extrakt, tier: haiku, successes: 98, trials: 100, evaluated: 2026-11-01}",
        "{task: draft, tier: sonet, successes: 98, trials: 100, evaluated: 2026-11-01}",
    ]
    findings = validate(
        table(tmp_path, rows), evidence=evidence(tmp_path, *bad), as_of=DAY, library=EXAMPLES
    ).findings
    assert [(finding.code, finding.position.line) for finding in findings] == [("RT101", 3), ("RT104", 4)]
    assert 'did you mean "extract"?' in findings[0].message
    assert 'did you mean "sonnet"?' in findings[1].message


def test_a_scenario_brings_its_prices_and_its_day() -> None:
    validation = validate("article", scenario="content-pipeline")
    assert (validation.scenario, validation.pricing, str(validation.as_of)) == (
        "content-pipeline",
        "claude-article",
        "2026-02-01",
    )
    assert [finding.code for finding in validation.findings] == ["RT503"]
    assert validation.skipped == ()
    other = validate("article", scenario="content-pipeline", pricing="claude-2026-11", as_of=DAY)
    assert (other.pricing, other.as_of) == ("claude-2026-11", DAY)


def test_a_bound_and_its_limit_look_different() -> None:
    sample = Sample(229, 1000)
    low = wilson(sample, 0.95).low
    assert rate_text(sample, 0.95) == "22.9% (229/1,000, 95% 20.4 to 25.6%)"
    assert rate_text(sample, 0.95, low - 0.0001) == "22.9% (229/1,000, 95% 20.40 to 25.6%)"
    assert as_percent(0.49996, 0.5) == "49.996%"
    assert as_percent(0.4, 0.5) == as_percent(0.4) == "40.0%"
    assert as_percent(0.5, 0.5) == "50.0%"
