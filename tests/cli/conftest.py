"""A project as hooks and the action find it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import ROOT

CLEAN = (ROOT / "tables" / "article.yaml").read_text(encoding="utf-8")
FAULTY = CLEAN.replace("[haiku, sonnet, opus]", "[haiku, opus]")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "clean.yaml").write_text(CLEAN)
    (tmp_path / "tables" / "faulty.yaml").write_text(FAULTY)
    (tmp_path / "tables" / "agent-fleet.yaml").write_text((ROOT / "tables" / "agent-fleet.yaml").read_text())
    (tmp_path / "scenario.yaml").write_text((ROOT / "scenarios" / "article-fleet.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path
