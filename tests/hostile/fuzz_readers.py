"""Coverage-guided fuzzing of one reader with atheris: ``python fuzz_readers.py READER [CORPUS] [-runs=N]``.

Without ``-runs`` it searches until it finds something. What it finds is written to ``crash-*``, and
belongs into ``corpus/`` once it is fixed.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READERS = {
    "scenario": ("compare", "./f.yaml"),
    "pricing": ("pricing", "show", "./f.yaml"),
    "table": ("validate", "./f.yaml"),
    "taxonomy": ("validate", "article", "--taxonomy", "./f.yaml"),
    "evidence": ("validate", "article", "--evidence", "./f.yaml"),
    "plan": ("plan", "./f.yaml"),
    "actuals": ("project", "article-fleet", "--runs", "20", "--actuals", "./f.yaml"),
    "actuals-csv": ("project", "article-fleet", "--runs", "20", "--actuals", "./f.csv"),
    "plan-text": ("plan", "./f.txt", "--tokens", "input=1,output=1", "--pricing", "claude-2026-11"),
    "litellm": ("pricing", "import", "--litellm", "./f.json", "--tiers", "low=a"),
    "openrouter": ("pricing", "import", "--openrouter", "./f.json", "--tiers", "low=a"),
    "baseline": ("validate", "article", "--baseline-file", "./f.json"),
    "settings": ("validate", "article"),
}
"""Reader -> the command line that reads ``f`` with it."""


def main() -> None:
    """Fuzz the reader that the command line names."""
    atheris: Any = import_module("atheris")  # has no types, and is installed for this only

    reader = sys.argv.pop(1)
    name = next((word[2:] for word in READERS[reader] if word.startswith("./")), "pyproject.toml")
    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["routecost", "yaml"]):
        from routecost.cli.app import run

        run(["compare", "article-fleet"], stdout=io.StringIO(), stderr=io.StringIO())
        run(["validate", "article"], stdout=io.StringIO(), stderr=io.StringIO())

    def one_input(data: bytes) -> None:
        Path(name).write_bytes(data)
        stdout, stderr = io.StringIO(), io.StringIO()
        code = run(list(READERS[reader]), stdout=stdout, stderr=stderr)
        if code not in {0, 1, 2} or (code == 2 and not stderr.getvalue().strip()):
            raise AssertionError(f"exit {code}: {stderr.getvalue()}")

    seeds = [str(Path(word).resolve()) if not word.startswith("-") else word for word in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        artifacts = f"-artifact_prefix={Path(__file__).parent}/"
        atheris.Setup([sys.argv[0], *seeds, artifacts], one_input, enable_python_coverage=True)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
