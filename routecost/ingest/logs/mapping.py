"""Logs with columns of any name, read by a mapping."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from routecost.documents.core.loader import Loader
from routecost.documents.logs.columns import UNITS, NumberDocument, TextDocument, number_of, text_of, time_of
from routecost.documents.logs.mapping import MAPPING, TEXTS, MappingDocument
from routecost.documents.logs.patterns import search
from routecost.errors import UsageError
from routecost.ingest.logs.call import (
    EARLIEST,
    EPOCH,
    FAILURE,
    MOST_COUNTED,
    UNKNOWN_FAILED,
    BadRecordError,
    Call,
    Item,
    Skipped,
    nanos,
)
from routecost.ingest.logs.columns.values import (
    MAX_TEXT,
    decimal_of,
    has_value,
    is_known,
    pairs_of,
    text_at,
    value_at,
)
from routecost.library import Library, open_library
from routecost.model.logs.efforts import with_effort
from routecost.problems import Names
from routecost.units import ONE, ZERO, exact

COLUMN, TAG = "column:", "tag:"
"""The starts of labels: a column of the log, and a tag of the call."""

IGNORED = "ignored"
"""The meter of rows that are no usage."""

LEFT_OUT = "rows that the mapping leaves out"
NO_USAGE = "rows without usage"
"""The kinds under which rows that are no calls are counted."""

_FOLDER = "mappings"
_OUTCOMES = ("success", FAILURE)
_TOLERANCE = Decimal("1e-6")

_DIGITS = re.compile(r"[0-9]+").fullmatch
_MICROSECOND = timedelta(microseconds=1)
_LAST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // _MICROSECOND

Row = Mapping[str, Any]


def load_mapping(path: Path) -> MappedDialect:
    """Load a mapping. Raises DocumentError with every finding, and UsageError if it cannot be read."""
    loader = Loader(Library())
    document = loader.read(path)
    return MappedDialect(loader.finish(None if document is None else loader.check(document, MAPPING, {})))


def ready_mappings() -> dict[str, MappedDialect]:
    """Return the mappings of the library by name."""
    library = open_library(None)
    return {name: load_mapping(library.find(_FOLDER, name)) for name in library.names(_FOLDER)}


class MappedDialect:
    """A dialect of rows: of CSV, of Parquet, or of JSON lines. ``further`` are columns to keep as labels."""

    def __init__(self, mapping: MappingDocument, further: Sequence[str] = ()) -> None:
        self.NAME = mapping.mapping
        self._mapping = mapping
        self._meters = {name: _Number(number_of(given)) for name, given in mapping.meters.items()}
        self._includes = {name: number_of(given).includes for name, given in mapping.meters.items()}
        self._texts = {name: _text(given) for name in TEXTS if (given := getattr(mapping, name)) is not None}
        self._labels = {name: _text(given) for name, given in mapping.labels.items()}
        self._labels |= {COLUMN + name: _Text(TextDocument(column=name)) for name in further}
        self._model, self._variant = _text(mapping.model), _optional(mapping.variant, _text)
        self._effort = _optional(mapping.effort, _text)
        self._meter, self._quantity = _optional(mapping.meter, _text), _optional(mapping.quantity, _number)
        self._calls, self._cost = _optional(mapping.calls, _number), _optional(mapping.cost, _number)
        self._time = _optional(mapping.time, _Time)
        self._where = {name: {one} if isinstance(one, str) else {*one} for name, one in mapping.where.items()}
        self.KEYS = mapping.recognise or tuple(self._columns())

    def with_columns(self, further: Sequence[str]) -> MappedDialect:
        """Return the dialect with further columns of the log as labels ("column:NAME")."""
        return MappedDialect(self._mapping, further)

    def _columns(self) -> Iterable[str]:
        """Return the columns that a log must have, each once."""
        numbers = [*self._meters.values(), self._quantity, self._calls, self._cost]
        texts = [
            self._model,
            self._variant,
            self._effort,
            self._meter,
            *self._texts.values(),
            *self._labels.values(),
        ]
        fields = [*texts, *numbers, self._time]
        names = [name for field in fields if field and not field.is_optional for name in field.columns]
        return dict.fromkeys([*names, *self._where, *([self._mapping.tags] if self._mapping.tags else [])])

    def matches(self, sample: Any) -> bool:
        """Return whether a decoded row has the columns by which the mapping is recognised."""
        return isinstance(sample, dict) and all(has_value(sample, key) for key in self.KEYS)

    def check_columns(self, file: str, samples: Sequence[Any], *, is_table: bool) -> None:
        """Raise UsageError, with all columns that the first rows of a log lack and the nearest of theirs.

        Paths of meters must lead to a value in some row of JSON.
        """
        rows = [row for row in samples if isinstance(row, dict)]
        columns = set().union(*rows)
        lacking = [name for name in self._columns() if not is_known(columns, name)]
        if not is_table:
            needed = [name for one in self._meters.values() if not one.is_optional for name in one.columns]
            lacking += [name for name in needed if not any(has_value(row, name) for row in rows)]
            lacking = [*dict.fromkeys(name for name in lacking if name != self._mapping.tags)]
        if lacking:
            known = Names(columns)
            near = {name: known.nearest(name) for name in lacking}
            each = ", ".join(
                f'"{name}"' + (f' (nearest: "{near[name]}")' if near[name] else "") for name in lacking
            )
            raise UsageError(f'"{file}" lacks columns of mapping "{self.NAME}": {each}')

    @exact
    def parse_row(self, row: Row) -> Iterable[Item]:
        """Return the call of a row, if it has one. Raises BadRecordError."""
        for name, values in self._where.items():
            if text_at(value_at(row, name), name) not in values:
                return (Skipped(LEFT_OUT),)
        outcome = self._texts["outcome"].read(row) if "outcome" in self._texts else None
        failed = outcome == FAILURE
        units, cost = self._units(row, failed=failed), self._amount(row)
        if units is None:
            return (Skipped(LEFT_OUT),)
        if not units and cost is None and not failed:
            return (Skipped(NO_USAGE),)
        model = self._model.read(row)
        if model is None and not units and cost is None:
            return (Skipped(UNKNOWN_FAILED),)
        if model is None:
            raise BadRecordError(f'"{self._model.columns[0]}" has no model')
        texts = {name: text.read(row) for name, text in self._texts.items()}
        if outcome not in (*_OUTCOMES, None):
            raise BadRecordError('the outcome is neither "success" nor "failure"; see "values" of a mapping')
        if not texts.get("mode"):
            texts.pop("mode", None)
        model += (self._variant and self._variant.read(row)) or ""
        model = with_effort(model, self._effort and self._effort.read(row))
        call = Call(model, units=units, **texts)  # type: ignore[arg-type]
        call.time = self._time.read(row) if self._time else None
        call.is_sum, call.cost = self._mapping.sums, cost
        call.calls = self._count(row)
        call.labels = self._named(row)
        if self._mapping.scores:
            call.scores = dict(pairs_of(value_at(row, self._mapping.scores)))
        return (call,)

    def _units(self, row: Row, *, failed: bool) -> dict[str, int] | None:
        """Return the units by meter, none if there is no usage; None for a row that is to be left out."""
        if self._meter is not None and self._quantity is not None:
            meter = self._meter.read(row)
            if meter is None:
                raise BadRecordError(f'"{self._meter.columns[0]}" has no meter')
            if meter == IGNORED:
                return None
            count = self._quantity.count(row)
            return {} if count is None else {meter: count}
        counts = {name: number.count(row) for name, number in self._meters.items()}
        if not failed:
            self._refuse_unknown(row, counts)
        if all(count is None for count in counts.values()):
            return {}
        units = {name: count or 0 for name, count in counts.items()}
        for name, count in units.items():
            if count < 0:
                raise BadRecordError(f"{name} is {count}; expected a count from 0 to {MOST_COUNTED}")
        whole = dict(units)
        for name, included in self._includes.items():
            units[name] -= sum(whole[other] for other in included)
            if included and units[name] < 0:
                parts = " + ".join(f"{other} ({whole[other]})" for other in included)
                raise BadRecordError(f"{name} ({whole[name]}) is less than what it includes: {parts}")
        return {name: count for name, count in units.items() if count} or {next(iter(units)): 0}

    def _refuse_unknown(self, row: Row, counts: Mapping[str, int | None]) -> None:
        """Raise BadRecordError for a count that a row lacks, unless it has a column for all, and no count."""
        is_empty = all(count is None for count in counts.values())
        for name, number in self._meters.items():
            column = number.columns[0]
            if counts[name] is None and not number.is_optional and not (is_empty and is_known(row, column)):
                raise BadRecordError(
                    f'"{column}" has no count; expected one, or "optional: true" in the mapping'
                )

    def _count(self, row: Row) -> int:
        if self._calls is None:
            return 0 if self._mapping.sums else 1
        return self._calls.count(row) or 0

    def _amount(self, row: Row) -> int | None:
        amount = self._cost.read(row) if self._cost else None
        return None if amount is None else nanos(amount)

    def _named(self, row: Row) -> dict[str, str] | None:
        labels: dict[str, str | None] = {}
        for name, label in self._labels.items():
            with suppress(BadRecordError):  # what is no short text is no name
                labels[name] = label.read(row)
        tags = value_at(row, self._mapping.tags) if self._mapping.tags else None
        for name, value in pairs_of(tags):
            labels[TAG + name] = value if isinstance(value, str) and len(value) <= MAX_TEXT else None
        return {name: text for name, text in labels.items() if text} or None


def _optional(given: Any, kind: Callable[[Any], Any]) -> Any:
    return None if given is None else kind(given)


def _text(given: Any) -> _Text:
    return _Text(text_of(given))


def _number(given: Any) -> _Number:
    return _Number(number_of(given))


class _Text:
    """Reads a text of a row."""

    def __init__(self, text: TextDocument) -> None:
        self.columns, self.is_optional = text.columns, text.optional
        self._text = text
        self._changed = lru_cache(maxsize=10_000)(self._change) if text.values or text.rules else None

    def read(self, row: Row) -> str | None:
        """Return the text; None if it is empty. Raises BadRecordError."""
        if self._text.constant is not None:
            return self._text.constant
        for name in self.columns:
            if text := text_at(value_at(row, name), name):
                return text if self._changed is None else self._changed(text)
        if self._text.default and (self.is_optional or any(is_known(row, name) for name in self.columns)):
            return self._text.default
        return None

    def _change(self, original: str) -> str | None:
        text = self._text
        if text.values:
            changed = text.values.get(original, text.default)
        else:
            matches = ((rule, match) for rule in text.rules if (match := search(rule.matches, original)))
            changed = next((_filled(rule.value, match.groupdict()) for rule, match in matches), text.default)
        if changed is None:
            key = "values" if text.values else "rules"
            raise BadRecordError(f'"{key}" of the mapping do not say what "{self.columns[0]}" means here')
        return changed or None


def _filled(template: str, groups: Mapping[str, str | None]) -> str:
    """Fill the groups of an expression into a text, in lower case with hyphens for spaces."""
    for name, group in groups.items():
        template = template.replace(f"{{{name}}}", (group or "").strip().lower().replace(" ", "-"))
    return template


class _Number:
    """Reads a number of a row."""

    def __init__(self, number: NumberDocument) -> None:
        self.columns = number.columns if number.units is None else (*number.columns, number.units.column)
        self._number, self.is_optional = number, number.optional
        is_plain = number.column is not None and number.scale is None and number.units is None
        self._plain = number.column if is_plain else None

    def read(self, row: Row) -> Decimal | None:
        """Return the number; None if it is empty. Raises BadRecordError."""
        amounts = [decimal_of(value_at(row, name), name) for name in self._number.columns]
        given = [one for one in amounts if one is not None]
        if not given:
            return None
        total = sum(given, ZERO) * (ONE if self._number.scale is None else self._number.scale)
        units = self._number.units
        if units is not None:
            factor = units.values.get(text_at(value_at(row, units.column), units.column) or "")
            if factor is None:
                raise BadRecordError(f'"units" of the mapping do not say what "{units.column}" means')
            total *= factor
        return total

    def count(self, row: Row) -> int | None:
        """Return the number as a count. Raises BadRecordError if it is none."""
        if self._plain is not None:  # the usual case, without Decimal
            value = row.get(self._plain)
            if type(value) is int or (type(value) is str and len(value) < 16 and _DIGITS(value)):
                return int(value)
        number = self.read(row)
        if number is None:
            return None
        count = int(number.to_integral_value())
        if abs(number - count) > _TOLERANCE * max(ONE, abs(number)):
            raise BadRecordError(f'"{self.columns[0]}" is not a whole number of units')
        return count


class _Time:
    """Reads the time of a row."""

    is_optional = False

    def __init__(self, given: Any) -> None:
        self._time = time_of(given)
        self.columns = (self._time.column,)
        self._zone: ZoneInfo | Any = self._time.zone or UTC
        start = self._time.start
        self._start = 0 if start is None else (start - EPOCH.date()) // _MICROSECOND

    def read(self, row: Row) -> int | None:
        """Return the time in microseconds since 1970 in UTC. Raises BadRecordError."""
        stated = self._time
        value = value_at(row, stated.column)
        if value is None or value == "":
            return None
        if stated.unit is not None:
            micros = (decimal_of(value, stated.column) or ZERO) * UNITS[stated.unit]
            if abs(micros) > _LAST:
                raise BadRecordError(f'"{stated.column}" is not a time in "{stated.unit}"')
            if self._time.start is None and micros < EARLIEST:
                raise BadRecordError(
                    f'"{stated.column}" is before the year 2000; "start" in the mapping says since which day '
                    "relative times count"
                )
            return int(micros) + self._start
        try:
            moment = value if isinstance(value, date) else self._parsed(str(value))
            if not isinstance(moment, datetime):
                moment = datetime.combine(moment, time())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
            return (moment.astimezone(UTC) - EPOCH) // _MICROSECOND
        except (ValueError, OverflowError):
            expected = f'as "{stated.format}"' if stated.format else "in ISO 8601"
            raise BadRecordError(f'"{stated.column}" is not a time {expected}') from None

    def _parsed(self, text: str) -> datetime:
        if self._time.format is None:
            return datetime.fromisoformat(text)
        return datetime.strptime(text, self._time.format)  # noqa: DTZ007  the mapping has the zone
