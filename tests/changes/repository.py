"""A git repository with a scenario, its routing table, taxonomy and pricing sheet."""

from __future__ import annotations

import os
import subprocess
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHEET = """\
version: 1
currency: USD
source: a test
tiers: {small: s-1, large: l-1}
models:
  s-1: [{input: 1, output: 4, checked: 2026-01-01}]
  l-1: [{input: 10, output: 40, checked: 2026-01-01}]
"""
TAXONOMY = """\
version: 1
tiers: [small, large]
task_types:
  sort: {title: Sort, reasoning: low, ambiguity: low, stakes: low, tiers: [small, large]}
  plan: {title: Plan, reasoning: high, ambiguity: high, stakes: high, tiers: [large]}
"""
EVALUATED = (date.today() - timedelta(days=30)).isoformat()
"""Evidence that is current, whenever the tests run."""
TABLE = f"""\
version: 1
taxonomy: ./fleet-tasks.yaml
escalation: [small, large]
routes:
  - task: sort
    tier: small
    confidence: required
    evidence: {{successes: 990, trials: 1000, evaluated: {EVALUATED}, model: s-1, escalated: 0}}
  - {{task: plan, tier: large, evidence: {{successes: 99, trials: 100, evaluated: {EVALUATED}, model: l-1}}}}
"""
SCENARIO = """\
version: 1
pricing: ../pricing/ours.yaml
workload:
  task_types:
    sort: {tasks_per_day: 1000, tokens: {input: 1000, output: 100}}
    plan: {tasks_per_day: 100, tokens: {input: 5000, output: 1000}}
strategies:
  all-large: {tier: large}
  routed: {table: ../tables/routing.yaml}
default: all-large
proposed: routed
"""
FILES = {
    "pricing/ours.yaml": SHEET,
    "tables/fleet-tasks.yaml": TAXONOMY,
    "tables/routing.yaml": TABLE,
    "scenarios/fleet.yaml": SCENARIO,
}


def git(folder: Path, *arguments: str) -> str:
    """Run git with a configuration of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    person = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *person, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def repository(folder: Path) -> Path:
    """Make a repository with one commit on main."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet")
    commit(folder, "first")
    return folder


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text of a file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
