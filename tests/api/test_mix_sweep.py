"""``routecost.sweep``: names and options in, and large grids out without being held in memory."""

from __future__ import annotations

import csv
import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest

import routecost
from routecost.cli.output import Output, emit
from routecost.report.mixes.sweep import report

FLEET = "article-fleet"
ROWS = 20_301
"""The mixes of three tiers at 0.5%."""


def test_a_sweep_of_a_scenario_by_name() -> None:
    sweep = routecost.sweep(FLEET)
    assert (sweep.count, sweep.comparison.scenario, sweep.lattice.step) == (231, FLEET, Decimal("0.05"))
    assert sweep.cheaper is not None
    assert sweep.cheaper.count == 43


def test_a_frame_agrees_with_compare() -> None:
    frame = routecost.sweep(FLEET, hold=["opus=5%"], ranges=["haiku=80%:80%"]).to_frame()
    (routed,) = frame["cost_per_month"]
    assert routed == pytest.approx(
        float(routecost.compare(FLEET)["routed-80-15-5"].cost_per_month), rel=1e-12
    )


def test_other_prices_and_another_baseline() -> None:
    sweep = routecost.sweep(
        FLEET, step="50%", pricing="claude-2026-11", as_of=date(2026, 11, 22), baseline="all-sonnet"
    )
    first = next(iter(sweep.rows))
    assert first[:6] == (0, 0, 1, 9, 270, 1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"step": "7%"}, "do not divide"),
        ({"hold": ["opsu=5%"]}, 'did you mean "opus"'),
        ({"ranges": ["haiku=95%:90%"]}, "above its end"),
        ({"baseline": "all-hiaku"}, 'did you mean "all-haiku"'),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(routecost.RoutecostError, match=says):
        routecost.sweep(FLEET, **wrong)  # type: ignore[arg-type]


def test_csv_and_parquet_hold_every_mix_alike(tmp_path: Path) -> None:
    document = report(routecost.sweep(FLEET, step="0.5%"))
    for name in ("mixes.csv", "mixes.parquet"):
        emit(document, Output(file=tmp_path / name))
    columns = pyarrow.parquet.read_table(tmp_path / "mixes.parquet").to_pydict()
    with open(tmp_path / "mixes.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(columns["opus"]) == ROWS
    assert [float(row["cost_per_month"]) for row in rows] == columns["cost_per_month"]
    assert [float(row["haiku"]) for row in rows] == columns["haiku"]


def memory(step: str, folder: Path) -> tuple[int, int]:
    """Return the most memory that writing a sweep takes, and the size of the file."""
    document = report(routecost.sweep(FLEET, step=step))
    small = report(routecost.sweep(FLEET, step="25%"))
    emit(small, Output(file=folder / f"small-{step}.csv"))  # whatever is loaded once
    tracemalloc.start()
    emit(document, Output(file=folder / f"{step}.csv"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most, (folder / f"{step}.csv").stat().st_size


@pytest.mark.slow
def test_writing_more_rows_takes_no_more_memory(tmp_path: Path) -> None:
    (most, written), (most_of_more, more) = memory("0.5%", tmp_path), memory("0.4%", tmp_path)
    assert more > 1.5 * written
    assert most_of_more < 1.02 * most


@pytest.mark.slow
def test_writing_a_large_sweep_takes_the_memory_of_a_few_rows(tmp_path: Path) -> None:
    most, written = memory("0.25%", tmp_path)
    assert written > 5_000_000
    assert most < written / 2
