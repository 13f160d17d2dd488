"""0 fine; 1 a false claim or a budget exceeded; 2 bad usage or bad input; 3 a failure of the surroundings."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost.api import compare as api
from tests.cli.running import routecost

SCENARIO = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {tasks_per_day: 500, tokens: {input: 2000, output: 500}}
strategies: {all-haiku: {tier: haiku}, all-opus: {tier: opus}}
"""
FALSE = "claims: [{that: strategies.all-haiku.cost_per_day, is: 2}]\n"
DISPUTED = "claims: [{that: strategies.all-haiku.cost_per_day, is: 2, disputed: no}]\n"
OVER = "budget: {amount: 1, per: day, strategy: all-haiku}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments", [["compare", "article-fleet"], ["check", "article-fleet"], ["--version"], ["--help"]]
)
def test_fine(arguments: list[str]) -> None:
    done = routecost(*arguments)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 0), (FALSE, 1), (DISPUTED, 0), (OVER, 1)],
    ids=["true", "false", "disputed", "over"],
)
def test_check_fails_on_false_claims_and_exceeded_budgets(here: Path, text: str, code: int) -> None:
    (here / "fleet.yaml").write_text(SCENARIO + text)
    done = routecost("check", "fleet.yaml")
    assert (done.code, done.stderr) == (code, "")
    assert done.stdout, "the claims are shown, held or not"


def test_a_false_claim_does_not_stop_compare(here: Path) -> None:
    (here / "fleet.yaml").write_text(SCENARIO + FALSE + OVER)
    assert routecost("compare", "fleet.yaml").code == 0


BAD_INPUT = {
    "unknown scenario": (
        ["compare", "article-flet"],
        'no scenario named "article-flet"; did you mean "article-fleet"?',
    ),
    "empty scenario": (["compare", ""], 'no scenario named ""'),
    "absent file": (["compare", "./absent.yaml"], 'cannot read "absent.yaml": no such file or directory'),
    "folder": (["compare", "./"], "is a directory"),
    "unknown pricing": (
        ["compare", "article-fleet", "--pricing", "claude-artcle"],
        'no pricing sheet named "claude-artcle"; did you mean "claude-article"?',
    ),
    "absent pricing": (
        ["compare", "article-fleet", "--pricing", "./absent.yaml"],
        'cannot read "absent.yaml"',
    ),
    "unknown baseline": (
        ["compare", "article-fleet", "--baseline", "all-opsu"],
        'no strategy named "all-opsu"; did you mean "all-opus"?',
    ),
    "unknown strategy": (
        ["compare", "article-fleet", "--strategy", "all-opus", "--strategy", "al-haiku"],
        'no strategy named "al-haiku"; did you mean "all-haiku"?',
    ),
    "no date": (["compare", "article-fleet", "--as-of", "yesterday"], '"yesterday" is not a date'),
    "no such day": (["compare", "article-fleet", "--as-of", "2026-02-30"], '"2026-02-30" is not a date'),
    "other form of date": (["compare", "article-fleet", "--as-of", "20260201"], "expected YYYY-MM-DD"),
    "unknown format": (
        ["compare", "article-fleet", "--format", "jsno"],
        'unknown format "jsno"; did you mean "json"?',
    ),
    "unknown option": (["compare", "--mxi", "80/15/5"], "No such option: --mxi"),
    "unknown command": (["comapre"], "No such command 'comapre'"),
    "unknown schema": (["schema", "scenaro"], 'did you mean "scenario"?'),
    "no library": (["compare", "article-fleet", "--library", "absent"], '"absent" is not a folder'),
    "chart in no format": (["compare", "article-fleet", "--chart", "chart.bmp"], "chart.bmp"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_explained_on_stderr_alone(here: Path, arguments: list[str], message: str) -> None:
    done = routecost(*arguments)
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(here.iterdir()) == []


def test_faults_of_a_document_are_shown_with_their_place(here: Path) -> None:
    (here / "fleet.yaml").write_text(SCENARIO.replace("haiku}", "hiaku}"))
    done = routecost("compare", "fleet.yaml")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith('fleet.yaml:5:32: unknown tier "hiaku"; did you mean "haiku"?\n')


def test_a_file_of_50_megabytes_is_refused_unread(here: Path) -> None:
    with open(here / "large.yaml", "wb") as file:
        file.truncate(50_000_000)
    done = routecost("compare", "large.yaml")
    assert done.code == 2
    assert done.stderr == "large.yaml:1:1: the file is too large; the limit is 10,000,000 bytes\n"


def test_a_bug_is_a_traceback_and_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api, "compare", broken)
    done = routecost("compare", "article-fleet")
    assert (done.code, done.stdout) == (3, "")
    assert "ZeroDivisionError" in done.stderr
    assert done.stderr.endswith("this is a bug in routecost; please report it\n")


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied", "x"), MemoryError()], ids=repr)
def test_a_failure_of_the_surroundings_is_no_bug(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(api, "compare", broken)
    done = routecost("compare", "article-fleet")
    assert (done.code, done.stdout) == (3, "")
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1
