"""Builds the documentation site."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import ROOT


def build_site(folder: Path) -> Path:
    """Build the site as ``make site`` does: a warning is an error."""
    config = pytest.importorskip("mkdocs.config", reason="needs the extra docs")
    build = pytest.importorskip("mkdocs.commands.build", reason="needs the extra docs")
    pytest.importorskip("material", reason="needs the extra docs")
    build.build(config.load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))
    return folder
