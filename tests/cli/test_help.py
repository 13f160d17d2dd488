"""Help: the summary of each command fits on its line."""

from __future__ import annotations

from io import StringIO

import pytest

from routecost.cli.app import run


@pytest.mark.parametrize("arguments", [["--help"], ["pricing", "--help"]])
def test_no_summary_is_cut(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = StringIO()
    assert run(arguments, stdout=text) == 0
    _, _, commands = text.getvalue().partition("Commands:\n")
    assert len(commands.splitlines()) >= 5
    assert "..." not in commands
