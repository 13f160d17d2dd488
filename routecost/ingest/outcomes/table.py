"""The rows of a file of outcomes as arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from itertools import compress, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routecost.ingest.outcomes.chunks import Chunk, RowFile
from routecost.ingest.outcomes.finding_list import FindingList, quoted
from routecost.ingest.outcomes.options import CATEGORY, MODEL, OF_ANSWER, PART_NAMES, QUERY, SPLIT, Columns
from routecost.ingest.outcomes.roles import Roles, check_roles, roles
from routecost.ingest.outcomes.values import Floats, codes, is_bad_name, numbers, texts
from routecost.problems import did_you_mean
from routecost.records import dataclass

MAX_CELLS = 20_000_000
"""The maximum number of queries times models."""
MAX_FURTHER = 50
"""The maximum number of further columns that are read, unless the user names them."""

_MOST_NAMED = 1_000

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Table:
    """The rows of a file, and the answers in them: in the long form one per row, in the wide one per model.

    ``line``, ``query`` (a code), ``texts`` (codes) and ``further`` have a value per row; ``row``, ``model``
    (a code) and ``answers`` (by field) one per answer.
    """

    roles: Roles
    queries: tuple[str, ...]
    models: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    line: NDArray[np.int64]
    query: Ints
    texts: Mapping[str, Ints]
    further: Mapping[str, Floats]
    row: Ints
    model: Ints
    answers: Mapping[str, Floats]

    def column(self, name: str, model: str) -> str | None:
        """Return the column of a field, for a model."""
        of_model = self.roles.answers.get(model, {}).get(name)
        return of_model or next(iter(self.roles.shared.get(name, ())), None)


def read_table(file: RowFile, columns: Columns) -> Table | None:
    """Read a file; problems go to its log. None if it has no rows or lacks columns."""
    builder = _Builder(columns, file.log)
    for chunk in file.chunks():
        builder.add(chunk)
        if builder.cells.count > MAX_CELLS:
            file.log.report(f"too many outcomes; the limit is {MAX_CELLS:,}", chunk.lines[0])
            break
    return builder.table()


@dataclass
class _Arrays:
    """Arrays by name, in parts that are joined at the end; what a part lacks is NaN."""

    count: int = 0
    parts: dict[str, list[NDArray[Any]]] = field(default_factory=dict)

    def add(self, arrays: Mapping[str, NDArray[Any]], count: int) -> None:
        for name in [name for name in arrays if name not in self.parts]:
            self.parts[name] = [np.full(self.count, np.nan)] if self.count else []
        for name, parts in self.parts.items():
            parts.append(arrays[name] if name in arrays else np.full(count, np.nan))
        self.count += count

    def joined(self, name: str) -> NDArray[Any]:
        parts = self.parts.pop(name)
        return np.concatenate(parts) if parts else np.zeros(0)


@dataclass
class _Builder:
    columns: Columns
    log: FindingList
    roles: Roles | None = None
    header: dict[str, None] = field(default_factory=dict)
    rows: _Arrays = field(default_factory=_Arrays)
    cells: _Arrays = field(default_factory=_Arrays)
    codes: dict[str, dict[str, int]] = field(
        default_factory=lambda: {name: {} for name in (QUERY, MODEL, CATEGORY, SPLIT)}
    )
    not_numeric: set[str] = field(default_factory=set)
    seen: dict[str, dict[str, None]] = field(default_factory=dict)
    kept: int = 0
    read: int = 0

    def add(self, chunk: Chunk) -> None:
        """Add the rows of a chunk."""
        new = chunk.columns.keys() - self.header.keys()
        if new or self.roles is None:
            self.header |= dict.fromkeys(chunk.columns)
            self.roles = roles(self.header, self.columns)
        self.read += len(chunk.lines)
        kept = self._kept(chunk, self.roles)
        if not kept.lines or not self._is_complete(self.roles):
            return
        of_rows, bad = self._of_rows(kept, self.roles)
        start = self.rows.count
        self.rows.add(of_rows, len(kept.lines))
        answers = self._wide if self.roles.is_wide else self._long
        for model, fields in answers(kept, self.roles):
            self._add_cells(model, fields, ~bad, start)

    def _is_complete(self, given: Roles) -> bool:
        needed = (QUERY,) if given.is_wide else (QUERY, MODEL)
        return all(name in given.shared and self.header.keys() >= set(given.shared[name]) for name in needed)

    def _kept(self, chunk: Chunk, given: Roles) -> Chunk:
        """Return the rows that have the values of ``where`` and the models that are wanted."""
        keep = np.ones(len(chunk.lines), bool)
        wanted: dict[str, tuple[str, ...]] = {name: (value,) for name, value in self.columns.where.items()}
        if given.shared.get(MODEL) and not given.is_wide and self.columns.models is not None:
            wanted[given.shared[MODEL][0]] = self.columns.models
        for name, some in wanted.items():
            values = texts(chunk.columns.get(name, ()))
            seen = self.seen.setdefault(name, {})
            if len(seen) < _MOST_NAMED:
                seen |= dict.fromkeys(values)
            keep &= np.array([text in some for text in values], bool) if values else False
        if keep.all():
            return chunk
        cells = {name: list(compress(values, keep)) for name, values in chunk.columns.items()}
        return Chunk(cells, list(compress(chunk.lines, keep)))

    def _of_rows(self, chunk: Chunk, given: Roles) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_]]:
        parts = [texts(chunk.columns[column]) for column in given.shared[QUERY]]
        ids = parts[0] if len(parts) == 1 else ["/".join(part) for part in zip(*parts, strict=True)]
        bad = np.array([not all(part) for part in zip(*parts, strict=True)], bool)
        for at in np.flatnonzero(bad).tolist():
            self.log.report("the query is missing", chunk.lines[at], given.shared[QUERY][0])
        arrays: dict[str, NDArray[Any]] = {
            "line": np.array(chunk.lines, np.int64),
            "query": codes(ids, self.codes[QUERY]),
        }
        for name in (CATEGORY, SPLIT):
            for column in given.shared.get(name, ()):
                values = texts(chunk.columns.get(column, ("",) * len(chunk.lines)))
                if name == SPLIT:
                    lower = map(str.lower, values)
                    values = [PART_NAMES.get(value, value) for value in lower]
                arrays[name] = codes(values, self.codes[name])
        wanted = given.others[:MAX_FURTHER] if self.columns.features is None else self.columns.features
        for column in wanted:
            if column in chunk.columns and column not in self.not_numeric:
                further, wrong = numbers(chunk.columns[column])
                if wrong:
                    self._is_text(column, chunk, wrong[0])
                else:
                    arrays[f"further.{column}"] = further
        return arrays, bad

    def _is_text(self, column: str, chunk: Chunk, at: int) -> None:
        self.not_numeric.add(column)
        self.rows.parts.pop(f"further.{column}", None)
        if self.columns.features is not None:
            value = quoted(chunk.columns[column][at])
            self.log.report(f'feature "{column}": {value} is not a number', chunk.lines[at], column)

    def _long(self, chunk: Chunk, given: Roles) -> Iterator[tuple[Ints, dict[str, Floats]]]:
        column = given.shared[MODEL][0]
        names = texts(chunk.columns[column])
        before = len(self.codes[MODEL])
        model = codes(names, self.codes[MODEL])
        if len(self.codes[MODEL]) > before:
            lines = dict(zip(reversed(names), reversed(chunk.lines), strict=True))
            for name in islice(self.codes[MODEL], before, None):
                self._check_model(name, lines[name], column)
        fields = {
            name: self._numbers(chunk, name, group[0], None)
            for name, group in given.shared.items()
            if name in OF_ANSWER and group[0] in chunk.columns
        }
        yield model, fields

    def _wide(self, chunk: Chunk, given: Roles) -> Iterator[tuple[Ints, dict[str, Floats]]]:
        count = len(chunk.lines)
        shared = {
            name: self._numbers(chunk, name, group[0], None)
            for name, group in given.shared.items()
            if name in OF_ANSWER and group[0] in chunk.columns
        }
        for name, fields in given.answers.items():
            if self.columns.models is not None and name not in self.columns.models:
                continue
            if name not in self.codes[MODEL]:
                self._check_model(name, 1, next(iter(fields.values())))
            values = {
                base: self._numbers(chunk, base, column, name)
                for base, column in fields.items()
                if column in chunk.columns
            }
            model = np.full(count, self.codes[MODEL].setdefault(name, len(self.codes[MODEL])), np.int32)
            yield model, {**shared, **values}

    def _check_model(self, name: str, line: int, column: str) -> None:
        if is_bad_name(name):
            expected = "expected a name of 1 to 200 characters that print"
            self.log.report(f"model {quoted(name)}: {expected}", line, column)

    def _numbers(self, chunk: Chunk, name: str, column: str, model: str | None) -> Floats:
        values, bad = numbers(chunk.columns[column], name)
        of = "" if model is None else f" of model {quoted(model)}"
        hint = "leave the cell empty if it is not known"

        def say(at: int) -> tuple[str, int, str | None]:
            value = quoted(chunk.columns[column][at])
            return f"{name}{of}: {value} is not a finite number; {hint}", chunk.lines[at], column

        self.log.each(bad, say, len(bad))
        return values

    def _add_cells(
        self, model: Ints, fields: Mapping[str, Floats], present: NDArray[np.bool_], start: int
    ) -> None:
        at = np.flatnonzero(present)
        arrays: dict[str, NDArray[Any]] = {"row": (start + at).astype(np.int32), "model": model[at]}
        self.cells.add({**arrays, **{f".{name}": values[at] for name, values in fields.items()}}, len(at))

    def table(self) -> Table | None:
        """Return the table of all rows; reports what it lacks."""
        if self.roles is None or not self.read:
            if not self.log.has_errors:
                self.log.report("the file has no rows; expected a header and rows")
            if self.roles is None:
                return None
        check_roles(self.roles, self.header, self.columns, self.log)
        self._check_where()
        if not self.rows.count or not self.cells.count:
            self._no_models()
            return None
        rows = {name: self.rows.joined(name) for name in list(self.rows.parts)}
        cells = {name: self.cells.joined(name) for name in list(self.cells.parts)}
        names = {name: tuple(self.codes[name]) for name in (CATEGORY, SPLIT)}
        self._no_models()
        return Table(
            self.roles,
            tuple(self.codes[QUERY]),
            tuple(self.codes[MODEL]),
            names,
            rows["line"],
            rows["query"].astype(np.int32),
            {name: rows[name] for name in (CATEGORY, SPLIT) if name in rows},
            {name.partition(".")[2]: rows[name] for name in rows if name.startswith("further.")},
            cells["row"].astype(np.int32),
            cells["model"].astype(np.int32),
            {name[1:]: cells[name] for name in cells if name.startswith(".")},
        )

    def _check_where(self) -> None:
        for name, value in self.columns.where.items():
            seen = self.seen.get(name, {})
            if self.read and name in self.header and value not in seen:
                self.log.report(f"no row has {name}={value}{did_you_mean(value, seen)}")

    def _no_models(self) -> None:
        """Report models that are named and have no rows."""
        known: Collection[str] = self.codes[MODEL]
        if self.roles is not None and self.roles.is_wide:
            known = self.roles.answers
        elif self.columns.models is not None and self.roles is not None and MODEL in self.roles.shared:
            known = self.seen.get(self.roles.shared[MODEL][0], {})
        stated = (*(self.columns.models or ()), *self.columns.priced_as, *self.columns.costs)
        for model in dict.fromkeys(stated) if known else ():
            if model not in known:
                self.log.report(f"no rows of model {quoted(model)}{did_you_mean(model, known)}")
