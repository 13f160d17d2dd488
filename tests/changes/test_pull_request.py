"""A pull request from end to end: a repository, a change, the steps of the action, comment and codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.changes.action_steps import context_of, install, run_step_in
from tests.changes.repository import change, commit, git, repository

# A stand-in for GitHub: comments are files, and the listing answers what --jq selects of them.
GH = r"""
echo "$@" >>"$FAKE_GITHUB/calls"
[ ! -e "$FAKE_GITHUB/forbidden" ] || exit 1
body= method=GET
for word in "$@"; do
  case "$word" in
    body=@*) body=${word#body=@} ;;
    PATCH | POST) method=$word ;;
    repos/*) path=$word ;;
  esac
done
case "$method" in
  GET) if [ -e "$FAKE_GITHUB/7" ]; then echo 7; fi ;;
  POST) cp "$body" "$FAKE_GITHUB/7" ;;
  PATCH) [ "${path##*/}" = 7 ] && cp "$body" "$FAKE_GITHUB/7" ;;
esac
"""


STEPS = ("routecost validate", "routecost check", "routecost diff", "comment")


@dataclass(frozen=True)
class Job:
    """The result of the steps of the action that run on a pull request."""

    codes: tuple[int, ...]
    output: str
    summary: str
    comment: str
    calls: tuple[str, ...]


@dataclass(frozen=True)
class PullRequest:
    folder: Path
    runner: Path
    base: str

    def run(self, steps: Sequence[str] = STEPS, **inputs: str) -> Job:
        """Run steps on the merge commit that a pull request is checked out at, which has one commit."""
        (self.runner / "summary").write_text("")
        event = {
            "github.event.pull_request.base.sha": self.base,
            "github.event.pull_request.number": "5",
            "github.repository": "acme/fleet",
            "github.token": "t0ken",
        }
        given = {"table": "tables/routing.yaml", "scenario": "scenarios/fleet.yaml"} | inputs
        context = context_of(self.runner, given, **event)
        done = [run_step_in(name, self.runner, context) for name in steps]
        return Job(
            tuple(each.returncode for each in done),
            "".join(each.stdout + each.stderr for each in done),
            (self.runner / "summary").read_text(encoding="utf-8"),
            self._read("7"),
            tuple(self._read("calls").splitlines()),
        )

    def _read(self, name: str) -> str:
        file = self.runner / "github" / name
        return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.fixture
def pull_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PullRequest:
    """A shallow checkout of the merge of a branch, as a runner has it."""
    origin = repository(tmp_path / "origin")
    change(origin, "scenarios/fleet.yaml", "version: 1", "version: 1\ndescription: a fleet")
    commit(origin, "second")
    base = git(origin, "rev-parse", "HEAD").strip()
    git(origin, "checkout", "--quiet", "-b", "topic")
    change(origin, "pricing/ours.yaml", "input: 10, output: 40", "input: 15, output: 60")
    change(origin, "tables/fleet-tasks.yaml", "tiers: [large]", "tiers: [small, large]")
    change(
        origin,
        "tables/routing.yaml",
        "task: plan, tier: large, evidence",
        "task: plan, tier: small, confidence: none, evidence",
    )
    change(
        origin,
        "tables/routing.yaml",
        "model: l-1}",
        "model: s-1, escalated: 0}",
    )
    commit(origin, "a change")
    git(origin, "checkout", "--quiet", "main")
    git(origin, "checkout", "--quiet", "-b", "merge")
    git(origin, "merge", "--quiet", "--no-ff", "topic", "-m", "merge")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=merge", f"file://{origin}", "checkout")
    runner = tmp_path / "runner"
    (runner / "github").mkdir(parents=True)
    install(runner, "gh", GH)
    monkeypatch.setenv("FAKE_GITHUB", str(runner / "github"))
    monkeypatch.chdir(tmp_path / "checkout")
    return PullRequest(tmp_path / "checkout", runner, base)


def test_the_change_is_a_comment_and_a_summary(pull_request: PullRequest) -> None:
    job = pull_request.run(STEPS[2:], **{"max-increase": "5%"})
    assert job.codes == (0, 0), job.output
    assert job.comment == job.summary
    assert job.comment.startswith("<!-- routecost diff -->\n")
    assert "routed (proposed) costs $312.00 before and $69.00 after" in job.comment


@pytest.mark.slow
def test_a_pull_request_from_end_to_end(pull_request: PullRequest) -> None:
    """Large calls cost 5,000 + 1,000 tokens a task, 100 a day: routed falls from 312 to 69 dollars."""
    job = pull_request.run(**{"max-increase": "5%"})
    assert job.codes == (1, 0, 0, 0), job.output
    assert "::warning file=tables/routing.yaml,line=4,col=1,title=RT502 homogeneous-fleet::" in job.output
    assert job.comment == job.summary
    first, title, *_ = job.comment.splitlines()
    assert first == "<!-- routecost diff -->"
    assert title == f"## Costs per month: {pull_request.base[:10]} and the working tree"
    assert "routed (proposed) costs $312.00 before and $69.00 after" in job.comment
    assert "| routed " in job.comment
    assert "| new       | RT502 " in job.comment
    assert [" --method POST " in call for call in job.calls] == [False, True]


@pytest.mark.slow
def test_the_comment_is_updated_in_place_and_the_gate_fails(pull_request: PullRequest) -> None:
    pull_request.run()
    change(pull_request.folder, "scenarios/fleet.yaml", "tasks_per_day: 1000", "tasks_per_day: 9000")
    job = pull_request.run(**{"max-increase": "$90"})
    assert job.codes == (1, 0, 1, 0)
    costs = "costs $312.00 before and $405.00 after, a difference of $93.00 a month"
    assert f"{costs}: more than $90." in job.output
    assert "more than $90." in job.comment
    assert [call.split("--method ")[1].split()[0] for call in job.calls if "--method" in call] == [
        "POST",
        "PATCH",
    ]


@pytest.mark.slow
def test_a_fork_that_may_not_comment_has_the_summary(pull_request: PullRequest) -> None:
    (pull_request.runner / "github" / "forbidden").touch()
    job = pull_request.run()
    assert job.codes == (1, 0, 0, 0)
    assert "::notice title=routecost::the comment cannot be written" in job.output
    assert job.summary.startswith("<!-- routecost diff -->")
    assert len(job.calls) == 1, "nothing is written if the comments cannot be listed"


@pytest.mark.slow
def test_hostile_names_and_broken_documents(pull_request: PullRequest) -> None:
    name = "'@octocat ::error::x | <b>'"
    change(
        pull_request.folder,
        "scenarios/fleet.yaml",
        "  all-large:",
        f"  {name}: {{tier: small}}\n  all-large:",
    )
    job = pull_request.run()
    assert "@octocat" not in job.comment
    assert "<b>" not in job.comment
    change(pull_request.folder, "scenarios/fleet.yaml", "strategies:", "strategys:")
    broken = pull_request.run()
    assert broken.codes == (2, 2, 2, 0)
    assert "::error file=scenarios/fleet.yaml,line=" in broken.output
    assert broken.summary == "", "the comment of an earlier run is no result of this one"


@pytest.mark.slow
def test_nothing_of_the_checkout_is_executed(pull_request: PullRequest) -> None:
    executed = pull_request.runner / "executed"
    for name in ("json", "typer", "yaml", "sitecustomize", "routecost"):
        (pull_request.folder / f"{name}.py").write_text(f"open({str(executed)!r}, 'a').write({name!r})\n")
    for name in ("git", "gh", "routecost", "bash", "cat"):
        program = pull_request.folder / name
        program.write_text(f"#!/bin/sh\necho {name} >>{executed}\n")
        program.chmod(0o755)
    job = pull_request.run()
    assert job.codes == (1, 0, 0, 0)
    assert not executed.exists()


@pytest.mark.slow
def test_the_files_of_the_comparison_are_chosen(pull_request: PullRequest) -> None:
    job = pull_request.run(diff="scenarios\ntables\n\n", comment="true")
    assert "| routed " in job.comment
    none = pull_request.run(scenario="article-fleet", table="article")
    assert none.summary == "", "built-in documents are no files of the repository"
