from __future__ import annotations

from pathlib import Path

import pytest

from tests.interactive.documents import FLEET, SHEET


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scenario on disk."""
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "sheet.yaml").write_text(SHEET)
    (folder / "fleet.yaml").write_text(FLEET)
    return folder / "fleet.yaml"
