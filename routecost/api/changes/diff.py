"""What a change of scenarios, tables, sheets and taxonomies does to bills and findings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

from routecost.api.changes.dependents import documents_below
from routecost.api.changes.gate import Limit, gates, read_limit, unread_gates
from routecost.api.changes.revision_files import Copies, copied
from routecost.api.changes.sides import (
    SCENARIO,
    SHEET,
    TABLE,
    TAXONOMY,
    Options,
    Row,
    SideFile,
    SideFiles,
    changed_findings,
    faults_of,
    kind_of,
    part_of,
)
from routecost.documents.routing.config import find_config
from routecost.engine.breakdown.bill_change import strategy_changes
from routecost.errors import EnvironmentFailure, RoutecostError, UnknownNameError, UsageError
from routecost.ingest.git_tree import Repository
from routecost.library import PathLike, argument, looks_like_path
from routecost.model.results.changes.changes import Diff, Gate, ScenarioChange, Status, StrategyChange
from routecost.problems import did_you_mean
from routecost.records import dataclass

_SHORT = 10


def diff(  # noqa: PLR0913  the options of both sides
    before: PathLike,
    after: PathLike,
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    strategies: Sequence[str] = (),
    evidence: PathLike | None = None,
    max_increase: str | None = None,
    scenario: PathLike | None = None,
    library: PathLike | None = None,
) -> Diff:
    """Compare the bills and findings of a scenario or table before and after a change.

    ``before`` and ``after`` are files, folders with files of the same names, or files of git revisions such
    as ``main:scenarios/fleet.yaml``, from the root of the repository. Files that documents refer to are read
    on the same side. Two sheets, tables or taxonomies are compared by what they do to a ``scenario``, whose
    strategies with a table then have that table. ``strategies`` selects strategies. ``max_increase`` limits
    the increase of the cost of a month (``10%``, ``$500``).
    Raises DocumentError, UnknownNameError, UnpricedError, UsageError, and EnvironmentFailure without git.
    """
    options = _options(pricing, as_of, library, evidence, strategies)
    limit = None if max_increase is None else read_limit(max_increase)
    with ExitStack() as stack:
        sides = [_opened(stack, argument(side), options) for side in (before, after)]
        (old, old_path), (new, new_path) = sides
        if scenario is None:
            pairs = list(_pairs(old, old_path, new, new_path))
        else:
            pairs = [_by_scenario(argument(scenario), old, old_path, new, new_path)]
        if not pairs:
            raise UsageError(f'no scenario or table is in "{before}" or "{after}"')
        return _compared(pairs, (_text(before), _text(after)), limit)


def diff_since(  # noqa: PLR0913  as diff
    revision: str,
    paths: Sequence[PathLike] = (),
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    strategies: Sequence[str] = (),
    evidence: PathLike | None = None,
    max_increase: str | None = None,
    library: PathLike | None = None,
) -> Diff:
    """Compare files and folders of the working tree (default: all in this folder) with a git revision.

    The side before is the last commit that the revision and the current commit have in common. Options
    and errors are those of :func:`diff`.
    """
    options = _options(pricing, as_of, library, evidence, strategies)
    limit = None if max_increase is None else read_limit(max_increase)
    places = [os.path.realpath(path) for path in paths or (os.curdir,)]
    repository = Repository.around(Path.cwd())
    commit = repository.branch_point(repository.commit(revision))
    wanted = [_within(repository, place) for place in places]
    with ExitStack() as stack:
        old = _at_revision(stack, repository, (revision, commit), options, wanted)
        new = SideFiles(repository.root, options)
        pairs = list(_changed_files(old, new, wanted))
        if not pairs:
            shown = ", ".join(map(str, paths or [Path.cwd()]))
            raise UsageError(f'no scenario or table is in {shown}, here or at "{revision}"')
        short = commit[:_SHORT]
        label = short if commit.startswith(revision) else f"{revision} ({short})"
        return _compared(pairs, (label, "the working tree"), limit)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A file on both sides; None if a side lacks it. ``old`` and ``new`` are the files of the sides."""

    name: str
    before: SideFile | None
    after: SideFile | None
    old: SideFiles


def _options(
    pricing: PathLike | None,
    as_of: date | None,
    library: PathLike | None,
    evidence: PathLike | None,
    strategies: Sequence[str],
) -> Options:
    folder = library or os.environ.get("ROUTECOST_LIBRARY")
    return Options(
        as_of,
        None if pricing is None else argument(pricing),
        Path(folder) if folder else None,
        None if evidence is None else Path(evidence),
        find_config(Path.cwd()),
        strategies=tuple(strategies),
    )


def _opened(stack: ExitStack, text: str, options: Options) -> tuple[SideFiles, str]:
    """Return the files of a side, and the path or name that it was given as."""
    revision, separator, path = text.partition(":")
    if not separator or os.path.lexists(text) or (len(revision) < 2 and os.name == "nt"):
        root = text if os.path.isdir(text) else os.path.dirname(text) or os.curdir
        return SideFiles(Path(os.path.realpath(root)), options), text
    repository = Repository.around(Path.cwd())
    name = os.path.normpath(path).replace(os.sep, "/")
    if path.startswith(("./", "../")):  # as git reads it: relative to the working folder
        name = _within(repository, os.path.realpath(path))
    files = _at_revision(stack, repository, (revision, repository.commit(revision)), options, [name])
    copy = files.root / name
    if not copy.exists():
        raise UsageError(f'no file "{path}" at revision "{revision}"')
    return files, str(copy)


def _at_revision(
    stack: ExitStack, repository: Repository, at: tuple[str, str], options: Options, wanted: Sequence[str]
) -> SideFiles:
    """Return the files of a commit, with those that options name where the repository has them."""
    revision, commit = at
    copies = stack.enter_context(copied(repository, commit, wanted))

    def moved(path: Path | None) -> Path | None:
        return None if path is None else _moved(copies, path)

    library = moved(options.library)
    if library is not None and options.library != library:
        library.mkdir(parents=True, exist_ok=True)
    evidence = moved(options.evidence)
    pricing = options.pricing
    if pricing is not None and looks_like_path(pricing):
        pricing = str(_moved(copies, Path(pricing)))
    own = Options(
        options.as_of,
        pricing,
        library,
        evidence if evidence is None or evidence.exists() else None,
        find_config(_moved(copies, Path.cwd())),
        strategies=options.strategies,
    )
    shown = commit[:_SHORT] if commit.startswith(revision) else revision
    return SideFiles(copies.root, own, f"{shown}:", repository.root)


def _moved(copies: Copies, path: Path) -> Path:
    """Return the copy of a file or folder of the repository; itself if it is elsewhere."""
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(copies.repository.root):
        return path
    name = real.relative_to(copies.repository.root).as_posix()
    copies.add([name])
    return copies.root / name


def _within(repository: Repository, place: str) -> str:
    """Return a path relative to the root of the repository, with slashes."""
    if not Path(place).is_relative_to(repository.root):
        raise UsageError(f'"{place}" is not in the git repository "{repository.root}"')
    return Path(place).relative_to(repository.root).as_posix()


def _pairs(old: SideFiles, before: str, new: SideFiles, after: str) -> Iterator[_Pair]:
    """Yield the files of two sides: two files, or those of the same names in two folders."""
    folders = [os.path.isdir(path) for path in (before, after)]
    if folders == [True, True]:
        roots = (
            SideFiles(Path(before), old.options, old.label),
            SideFiles(Path(after), new.options, new.label),
        )
        names = sorted({*documents_below(Path(before)), *documents_below(Path(after))})
        for name in names:
            yield from _pair(*roots, name, (os.path.join(before, name), os.path.join(after, name)))
        return
    if any(folders):
        raise UsageError(f'"{before}" and "{after}" are a file and a folder; expected two of the same')
    kinds = kind_of(before), kind_of(after)
    for path, kind in zip((before, after), kinds, strict=True):
        if kind is None:
            raise UsageError(
                f'"{old.shown(new.shown(path))}" is no scenario or routing table; give the scenario '
                "that uses it with --scenario"
            )
    if kinds[0] != kinds[1]:
        raise UsageError(f'"{before}" is a {kinds[0]} and "{after}" a {kinds[1]}; expected two of one kind')
    name = Path(after).stem if looks_like_path(after) else after
    yield _Pair(name, SideFile(old, before, kinds[0] or ""), SideFile(new, after, kinds[1] or ""), old)


def _by_scenario(scenario: str, old: SideFiles, before: str, new: SideFiles, after: str) -> _Pair:
    """Return a scenario with a sheet, table or taxonomy of each side."""
    kinds = part_of(before), part_of(after)
    for path, kind in zip((before, after), kinds, strict=True):
        if kind is None:
            shown = old.shown(new.shown(path))
            raise UsageError(f'"{shown}" is no pricing sheet, routing table or taxonomy for --scenario')
    if kinds[0] != kinds[1]:
        raise UsageError(f'"{before}" is a {kinds[0]} and "{after}" a {kinds[1]}; expected two of one kind')

    def side(files: SideFiles, path: str) -> SideFile:
        options = {
            SHEET: replace(files.options, pricing=path),
            TABLE: replace(files.options, table=path),
            TAXONOMY: replace(files.options, taxonomy=path),
        }
        return SideFile(replace(files, options=options[kinds[0] or ""]), scenario, SCENARIO)

    name = Path(scenario).stem if looks_like_path(scenario) else scenario
    return _Pair(name, side(old, before), side(new, after), old)


def _changed_files(old: SideFiles, new: SideFiles, wanted: Sequence[str]) -> Iterator[_Pair]:
    """Yield the scenarios and tables of places of a repository."""
    names: dict[str, None] = {}
    for place in wanted:
        for side in (old, new):
            path = side.root / place
            documents = documents_below(path) if path.is_dir() else [""] if path.is_file() else []
            names |= dict.fromkeys(f"{place}/{name}".removeprefix("./").rstrip("/") for name in documents)
    for name in sorted(names):
        yield from _pair(old, new, name, (str(old.root / name), str(new.root / name)))


def _pair(old: SideFiles, new: SideFiles, name: str, paths: tuple[str, str]) -> Iterator[_Pair]:
    """Yield a file that is a scenario or table on a side."""
    there = [os.path.isfile(path) for path in paths]
    kind = next(
        (kind for path, is_file in zip(paths, there, strict=True) if is_file and (kind := kind_of(path))),
        None,
    )
    if kind is not None:
        before, after = (
            SideFile(files, path, kind, name) if is_file else None
            for files, path, is_file in zip((old, new), paths, there, strict=True)
        )
        yield _Pair(name, before, after, old)


def _compared(pairs: Sequence[_Pair], labels: tuple[str, str], limit: Limit | None) -> Diff:
    scenarios: list[ScenarioChange] = []
    notes: list[str] = []
    old, new = dict[Row, None](), dict[Row, None]()
    for pair in pairs:
        unread = _unread(pair.before)
        before = pair.before if unread is None else None
        if unread is not None:
            notes.append(f"{pair.name} cannot be read before the change: {unread}")
        for rows, side in ((old, before), (new, pair.after)):
            rows.update(dict.fromkeys(() if side is None else side.findings))
        if any(side is not None and side.kind == SCENARIO for side in (before, pair.after)):
            scenarios.append(_scenario_change(pair, before, unread is not None, limit))
    for name in pairs[0].old.options.strategies:
        known = {row.strategy for one in scenarios for row in one.strategies}
        if name not in known:
            raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, known)}')
    chosen = set(pairs[0].old.options.strategies)
    if chosen:
        scenarios = [
            replace(one, strategies=tuple(row for row in one.strategies if row.strategy in chosen))
            for one in scenarios
        ]
    return Diff(*labels, tuple(scenarios), tuple(changed_findings(old, new)), limit is not None, tuple(notes))


def _unread(side: SideFile | None) -> str | None:
    """Return why a side cannot be read, if so."""
    if side is None:
        return None
    try:
        _ = side.findings
        if side.kind == SCENARIO:
            _ = side.side
    except EnvironmentFailure:
        raise
    except RoutecostError as error:
        return faults_of(error, side.files)
    return None


def _scenario_change(
    pair: _Pair, before: SideFile | None, is_unread: bool, limit: Limit | None
) -> ScenarioChange:
    old = None if before is None or before.kind != SCENARIO else before.side
    new = None if pair.after is None or pair.after.kind != SCENARIO else pair.after.side
    currencies = {side.comparison.currency for side in (old, new) if side is not None}
    if len(currencies) > 1:
        raise UsageError(
            f"{pair.name} is in {old and old.comparison.currency} before and in "
            f"{new and new.comparison.currency} after; give a sheet for both with --pricing"
        )
    changes = tuple(strategy_changes(old, new))
    wanted = pair.old.options.strategies
    judged: tuple[Gate, ...] = ()
    if limit is not None and new is not None:
        judged = tuple(
            unread_gates(pair.name, new, limit, wanted)
            if is_unread
            else gates(pair.name, old, new, limit, wanted)
        )
    return ScenarioChange(pair.name, _status(old, new, changes), currencies.pop(), changes, judged, is_unread)


def _status(old: object, new: object, changes: Sequence[StrategyChange]) -> Status:
    if old is None or new is None:
        return Status.NEW if old is None else Status.GONE
    is_same = all(row.status is Status.UNCHANGED for row in changes)
    return Status.UNCHANGED if is_same else Status.CHANGED


def _text(side: PathLike) -> str:
    return os.fspath(side)
