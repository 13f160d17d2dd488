"""What the columns of a file of outcomes are: fields of the long or of the wide form, or further columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from difflib import get_close_matches

from routecost.ingest.outcomes.finding_list import FindingList, quoted
from routecost.ingest.outcomes.options import (
    ALIASES,
    FIELDS,
    MODEL,
    OF_ANSWER,
    QUERY,
    SCORE,
    Columns,
    field_of,
)
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import METERS

_ALIKE = 0.8
"""How alike a column and an unused field must be for a warning."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of a file by their use.

    ``shared`` maps a field to its columns (several only for the query); ``answers`` maps a model and a field
    to the column in the wide form. ``others`` are further columns. In the wide form, a field of ``shared``
    with a value per answer holds for all models.
    """

    is_wide: bool
    shared: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Mapping[str, str]]
    others: tuple[str, ...] = field(default=())


def roles(names: Iterable[str], columns: Columns) -> Roles:
    """Return the roles of columns. A field that is mapped has no other column."""
    header = dict.fromkeys(names)
    shared: dict[str, tuple[str, ...]] = {}
    answers: dict[str, dict[str, str]] = {}
    for name, column in columns.names.items():
        base, model = field_of(name)
        if model is not None:
            answers.setdefault(model, {})[base] = column
        elif "*" in column and column not in header and base in OF_ANSWER:
            _put_matching(answers, base, column, header)
        else:
            whole = column in header or base != QUERY
            shared[base] = (column,) if whole else tuple(column.split("+"))
    mapped = {field_of(name)[0] for name in columns.names}
    for column in header:
        known = ALIASES.get(column, column)
        is_second = known in shared or (known != column and known in header)
        if known in FIELDS and known not in mapped and not is_second:
            shared[known] = (column,)
    is_wide = bool(answers) or (SCORE not in shared and any(field_of(name)[0] == SCORE for name in header))
    if is_wide:
        for base in [name for name in OF_ANSWER if name not in mapped]:
            for prefix in (base, *(alias for alias, known in ALIASES.items() if known == base)):
                _put_matching(answers, base, f"{prefix}.*", header)
    used = {column for group in shared.values() for column in group}
    used |= {column for fields in answers.values() for column in fields.values()} | set(columns.where)
    return Roles(is_wide, shared, answers, tuple(name for name in header if name not in used))


def _put_matching(answers: dict[str, dict[str, str]], base: str, pattern: str, header: Iterable[str]) -> None:
    before, _, after = pattern.partition("*")
    shape = re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)
    for column in header:
        match = shape.fullmatch(column)
        if match is not None:
            answers.setdefault(match.group(1), {}).setdefault(base, column)


def check_roles(given: Roles, header: Iterable[str], columns: Columns, log: FindingList) -> None:
    """Report columns that are missing, and further columns whose name is almost that of a field."""
    names = tuple(header)
    known = set(names)
    mapped = [column for group in given.shared.values() for column in group]
    mapped += [column for fields in given.answers.values() for column in fields.values()]
    for column in dict.fromkeys((*mapped, *columns.where, *(columns.features or ()))):
        if column not in known:
            log.report(f"no column {quoted(column)}{did_you_mean(column, names)}")
    for base, pattern in columns.names.items():
        is_pattern = "*" in pattern and pattern not in known and base in OF_ANSWER
        if is_pattern and not any(base in fields for fields in given.answers.values()):
            log.report(f"no column matches {quoted(pattern)}{did_you_mean(pattern, names)}")
    for needed in (QUERY,) if given.is_wide else (QUERY, MODEL, SCORE):
        if needed not in given.shared:
            hint = f'; expected one of that name, or a mapping as in "{needed}=COLUMN"'
            close = get_close_matches(needed, names, 1, 0.6)
            shown = did_you_mean(needed, names) if close or len(names) <= 8 else ""
            log.report(f'no column "{needed}"{hint}{shown}')
    unused = [base for base in FIELDS if base not in given.shared and base not in METERS]
    for column in given.others:
        close = get_close_matches(column.lower(), unused, 1, _ALIKE)
        if close:
            log.warn(f'unknown column {quoted(column)}; did you mean "{close[0]}"?', 1, column)
