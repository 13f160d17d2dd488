"""The promise about every input: an explained exit, and output that nothing acts on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cli.running import Done, routecost

CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
OURS = re.compile(r"^::(error|warning|notice) file=[^\n]*$", re.MULTILINE)


def run_hostile(*arguments: str) -> Done:
    """Run a command line in this process, and check what holds whatever its input is."""
    done = routecost(*arguments)
    about = f"{arguments}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    assert done.code in {0, 1, 2} or (done.code == 3 and done.stderr.startswith("error: cannot write")), about
    assert "Traceback" not in done.stderr, about
    assert done.code != 2 or done.stderr.removeprefix("error: ").strip(), f"nothing is explained: {about}"
    for text in (OURS.sub("", done.stdout), done.stderr):
        assert not CONTROL.search(text), about
        assert not COMMAND.search(text), about
    assert not [name for name in os.listdir() if name.startswith(".routecost-")], about
    return done


@contextmanager
def folder() -> Iterator[Path]:
    """Work in an empty folder of its own, below another one."""
    with TemporaryDirectory() as outer:
        inner = Path(outer, "work")
        inner.mkdir()
        with chdir(inner):
            yield inner
