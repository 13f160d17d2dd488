"""Suggested tiers, how sure they are, and how many trials would settle them, by figures to follow by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from routecost import suggest, validate
from routecost.lint.rule_docs import EXAMPLES
from tests.lint.worlds import DAY
from tests.lint.writing import evidence, measured, row, table


def test_a_suggestion_is_the_cheapest_tier_and_says_how_sure_it_is(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", f"failure_cost: 1, {measured(90, 100)}"),
        row("draft", "sonnet", measured(98, 100)),
        row("approve", "opus", "failure_cost: 5"),
    ]
    better = "{task: extract, tier: sonnet, successes: 98, trials: 100, evaluated: 2026-11-01}"
    suggestions = suggest(
        table(tmp_path, rows),
        "steps",
        evidence=evidence(tmp_path, better),
        as_of=DAY,
        library=EXAMPLES,
    )
    extract, draft, approve = suggestions.rows
    assert (extract.cost, extract.suggested_cost) == (Decimal("0.1045"), Decimal("0.0335"))
    assert (extract.suggested, extract.runner_up) == ("sonnet", "haiku")
    assert extract.sure is not None
    assert 0.95 < extract.sure < 1
    assert extract.more_trials is None, "haiku is 8 points below: no trial shows it is within 5"
    assert draft.why == "no failure cost is set"
    assert approve.why == "there is no evidence"


def test_a_tier_that_the_taxonomy_does_not_admit_is_suggested_with_that_said(tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus", "failure_cost: 0.01")]
    measurements = [
        f"{{task: approve, tier: {tier}, successes: 990, trials: 1000, evaluated: 2026-11-01}}"
        for tier in ("haiku", "opus")
    ]
    file, others = table(tmp_path, rows), evidence(tmp_path, *measurements)
    third = suggest(file, "steps", evidence=others, as_of=DAY, library=EXAMPLES).rows[2]
    assert (third.suggested, third.why) == ("haiku", "the taxonomy does not allow haiku")
    validation = validate(
        file, scenario="steps", evidence=others, as_of=DAY, library=EXAMPLES, select=["RT203,RT406"]
    )
    assert {finding.code for finding in validation.findings} == {"RT203"}, "a known failure cost decides"
    assert all(
        finding.message.endswith('; the taxonomy does not allow "haiku" yet')
        for finding in validation.findings
    )


def test_more_trials_are_those_that_non_inferiority_lacks(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", f"failure_cost: 1, {measured(95, 100)}"),
        row("draft", "sonnet"),
        row("approve", "opus"),
    ]
    other = "{task: extract, tier: sonnet, successes: 95, trials: 100, evaluated: 2026-11-01}"
    suggestions = suggest(
        table(tmp_path, rows), "steps", evidence=evidence(tmp_path, other), as_of=DAY, library=EXAMPLES
    )
    # 321 per tier (80.2% of such samples show it, and 299, as textbooks say, would in 76.7%), less 100
    assert (suggestions.rows[0].suggested, suggestions.rows[0].more_trials) == ("haiku", 221)
    assert list(suggestions.to_frame().columns) == list(suggestions.records()[0])


def test_a_suggestion_names_the_keys_of_the_row_that_do_not_suit_the_tier(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", f"failure_cost: 1, reviewer: haiku, {measured(90, 100)}"),
        row("draft", "sonnet", f"failure_cost: 0.001, escalation: [opus], {measured(98, 100)}"),
        row("approve", "opus"),
    ]
    others = [
        "{task: extract, tier: sonnet, successes: 98, trials: 100, evaluated: 2026-11-01}",
        "{task: draft, tier: haiku, successes: 98, trials: 100, evaluated: 2026-11-01}",
    ]
    extract, draft, _ = suggest(
        table(tmp_path, rows), "steps", evidence=evidence(tmp_path, *others), as_of=DAY, library=EXAMPLES
    ).rows
    assert extract.why == "the taxonomy does not allow sonnet; change its reviewer, too"
    assert (draft.suggested, draft.why) == (
        "haiku",
        "the taxonomy does not allow haiku; change its escalation, too",
    )


def test_no_tier_is_suggested_from_which_work_reaches_a_forbidden_one(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    row_up = "{task: personal, tier: opus, evidence: {successes: 990, trials: 1000, evaluated: 2026-11-01}}"
    head = "version: 1\ntaxonomy: own-steps\nconfidence: required\n"
    rest = f"routes:\n  - {row_up}\n  - {{task: public, tier: haiku}}\n"
    same = evidence(
        tmp_path, "{task: personal, tier: haiku, successes: 990, trials: 1000, evaluated: 2026-11-01}"
    )

    def codes(path: str) -> list[str | None]:
        file.write_text(f"{head}escalation: {path}\n{rest}")
        return [
            finding.code for finding in validate(file, evidence=same, as_of=DAY, library=EXAMPLES).findings
        ]

    assert codes("[haiku, sonnet, opus]") == [], "rejected work of haiku would go to sonnet"
    assert codes("[haiku, opus]") == ["RT301", "RT406"]
