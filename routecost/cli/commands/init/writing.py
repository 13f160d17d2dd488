"""Files that ``routecost init`` writes: all of them, or none."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TextIO

from routecost.api.init.ci_job import WORKFLOW
from routecost.api.init.new_fleet import EVIDENCE, SCENARIO, TABLE, TAXONOMY, NewFleet, repository_of
from routecost.api.init.texts import SCHEMAS
from routecost.cli.atomic_write import Writing, explained, write_together
from routecost.cli.output_files import claim
from routecost.errors import UsageError
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class NewFiles:
    """The places of the files of a fleet."""

    folder: Path
    root: Path
    known: tuple[Path, ...]

    @classmethod
    def of(cls, folder: Path, *, has_ci: bool, has_logs: bool) -> NewFiles:
        """Return the places of the files in a folder, and of the CI job in its repository."""
        root = _near(repository_of(folder), folder)
        kinds = ("scenario", "table", "taxonomy", *(("evidence",) if has_logs else ()))
        names = (*(f"{SCHEMAS}/{kind}.json" for kind in kinds), TAXONOMY, TABLE, SCENARIO)
        places = [folder / name for name in (*names, *((EVIDENCE,) if has_logs else ()))]
        return cls(folder, root, (*places, *((root / WORKFLOW,) if has_ci else ())))

    def refuse_existing(self, *, force: bool) -> None:
        """Raise UsageError if files exist that would be replaced; ``force`` permits it."""
        with explained(self.folder):
            there = [path for path in self.known if os.path.lexists(path)]
        if there and not force:
            names = ", ".join(f'"{path}"' for path in there)
            verb = "exists" if len(there) == 1 else "exist"
            raise UsageError(f"init would replace {names}, which {verb}; use --force to replace")

    def write(self, fleet: NewFleet, *, force: bool) -> None:
        """Write all files, or none; folders that were made for them are removed then."""
        places = [*self._placed(fleet)]
        with _folders(sorted({path.parent for path, _ in places})):
            for path, _ in places:
                claim(path, "init", force=force)
            write_together([Writing(path, partial(_write, text)) for path, text in places])

    def shown(self, fleet: NewFleet) -> str:
        """Return the texts of the files, except those of schemas."""
        texts = []
        for path, text in self._placed(fleet):
            is_schema = SCHEMAS in path.as_posix()
            about = " (exists)" if os.path.lexists(path) else ""
            texts.append(f"# ---- {path}{about}\n" + ("" if is_schema else f"{text}\n"))
        return "".join(texts)

    def _placed(self, fleet: NewFleet) -> Iterator[tuple[Path, str]]:
        yield from ((self.folder / name, text) for name, text in fleet.files.items())
        yield from ((self.root / name, text) for name, text in fleet.workflow.items())

    def done(self, fleet: NewFleet) -> str:
        """Return the files that were written, and the commands that come next."""
        scenario, table, evidence = (self._argument(name) for name in (SCENARIO, TABLE, EVIDENCE))
        measured = f" --evidence {evidence}" if EVIDENCE in fleet.files else ""
        lines = (
            "wrote:",
            *(f"  {path}" for path, _ in self._placed(fleet)),
            "next:",
            f"  routecost compare {scenario}",
            f"  routecost check {scenario}",
            f"  routecost validate {table} --scenario {scenario}{measured}",
        )
        return "".join(f"{line}\n" for line in lines)

    def _argument(self, name: str) -> str:
        """Return a file as an argument in a shell."""
        text = str(self.folder / name)
        return shlex.quote(text if os.path.isabs(text) else os.path.join(os.curdir, text))


def _write(text: str, sink: TextIO) -> None:
    sink.write(text)


def _near(root: Path, folder: Path) -> Path:
    """Return the path of a repository as seen from the working directory, if the folder is relative."""
    if root == folder or folder.is_absolute():
        return root
    try:
        return Path(os.path.relpath(root))
    except ValueError:  # on another drive
        return root


@contextmanager
def _folders(paths: Sequence[Path]) -> Iterator[None]:
    """Make folders; remove those that were made if what follows fails."""
    created: list[Path] = []
    try:
        for path in paths:
            for folder in (*reversed(path.parents), path):
                if not os.path.lexists(folder):
                    with explained(folder):
                        folder.mkdir()
                    created.append(folder)
        yield
    except BaseException:
        for folder in reversed(created):
            with suppress(OSError):
                folder.rmdir()
        raise
