"""A sheet that is there is brought up to date: prices are added, none is changed, nothing is lost."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from routecost import load_pricing
from routecost.cli.app import run

pytest.importorskip("genai_prices", reason="prices are imported from it")

OLDER = """\
# Our prices; ask Ada before you touch them.
version: 1
currency: USD
source: by hand
tiers: {haiku: claude-haiku-5-5, sonnet: claude-sonnet-5-5}   # opus comes later
models:
  # the small one
  claude-haiku-5-5:
    - checked: 2026-08-01    # by Ada
      input: 0.10   # as agreed
      output: 0.50
      cache_read: 0.01
      above:
        - {tokens: 100000, input: 0.50, output: 2.50, cache_read: 0.05}

  claude-sonnet-5-5:   # without a date of checking
    - {input: 2, output: 10}
# the end
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    stdout: str
    stderr: str


def pricing(*arguments: str) -> Outcome:
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run(["pricing", *arguments], stdout=stdout, stderr=stderr)
    return Outcome(code, stdout.getvalue(), stderr.getvalue())


def update(text: str, *arguments: str, checked: str = "2026-11-22") -> tuple[Outcome, str]:
    """Import into a sheet with this text; return what was said, and the text then."""
    file = Path("ours.yaml")
    file.write_bytes(text.encode())
    outcome = pricing("import", "anthropic", "-o", str(file), "--checked", checked, *arguments)
    return outcome, file.read_bytes().decode()


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_dated_entries_are_added_and_checked_moves_on() -> None:
    outcome, text = update(OLDER)
    assert outcome.code == 0, outcome.stderr
    sheet = load_pricing(Path("ours.yaml"))
    first, second = sheet.models["claude-haiku-5-5"]
    assert (first.start, first.checked) == (None, date(2026, 11, 22))
    assert (second.start, second.checked) == (date(2026, 10, 14), date(2026, 11, 22))
    assert str(second.card.modes["batch"]["input"]) == "0.05"
    assert str(second.steps[0].card.modes["batch"]["input"]) == "0.25"
    assert [entry.start for entry in sheet.models["claude-sonnet-5-5"]] == [None, date(2026, 10, 14)]
    assert "0 new models, 2 new prices, 2 prices confirmed, 0 skipped" in outcome.stderr
    assert set(sheet.models) == {"claude-haiku-5-5", "claude-sonnet-5-5"}
    assert "25 models of the source not in the sheet" in outcome.stderr
    assert text.count("\n") > OLDER.count("\n")


def test_nothing_else_changes() -> None:
    _, text = update(OLDER)
    kept = OLDER.replace("2026-08-01", "2026-11-22").replace(
        "output: 10}", "output: 10, checked: 2026-11-22}"
    )
    lines = iter(text.splitlines())
    assert all(line in lines for line in kept.splitlines()), "every line of old is there, in its order"


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_second_run_changes_no_byte(line_break: str) -> None:
    _, first = update(OLDER.replace("\n", line_break))
    outcome, second = update(first)
    assert second == first
    assert outcome.code == 0
    assert "no changes" in outcome.stderr


def test_checked_never_moves_back() -> None:
    _, first = update(OLDER)
    _, second = update(first, checked="2026-08-15")
    assert second == first


def test_what_disagrees_is_named_figure_by_figure_and_left_alone() -> None:
    wrong = OLDER.replace("input: 0.10 ", "input: 0.12 ").replace("cache_read: 0.05}", "cache_read: 0.06}")
    outcome, text = update(wrong)
    assert outcome.code == 1
    assert 'input of "claude-haiku-5-5" is 0.12 in the sheet and 0.1 in the source' in outcome.stderr
    assert (
        'cache_read above 100000 tokens of "claude-haiku-5-5" is 0.06 in the sheet and 0.05 in the source'
        in outcome.stderr
    )
    assert "ours.yaml:10:14:" in outcome.stderr
    assert "input: 0.12   # as agreed" in text
    assert "checked: 2026-08-01    # by Ada" in text, "what is wrong is not confirmed"
    assert [entry.start for entry in load_pricing(Path("ours.yaml")).models["claude-haiku-5-5"]] == [
        None,
        date(2026, 10, 14),
    ]
    again, unchanged = update(text)
    assert (again.code, unchanged) == (1, text)


def test_a_change_that_the_source_dates_within_an_entry_is_a_disagreement() -> None:
    later = OLDER.replace(
        "- {input: 2, output: 10}", "- {input: 2, output: 10}\n    - {from: 2027-01-01, input: 2}"
    )
    later = later.replace("- {input: 2, output: 10}", "- {input: 2, output: 10, modes: {batch: {input: 3}}}")
    outcome, _ = update(later)
    assert outcome.code == 1
    assert "disagrees from 2026-10-14: input in mode batch" in outcome.stderr


def test_models_are_added_on_demand() -> None:
    outcome, _ = update(OLDER, "--models", "claude-opus-5*,claude-haiku-5-5")
    assert outcome.code == 0
    models = load_pricing(Path("ours.yaml")).models
    assert list(models) == ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5", "claude-opus-5-5"]


def test_as_of_adds_only_what_is_in_force() -> None:
    outcome, text = update(OLDER, "--as-of", "2026-02-01")
    assert outcome.code == 0
    assert "from:" not in text


def test_a_vendor_id_finds_the_model_under_another_snapshot() -> None:
    outcome, _ = update(OLDER, "--models", "claude-3-5-haiku")
    assert outcome.code == 0
    (entry,) = load_pricing(Path("ours.yaml")).models["claude-3-5-haiku"]
    assert entry.source == "genai-prices 0.2.3, anthropic/claude-3-5-haiku-latest"


def test_an_entry_that_ended_is_followed_only_by_what_begins_later() -> None:
    ended = OLDER.replace("- {input: 2, output: 10}", "- {until: 2026-12-31, input: 2, output: 10}")
    outcome, _ = update(ended)
    assert outcome.code == 0
    assert len(load_pricing(Path("ours.yaml")).models["claude-sonnet-5-5"]) == 1


@pytest.mark.parametrize(
    ("text", "arguments", "complaint"),
    [
        (OLDER, ("--tiers", "haiku=claude-haiku-4-5"), 'the tier "haiku" is "claude-haiku-5-5"'),
        (OLDER, ("--tiers", "opus=claude-opus-5-5"), 'the tier "opus" is missing'),
        (OLDER.replace("USD", "EUR"), (), "are in EUR, those of"),
        (OLDER.replace("input: 2,", "input: -2,"), (), '"-2" is out of range'),
        (OLDER.replace("input: 2,", "inptu: 2,"), (), 'unknown key "inptu"; did you mean "input"?'),
        (OLDER.replace("- {input: 2, output: 10}", "&x [{input: 2, output: 10}]"), (), "edit it by hand"),
    ],
)
def test_refusals_leave_the_file_alone(text: str, arguments: tuple[str, ...], complaint: str) -> None:
    outcome, after = update(text, *arguments)
    assert (outcome.code, after) == (2, text)
    assert complaint in outcome.stderr


def test_a_new_sheet_needs_tiers_that_are_imported() -> None:
    outcome = pricing("import", "anthropic", "--models", "claude-haiku-*")
    assert outcome.code == 2
    assert "add --tiers low=claude-haiku-4-5,high=claude-haiku-5-5" in outcome.stderr
    outcome = pricing("import", "anthropic", "--tiers", "a=claude-haiku-5")
    assert outcome.code == 2
    assert 'did you mean "claude-haiku-5-5"?' in outcome.stderr
    for text in ("a", "a=", "=b", "a=b,a=c", ""):
        assert "is not a list of tiers" in pricing("import", "anthropic", "--tiers", text).stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("anthropc",), 'no provider "anthropc" in genai-prices; did you mean "anthropic"?'),
        (("anthropic", "--models", "claude-haiku-55"), 'did you mean "claude-haiku-5-5"?'),
        (("anthropic", "--models", "gpt*"), 'no model "gpt*"'),
        (("openai", "--models", "moderation"), "cannot be imported: it has no price"),
        ((), "no price source"),
        (("anthropic", "--name", "x"), "--name requires --library"),
        (("anthropic", "--openrouter", "a.json", "--litellm", "b.json"), "cannot be used with --litellm"),
    ],
)
def test_bad_usage_is_explained(arguments: tuple[str, ...], complaint: str) -> None:
    outcome = pricing("import", *arguments, "--tiers", "a=b")
    assert outcome.code == 2
    assert complaint in outcome.stderr
    assert outcome.stdout == ""


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    outcome = pricing("import", "anthropic", "--tiers", "a=b")
    assert outcome.code == 3
    assert "routecost[prices]" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_name_is_written_into_the_library() -> None:
    Path("lib/pricing").mkdir(parents=True)
    arguments = ("--models", "claude-haiku-5-5", "--tiers", "haiku=claude-haiku-5-5", "--library", "lib")
    assert pricing("import", "anthropic", "--name", "mine", *arguments).code == 0
    assert load_pricing("mine", library="lib").tier_names == ("haiku",)
