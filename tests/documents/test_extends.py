"""Documents that extend one another: far, but not for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost import DocumentError, validate
from routecost.documents.core.loader import MOST_EXTENDED


def chain(folder: Path, length: int) -> Path:
    """Write a table whose taxonomy extends another, and so on; return the table."""
    for rank in range(length):
        tiers = "tiers: [haiku]" if rank == length - 1 else f"extends: ./t{rank + 1}.yaml"
        (folder / f"t{rank}.yaml").write_text(f"version: 1\n{tiers}\ntask_types: {{}}\n")
    (folder / "table.yaml").write_text("version: 1\ntaxonomy: ./t0.yaml\nroutes: []\n")
    return folder / "table.yaml"


def test_a_long_chain_is_read(tmp_path: Path) -> None:
    assert validate(chain(tmp_path, MOST_EXTENDED)).findings == ()


def test_too_long_a_chain_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(
        DocumentError, match="too many documents extend one another; the limit is 64"
    ) as caught:
        validate(chain(tmp_path, 3000))
    (finding,) = caught.value.findings
    assert (Path(finding.position.file).name, finding.position.line) == ("t63.yaml", 2)
