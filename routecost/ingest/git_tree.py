"""Files of a commit of a git repository, read without running anything of the repository.

Only plumbing commands run, with hashes as arguments: they start no hook, filter, pager or external diff.
Their environment forbids every transport, so that a repository cannot have git fetch what it lacks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from routecost.errors import EnvironmentFailure, UsageError
from routecost.file_access import MAX_BYTES
from routecost.problems import did_you_mean
from routecost.records import dataclass

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OPTIONS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "--no-pager",
    "--no-optional-locks",
)
_FORBIDDING = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_LINK, _FILES = "120000", ("100644", "100755", "120000")


class Blob(NamedTuple):
    """A file of a commit; the contents of a link are the path that it leads to."""

    hash: str
    size: int
    is_link: bool


@dataclass(frozen=True)
class Repository:
    """A git repository; ``root`` is the folder of its files."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """Return the repository of a folder. Raises UsageError if there is none."""
        done = _git(folder, "rev-parse", "--show-toplevel")
        root = os.fsdecode(done.stdout).rstrip("\n")
        if done.returncode or not root:
            raise UsageError(f'"{folder}" is in no git repository: {_reason(done)}')
        return cls(Path(os.path.realpath(root)))

    def commit(self, revision: str) -> str:
        """Return the hash of the commit that a revision names. Raises UsageError if there is none."""
        is_name = revision.isprintable() and not revision.startswith(("-", ":")) and revision != ""
        done = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") if is_name else None
        commit = "" if done is None or done.returncode else os.fsdecode(done.stdout).strip()
        if not _HASH.fullmatch(commit):
            hint = did_you_mean(revision, self._names)
            raise UsageError(
                f'no revision "{revision}" in the git repository "{self.root}"{hint}{self._depth}'
            )
        return commit

    def branch_point(self, commit: str) -> str:
        """Return the last commit that a commit and the current one have in common, else the commit."""
        done = self._git("merge-base", commit, "HEAD")
        base = os.fsdecode(done.stdout).strip()
        return base if done.returncode == 0 and _HASH.fullmatch(base) else commit

    def files(self, commit: str) -> Mapping[str, Blob]:
        """Return the files of a commit by path, with slashes."""
        done = self._git("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
        if done.returncode:
            raise UsageError(f"cannot read the files of commit {commit}: {_reason(done)}")
        files = {}
        for entry in filter(None, done.stdout.split(b"\0")):
            facts, _, name = entry.partition(b"\t")
            mode, _, object_name, size = facts.decode("ascii").split()
            path = os.fsdecode(name)
            if mode in _FILES and is_plain(path):
                length = int(size) if size.isdigit() else 0  # "BAD": the object is missing
                files[path] = Blob(object_name, length, mode == _LINK)
        return files

    def contents(self, blobs: Iterable[Blob]) -> Mapping[str, bytes]:
        """Return contents by hash, up to one byte more than is read of a file."""
        wanted = dict.fromkeys(blob.hash for blob in blobs if blob.size <= MAX_BYTES)
        done = self._git("cat-file", "--batch", given="".join(f"{name}\n" for name in wanted).encode())
        contents, at = {}, 0
        while at < len(done.stdout):
            head = done.stdout[at : done.stdout.index(b"\n", at)]
            words = head.decode("ascii", "replace").split()
            if len(words) != 3:
                raise UsageError(f'cannot read the object {words[0]} of the git repository "{self.root}"')
            start = at + len(head) + 1
            contents[words[0]] = done.stdout[start : start + int(words[2])]
            at = start + int(words[2]) + 1
        if done.returncode:
            raise UsageError(f"cannot read objects of the git repository: {_reason(done)}")
        return contents

    @cached_property
    def _names(self) -> list[str]:
        done = self._git(
            "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"
        )
        return os.fsdecode(done.stdout).split()

    @property
    def _depth(self) -> str:
        """A hint if the repository lacks a part of its history."""
        is_shallow = self._git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        return "; the clone is shallow: fetch the revision, such as with fetch-depth: 0" if is_shallow else ""

    def _git(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return _git(self.root, *arguments, given=given)


def is_plain(path: str) -> bool:
    """Return whether a path of a commit stays below its root, on any system."""
    parts = path.split("/")
    return "\\" not in path and ":" not in path and not {"", ".", ".."} & set(parts)


def _git(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise EnvironmentFailure('cannot find the program "git", which reads revisions; install it')
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }
    try:
        return subprocess.run(
            [os.path.abspath(program), *_OPTIONS, *arguments],
            cwd=folder,
            env={**kept, **_FORBIDDING},
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise EnvironmentFailure(f"cannot run git: {(error.strerror or str(error)).lower()}") from error


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the first line of an error message of git."""
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"git ended with code {done.returncode}"
