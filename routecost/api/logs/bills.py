"""Logged calls beside the costs that their provider reports."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from decimal import Decimal

from routecost.api.frames import Frame, is_frame, table_file
from routecost.api.logs.source import Logs, as_source, facts_of, opened, refuse_unpriced, sheet_pricer
from routecost.engine.logs import usage as _usage
from routecost.engine.logs.against import billed_rows, gap_causes
from routecost.errors import UsageError
from routecost.library import PathLike
from routecost.model.logs.costs import CostLine
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.logs.against import Against
from routecost.model.results.logs.usage import Key
from routecost.units import ONE, ZERO, read_number

TOLERANCE = "1%"


def usage_against(
    logs: Logs,
    costs: Sequence[PathLike | Frame | CostLine] | Frame,
    *,
    pricing: PathLike | PricingSheet | None = None,
    tolerance: str = TOLERANCE,
    library: PathLike | None = None,
) -> Against:
    """Return the cost of logged calls beside a provider's cost report, by day and line.

    ``costs`` are files of reports, frames with their rows, or their lines. Only days from ``since`` until
    ``until`` are compared; the days of reports are those of UTC. Raises as :func:`log_usage` does, UsageError
    for files that are no cost report.
    """
    fraction, source = read_tolerance(tolerance), as_source(logs)
    pricer = sheet_pricer(source, pricing, library)
    costs = [costs] if is_frame(costs) else costs
    lines = [line for line in costs if isinstance(line, CostLine)]
    notes: tuple[str, ...] = ()
    files = [report for report in costs if not isinstance(report, CostLine)]
    if files:
        from routecost.ingest.logs.costs.read import read_costs

        with ExitStack() as stack:
            paths = [
                str(stack.enter_context(table_file(file, "costs")).path if is_frame(file) else file)
                for file in files
            ]
            read = read_costs(paths)
        lines += read.lines
        notes = tuple(read.notes)
    lines = [
        line
        for line in lines
        if (source.since is None or line.day >= source.since)
        and (source.until is None or line.day <= source.until)
    ]
    with opened(source) as (_, log):
        cells = log.cells(_usage.cell_keys([Key.DAY]), [pricer.sheet])
        facts = facts_of(log, source)
        missing = refuse_unpriced(log, cells, pricer, source)
    priced = _usage.priced(cells, pricer)
    rows = billed_rows(priced, lines, pricer, fraction)
    return Against(
        facts,
        pricer.sheet.name,
        pricer.sheet.currency,
        tuple("frame of costs" if is_frame(file) else str(file) for file in files),
        fraction,
        tuple(rows),
        (*gap_causes(rows, priced, pricer, facts.undated), *notes),
        missing,
    )


def read_tolerance(text: str) -> Decimal:
    """Return a tolerance from a text such as ``1%`` or ``0.01``; raises UsageError for another."""
    number = read_number(text)
    if number is None or not ZERO <= number.value < ONE:
        raise UsageError(f'--tolerance "{text}" is not a share; expected one such as 1% or 0.01')
    return number.value
