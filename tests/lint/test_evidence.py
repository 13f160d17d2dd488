"""What evidence says in messages, suggestions and prompts, by figures that can be followed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from routecost import DocumentError, planner_prompt, suggest, validate
from routecost.errors import UsageError
from routecost.lint.docs import EXAMPLES
from tests.lint.worlds import DAY

HEAD = "version: 1\ntaxonomy: three-steps\nescalation: [haiku, sonnet, opus]\nconfidence: required\nroutes:\n"


def row(task: str, tier: str, more: str = "") -> str:
    return f"  - {{task: {task}, tier: {tier}{', ' if more else ''}{more}}}\n"


def measured(successes: int, trials: int, day: str = "2026-11-01") -> str:
    return f"evidence: {{successes: {successes}, trials: {trials}, evaluated: {day}}}"


def table(folder: Path, rows: Sequence[str]) -> Path:
    file = folder / "table.yaml"
    file.write_text(HEAD + "".join(rows))
    return file


def evidence(folder: Path, *rows: str) -> Path:
    file = folder / "evidence.yaml"
    file.write_text("version: 1\nevidence:\n" + "".join(f"  - {each}\n" for each in rows))
    return file


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
        '40.0% (120/300, 95% 34.6 to 45.6%) of "extract" escalates from "haiku"; expected at most 20.0%'
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
    made = validate(
        table(tmp_path, rows),
        scenario="steps",
        evidence=evidence(tmp_path, better),
        as_of=DAY,
        library=EXAMPLES,
    )
    (finding,) = made.findings
    assert finding.code == "RT203"
    assert finding.message == (
        '"extract" costs $0.10 on "haiku" ($0.0045 and 10.0% failures at $1.00), but $0.034 on "sonnet" '
        '($0.014 and 2.0% failures at $1.00) (over 99.9% sure); "sonnet" pays above $0.11 per failure; '
        'the taxonomy does not admit "sonnet" yet'
    )


def test_a_suggestion_is_the_cheapest_tier_and_says_how_sure_it_is(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", f"failure_cost: 1, {measured(90, 100)}"),
        row("draft", "sonnet", measured(98, 100)),
        row("approve", "opus", "failure_cost: 5"),
    ]
    better = "{task: extract, tier: sonnet, successes: 98, trials: 100, evaluated: 2026-11-01}"
    made = suggest(
        table(tmp_path, rows),
        "steps",
        evidence=evidence(tmp_path, better),
        as_of=DAY,
        library=EXAMPLES,
    )
    extract, draft, approve = made.rows
    assert (extract.cost, extract.suggested_cost) == (Decimal("0.1045"), Decimal("0.0335"))
    assert (extract.suggested, extract.runner_up) == ("sonnet", "haiku")
    assert extract.sure is not None
    assert 0.95 < extract.sure < 1
    assert extract.more_trials is None, "haiku is 8 points below: no trial shows it is within 5"
    assert draft.why == "nothing says what a failure costs"
    assert approve.why == "there is no evidence"


def test_a_tier_that_the_taxonomy_does_not_admit_is_suggested_with_that_said(tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus", "failure_cost: 0.01")]
    measurements = [
        f"{{task: approve, tier: {tier}, successes: 990, trials: 1000, evaluated: 2026-11-01}}"
        for tier in ("haiku", "opus")
    ]
    file, others = table(tmp_path, rows), evidence(tmp_path, *measurements)
    found = suggest(file, "steps", evidence=others, as_of=DAY, library=EXAMPLES).rows[2]
    assert (found.suggested, found.why) == ("haiku", "the taxonomy does not admit haiku")
    made = validate(
        file, scenario="steps", evidence=others, as_of=DAY, library=EXAMPLES, select=["RT203,RT406"]
    )
    assert {finding.code for finding in made.findings} == {"RT203", "RT406"}
    assert all(
        finding.message.endswith('; the taxonomy does not admit "haiku" yet') for finding in made.findings
    )


def test_more_trials_are_those_that_non_inferiority_lacks(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", f"failure_cost: 1, {measured(95, 100)}"),
        row("draft", "sonnet"),
        row("approve", "opus"),
    ]
    other = "{task: extract, tier: sonnet, successes: 95, trials: 100, evaluated: 2026-11-01}"
    made = suggest(table(tmp_path, rows), "steps", evidence=evidence(tmp_path, other), library=EXAMPLES)
    # 321 per tier (80.2% of such samples show it, and 299, as textbooks say, would in 76.7%), less 100
    assert (made.rows[0].suggested, made.rows[0].more_trials) == ("haiku", 221)
    assert list(made.to_frame().columns) == list(made.records()[0])


def test_the_newest_evidence_counts_wherever_it_stands(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", measured(10, 100, "2026-01-01")),
        row("draft", "sonnet"),
        row("approve", "opus"),
    ]
    newer = "{task: extract, tier: haiku, successes: 99, trials: 100, evaluated: 2026-11-01}"
    file = table(tmp_path, rows)
    found = validate(file, as_of=DAY, library=EXAMPLES).findings
    assert {finding.code for finding in found} == {"RT401", "RT407"}
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
    found = validate(
        table(tmp_path, rows), evidence=evidence(tmp_path, *slips), as_of=DAY, library=EXAMPLES
    ).findings
    assert [(finding.code, finding.position.line) for finding in found] == [("RT401", 3), ("RT401", 4)]
    assert "is of 2062-11-01, and that day has not come on 2026-11-22" in found[0].message


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
    found = validate(
        table(tmp_path, rows),
        evidence=evidence(tmp_path, lower),
        pricing="dated",
        as_of=DAY,
        library=EXAMPLES,
    ).findings
    assert ("RT406" in {finding.code for finding in found}) == judged


def test_of_two_models_that_of_the_tier_counts(tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    of_each = [
        f"{{task: extract, tier: haiku, successes: {good}, trials: 1000, evaluated: {day}, model: {model}}}"
        for good, day, model in ((990, "2026-11-01", "small-2"), (100, "2026-11-10", "small-3"))
    ]
    for written in (of_each, of_each[::-1]):
        file = evidence(tmp_path, *written)
        made = validate(table(tmp_path, rows), evidence=file, pricing="dated", as_of=DAY, library=EXAMPLES)
        assert made.findings == ()


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
    found = validate(
        table(tmp_path, rows), evidence=evidence(tmp_path, *bad), as_of=DAY, library=EXAMPLES
    ).findings
    assert [(finding.code, finding.position.line) for finding in found] == [("RT101", 3), ("RT104", 4)]
    assert 'did you mean "extract"?' in found[0].message
    assert 'did you mean "sonnet"?' in found[1].message


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        ("successes: 11, trials: 10, evaluated: 2026-11-01", "11 successes of 10 trials"),
        ("successes: 9, trials: 10, evaluated: 2026-11-01, escalated: 11", "11 escalated of 10 trials"),
        ("successes: nan, trials: 10, evaluated: 2026-11-01", '"nan" is not a count'),
        ("successes: 1.5, trials: 10, evaluated: 2026-11-01", "1.5 is not a whole number"),
        ("successes: 0, trials: 0, evaluated: 2026-11-01", "no trials"),
        ("successes: -1, trials: 10, evaluated: 2026-11-01", '"-1" is out of range'),
        ("successes: 1, trials: 10, evaluated: 2026-13-01", "is not a date"),
        ("successes: 1, trials: 1e40, evaluated: 2026-11-01", "out of range"),
    ],
)
def test_evidence_that_cannot_be_is_refused_with_its_place(tmp_path: Path, faulty: str, message: str) -> None:
    file = evidence(tmp_path, f"{{task: extract, tier: haiku, {faulty}}}")
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    with pytest.raises(DocumentError, match=message) as caught:
        validate(table(tmp_path, rows), evidence=file, library=EXAMPLES)
    assert caught.value.findings[0].position.line == 3


def test_evidence_that_is_said_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    same = "{task: extract, tier: haiku, successes: 9, trials: 10, evaluated: 2026-11-01}"
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    with pytest.raises(DocumentError, match=r"measured twice .* the first is on line 3, column 5") as caught:
        validate(table(tmp_path, rows), evidence=evidence(tmp_path, same, same), library=EXAMPLES)
    assert caught.value.findings[0].position.line == 4


def test_an_empty_evidence_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evidence.yaml").write_text("")
    with pytest.raises(DocumentError, match="the document is empty"):
        validate("article", evidence=tmp_path / "evidence.yaml")
    with pytest.raises(UsageError, match="cannot read"):
        validate("article", evidence=tmp_path / "none.yaml")


def test_the_prompt_holds_rows_escalation_and_failure_rates(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", measured(232, 250)),
        row("draft", "sonnet", "confidence: none, reviewer: opus"),
        row("approve", "opus"),
    ]
    text = planner_prompt(table(tmp_path, rows), library=EXAMPLES)
    assert "- `extract` -> **haiku** [states confidence]: fields out of a page (reasoning low" in text
    assert "- `draft` -> **sonnet** [reviewed by opus]: a text out of notes" in text
    assert "- Rejected work is retried higher up: from haiku to sonnet, from sonnet to opus." in text
    assert "- Work assigned to haiku fails 7.2% (18/250, 95% 4.6 to 11.1%)." in text
    assert "- `extract` on haiku fails 7.2% (18/250, 95% 4.6 to 11.1%); measured on 2026-11-01." in text
    assert "observed" not in planner_prompt("article")


def test_the_prompt_tells_the_paths_of_rows(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", "escalation: [opus]"),
        row("draft", "sonnet", "escalation: [haiku, sonnet, opus]"),
        row("approve", "opus", "escalation: []"),
    ]
    text = planner_prompt(table(tmp_path, rows), library=EXAMPLES)
    assert "- `extract` -> **haiku** [states confidence, rejected work goes to opus]: fields" in text
    assert "- `draft` -> **sonnet** [states confidence, rejected work goes to opus]: a text" in text
    assert "- `approve` -> **opus** [states confidence, rejected work is not retried]:" in text
    assert "from sonnet to opus, unless its task type says otherwise." in text


def test_what_a_prompt_would_leave_out_is_refused(tmp_path: Path) -> None:
    rows = [row("extrakt", "haiku"), row("draft", "sonet"), row("draft", "sonnet")]
    with pytest.raises(DocumentError) as caught:
        planner_prompt(table(tmp_path, rows), library=EXAMPLES)
    codes = [finding.code for finding in caught.value.findings]
    assert codes == ["RT102", "RT101", "RT104", "RT103"]
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    misspelled = "{task: extrakt, tier: haiku, successes: 98, trials: 100, evaluated: 2026-11-01}"
    with pytest.raises(DocumentError, match='did you mean "extract"'):
        planner_prompt(table(tmp_path, rows), evidence=evidence(tmp_path, misspelled), library=EXAMPLES)


def test_a_title_of_several_lines_stays_on_its_own(tmp_path: Path) -> None:
    kinds = '  a: {title: "one\\n\\n# two", reasoning: low, ambiguity: low, stakes: low, tiers: [haiku]}'
    (tmp_path / "kinds.yaml").write_text(f"version: 1\ntiers: [haiku]\ntask_types:\n{kinds}\n")
    (tmp_path / "table.yaml").write_text(
        "version: 1\ntaxonomy: ./kinds.yaml\nroutes:\n  - {task: a, tier: haiku}\n"
    )
    assert "- `a` -> **haiku**: one # two (reasoning low" in planner_prompt(tmp_path / "table.yaml")


def test_a_scenario_brings_its_prices_and_its_day() -> None:
    made = validate("article", scenario="content-pipeline")
    assert (made.scenario, made.pricing, str(made.as_of)) == (
        "content-pipeline",
        "claude-article",
        "2026-02-01",
    )
    assert [finding.code for finding in made.findings] == ["RT503"]
    assert made.skipped == ()
    other = validate("article", scenario="content-pipeline", pricing="claude-2026-11", as_of=DAY)
    assert (other.pricing, other.as_of) == ("claude-2026-11", DAY)


def test_faults_of_the_scenario_and_the_table_come_together(tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("version: 1\npricing: dated\n")
    (tmp_path / "table.yaml").write_text("version: 1\ntaxonomy: three-steps\n")
    with pytest.raises(DocumentError) as caught:
        validate(tmp_path / "table.yaml", scenario=tmp_path / "fleet.yaml", library=EXAMPLES)
    assert {Path(each.position.file).name for each in caught.value.findings} == {"fleet.yaml", "table.yaml"}
