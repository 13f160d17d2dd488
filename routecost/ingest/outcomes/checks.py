"""Checks of the answers of a file: ranges, duplicates, and values that differ within a query."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from routecost.ingest.outcomes.finding_list import FindingList, quoted
from routecost.ingest.outcomes.options import CATEGORY, COST, QUERY, SCORE, SPLIT
from routecost.ingest.outcomes.table import Ints, Table
from routecost.ingest.outcomes.values import Floats, is_bad_name
from routecost.units import MAX_COUNT, METERS

Mask = NDArray[np.bool_]

_ROUNDING = 1e-9


def check_answers(table: Table, score_range: tuple[float, float], log: FindingList) -> None:
    """Report answers that are out of range, and given twice."""
    low, high = score_range
    slack = _ROUNDING * (high - low)
    for name, values in table.answers.items():
        if name == SCORE:
            is_declared = (low, high) != (0, 1)
            hint = ", as declared" if is_declared else "; other scores are scaled if their range is declared"
            wrong = (values < low - slack) | (values > high + slack)
            expected = f"expected {low:g} to {high:g}{hint}"
        elif name == COST:
            wrong = (values < 0) | (values > float(MAX_COUNT))
            expected = f"expected an amount of 0 to {MAX_COUNT:.0e}"
        elif name in METERS:
            wrong = (values < 0) | (values > float(MAX_COUNT))
            expected = f"expected a count of 0 to {MAX_COUNT:.0e}"
        else:
            continue
        _report_answers(table, wrong, name, expected, log)
    _check_duplicates(table, log)


def _report_answers(table: Table, wrong: Mask, name: str, expected: str, log: FindingList) -> None:
    at = np.flatnonzero(wrong)

    def say(index: int) -> tuple[str, int, str | None]:
        row, model = int(table.row[index]), table.models[table.model[index]]
        query, value = table.queries[table.query[row]], float(table.answers[name][index])
        about = f"query {quoted(query)}, model {quoted(model)}"
        return f"{about}: {name} {value!r}; {expected}", int(table.line[row]), table.column(name, model)

    log.each(at.tolist(), say, len(at))


def _check_duplicates(table: Table, log: FindingList) -> None:
    """Report each second row of a query and model; in the wide form, of a query."""
    if table.roles.is_wide:
        keys, rows = table.query.astype(np.int64), np.arange(len(table.query))
    else:
        keys = table.query[table.row].astype(np.int64) * len(table.models) + table.model
        rows = table.row.astype(np.intp)
    order = np.argsort(keys, kind="stable")
    starts = np.r_[True, np.diff(keys[order]) != 0]
    first = np.empty(len(keys), np.intp)
    first[order] = order[np.flatnonzero(starts)[np.cumsum(starts) - 1]]
    again = np.flatnonzero(first != np.arange(len(keys)))

    def say(index: int) -> tuple[str, int, str | None]:
        row = int(rows[index])
        of = f"query {quoted(table.queries[table.query[row]])}"
        if not table.roles.is_wide:
            of += f" and model {quoted(table.models[table.model[index]])}"
        other = int(rows[first[index]])
        where = f"{log.unit} {table.line[other]}"
        split = table.texts.get(SPLIT)
        hint = join_hint(table) if split is not None and split[row] != split[other] else ""
        return f"{of}: this outcome is given twice; the first is on {where}{hint}", int(table.line[row]), None

    log.each(again.tolist(), say, len(again))


def join_hint(table: Table) -> str:
    """Return the mapping with which queries of different splits may have the same name."""
    column = table.roles.shared[SPLIT][0]
    joined = "+".join((column, *(name for name in table.roles.shared[QUERY] if name != column)))
    hint = "if they are different queries of different splits, name them by both columns"
    return f'; {hint}: --column "{QUERY}={joined}"'


def text_of_queries(table: Table, name: str, log: FindingList) -> Ints | None:
    """Return the code of a text per query, -1 where none is given; reports queries with several."""
    if name not in table.texts:
        return None
    raw = table.texts[name]
    code = np.where(np.isnan(raw), -1, raw).astype(np.int32) if raw.dtype.kind == "f" else raw
    names = table.names[name]
    if "" in names:
        code = np.where(code == names.index(""), -1, code)
    first_row = _first(table, code >= 0)
    of_query = np.where(first_row >= 0, code[first_row], -1)
    wrong = np.flatnonzero((code >= 0) & (code != of_query[table.query]))
    column = table.roles.shared[name][0]

    def say(row: int) -> tuple[str, int, str | None]:
        query = int(table.query[row])
        one, other = quoted(names[of_query[query]]), quoted(names[code[row]])
        where = f"{log.unit} {table.line[first_row[query]]}"
        noun = "splits overlap" if name == SPLIT else "it has two categories"
        message = f"query {quoted(table.queries[query])}: {noun}: {one} on {where}, {other} here"
        message += join_hint(table) if name == SPLIT else ""
        return message, int(table.line[row]), column

    log.each(wrong.tolist(), say, len(wrong))
    if name == CATEGORY:
        _check_names(table, code, names, column, log)
    return of_query.astype(np.int32)


def _check_names(table: Table, code: Ints, names: tuple[str, ...], column: str, log: FindingList) -> None:
    expected = "expected a name of at most 200 characters that print"
    bad = [at for at, name in enumerate(names) if name and is_bad_name(name)]
    log.each(
        bad,
        lambda at: (f"category {quoted(names[at])}: {expected}", line_of(table, code, at), column),
        len(bad),
    )


def line_of(table: Table, code: NDArray[Any], at: int) -> int:
    """Return the first line whose row has a code."""
    return int(table.line[np.argmax(code == at)])


def features(table: Table) -> tuple[dict[str, Floats], dict[str, str]]:
    """Return the further columns that describe queries, and why others do not."""
    kept: dict[str, Floats] = {}
    why: dict[str, str] = {}
    for name, values in sorted(table.further.items()):
        first_row = _first(table, ~np.isnan(values))
        lacking = int((first_row < 0).sum())
        of_query: Floats = values[first_row]
        differs = ~np.isnan(values) & (values != of_query[table.query])
        if is_bad_name(name):
            why[name] = "its name is empty, too long or does not print"
        elif lacking:
            why[name] = f"it has no value for {lacking:,} of {len(first_row):,} queries"
        elif differs.any():
            why[name] = "it differs between the answers to a query"
        else:
            kept[name] = of_query
    return kept, why


def _first(table: Table, given: Mask) -> NDArray[np.intp]:
    """Return the first row of each query that is given, -1 for none."""
    first = np.full(len(table.queries), -1, np.intp)
    rows = np.flatnonzero(given)[::-1]
    first[table.query[rows]] = rows
    return first
