"""A store that keeps the calls that are read as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from routecost.ingest.logs.call import Call
from routecost.ingest.logs.items import LogRead, Outcome
from routecost.ingest.logs.read import read_logs
from routecost.ingest.logs.task_types import TaskTypes


class Store:
    """Collects calls as the store does."""

    folder = None
    task_types: TaskTypes

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def add(self, calls: Iterable[Call]) -> None:
        for call in calls:
            call.task_type = self.task_types(call)
            self.calls.append(call)

    def add_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        assert not outcomes


def read(
    path: Path, dialect: str | Path = "auto", task_types: TaskTypes | None = None
) -> tuple[list[Call], LogRead]:
    store = Store()
    log = read_logs([path], store, dialect=str(dialect), task_types=task_types)  # type: ignore[arg-type]
    return store.calls, log


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
