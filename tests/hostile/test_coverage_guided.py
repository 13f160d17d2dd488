"""Coverage-guided runs over every reader, where atheris is installed: ``pip install atheris``."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from tests.hostile.fuzz_readers import READERS

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed: pip install atheris")
@pytest.mark.parametrize("reader", READERS)
def test_a_reader(reader: str, tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "fuzz_readers.py"), reader, str(tmp_path)]
    options = [f"-runs={settings().max_examples * 10}", "-max_len=4096", "-seed=1"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
