"""The messages and counts of imports about what a sheet has not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from routecost import load_pricing
from routecost.cli.app import run

BASE = {"input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def imported(source: object, *arguments: str, code: int = 0) -> str:
    Path("map.json").write_text(source if isinstance(source, str) else json.dumps(source), encoding="utf-8")
    Path("s.yaml").unlink(missing_ok=True)
    stdout, stderr = io.StringIO(), io.StringIO()
    command = ["pricing", "import", "--litellm", "map.json", "--tiers", "a=m", "-o", "s.yaml"]
    assert run([*command, *arguments], stdout=stdout, stderr=stderr) == code, stderr.getvalue()
    return stderr.getvalue()


def test_the_count_of_models_that_lost_a_price_is_last_and_strict_fails() -> None:
    lossy = {**BASE, "input_cost_per_image": 1, "novelty": 2}
    source = {"m": BASE, "n": lossy, "o": {"novelty": 1}, "without": {"mode": "chat"}}
    assert imported(source).endswith("\nmodels with losses: 2\n")
    assert imported(source, "--strict", code=1).endswith("\nmodels with losses: 2\n")
    assert imported({"m": BASE}, "--strict").endswith("\nmodels with losses: 0\n")


def test_rates_that_a_source_never_stated_are_counted_apart_and_are_no_loss() -> None:
    silent = {**BASE, "input_cost_per_token_batches": 1e-06}
    said = imported({"m": BASE, "n": silent}, "--strict")
    assert 'skipped "batch output" of "n": no price in this mode in the source; such a call has none' in said
    assert said.splitlines()[-2:] == [
        "models with rates that the source states for other calls only: 1",
        "models with losses: 0",
    ]


def test_rates_of_a_source_that_a_row_of_the_sheet_lacks_are_named() -> None:
    imported({"m": BASE})
    sheet = Path("s.yaml").read_text(encoding="utf-8")
    batch = {f"{key}_batches": rate / 2 for key, rate in BASE.items()}
    Path("map.json").write_text(json.dumps({"m": {**BASE, **batch}}), encoding="utf-8")
    for command in (["import", "-o", "s.yaml"], ["update", "s.yaml"]):
        stdout, stderr = io.StringIO(), io.StringIO()
        run(["pricing", *command, "--litellm", "map.json", "--strict"], stdout=stdout, stderr=stderr)
        for part in ("batch input", "batch output"):
            said = f'skipped "{part}" of "m": the price in the sheet has none; add the rate by hand'
            assert said in stderr.getvalue()
        assert stderr.getvalue().endswith("models with losses: 1\n")
    assert Path("s.yaml").read_text(encoding="utf-8") == sheet


def test_one_bad_name_does_not_stop_an_import() -> None:
    said = imported({"m": BASE, "": BASE, "bad\x1bname": BASE, "x" * 5_000: BASE})
    assert "s.yaml: 1 new model, 1 new price, 0 prices confirmed, 3 skipped" in said
    assert list(load_pricing("./s.yaml").models) == ["m"]


def test_a_repeated_key_of_a_price_is_named() -> None:
    text = (
        '{"m": {"input_cost_per_token": 1e-6, "input_cost_per_token": 2e-6, "output_cost_per_token": 1e-6}}'
    )
    assert 'skipped "input_cost_per_token" of "m": it is given twice, with different values' in imported(text)


def test_a_sheet_says_that_free_cache_writes_cost_the_input() -> None:
    writes = {"cache_creation_input_token_cost": 0.0}
    said = imported({"m": {**BASE, **writes}}, "--strict")
    assert said.endswith("\nmodels with losses: 0\n")
    text = Path("s.yaml").read_text(encoding="utf-8")
    assert "# Listed with cache writes at 0: they cost no more than the input that they store." in text
    assert "cache_writes: input" in text
