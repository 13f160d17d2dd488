"""What broke once: one file per fault, named by the reader (see ``fuzz_readers.READERS``) and the fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.contract import folder, run_hostile
from tests.hostile.fuzz_readers import READERS

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(path.name for path in CORPUS.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_what_broke_once(case: str) -> None:
    reader = case.partition(".")[0]
    name = next((word[2:] for word in READERS[reader] if word.startswith("./")), "pyproject.toml")
    with folder() as here:
        (here / name).write_bytes((CORPUS / case).read_bytes())
        run_hostile(*READERS[reader])
