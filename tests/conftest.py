"""What all tests share: hypothesis profiles, and surroundings that do not depend on the machine."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

import pytest
from _pytest.runner import runtestprotocol
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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Let a worker report a test that passed once, not each of its three phases: reports take CPU time."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    about = {"nodeid": item.nodeid, "location": item.location}
    item.ihook.pytest_runtest_logstart(**about)
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(**about)
    return True


def pytest_report_header() -> str:
    return f"hypothesis: profile {PROFILE}, {settings().max_examples:,} examples for each property"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="accept what the commands print now as expected"
    )
    parser.addoption("--update-images", action="store_true", help="accept what charts look like now")


@pytest.fixture(autouse=True, scope="session")
def steady_surroundings() -> Iterator[None]:
    """Let no variable of the developer's own change what a command finds or prints."""
    with pytest.MonkeyPatch.context() as surroundings:
        for name in ("ROUTECOST_LIBRARY", "FORCE_COLOR", "NO_COLOR"):
            surroundings.delenv(name, raising=False)
        surroundings.setenv("COLUMNS", "100")
        yield
