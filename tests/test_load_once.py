"""Each command reads a file once, and checks and builds a scenario no more often than it needs."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routecost.cli.app import run
from routecost.documents.core import deferred, loader
from routecost.documents.core.validate import validate
from routecost.documents.scenario.scenario import SCENARIO, ScenarioDocument
from routecost.lint.rule_docs import EXAMPLES
from routecost.source.load import file_bytes

ROOT = Path(__file__).resolve().parents[1]
TABLE = """\
version: 1
taxonomy: three-steps
escalation: [haiku, opus]
confidence: required
routes:
  - {task: extract, tier: haiku}
  - {task: approve, tier: opus}
"""
DRAFT = "  - {task: draft, tier: sonnet}\n"
SHEETS = ("article", "2026-02", "2026-11")


class Counts:
    """What one command did."""

    def __init__(self) -> None:
        self.reads: Counter[str] = Counter()
        self.checks: Counter[str] = Counter()
        self.builds = 0
        self.parts = 0

    @property
    def read(self) -> set[str]:
        """The files that were read, without folders."""
        return {Path(file).name for file in self.reads}

    def run(self, *arguments: str) -> Counts:
        """Run a command; every file must be read once."""
        stdout, stderr = io.StringIO(), io.StringIO()
        assert run(list(arguments), stdout=stdout, stderr=stderr) == 0, stderr.getvalue()
        assert set(self.reads.values()) <= {1}, self.reads
        return self


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Counts]:
    """Count from now on what commands do; each call begins anew."""
    now = [Counts()]

    def reading(path: Path, *rest: Any) -> Any:
        now[0].reads[str(path)] += 1
        return file_bytes(path, *rest)

    check, build, part = validate, ScenarioDocument.build, deferred.CheckedPart

    def checking(document: Any, root: Any, *rest: Any) -> Any:
        now[0].checks["scenario" if root is SCENARIO.root else "other"] += 1
        return check(document, root, *rest)

    def building(made: Any, *rest: Any) -> Any:
        now[0].builds += 1
        return build(made, *rest)

    def checking_part(*rest: Any) -> Any:
        now[0].parts += 1
        return part(*rest)

    monkeypatch.setattr(loader, "file_bytes", reading)
    monkeypatch.setattr(loader, "validate", checking)
    monkeypatch.setattr(ScenarioDocument, "build", building)
    monkeypatch.setattr(deferred, "CheckedPart", checking_part)

    def begin() -> Counts:
        now[0] = Counts()
        return now[0]

    return begin


@pytest.mark.parametrize("command", ["compare", "sweep --mix --step 20%", "project", "breakeven", "optimize"])
def test_what_judges_no_claims_builds_one_scenario_and_reads_no_other_sheet(
    counts: Callable[[], Counts], command: str
) -> None:
    name, *options = command.split()
    result = counts().run(name, "support-desk" if name == "optimize" else "article-fleet", *options)
    assert (result.checks["scenario"], result.builds) == (1, 1)
    if name != "optimize":
        assert result.read == {"article-fleet.yaml", "claude-article.yaml"}


def test_check_builds_each_variant_once(counts: Callable[[], Counts]) -> None:
    result = counts().run("check", "article-fleet")
    # 5,000 tasks, 20 tasks, other prices, and other prices on another day; and the file itself
    assert (result.checks["scenario"], result.builds) == (5, 5)
    assert result.read == {"article-fleet.yaml", *(f"claude-{sheet}.yaml" for sheet in SHEETS)}


def test_the_report_opens_its_scenario_once(counts: Callable[[], Counts]) -> None:
    result = counts().run("report", "article-fleet", "--format", "json")
    tornado = counts().run("sweep", "article-fleet", "--tornado")
    # the file, the four variants of its claims, and those that the tornado makes
    assert result.checks["scenario"] == 4 + tornado.checks["scenario"]
    assert result.builds == 4 + tornado.builds


@pytest.mark.slow
def test_a_report_loads_its_scenario_and_each_table_once(counts: Callable[[], Counts]) -> None:
    alone = counts().run("compare", "support-desk")
    tornado = counts().run("sweep", "support-desk", "--tornado")
    with_findings = counts().run("report", "support-desk", "--format", "json")
    assert with_findings.checks["scenario"] == tornado.checks["scenario"]
    assert "article.yaml" in alone.read
    # what only the findings need: the taxonomy of the table
    assert with_findings.read - alone.read == {"agent-fleet.yaml"}
    assert with_findings.checks["other"] == alone.checks["other"] + 1


def test_writing_policies_reads_the_scenario_once(counts: Callable[[], Counts], tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "support-desk.yaml").read_text(encoding="utf-8")
    source, target = tmp_path / "desk.yaml", tmp_path / "fleet.yaml"
    source.write_text(text.replace("cache: {prefix: 4000, reuse: 20}", ""), encoding="utf-8")
    for options in ((), ("--as-of", "2026-02-01")):
        result = counts().run("optimize", str(source), "--write-scenario", str(target), *options)
        assert (result.checks["scenario"], result.builds) == (1, 1)
        assert "\nas_of: 2026-11-22\n" in target.read_text(encoding="utf-8")


def test_points_of_a_sweep_check_what_differs_and_no_more(counts: Callable[[], Counts]) -> None:
    few = counts().run("sweep", "article-fleet", "--over", "tokens.input=1000:2000:500")
    many = counts().run("sweep", "article-fleet", "--over", "tokens.input=1000:6000:500")
    assert few.read == many.read == {"article-fleet.yaml", "claude-article.yaml"}
    points = many.builds - few.builds
    assert points == many.checks["scenario"] - few.checks["scenario"] == 8
    # the workload and its tokens; not the strategies
    assert many.parts - few.parts == 2 * points


def test_draws_of_a_projection_check_what_is_uncertain_and_no_more(counts: Callable[[], Counts]) -> None:
    result = counts().run("project", "uncertain-fleet", "--runs", "200")
    plain = counts().run("breakeven", "uncertain-fleet")  # compare draws, too
    assert plain.builds == 1
    draws = result.builds - plain.builds
    assert draws == result.checks["scenario"] - 1 > 0
    assert result.parts - plain.parts < draws * plain.parts


def test_a_fix_loads_table_and_taxonomy_once(counts: Callable[[], Counts], tmp_path: Path) -> None:
    table = tmp_path / "table.yaml"
    table.write_text(TABLE + DRAFT, encoding="utf-8")
    result = counts().run("validate", str(table), "--fix", "--library", str(EXAMPLES))
    assert result.read == {"table.yaml", "three-steps.yaml"}
    assert "[haiku, sonnet, opus]" in table.read_text(encoding="utf-8")
    # the table as it was, the taxonomy, and the table as it is now
    assert result.checks == {"other": 3}


def test_suggestions_load_a_scenario_once(counts: Callable[[], Counts], tmp_path: Path) -> None:
    table = tmp_path / "table.yaml"
    table.write_text(TABLE.replace("haiku, opus", "haiku, sonnet, opus") + DRAFT, encoding="utf-8")
    options = ("--scenario", "steps", "--suggest", "--fail-on", "error", "--library", str(EXAMPLES))
    result = counts().run("validate", str(table), *options)
    assert result.checks["scenario"] == 1
