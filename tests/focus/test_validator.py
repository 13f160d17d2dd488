"""focus-validator of the FinOps Foundation accepts rows of FOCUS; it has an environment of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import ROOT, routecost
from tests.focus.test_rows import PAID, PLANS
from tests.support.transcripts import call, written

pytestmark = pytest.mark.slow

REQUIREMENTS = ["focus-validator==2.2.1", "pyarrow<20"]
"""It pins NumPy 1, for which later versions of pyarrow have no wheels."""

SUPPORTED = (
    "COMMITMENT_DISCOUNT_SUPPORTED,MULTIPLE_PRICING_CATEGORIES_SUPPORTED,NEGOTIATED_PRICING_SUPPORTED,"
    "PUBLIC_PRICE_LIST_SUPPORTED,TAGGING_SUPPORTED,UNIT_PRICING_SUPPORTED,USAGE_MEASUREMENT_SUPPORTED"
)
WRONG_RULES = {
    # its condition is that CommitmentDiscountId is null, and its text that it is not; C-003 is the opposite
    "CommitmentDiscountStatus-C-004-C",
    "CommitmentDiscountStatus-C-002-C",
    "CommitmentDiscountStatus-C-000-C",
    # one of two rules of which either holds: here InvoiceId is null
    "InvoiceId-C-005-C",
}
"""Rules of the requirements model 1.2.0.1 that no rows of this kind can pass."""


@pytest.fixture(scope="module")
def validator() -> Path:
    """Return the command, in an environment of its own that is made once."""
    folder = ROOT / "build" / "focus-validator"
    script = folder / "bin" / "focus-validator"
    if not script.exists():
        shutil.rmtree(folder, ignore_errors=True)
        python = next(_interpreters(), None)
        if python is None:
            pytest.skip("focus-validator needs Python 3.12")
        subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True)
        pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", *REQUIREMENTS]
        if subprocess.run(pip, capture_output=True, check=False).returncode:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip("focus-validator cannot be installed here")
    return script


def _interpreters() -> Iterator[Path]:
    """Yield the interpreters of Python 3.12 that run."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.12*/bin/python"))
    for python in (Path(shutil.which("python3.12") or "python3.12"), *pyenv):
        if not python.exists():
            continue
        done = subprocess.run([python, "-c", "import venv"], capture_output=True, check=False)
        if not done.returncode:
            yield python


def failures(validator: Path, file: Path) -> set[str]:
    """Return the rules that a file of rows breaks."""
    (packages,) = validator.parent.parent.glob("lib/python*/site-packages")  # it reads its rules from here
    options = ["--validate-version", "1.2", "--block-download", "--applicability-criteria", SUPPORTED]
    done = subprocess.run(
        [validator, "--data-file", file, *options], cwd=packages, capture_output=True, text=True, check=False
    )
    passed = re.search(r"Total: \d+ \| Pass: (\d+)", done.stdout)
    assert passed is not None, done.stdout + done.stderr
    assert int(passed[1]) > 250
    return set(re.findall(r"^\S+ (\S+): FAIL", done.stdout, re.MULTILINE))


def test_the_validator_finds_no_fault_but_one_that_was_made(validator: Path, tmp_path: Path) -> None:
    logs = written(
        tmp_path / "calls.jsonl",
        call(1, "claude-haiku-5-5", "2026-11-17T10:00:00Z", input=150_001, output=7, read=3, write=2),
        call(2, "claude-opus-5-5", "2026-11-30T23:59:59Z", input=10, output=7),
    )
    usage = ["usage", str(logs), "--pricing", "claude-2026-11", "--by", "tier"]
    project = ["project", "growth-plan", "--months", "14"]
    (tmp_path / "paid.yaml").write_text(PLANS, encoding="utf-8")
    (tmp_path / "desk.yaml").write_text(PAID, encoding="utf-8")
    paid = ["project", str(tmp_path / "desk.yaml"), "--months", "2", "--strategy"]
    commands = {"u.csv": usage, "u.parquet": usage, "p.csv": project, "p.parquet": project}
    commands |= {"r.csv": [*paid, "range"], "c.csv": [*paid, "credits"]}
    for name, command in commands.items():
        done = routecost(*command, "--format", "focus", "--output", str(tmp_path / name))
        assert done.code == 0, done.stderr
        assert failures(validator, tmp_path / name) <= WRONG_RULES
    rows = (tmp_path / "u.csv").read_text(encoding="utf-8")
    (tmp_path / "bad.csv").write_text(rows.replace(",Usage,", ",Use,"), encoding="utf-8")
    assert "ChargeCategory-C-003-M" in failures(validator, tmp_path / "bad.csv")
