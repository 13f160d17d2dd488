"""Only current evidence decides, all of one model together, and each row answers for itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routecost import Validation, validate
from routecost.lint.rule_docs import EXAMPLES
from tests.lint.worlds import DAY
from tests.lint.writing import evidence, measured, row, table


def lint(folder: Path, rows: list[str], *lines: str, **options: object) -> Validation:
    file = evidence(folder, *lines) if lines else None
    given: dict[str, object] = {"as_of": DAY, "library": EXAMPLES, "evidence": file, **options}
    return validate(table(folder, rows), **given)  # type: ignore[arg-type]


def codes(validation: Validation) -> list[str | None]:
    return [finding.code for finding in validation.findings]


def extract(successes: int, trials: int, day: str, more: str = "") -> str:
    return f"{{task: extract, tier: haiku, successes: {successes}, trials: {trials}, evaluated: {day}{more}}}"


REST = [row("draft", "sonnet"), row("approve", "opus")]


@pytest.mark.parametrize(
    "more",
    ["evaluated: 2026-03-01", "evaluated: 2027-03-01", "evaluated: 2026-11-01, model: small-1"],
)
def test_evidence_that_is_not_current_decides_nothing(tmp_path: Path, more: str) -> None:
    counts = f"{{successes: 200, trials: 400, escalated: 300, {more}}}"
    rows = [
        row("extract", "haiku", f"evidence: {counts}"),
        row("draft", "sonnet", measured(990, 1000)),
        REST[1],
    ]
    validation = lint(tmp_path, rows, pricing="dated", scenario="steps")
    assert not {"RT404", "RT405", "RT407"} & {*codes(validation)}
    assert "RT503" in codes(validation), "only 150 of 1,000 tasks are measured"


def test_current_evidence_of_one_model_counts_together(tmp_path: Path) -> None:
    older, newer = extract(299, 300, "2026-10-20"), extract(20, 20, "2026-11-01", ", model: small-2")
    rows = [row("extract", "haiku"), *REST]
    assert codes(lint(tmp_path, rows, older, newer, pricing="dated")) == []
    assert codes(lint(tmp_path, rows, newer, pricing="dated")) == ["RT403"]
    (thin,) = lint(tmp_path, rows, older, extract(9, 9, "2026-11-01", ", model: other")).findings
    assert "9 of 9" in thin.message, "without a sheet only the names say what is one model"
    file = table(tmp_path, rows)
    file.write_text(file.read_text() + "limits: {trials: 400}\n")
    (finding,) = validate(
        file, evidence=evidence(tmp_path, older, newer), pricing="dated", as_of=DAY, library=EXAMPLES
    ).findings
    assert "319 of 320" in finding.message


def test_a_day_measured_twice_counts_once(tmp_path: Path) -> None:
    rows = [row("extract", "haiku", measured(10, 20)), *REST]
    (finding,) = lint(tmp_path, rows, extract(20, 20, "2026-11-01")).findings
    assert (finding.code, "20 of 20" in finding.message) == ("RT403", True)


def test_evidence_ages_by_today_and_prices_by_the_scenario(tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yaml"
    text = (EXAMPLES / "scenarios" / "steps.yaml").read_text()
    fleet.write_text(f"{text}as_of: 2026-06-01\n")
    rows = [row("extract", "haiku", measured(98, 100, "2026-05-20")), *REST]
    pinned = lint(tmp_path, rows, scenario=fleet, as_of=None)
    assert pinned.as_of == date(2026, 6, 1)
    assert (pinned.evidence_as_of or DAY) > DAY
    assert "RT401" in codes(pinned)
    assert "RT401" not in codes(lint(tmp_path, rows, scenario=fleet, as_of=date(2026, 6, 1)))


def test_the_row_at_fault_is_named_and_its_ignore_hides_no_other(tmp_path: Path) -> None:
    kinds = "".join(
        f"  t{at}: {{title: t, reasoning: low, ambiguity: low, stakes: low, tiers: [haiku, sonnet]}}\n"
        for at in range(6)
    )
    (tmp_path / "kinds.yaml").write_text(f"version: 1\ntiers: [haiku, sonnet]\ntask_types:\n{kinds}")
    head = "version: 1\ntaxonomy: ./kinds.yaml\nescalation: [haiku, sonnet]\nconfidence: required\nroutes:\n"

    def lint_rows(successes: list[int], above: tuple[int, int], ignored: str = "") -> list[tuple[int, str]]:
        rows = [row(f"t{at}", "haiku", measured(good, above[1])) for at, good in enumerate(successes)]
        rows.append(row("t5", "sonnet", measured(*above)))
        rows[2] = rows[2].replace("\n", ignored + "\n")
        file = tmp_path / "table.yaml"
        file.write_text(head + "".join(rows))
        findings = validate(file, as_of=DAY, select=["RT405"]).findings
        return [(finding.position.line, finding.message.partition(" fails")[0]) for finding in findings]

    ignored = "  # routecost: ignore[RT405] known"
    assert lint_rows([995, 994, 900, 996, 995], (995, 1000)) == [(8, '"t2" on haiku')]
    assert lint_rows([995, 994, 900, 996, 995], (995, 1000), ignored) == []
    assert lint_rows([900, 994, 900, 996, 995], (995, 1000), ignored) == [(6, '"t0" on haiku')]
    # 5% against 1% of 200 trials: no row by itself, all together, at the row with the most failures
    assert lint_rows([190, 190, 189, 190, 191], (198, 200)) == [(8, "haiku")]
    # the rest is worse than the next tier without the row at fault, too
    assert lint_rows([190, 190, 100, 190, 190], (198, 200)) == [(6, "haiku"), (8, '"t2" on haiku')]
