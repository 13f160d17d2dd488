"""Bills and findings of two files, and of files at git revisions."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from subprocess import CalledProcessError

import pytest

import routecost
from routecost.errors import EnvironmentFailure, UnknownNameError, UsageError
from routecost.model.results.changes.changes import Cause, Status
from tests.changes.repository import SCENARIO, change, commit, git, repository
from tests.cli import running


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = repository(tmp_path / "fleet")
    monkeypatch.chdir(folder)
    return folder


def causes(diff: routecost.Diff, strategy: str) -> dict[Cause, Decimal]:
    (scenario,) = diff.scenarios
    (row,) = [row for row in scenario.strategies if row.strategy == strategy]
    return {cause: part for cause, part in row.parts.items() if part}


@pytest.mark.usefixtures("fleet")
def test_nothing_changed() -> None:
    diff = routecost.diff_since("main")
    assert [one.status for one in diff.scenarios] == [Status.UNCHANGED]
    assert diff.findings == ()
    assert diff.before.startswith("main (")


def test_a_change_of_each_document_that_a_scenario_refers_to(fleet: Path) -> None:
    """200 calls more of 1000 + 100 tokens on s-1 at 1 and 4 dollars; l-1 twice as expensive."""
    change(fleet, "scenarios/fleet.yaml", "tasks_per_day: 1000", "tasks_per_day: 1200")
    assert set(causes(routecost.diff_since("main"), "routed")) == {Cause.VOLUME, Cause.MIX}
    commit(fleet, "volume")
    change(fleet, "pricing/ours.yaml", "input: 10, output: 40", "input: 20, output: 80")
    now = routecost.diff_since("HEAD", ["scenarios/fleet.yaml"])
    assert causes(now, "routed") == {Cause.PRICE: Decimal(100 * 30) * (Decimal("0.05") + Decimal("0.04"))}
    commit(fleet, "price")
    change(fleet, "tables/routing.yaml", "task: sort\n    tier: small", "task: sort\n    tier: large")
    diff = routecost.diff_since("HEAD")
    assert set(causes(diff, "routed")) == {Cause.MIX}
    assert causes(diff, "all-large") == {}


def test_findings_are_new_or_gone_whatever_their_lines(fleet: Path) -> None:
    change(fleet, "tables/routing.yaml", "version: 1", "# moved\n\nversion: 1")
    assert routecost.diff_since("main").findings == ()
    change(fleet, "tables/fleet-tasks.yaml", "tiers: [large]", "tiers: [small]")
    (new,) = routecost.diff_since("main").findings
    assert (new.status, new.finding.code) == (Status.NEW, "RT202")
    assert (new.finding.position.file, new.finding.position.line) == ("tables/routing.yaml", 11)
    commit(fleet, "taxonomy")
    git(fleet, "checkout", "--quiet", "HEAD~1", "--", "tables/fleet-tasks.yaml")
    (gone,) = routecost.diff_since("HEAD").findings
    assert (gone.status, gone.finding.code) == (Status.GONE, "RT202")
    assert gone.finding.position.file == "HEAD:tables/routing.yaml"


def test_since_is_where_the_branch_left_it(fleet: Path) -> None:
    git(fleet, "checkout", "--quiet", "-b", "topic")
    change(fleet, "scenarios/fleet.yaml", "tasks_per_day: 100,", "tasks_per_day: 110,")
    commit(fleet, "more")
    git(fleet, "checkout", "--quiet", "main")
    change(fleet, "pricing/ours.yaml", "input: 10,", "input: 90,")
    commit(fleet, "others' work")
    git(fleet, "checkout", "--quiet", "topic")
    assert Cause.PRICE not in causes(routecost.diff_since("main"), "all-large")
    both = routecost.diff("main:scenarios/fleet.yaml", "topic:./scenarios/fleet.yaml")
    assert both.scenarios[0].strategies[0].parts[Cause.PRICE] < 0


def test_files_that_come_and_go_and_break(fleet: Path) -> None:
    (fleet / "scenarios" / "more.yaml").write_text(SCENARIO.replace("1000", "10"))
    (fleet / "notes.yaml").write_text("strategies that are none\n")
    diff = routecost.diff_since("main", ["."])
    assert {one.file: one.status for one in diff.scenarios} == {
        "scenarios/fleet.yaml": Status.UNCHANGED,
        "scenarios/more.yaml": Status.NEW,
    }
    (fleet / "scenarios" / "more.yaml").unlink()
    (fleet / "scenarios" / "fleet.yaml").unlink()
    assert [one.status for one in routecost.diff_since("main").scenarios] == [Status.GONE]
    (fleet / "scenarios" / "fleet.yaml").write_text("strategies: [\n")
    with pytest.raises(routecost.DocumentError, match=r"scenarios/fleet\.yaml:\d+:\d+: not valid YAML"):
        routecost.diff_since("main")
    commit(fleet, "broken")
    git(fleet, "checkout", "--quiet", "HEAD~1", "--", "scenarios/fleet.yaml")
    diff = routecost.diff_since("HEAD", max_increase="10%")
    assert diff.notes[0].startswith(
        "scenarios/fleet.yaml cannot be read before the change: HEAD:scenarios/fleet."
    )
    assert [gate.judgement.value for gate in diff.gates] == ["unknown"]


def test_strategies_are_chosen_where_they_are(fleet: Path) -> None:
    other = SCENARIO.replace("all-large", "all").replace("routed", "by-table")
    (fleet / "scenarios" / "other.yaml").write_text(other)
    commit(fleet, "two")
    change(fleet, "scenarios/fleet.yaml", "tasks_per_day: 1000", "tasks_per_day: 1100")
    diff = routecost.diff_since("HEAD", strategies=["by-table", "all-large"], max_increase="50%")
    assert [row.strategy for one in diff.scenarios for row in one.strategies] == ["all-large", "by-table"]
    assert [gate.strategy for gate in diff.gates] == ["all-large", "by-table"]
    with pytest.raises(UnknownNameError, match='no strategy named "al"'):
        routecost.diff_since("HEAD", strategies=["all", "al"])


def test_a_file_that_was_broken_and_is_gone(fleet: Path) -> None:
    (fleet / "scenarios" / "more.yaml").write_text("strategies: 5\n")
    commit(fleet, "broken")
    (fleet / "scenarios" / "more.yaml").unlink()
    diff = routecost.diff_since("HEAD", max_increase="1%")
    assert [one.file for one in diff.scenarios] == ["scenarios/fleet.yaml"]
    assert diff.notes[0].startswith("scenarios/more.yaml cannot be read before the change: ")


def test_two_folders_and_two_files(fleet: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "other")
    change(other, "pricing/ours.yaml", "input: 10,", "input: 11,")
    diff = routecost.diff(fleet, other)
    assert [(one.file, one.status) for one in diff.scenarios] == [("scenarios/fleet.yaml", Status.CHANGED)]
    diff = routecost.diff(fleet / "scenarios/fleet.yaml", other / "scenarios/fleet.yaml")
    assert set(causes(diff, "all-large")) == {Cause.PRICE}
    assert diff.findings == ()
    table = routecost.diff(fleet / "tables/routing.yaml", other / "tables/routing.yaml")
    assert (table.scenarios, table.findings) == ((), ())


def test_two_sheets_tables_or_taxonomies_by_what_they_do_to_a_scenario(fleet: Path) -> None:
    for name, old, new in (
        ("pricing/ours.yaml", "input: 10,", "input: 11,"),
        ("tables/routing.yaml", "tier: small\n", "tier: large\n"),
        ("tables/fleet-tasks.yaml", "tiers: [small, large]}", "tiers: [large]}"),
    ):
        (fleet / "new.yaml").write_text((fleet / name).read_text())
        change(fleet, "new.yaml", old, new)
        change(fleet, "new.yaml", "version: 1", "\nversion: 1")
        if name == "tables/routing.yaml":
            change(fleet, "new.yaml", "./fleet-tasks.yaml", "./tables/fleet-tasks.yaml")
        diff = routecost.diff(name, "./new.yaml", scenario="scenarios/fleet.yaml")
        expected = {"pricing/ours.yaml": {Cause.PRICE}, "tables/routing.yaml": {Cause.MIX}}
        assert set(causes(diff, "routed")) == expected.get(name, set())
        codes = {"tables/routing.yaml": {"RT402", "RT502", "RT503"}, "tables/fleet-tasks.yaml": {"RT201"}}
        assert {row.finding.code for row in diff.findings} == codes.get(name, set())
    at_revision = routecost.diff(
        "main:pricing/ours.yaml", "pricing/ours.yaml", scenario="scenarios/fleet.yaml"
    )
    assert at_revision.scenarios[0].status is Status.UNCHANGED
    change(fleet, "scenarios/fleet.yaml", "{table: ../tables/routing.yaml}", "{tier: small}")
    with pytest.raises(UsageError, match='no strategy of "fleet" has a table'):
        routecost.diff("tables/routing.yaml", "tables/routing.yaml", scenario="scenarios/fleet.yaml")
    with pytest.raises(UsageError, match="is no pricing sheet, routing table or taxonomy"):
        routecost.diff("scenarios/fleet.yaml", "scenarios/fleet.yaml", scenario="scenarios/fleet.yaml")


def test_a_library_and_evidence_of_the_repository_are_read_at_the_revision(fleet: Path) -> None:
    change(fleet, "scenarios/fleet.yaml", "../pricing/ours.yaml", "ours")
    (fleet / "evidence.yaml").write_text("version: 1\nevidence: []\n")
    commit(fleet, "by name")
    change(fleet, "pricing/ours.yaml", "input: 10,", "input: 11,")
    diff = routecost.diff_since("HEAD", library=fleet, evidence="evidence.yaml")
    assert set(causes(diff, "all-large")) == {Cause.PRICE}
    other = routecost.diff_since("HEAD", library=fleet, pricing="pricing/ours.yaml")
    assert set(causes(other, "all-large")) == {Cause.PRICE}


def test_links_of_the_repository_are_followed_and_files_outside_are_those_of_today(
    fleet: Path, tmp_path: Path
) -> None:
    change(fleet, "scenarios/fleet.yaml", "../pricing/ours.yaml", "../pricing/linked.yaml")
    os.symlink("ours.yaml", fleet / "pricing" / "linked.yaml")
    commit(fleet, "a link")
    change(fleet, "pricing/ours.yaml", "input: 10,", "input: 11,")
    assert set(causes(routecost.diff_since("HEAD"), "all-large")) == {Cause.PRICE}
    (tmp_path / "shared.yaml").write_text((fleet / "pricing" / "ours.yaml").read_text())
    change(fleet, "scenarios/fleet.yaml", "../pricing/linked.yaml", "../../shared.yaml")
    commit(fleet, "outside")
    assert causes(routecost.diff_since("HEAD"), "all-large") == {}
    change(
        fleet, "scenarios/fleet.yaml", "../../shared.yaml", "../../../../../../../../../../../escaped.yaml"
    )
    commit(fleet, "far outside")
    with pytest.raises(routecost.RoutecostError, match="cannot read"):
        routecost.diff_since("HEAD")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "mian:scenarios/fleet.yaml",
            "scenarios/fleet.yaml",
            r'no revision "mian" .*; did you mean "main"\?',
        ),
        ("--output=x:scenarios/fleet.yaml", "scenarios/fleet.yaml", 'no revision "--output=x"'),
        (
            "main:scenarios/flee.yaml",
            "scenarios/fleet.yaml",
            'no file "scenarios/flee.yaml" at revision "main"',
        ),
        ("main:../../x.yaml", "scenarios/fleet.yaml", "is not in the git repository"),
        ("scenarios", "scenarios/fleet.yaml", "a file and a folder"),
        ("tables/routing.yaml", "scenarios/fleet.yaml", "expected two of one kind"),
        ("pricing/ours.yaml", "pricing/ours.yaml", "no scenario or routing table; give the scenario"),
        ("pricing", "pricing", "no scenario or table is in"),
    ],
)
@pytest.mark.usefixtures("fleet")
def test_what_cannot_be_compared(before: str, after: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        routecost.diff(before, after)


def test_without_a_repository_or_git(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{fleet}", str(shallow))
    monkeypatch.chdir(shallow)
    with pytest.raises(UsageError, match="the clone is shallow: fetch the revision"):
        routecost.diff_since("HEAD~1")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="is in no git repository"):
        routecost.diff_since("main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFailure, match='cannot find the program "git"'):
        routecost.diff_since("main")


HOSTILE_CONFIG = """\
[core]
\tfsmonitor = {mark}
\thooksPath = {folder}
\tpager = {mark}
\tsshCommand = {mark}
\tgitProxy = {mark}
[diff]
\texternal = {mark}
[diff "yaml"]
\ttextconv = {mark}
[filter "yaml"]
\tsmudge = {mark}
\tclean = {mark}
\tprocess = {mark}
[alias]
\tls-tree = !{mark}
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = ext::{mark}
\tpromisor = true
"""


def test_nothing_that_a_repository_configures_is_executed(fleet: Path, tmp_path: Path) -> None:
    mark, executed = tmp_path / "mark", tmp_path / "executed"
    mark.write_text(f"#!/bin/sh\necho ran >> {executed}\n")
    mark.chmod(0o755)
    (fleet / ".gitattributes").write_text("*.yaml filter=yaml diff=yaml export-subst\n")
    commit(fleet, "attributes")
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (tmp_path / hook).symlink_to(mark)
    config = fleet / ".git" / "config"
    config.write_text(config.read_text() + HOSTILE_CONFIG.format(mark=mark, folder=tmp_path))
    missing = git(fleet, "rev-parse", "HEAD:pricing/ours.yaml").strip()
    with suppress(CalledProcessError):
        git(fleet, "status")
    assert executed.exists(), "an ordinary git runs what the repository configures"
    executed.unlink()
    assert routecost.diff_since("main").scenarios
    (fleet / ".git" / "objects" / missing[:2] / missing[2:]).unlink()
    with pytest.raises(UsageError, match="cannot read the object"):
        routecost.diff_since("main")
    assert not executed.exists()


def test_the_command_writes_the_contract(fleet: Path) -> None:
    change(fleet, "pricing/ours.yaml", "input: 10,", "input: 12,")
    done = running.routecost("diff", "--since", "main", "--max-increase", "1%", "--format", "json")
    assert done.code == 1
    assert done.stderr.startswith(
        "scenarios/fleet.yaml: routed (proposed) costs $312.00 before and $342.00 after"
    )
    data = json.loads(done.stdout)
    assert (data["schema"], data["currency"], data["passes"]) == ("routecost.diff/1", "USD", False)
    row = data["changes"][1]
    assert (row["strategy"], row["cost_per_month_before"], row["cost_per_month_after"]) == (
        "routed",
        312,
        342,
    )
    assert row["change"] == row["price"] == 30
    assert row["volume"] == row["mix"] == row["tokens"] == 0
    assert data["gates"][0]["judgement"] == "fails"
    assert running.routecost("diff", "--since", "main", "--max-increase", "10%").code == 0
    assert running.routecost("diff", "scenarios/fleet.yaml").code == 2
