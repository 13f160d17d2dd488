"""Starting up loads nothing heavy, so that the command line answers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HEAVY = {
    "duckdb",
    "ibis",
    "matplotlib",
    "narwhals",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "tabulate",
}

IMPORT = "import routecost"
COMPARE = """
import io
from routecost.cli.app import run

stdout, stderr = io.StringIO(), io.StringIO()
code = run(["compare", "article-fleet"], stdout=stdout, stderr=stderr)
assert code == 0 and stdout.getvalue(), stderr.getvalue()
"""
TELL_MODULES = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("code", [IMPORT, COMPARE], ids=["import", "compare"])
def test_nothing_heavy_is_loaded(code: str) -> None:
    loaded = modules_after(code)
    assert "routecost" in loaded
    assert loaded & HEAVY == set()


def test_compare_loads_only_what_its_scenario_uses() -> None:
    loaded = modules_after(COMPARE)
    assert {"routecost.cli.commands.compare", "routecost.documents.strategies.mix"} <= loaded
    for unused in (
        "cli.agents",
        "cli.commands.sweep",
        "cli.completion",
        "cli.help",
        "documents.strategies.cascade",
        "documents.pricing.terms",
        "documents.routing",
        "documents.scenario.claim_variants",
        "documents.uncertainty.uncertain_fields",
        "engine.compare.claims",
        "model.pricing.terms",
        "model.scenario.distributions",
        "model.scenario.month_plan",
        "source.editing",
        "source.node_ends",
        "lint",
    ):
        assert f"routecost.{unused}" not in loaded


def test_a_heavy_import_would_be_seen() -> None:
    assert "numpy" in modules_after(f"{IMPORT}\nimport numpy")


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code + TELL_MODULES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))
