"""What dialects find besides calls: bad records, records that are no calls, assumptions, pages and scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path
from struct import Struct
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

from routecost.errors import UsageError
from routecost.ingest.logs.call import BadRecordError, Call, Found, Note, Page, Score, Skipped, check
from routecost.ingest.logs.faults import Faults
from routecost.ingest.logs.files import LogFile
from routecost.model.logs.cells import NO_USAGE
from routecost.problems import Names
from routecost.records import dataclass

MOST_NAMES = 1000
"""The number of names of scores that are remembered."""

MISSING_PAGES = "Reports whose next page is not among the files: their totals are incomplete"


_MOST_HELD = 1 << 26
"""The bytes that wait in memory; more are in a file."""


class SpillError(Exception):
    """The temporary folder is full or cannot be written."""


class Held:
    """What waits until all files are read, with the number of its file and its line."""

    _PLACE = Struct("<IqI")

    def __init__(self, folder: Path | None) -> None:
        self._stream = SpooledTemporaryFile(max_size=_MOST_HELD, dir=None if folder is None else str(folder))  # noqa: SIM115  closed with it

    def add(self, file: int, line: int, data: bytes) -> None:
        """Keep data. Raises SpillError."""
        try:
            self._stream.write(self._PLACE.pack(file, line, len(data)) + data)
        except OSError as error:
            raise SpillError from error

    def __iter__(self) -> Iterator[tuple[int, int, bytes]]:
        self._stream.seek(0)
        while place := self._stream.read(self._PLACE.size):
            file, line, size = self._PLACE.unpack(place)
            yield file, line, self._stream.read(size)

    def close(self) -> None:
        """Remove what was kept."""
        self._stream.close()


class Outcome(NamedTuple):
    """The outcome of a task, and when it was judged, in microseconds."""

    task: str
    outcome: str
    time: int | None


@dataclass(frozen=True, slots=True)
class SuccessRule:
    """Which scores make a task a success: those named ``name`` of ``at_least``, or with the text ``text``."""

    name: str
    at_least: float | None = None
    text: str | None = None

    def outcome(self, score: Score) -> Outcome | None:
        """Return the outcome that a score states; None for another score."""
        if score.name != self.name:
            return None
        if self.text is not None and score.text is not None:
            success = score.text.casefold() == self.text.casefold()
        elif self.at_least is not None and score.value is not None:
            success = score.value >= self.at_least
        else:
            return None
        return Outcome(score.task, "success" if success else "failure", score.time)


@dataclass(frozen=True, slots=True)
class LogRead:
    """What was read: the faults, and the number of calls by dialect.

    ``notes`` are assumptions and missing parts, each with how often it applies. ``outcomes`` are those of
    tasks that wait to be stored. ``scores`` are the names of scores, with the number of those that say
    whether a task succeeded.
    """

    faults: Faults
    calls: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    success: SuccessRule | None = None
    scores: dict[str, int] = field(default_factory=dict)

    def call(self, item: Found, file: LogFile, line: int) -> Call | None:
        """Return an item that is a billed call with valid counts; count any other."""
        try:
            if isinstance(item, Call):
                check(item)
                if (item.cost or item.has_total_only) and not any(item.units.values()):
                    item.mode = NO_USAGE
                if item.scores:
                    self._judge(item)
                if item.is_sum and item.context is None:
                    item.context = 0  # the contexts of its calls are not known: from 0 on
                return item if item.billed else None
            if isinstance(item, BadRecordError):
                raise item
        except BadRecordError as error:
            file.fault(line, str(error))
            return None
        self.take(item)
        return None

    def take(self, item: Skipped | Note | Page | Score) -> None:
        """Count or keep an item that is no call."""
        if isinstance(item, Skipped):
            self.faults.skip(item.kind)
        elif isinstance(item, Note):
            self.notes[item.text] = self.notes.get(item.text, 0) + item.count
        elif isinstance(item, Page):
            self.pages.append(item)
        elif (outcome := self._outcome(item)) is None:
            self.faults.skip("scores of another name than that of success")
        else:
            self.outcomes.append(outcome)

    def _judge(self, call: Call) -> None:
        """Take the outcome of a call without one from its own scores."""
        assert call.scores is not None
        for name, value in call.scores.items():
            text = value if isinstance(value, str) else None
            number = None if text is not None or value is None else float(value)
            judged = self._outcome(Score("", name, number, text))
            if judged is not None and call.outcome is None:
                call.outcome = judged.outcome

    def _outcome(self, score: Score) -> Outcome | None:
        """Return what a score says; note its name."""
        outcome = None if self.success is None else self.success.outcome(score)
        if score.name in self.scores or len(self.scores) < MOST_NAMES:
            self.scores[score.name] = self.scores.get(score.name, 0) + (outcome is not None)
        return outcome

    def check_success(self) -> None:
        """Raise UsageError if no score says what the rule of success asks for."""
        if self.success is None or any(self.scores.values()):
            return
        if not self.scores:
            raise UsageError(
                f'--success needs scores named "{self.success.name}", and the logs have no scores'
            )
        if self.success.name in self.scores:
            kind = "words" if self.success.text is None else "numbers"
            raise UsageError(f'--success does not fit scores "{self.success.name}", which are {kind}')
        known = Names(sorted(self.scores))
        raise UsageError(f'no score "{self.success.name}" in the logs{known.suggestion(self.success.name)}')

    def note_missing_pages(self) -> None:
        """Note the pages whose next page was not read."""
        if count := missing_pages(self.pages):
            self.notes[MISSING_PAGES] = count


def missing_pages(pages: Iterable[Page]) -> int:
    """Return how many pages say that more follow, without any other of their report that follows."""
    pages = frozenset(pages)
    return sum(
        page.has_more
        and not any(
            other.report == page.report and other.end > page.end >= other.start - _GAP for other in pages
        )
        for page in pages
    )


_GAP = 86_400_000_000
"""The most time between two pages: buckets without results may be left out."""
