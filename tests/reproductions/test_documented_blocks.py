"""The blocks of docs/reproductions.md that need the published files print the figures of its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import blocks
from tests.support.shared_data import FOLDER, shared_data

PAGE = Path(__file__).parents[2] / "docs" / "reproductions.md"


def printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *starts: str
) -> list[str]:
    """Run the blocks that begin like this, one after the other, and return the lines that they print."""
    shared_data("outcomes_rational_cascades.csv")
    (tmp_path / "data").symlink_to(FOLDER)
    monkeypatch.chdir(tmp_path)
    found = [block for block in blocks(PAGE.read_text(encoding="utf-8")) if not block.executed]
    names: dict[str, object] = {}
    for start in starts:
        (text,) = (block.text for block in found if start in block.text)
        exec(compile(text, str(PAGE), "exec"), names)
    return capsys.readouterr().out.splitlines()


def test_the_block_of_routellm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(tmp_path, monkeypatch, capsys, "outcomes_routellm_mmlu.csv")
    assert lines[:3] == ["14,037 questions, right: 68.0915% and 80.5870%", "APGR 0.5", "CPT [0.5, 0.8]"]
    assert [line.split()[-1] for line in lines[4:]] == ["3.66", "2.49", "1.41", "1.14", "1.49", "1.27"]


@pytest.mark.slow
def test_the_blocks_of_cascades(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(tmp_path, monkeypatch, capsys, "published_auc_rational", "def mean_quality")
    pairs = [line.split() for line in lines if "published" in line]
    assert len(pairs) == 40
    for _, cascade, _, published, _, ours in pairs:
        assert float(ours) == pytest.approx(float(published), abs=1e-5 if len(cascade) == 3 else 2e-4)
    areas = [line.split()[-1] for line in lines if "published" not in line]
    assert areas == ["79.88", "80.42", "80.43", "80.72", "90.79", "91.57", "92.38", "92.4"]
