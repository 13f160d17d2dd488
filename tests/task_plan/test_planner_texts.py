"""Texts as planners print them: each step is read, or a message names its place; none is dropped."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.api.task_plan import PlanOptions
from routecost.errors import DocumentError, UsageError
from routecost.lint.prompt import EXAMPLE_END, EXAMPLE_START
from routecost.lint.rule_docs import EXAMPLES
from tests.cli.running import routecost as run
from tests.lint.writing import row, table
from tests.task_plan.test_text import TOKENS, read

Row = tuple[str, str, int]

READ: dict[str, tuple[str, list[Row]]] = {
    "bold": (
        "1. **Extract** the `names` \u2192 **Haiku** (clean)\n2. *Draft* it \u2192 _sonnet_ \u2014 nuance",
        [("Extract the names", "haiku", 1), ("Draft it", "sonnet", 1)],
    ),
    "table": (
        (
            "Here is the plan:\n\n| # | Subtask | Tier | Reason |\n|---|:--:|--:|---|\n"
            "| 1 | Cut \\| paste | **Haiku** (small) | easy |\n| 2 | Write | Sonnet \u00d7 3 | hard |\n"
        ),
        [("Cut | paste", "haiku", 1), ("Write", "sonnet", 3)],
    ),
    "other columns": (
        "Tier | Calls | Step | Type\n--|--|--|--\nhaiku | 1,200 | Read | kind\nopus | | Judge | \u2013\n",
        [("Read", "haiku", 1200), ("Judge", "opus", 1)],
    ),
    "nested": (
        "1. Research\n   - Find it -> haiku\n   - Read it -> haiku x 2\n2. Write -> sonnet",
        [("Find it", "haiku", 1), ("Read it", "haiku", 2), ("Write", "sonnet", 1)],
    ),
    "fields": (
        "1. **Extract**\n   - **Tier:** Haiku\n   - Repeats: 12\n   - Why: a\n2. Draft\n   Tier: Sonnet\n",
        [("Extract", "haiku", 12), ("Draft", "sonnet", 1)],
    ),
    "fence": ("```text\n1. A -> haiku\n```\nNote: done.\n", [("A", "haiku", 1)]),
    "dashes": (
        "1. A \u2013 Haiku\n2. B \u2014 Sonnet (hard)\n3. C (Opus)\n4. D: haiku\n5. [Haiku] E\n- Sonnet: F",
        [
            *(("A", "haiku", 1), ("B", "sonnet", 1), ("C", "opus", 1)),
            *(("D", "haiku", 1), ("E", "haiku", 1), ("F", "sonnet", 1)),
        ],
    ),
    "headings": (
        "## Plan\n\n### Step 1: Extract -> Haiku\n\n### Step 2: Draft -> Sonnet\n",
        [("Extract", "haiku", 1), ("Draft", "sonnet", 1)],
    ),
    "numbers": (
        (
            "1. A -> haiku x 1,000\n2. B -> haiku (12 calls)\n3. C -> haiku x 12 companies\n"
            "4. 3x D -> haiku\n5. E -> 4 \u00d7 haiku\n6. F (x5) -> haiku\n7. fax 12 -> haiku"
        ),
        [
            *(("A", "haiku", 1000), ("B", "haiku", 12), ("C", "haiku", 12), ("D", "haiku", 3)),
            *(("E", "haiku", 4), ("F", "haiku", 5), ("fax 12", "haiku", 1)),
        ],
    ),
    "two lines": ("1. Extract the\n   names -> haiku\n", [("Extract the names", "haiku", 1)]),
    "letters": ("a) A => HAIKU tier\n1.1 B \u2192 haiku; ok", [("A", "haiku", 1), ("B", "haiku", 1)]),
    "boxes": ("- [ ] A -> haiku\n- [x] B -> sonnet.", [("A", "haiku", 1), ("B", "sonnet", 1)]),
    "aside": ("1. A -> haiku\n\nNotes:\n- Haiku: small\n> quoted\n\nThat is it.", [("A", "haiku", 1)]),
}


@pytest.mark.parametrize("name", READ)
def test_planners_texts_are_read(name: str) -> None:
    text, expected = READ[name]
    plan_text = read(text)
    assert [str(finding) for finding in plan_text.findings] == []
    assert [(step.title, step.tier, step.repeats) for step in plan_text.steps] == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1. A -> haiku x 10-15", "of step .* is a range"),
        ("1. A -> haiku x ~12", "is not a whole number"),
        ("1. A x 3\u20135 -> haiku", "is a range"),
        ("1. A -> haiku x 1.5", "is not a whole number"),
        ("1. A -> haiku x N", "is not a whole number"),
        ("1. A -> haiku x 1k", "is not a whole number"),
        ("1. A x 2 -> haiku x 3", "two numbers of repeats"),
        ("1. A -> haiku -> sonnet", "names two tiers"),
        ("1. A -> haiku or sonnet", '"or sonnet" after the tier'),
        ("1. A -> haiku, then sonnet", "names another"),
        ("1. A -> Claude Haiku 4.5", 'unknown tier "Claude Haiku 4.5"'),
        ("1. A -> haiku/sonnet", "unknown tier"),
        ("1. A [b] [c] -> haiku", "more than one task type"),
        ("1. -> haiku", "no description"),
        ("1. A ->", "has no tier"),
        ("then A -> haiku", "is not a step"),
        ("1. A -> haiku (one call per firm)", "--each firm=12"),
        ("1. A each open refund -> haiku", "--each refund=12"),
        ("| A | haiku |", "without a header"),
        ("a" * 2_001, "too long"),
    ],
)
def test_what_is_not_clear_is_a_message_with_its_place(line: str, message: str) -> None:
    findings = read(f"1. Z -> opus\n{line}\n2. Z -> opus").findings
    assert [finding.position.line for finding in findings] == [2]
    assert re.search(message, findings[0].message)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("| Step | Tier | Instances |", 'unknown column "instances"'),
        ("| Tier | Calls | Reason |", "no column of steps"),
        ("| Step | Calls | Reason |", "no column of tiers"),
        ("| Step | Tier |", "3 cells in a row"),
        ("| Step | Tier | Model |", "2 columns for tier"),
    ],
)
def test_tables_that_would_lose_something_are_refused(header: str, message: str) -> None:
    findings = read(f"1. Z -> opus\n\n{header}\n|---|---|---|\n| a | haiku | 3 |").findings
    assert any(message in finding.message and finding.position.line in (3, 5) for finding in findings)


def test_remarks_around_the_steps_are_listed_and_none_between_them_is_accepted() -> None:
    plan_text = read("I plan this.\n1. A -> haiku\nthen B\n2. C -> sonnet\nThen Sonnet writes.")
    assert [where.line for where in plan_text.asides] == [1, 5]
    assert ['"then B" is not a step' in finding.message for finding in plan_text.findings] == [True]


@pytest.mark.parametrize("each", ["open", "refund", "refunds"])
def test_any_word_of_what_a_step_repeats_for_has_its_number(each: str) -> None:
    assert read("1. Answer each open refund -> haiku", **{each: 7}).steps[0].repeats == 7


def test_steps_for_each_of_two_things_repeat_for_all_pairs() -> None:
    text = "1. For each firm and each product, look -> haiku"
    assert read(text, firm=3, product=4).steps[0].repeats == 12
    assert "each product" in read(text, firm=3).findings[0].message


titles = (
    st.text(st.sampled_from("abcd efg, h"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: bool(re.fullmatch(r"[a-h].*[a-h]", text)) and not re.match(r"[a-h][,] ", text))
)
rows = st.lists(
    st.tuples(titles, st.sampled_from(["haiku", "sonnet", "opus"]), st.integers(1, 99_999)),
    min_size=1,
    max_size=5,
)
FORMS = {
    "format": "{n}. {do} [kind] -> {tier} (why) x {count}",
    "bold": "{n}) **{do}** [kind] \u2192 **{Tier}** (why) \u00d7 {count:,}",
    "bullets": "* {do} [kind] => `{tier}` x{count} (why)",
    "fields": "{n}. **{do}** [kind]\n   - **Tier:** {Tier}\n   - Repeats: {count}\n   - Reason: why",
    "dash": "- [ ] {do} [kind] \u2014 {Tier} (why; {count} calls)",
    "table": "| {n} | {do} | {Tier} | kind | {count:,} | why |",
}
HEADS = {"table": "| # | Step | **Tier** | Task type | Repeats | Why |\n|---|---|---|:-:|--:|---|\n"}


@given(rows, st.sampled_from(sorted(FORMS)), st.sampled_from(["\n", "\r\n"]))
def test_plans_in_every_form_are_the_same_plan(made: list[Row], form: str, ending: str) -> None:
    lines = [
        FORMS[form].format(n=at, do=do, tier=tier, Tier=tier.title(), count=count)
        for at, (do, tier, count) in enumerate(made, start=1)
    ]
    text = "Here is the plan:\n\n" + HEADS.get(form, "") + "\n".join(lines) + "\n\nIt has few steps.\n"
    plan_text = read(text.replace("\n", ending).replace("\r\n", "\n"))
    assert [str(finding) for finding in plan_text.findings] == []
    steps = [(step.title, step.tier, step.repeats, step.task, step.because) for step in plan_text.steps]
    assert steps == [(" ".join(do.split()), tier, count, "kind", "why") for do, tier, count in made]


@given(
    st.lists(st.sampled_from(["| ", " |", "Step", "Tier", "haiku", "|---|---|", "\n", "- ", "x 3", "Tier: "]))
)
def test_any_order_of_tables_ends_in_steps_or_findings(parts: list[str]) -> None:
    plan_text = read("".join(parts))
    assert plan_text.steps or plan_text.findings


@pytest.mark.parametrize("kinds", [0, 3])
def test_the_example_of_the_prompt_is_a_plan(kinds: int, tmp_path: Path) -> None:
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    own = table(tmp_path, rows) if kinds else "article"
    text = routecost.planner_prompt(own, library=EXAMPLES if kinds else None, as_of=date(2026, 11, 1))
    example = text.partition(EXAMPLE_START + "\n")[2].partition(EXAMPLE_END)[0]
    plan_text = read(example)
    assert plan_text.findings == []
    assert [step.repeats for step in plan_text.steps] == [1, 12]
    assert {step.task for step in plan_text.steps} <= set(re.findall(r"^- `(\S+)` ->", text, re.MULTILINE))
    fenced = read(f"{EXAMPLE_START}\n{example}{EXAMPLE_END}\n")
    assert [step.task for step in fenced.steps] == [step.task for step in plan_text.steps]


def test_faults_of_text_and_options_come_at_once(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("1. A -> giant\n2. Each firm -> haiku\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        routecost.plan(file, options=PlanOptions(planner="sonet"))
    said = str(caught.value)
    for part in ("--tokens", '"sonet" of --planner', 'unknown tier "giant"', "--each firm=12"):
        assert part in said
    file.write_text("1. A -> haiku\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no step uses the number of --each firm"):
        routecost.plan(file, options=PlanOptions(TOKENS, {"firm": 2}))
    assert "given twice" in run("plan", str(file), "--each", "a=1", "--each", "A=2").stderr


def test_without_prices_the_newest_built_in_sheet_is_used_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text("\ufeffMy plan.\r\n1. A -> haiku (small)\r\n", encoding="utf-8", newline="")
    done = run("plan", "plan.md", "--tokens", "input=2000,output=500")
    assert "the prices are those of claude-2026-11, the newest built-in" in done.stdout
    assert "Read as remarks, not as steps: line 1 of the text." in done.stdout
    named = routecost.plan("plan.md", pricing="claude-2026-11", options=PlanOptions(TOKENS))
    assert named.total == routecost.plan("plan.md", options=PlanOptions(TOKENS)).total


def test_a_plan_is_read_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"1. A -> haiku\r\n"), encoding="utf-8"))
    priced = routecost.plan("-", pricing="claude-article", options=PlanOptions(TOKENS))
    assert priced.total == Decimal("0.0036")


@pytest.mark.parametrize("suffix", ["yaml", "txt"])
@pytest.mark.parametrize("text", ["- {do: a, tier: haiku}\n", "- do: a\n  tier: haiku\n"])
def test_a_yaml_list_has_a_message(tmp_path: Path, suffix: str, text: str) -> None:
    file = tmp_path / f"plan.{suffix}"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r":1:1: this is a list in YAML; expected a mapping"):
        routecost.plan(file, options=PlanOptions(TOKENS) if suffix == "txt" else None)
