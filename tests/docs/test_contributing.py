"""CONTRIBUTING names files, names in code and Makefile targets that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from routecost.documents.strategies import KINDS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE))
TOP = {path.name for path in ROOT.iterdir()}
INVENTED = {
    "routecost/documents/strategies/round_robin.py",
    "routecost/engine/strategies/round_robin.py",
    "routecost/lint/rules/rtNNN_name.py",
    "routecost/render/formats/rst.py",
}
"""The files that the walks add."""


@pytest.mark.parametrize("path", sorted({word for word in CODE if word.split("/")[0] in TOP} - INVENTED))
def test_files_exist(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", sorted(INVENTED))
def test_invented_files_are_in_folders_that_exist(path: str) -> None:
    assert f"`{path}`" in TEXT
    assert (ROOT / path).parent.is_dir()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("COST_COLUMNS", "routecost/model/scenario/figure_path.py"),
        ("StrategyCost", "routecost/model/results/comparison.py"),
        ("StrategyCost", "routecost/engine/compare/compare.py"),
        ("Column", "routecost/report/compare/compare.py"),
        ("CONTAINERS", "routecost/documents/strategies/__init__.py"),
        ("StrategyDocument", "routecost/documents/strategies/mix.py"),
        ("DEGENERATE", "tests/engine/usage/test_calls.py"),
        ("KINDS", "tests/oracle/matrix.py"),
        ("KINDS", "tests/oracle/strategies.py"),
        ("nested", "tests/oracle/strategy_writing.py"),
        ("_parts", "routecost/report/planning_document/document.py"),
        ("PriceSource", "routecost/api/pricing.py"),
    ],
)
def test_names_are_in_the_files_given(name: str, file: str) -> None:
    assert f"`{name}`" in TEXT
    assert f"`{file}`" in TEXT
    assert re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["matrix", "strategies", "strategy_writing"])
def test_the_files_given_for_kinds_have_every_kind(name: str) -> None:
    file = f"tests/oracle/{name}.py"
    assert f"`{file}`" in TEXT.split("### Add a kind of strategy")[1].split("###")[0]
    text = (ROOT / file).read_text(encoding="utf-8")
    own = [kind for kind in KINDS if kind != "policy"]  # a policy file holds a strategy of another kind
    assert [kind for kind in own if f'"{kind}"' not in text] == []


def test_targets_exist() -> None:
    named = set(re.findall(r"^make ([a-z-]+)", "\n".join(CODE), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"test", "golden", "check"} <= named <= targets


def test_the_style_guide_has_ten_pairs() -> None:
    table = TEXT.split("| instead of | write |\n|---|---|\n")[1].split("\n\n")[0]
    assert len(table.splitlines()) == 10
