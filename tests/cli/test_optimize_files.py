"""Files that ``optimize`` writes load from where they are, whatever folder that is."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost as library
from tests.cli.running import ROOT, routecost

DESK = (ROOT / "scenarios" / "support-desk.yaml").read_text(encoding="utf-8")
LAUNCH = """
plan:
  launches:
    chat:
      from: 2027-04-15
      workload:
        task_types:
          chat: {type: complex-planning, tasks_per_day: 300, tokens: {input: 2500, output: 300}%s}
          forms: {type: extraction, tasks_per_day: 30, tokens: {input: 2500, output: 300}}
"""
KNOWN = ", success: {haiku: 10%, sonnet: 98%, opus: 98%}, failure_cost: 1"


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario whose sheet, table and taxonomy are files beside it, by relative paths."""
    for kind, name in (("pricing", "claude-2026-11"), ("tables", "article"), ("tables", "agent-fleet")):
        text = (ROOT / kind / f"{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"my-{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    own = DESK.replace("      cache: {prefix: 4000, reuse: 20}\n", "")  # without it, the search is short
    assert len(own) < len(DESK)
    own = own.replace("pricing: claude-2026-11", "pricing: my-claude-2026-11.yaml")
    own = own.replace("{table: article}", "{table: ./my-article.yaml}  # ours")
    assert own.count("my-") == 2
    claim = "\nclaims:\n  - {that: strategies.all-opus.cost_per_day, is: 1, within: 1000000000, with: "
    file = tmp_path / "fleet.yaml"
    file.write_text(own + claim + "{pricing: ./my-claude-2026-11.yaml}}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("taxonomy", "target"),
    [
        ("./my-agent-fleet.yaml", "best.yaml"),
        pytest.param("./my-agent-fleet.yaml", "other/best.yaml", marks=pytest.mark.slow),
        pytest.param("my-agent-fleet.yaml", "best.yaml", marks=pytest.mark.slow),
        ("my-agent-fleet.yaml", "other/best.yaml"),
        pytest.param("agent-fleet", "best.yaml", marks=pytest.mark.slow),
        ("agent-fleet", "other/best.yaml"),
    ],
)
def test_a_written_table_finds_its_taxonomy(fleet: Path, taxonomy: str, target: str) -> None:
    done = routecost("optimize", str(fleet), "--taxonomy", taxonomy, "--write-table", target)
    assert done.code == 0, done.stderr
    assert routecost("validate", target).code == 0
    is_path = taxonomy.endswith(".yaml")
    expected = ("../" if "/" in target else "") + "my-agent-fleet.yaml" if is_path else "agent-fleet"
    assert f"\ntaxonomy: {expected}\n" in Path(target).read_text(encoding="utf-8").replace('"', "")


@pytest.mark.parametrize("target", ["best.yaml", "other/best.yaml"])
def test_a_written_scenario_finds_its_files(fleet: Path, target: str) -> None:
    assert routecost("optimize", str(fleet), "--write-scenario", target).code == 0
    done = routecost("check", target)
    assert done.code == 0, done.stderr
    assert "  # ours" in Path(target).read_text(encoding="utf-8")
    assert routecost("compare", target).code == 0


@pytest.mark.parametrize("known", ["", KNOWN])
@pytest.mark.parametrize("options", [[], ["--taxonomy", "agent-fleet"]])
def test_a_written_scenario_assigns_the_task_types_of_launches(
    fleet: Path, options: list[str], known: str
) -> None:
    text = fleet.read_text(encoding="utf-8").replace("{table: ./my-article.yaml}", "{tier: opus}")
    before, _, rest = text.partition("  cascade:\n")  # its detection needs success rates everywhere
    text = before + rest[rest.index("  all-opus") :]
    fleet.write_text(text + LAUNCH % known, encoding="utf-8")
    done = routecost("optimize", "fleet.yaml", "--write-scenario", "best.yaml", *options)
    assert done.code == 0, done.stderr
    assert "The plan launches chat, forms later" in done.stdout
    written = routecost("compare", "best.yaml")
    assert written.code == 0, written.stderr
    strategies = library.load_scenario(Path("best.yaml")).strategies
    policy = strategies.get("best-assignment", strategies["best-table"])
    tiers = {task: policy.strategies[task].tier for task in ("chat", "forms")}  # type: ignore[attr-defined]
    # cheapest with failures; unknown: the highest tier allowed
    assert tiers == {"chat": "sonnet" if known else "opus", "forms": "haiku" if options else "opus"}


def test_the_text_of_a_table_without_a_folder_loads_anywhere(fleet: Path, tmp_path: Path) -> None:
    from routecost.api.optimize import table_text

    search = library.search_policies(fleet, taxonomy="./my-agent-fleet.yaml")
    (tmp_path / "other" / "best.yaml").write_text(table_text(search), encoding="utf-8")
    assert library.validate(tmp_path / "other" / "best.yaml").findings == ()
