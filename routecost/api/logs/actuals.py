"""Actuals of logs, as ``project --actuals`` reads them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping

from routecost.documents.actuals.actuals import TOKENS
from routecost.documents.core.scalars import FEES
from routecost.errors import UsageError
from routecost.model.results.logs.usage import LogUsage, MonthUsage, UsageRow

SUFFIXES = (".yaml", ".yml", ".csv")


def log_actuals(usage: LogUsage, suffix: str = ".yaml") -> str:
    """Return the months of a log as the text of an actuals file, YAML or (suffix ``.csv``) CSV.

    Only months that are over are in it; :func:`log_usage` says whether also those that the log covers in
    part. Spend is the cost at the prices of the sheet. Raises UsageError for another suffix, calls
    without a price or with a cost that is not known exactly, and without such months.
    """
    if suffix.lower() not in SUFFIXES:
        raise UsageError(f'actuals cannot be written to "{suffix}"; expected {", ".join(SUFFIXES)}')
    if not usage.months:
        months = ", ".join(usage.left_out)
        part = f", and of {months} they have only a part; --partial-months includes it" if months else ""
        raise UsageError(f"no month of the logs is over and complete{part or '; actuals have whole months'}")
    for month in usage.months:
        for name, row in month.used.items():
            _refuse_unknown(f"{name} in {month.month:%Y-%m}", row)
    return _csv(usage) if suffix.lower() == ".csv" else _yaml(usage)


def _refuse_unknown(where: str, row: UsageRow) -> None:
    if row.least != row.most:
        raise UsageError(f"the cost of {where} is not known exactly; actuals need it")
    other = [meter for meter in row.units if meter not in {*TOKENS, *FEES}]
    if other:
        raise UsageError(f'actuals have no key for meter "{other[0]}", which {where} used')


def _yaml(usage: LogUsage) -> str:
    lines = ["# The usage of logs, with their cost at the prices of " + json.dumps(usage.pricing) + "."]
    lines += ["version: 1", f"currency: {usage.currency}", "months:"]
    for month in usage.months:
        tasks = "" if month.tasks is None else f", tasks: {month.tasks}"
        lines.append(f"  - month: {month.month:%Y-%m}{tasks.replace(', ', chr(10) + '    ')}")
        lines.append(f"    {month.grain}s:")
        for name, row in month.used.items():
            fees = [f"{meter}: {row.units[meter]}" for meter in FEES if row.units.get(meter)]
            meters = {"meters": "{" + ", ".join(fees) + "}"} if fees else {}
            values = ", ".join(f"{key}: {value}" for key, value in {**_values(row), **meters}.items())
            lines.append(f"      {json.dumps(name)}: {{{values}}}")
    return "\n".join(lines) + "\n"


def _values(row: UsageRow) -> Mapping[str, str]:
    calls = {"calls": str(row.calls)} if row.is_counted else {}
    tokens = {meter: str(row.units.get(meter, 0)) for meter in TOKENS}
    return {**calls, **tokens, "spend": f"{row.cost.low:f}"}


def _csv(usage: LogUsage) -> str:
    fees = [fee for fee in FEES if usage.total.units.get(fee)]
    grain = usage.months[0].grain
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["month", grain, "currency", "tasks", "calls", *TOKENS, "spend", *fees])
    for month in usage.months:
        writer.writerows(_rows(month, usage.currency, fees))
    return text.getvalue()


def _rows(month: MonthUsage, currency: str, fees: list[str]) -> Iterator[list[str]]:
    name = f"{month.month:%Y-%m}"
    if month.tasks is not None:
        yield [name, "", currency, str(month.tasks), "", *[""] * (len(TOKENS) + 1 + len(fees))]
    for used, row in month.used.items():
        values = _values(row)
        yield [
            name,
            used,
            currency,
            "",
            *(values.get(key, "") for key in ("calls", *TOKENS, "spend")),
            *(str(row.units.get(fee, 0)) for fee in fees),
        ]
