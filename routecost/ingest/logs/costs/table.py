"""Costs in CSV: a day and an amount per row, and optionally what they are for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from routecost.ingest.logs.call import BadRecordError, currency
from routecost.ingest.logs.costs.values import money
from routecost.model.logs.costs import CostLine
from routecost.problems import did_you_mean
from routecost.units import METERS, read_day

COLUMNS = ("day", "amount", "currency", "line", "model", "meter", "mode")
REQUIRED = ("day", "amount")


def cost_rows(text: str) -> Iterator[tuple[int, int, CostLine | str]]:
    """Yield the line, the column and the cost of each row, or what is wrong with it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [name.strip().lower() for name in next(reader, [])]
    wrong = False
    for place, name in enumerate(names):
        if name not in COLUMNS or name in names[:place]:
            known = did_you_mean(name, COLUMNS)
            yield 1, place + 1, f'column "{name}" is {"repeated" if name in COLUMNS else f"unknown{known}"}'
            wrong = True
    for name in REQUIRED:
        if name not in names:
            yield (
                1,
                1,
                f'no column "{name}"; expected {", ".join(COLUMNS)}, of which {" and ".join(REQUIRED)}',
            )
            wrong = True
    if not wrong:
        yield from _rows(reader, names)


def _rows(reader: Iterator[list[str]], names: list[str]) -> Iterator[tuple[int, int, CostLine | str]]:
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader)
            if any(cells):
                yield line, 1, _cost(cells, names)
        except StopIteration:
            return
        except csv.Error:
            yield line, 1, "it is not a valid CSV row"
        except BadRecordError as error:
            yield line, 1, str(error)


def _cost(cells: list[str], names: list[str]) -> CostLine:
    if len(cells) != len(names):
        raise BadRecordError(f"it has {len(cells)} columns; expected {len(names)}, as in the header")
    row: Mapping[str, str] = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    try:
        day = read_day(row["day"])
    except ValueError:
        raise BadRecordError("its day is not a date such as 2026-11-20") from None
    meter = row.get("meter") or None
    if meter is not None and meter not in METERS:
        raise BadRecordError(f'unknown meter "{meter}"{did_you_mean(meter, METERS)}')
    model = row.get("model") or None
    return CostLine(
        day=day,
        amount=money(row["amount"]),
        currency=currency(row.get("currency") or "USD"),
        line=row.get("line") or model or "all costs",
        model=model,
        meter=meter,
        mode=row.get("mode") or None,
    )
