"""Routing tables as people read them, and as the configuration of what runs them."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import routecost
from routecost import render
from routecost.errors import UnknownNameError, UsageError
from routecost.report.routing.table import report
from tests.changes.repository import EVALUATED, FILES, change
from tests.cli import running


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(**more: str) -> routecost.RoutingRows:
    return routecost.routing_rows("tables/routing.yaml", scenario="scenarios/fleet.yaml", **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("fleet")
def test_a_row_has_model_cost_evidence_and_where_rejected_work_goes() -> None:
    sort, plan = rows().rows
    assert (sort.task, sort.tier, sort.model, sort.cost_per_task) == (
        "sort",
        "small",
        "s-1",
        Decimal("0.0014"),
    )
    assert (sort.escalation, plan.escalation, plan.cost_per_task) == (("large",), (), Decimal("0.09"))
    measured = sort.measured
    assert measured is not None
    assert (measured.successes, measured.trials, measured.rate, measured.is_current) == (
        990,
        1000,
        0.99,
        True,
    )
    assert (round(measured.low, 3), round(measured.high, 3)) == (0.982, 0.995)
    bare = routecost.routing_rows("tables/routing.yaml").rows[0]
    assert (bare.model, bare.cost_per_task) == (None, None)
    old = (
        routecost.routing_rows("tables/routing.yaml", as_of=date.today() + timedelta(days=365))
        .rows[0]
        .measured
    )
    assert old is not None
    assert not old.is_current


@pytest.mark.usefixtures("fleet")
def test_the_command_prints_every_format() -> None:
    given = ("table", "tables/routing.yaml", "--scenario", "scenarios/fleet.yaml")
    text = running.routecost(*given).stdout
    assert f"990/1,000 {EVALUATED}" in text
    assert "98.2% to 99.5%" in text
    data = json.loads(running.routecost(*given, "--format", "json").stdout)
    assert data["schema"] == "routecost.table/1"
    assert data["rows"][0]["cost_per_task"] == 0.0014
    assert data["rows"][0]["escalation"] == "large"
    for style in ("markdown", "csv", "html"):
        assert "sort" in running.routecost(*given, "--format", style).stdout


def hostile(fleet: Path, name: str) -> None:
    quoted = json.dumps(name)
    change(fleet, "tables/routing.yaml", "task: sort", f"task: {quoted}")
    change(fleet, "tables/fleet-tasks.yaml", "  sort:", f"  {quoted}:")


@pytest.mark.parametrize("name", ["a|b", "<script>x</script>", "=1+1", "::error::x", "- {x: y}", "*bold*"])
def test_hostile_names_are_escaped_in_each_format(fleet: Path, name: str) -> None:
    hostile(fleet, name)
    found = routecost.routing_rows("tables/routing.yaml", pricing="./pricing/ours.yaml")
    texts = {}
    for style in ("markdown", "html", "spreadsheet"):
        sink = io.StringIO()
        render.write(report(found), style, sink)
        texts[style] = sink.getvalue()
    assert "<script>" not in texts["markdown"] + texts["html"]
    line = next(line for line in texts["markdown"].splitlines() if "990/1,000" in line)
    assert line.replace("\\|", "").count("|") == 8
    assert not any(row.startswith("=") for row in texts["spreadsheet"].splitlines())
    if "*" not in name:
        config = yaml.safe_load(routecost.export_table(found, "litellm").files["config.yaml"])
        assert config["model_list"][0] == {"model_name": name, "litellm_params": {"model": "s-1"}}


@pytest.mark.usefixtures("fleet")
def test_litellm_has_a_model_for_each_task_type_and_says_what_it_lacks() -> None:
    given = ("table", "tables/routing.yaml", "-f", "litellm")
    done = running.routecost(*given, "--pricing", "pricing/ours.yaml")
    assert yaml.safe_load(done.stdout) == {
        "model_list": [
            {"model_name": "sort", "litellm_params": {"model": "s-1"}},
            {"model_name": "plan", "litellm_params": {"model": "l-1"}},
        ]
    }
    assert done.stderr.splitlines() == [
        "warning: litellm cannot state the escalation of sort",
        "warning: litellm cannot state the confidence of sort",
        "warning: litellm cannot state the evidence of sort and plan",
    ]
    without = running.routecost(*given)
    assert (without.code, without.stdout) == (2, "")
    assert 'needs the model of the tier "small", of "sort"; give prices' in without.stderr


def test_claude_code_has_a_subagent_for_each_task_type(tmp_path: Path) -> None:
    done = running.routecost("table", "article", "-f", "claude-code", "-o", str(tmp_path))
    assert done.code == 0
    assert "claude-code cannot state the reviewers of extraction, " in done.stderr
    _, head, body = (tmp_path / "legal-risk-compliance.md").read_text().split("---\n")
    data = yaml.safe_load(head)
    assert (data["name"], data["model"]) == ("legal-risk-compliance", "opus")
    assert data["description"].startswith('Use for tasks of the type "legal-risk-compliance"')
    assert body == "Do the task.\n"
    assert "`confidence: high|medium|low" in (tmp_path / "extraction.md").read_text()
    assert len(list(tmp_path.iterdir())) == 10
    again = running.routecost("table", "article", "-f", "claude-code", "-o", str(tmp_path))
    assert (again.code, "which exists; use --force" in again.stderr) == (2, True)
    assert running.routecost("table", "article", "-f", "claude-code").code == 2


def test_a_subagent_cannot_leave_its_folder_or_end_its_front_matter(fleet: Path) -> None:
    hostile(fleet, "../../Evil --- agent")
    change(fleet, "tables/fleet-tasks.yaml", "title: Sort", 'title: "x\\n---\\ntools: Bash"')
    change(fleet, "pricing/ours.yaml", "s-1", "claude-s")
    change(fleet, "pricing/ours.yaml", "l-1", "claude-l")
    found = routecost.routing_rows("tables/routing.yaml", pricing="./pricing/ours.yaml")
    files = routecost.export_table(found, "claude-code").files
    assert list(files) == ["evil-agent.md", "plan.md"]
    head = files["evil-agent.md"].split("\n---\n")[0].removeprefix("---\n")
    assert set(yaml.safe_load(head)) == {"name", "description", "model"}


@pytest.mark.parametrize(
    ("target", "old", "new", "message"),
    [
        ("claude-code", "sort", "sort", 'cannot state the model "s-1"'),
        ("litellm", "task: sort", 'task: "so*rt"', "would be a wildcard"),
        ("claude-code", "task: sort", 'task: "..."', 'would be the subagent ""'),
    ],
)
def test_what_a_format_cannot_state(fleet: Path, target: str, old: str, new: str, message: str) -> None:
    change(fleet, "tables/routing.yaml", old, new)
    found = routecost.routing_rows("tables/routing.yaml", pricing="./pricing/ours.yaml")
    with pytest.raises(UsageError, match=message):
        routecost.export_table(found, target)
    with pytest.raises(UnknownNameError, match='no export named "litelm"; did you mean "litellm"'):
        routecost.export_table(found, "litelm")


def test_fallback_models_are_shown_and_named_where_a_format_lacks_them(fleet: Path) -> None:
    change(fleet, "tables/routing.yaml", "routes:", "fallbacks: {small: [l-1]}\nroutes:")
    found = routecost.routing_rows("tables/routing.yaml", pricing="./pricing/ours.yaml")
    assert [row.fallbacks for row in found.rows] == [("l-1",), ()]
    assert (
        "litellm cannot state the fallback models of sort"
        in routecost.export_table(found, "litellm").not_stated
    )
