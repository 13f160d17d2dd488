"""The example notebook runs from top to bottom, and shows the figures of the command line."""

from __future__ import annotations

import csv
import io
import json
import os
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import ROOT, routecost

pytestmark = pytest.mark.slow

FILE = ROOT / "docs" / "notebooks" / "plan-a-fleet.ipynb"


def rows_of(*command: str) -> list[dict[str, str]]:
    done = routecost(*command, "--format", "csv")
    assert done.code == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def money(text: str) -> str:
    return f"${Decimal(text).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Return the outputs of the cells of the notebook, after a run: the last of each cell, by kind."""
    nbclient = pytest.importorskip("nbclient", reason="the example notebook needs the extra dev")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    notebook: Any = nbformat.read(FILE, as_version=4)
    nbformat.validate(notebook)
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        client = nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return {cell.id: cell.outputs[-1].data for cell in notebook.cells if cell.cell_type == "code"}


def test_it_is_stored_without_outputs() -> None:
    nbformat = pytest.importorskip("nbformat")
    notebook: Any = nbformat.read(FILE, as_version=4)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in codes] == [([], None)] * len(codes)


def test_its_figures_are_those_of_the_command_line(outputs: dict[str, dict[str, str]]) -> None:
    compared = rows_of("compare", "article-fleet")
    for row in compared:
        assert money(row["cost_per_month"]) in outputs["compare"]["text/html"]
        assert f"{float(row['cost_per_month']):.2f}".rstrip("0") in outputs["costs"]["text/plain"]
    for row in rows_of("project", "article-fleet", "--months", "6", "--growth", "5%"):
        assert money(row["cost"]) in outputs["project"]["text/html"]
    assert outputs["focus"]["text/plain"] == "True"
    for cell in ("compare", "tornado", "project"):
        assert "<svg" in outputs[cell]["text/html"]


def test_its_actuals_are_those_of_the_command_line(
    outputs: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "actuals.csv"
    rows = [f"{month},routed-80-15-5,{spend}\n" for month, spend in (("2026-02", 131.2), ("2026-03", 139.8))]
    file.write_text("month,strategy,spend\n" + "".join(rows), encoding="utf-8")
    command = ["project", "article-fleet", "--months", "6", "--growth", "5%", "--actuals", str(file)]
    done = routecost(*command, "--strategy", "routed-80-15-5", "--format", "json")
    assert done.code == 0, done.stderr
    months = json.loads(done.stdout)["actuals"]
    assert len(months) == 6
    for month in months:
        assert f"{month['rebased']:.6f}" in outputs["actuals"]["text/plain"]
