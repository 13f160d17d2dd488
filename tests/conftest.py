"""What all tests share: hypothesis profiles, and surroundings that do not depend on the machine."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from importlib import import_module

import pytest
from hypothesis import settings

from tests.duckdb_pool import share_databases
from tests.examples import PROFILE

gc.set_threshold(100_000)  # what collects tests makes little garbage; each pass of the collector is long


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let every other worker import the tests from the last to the first.

    Workers that import in one order all compile each module of a fresh clone at the same time; in opposite
    orders, each compiles one half and reads the other.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    if int(worker.removeprefix("gw")) % 2 and session.config.args == session.config.getini("testpaths"):
        for file in sorted((session.config.rootpath / "tests").rglob("test_*.py"), reverse=True):
            module = file.relative_to(session.config.rootpath).with_suffix("")
            with suppress(Exception, pytest.skip.Exception):  # the collection says it again
                import_module(".".join(module.parts))


def pytest_collection_finish() -> None:
    """Let tests share databases, and the collector of garbage pass over the tests."""
    share_databases()
    gc.freeze()


def pytest_report_header() -> str:
    return f"hypothesis: profile {PROFILE}, {settings().max_examples:,} examples for each property"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="accept what the commands print now as expected"
    )
    parser.addoption("--update-images", action="store_true", help="accept what charts look like now")


@pytest.fixture(autouse=True)
def steady_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no variable of the developer's own change what a command finds or prints."""
    for name in ("ROUTECOST_LIBRARY", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
