"""CPU time of `routecost compare article-fleet` against an empty command line, in the same run."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNS = 25
LIMIT = 1.3


@dataclass(frozen=True)
class Program:
    """A program that starts as its console script would; its module is found in ``folder``."""

    module: str
    folder: Path
    arguments: tuple[str, ...]

    def cpu_seconds(self) -> float:
        """Run it once; return the CPU time, user and system, that it took."""
        before = _children_seconds()
        subprocess.run(
            [sys.executable, "-c", f"from {self.module} import main; main()", *self.arguments],
            cwd=self.folder,
            env=_cached_bytecode(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return _children_seconds() - before


EMPTY = Program("empty_app", HERE / "baselines", ("nothing",))
COMPARE = Program("routecost.cli.app", HERE.parent, ("compare", "article-fleet"))


def main() -> int:
    """Print both medians and their ratio; return 1 if it is above the limit."""
    for program in (EMPTY, COMPARE):
        program.cpu_seconds()
    pairs = [(EMPTY.cpu_seconds(), COMPARE.cpu_seconds()) for _ in range(RUNS)]
    empty, compare = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = compare / empty
    print(f"empty two-command app with yaml   {empty * 1000:6.1f} ms of CPU, median of {RUNS}")
    print(f"routecost compare article-fleet   {compare * 1000:6.1f} ms of CPU, median of {RUNS}")
    print(f"ratio                             {ratio:6.2f}    limit {LIMIT}")
    return int(ratio > LIMIT)


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _cached_bytecode() -> dict[str, str]:
    # An installed program starts from cached bytecode; so must both of these after a first run.
    uncached = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
    return {key: value for key, value in os.environ.items() if key not in uncached}


if __name__ == "__main__":
    sys.exit(main())
