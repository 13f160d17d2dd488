"""Usage and cost of logged calls."""

from __future__ import annotations

from collections.abc import Sequence

from routecost.api.logs.source import (
    Logs,
    as_source,
    facts_of,
    opened,
    read_keys,
    refuse_unpriced,
    sheet_pricer,
)
from routecost.engine.logs import usage as _usage
from routecost.library import PathLike
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.logs.usage import Key, LogUsage


def log_usage(
    logs: Logs,
    *,
    pricing: PathLike | PricingSheet | None = None,
    by: Sequence[Key | str] = (Key.MODEL,),
    library: PathLike | None = None,
) -> LogUsage:
    """Return the calls, units and cost of logs by task type, tier, model, day, week, month, agent or outcome.

    Where logs state costs, they are reconciled with the prices of the sheet; where they state outcomes,
    rates of failure and escalation, and the cost per success, are measured.

    Raises UsageError for logs that cannot be read and for other time zones and keys, UnpricedCallsError
    with all calls that have no price, CurrencyError, EnvironmentFailure without the extra ``logs``.
    """
    keys, pricer = read_keys(by), sheet_pricer(as_source(logs), pricing, library)
    sheet = pricer.sheet
    with opened(logs) as (source, log):
        cells = log.cells(_usage.cell_keys((*keys, Key.TASK_TYPE, Key.OUTCOME)), [sheet])
        missing = refuse_unpriced(cells, pricer, source)
        priced = _usage.priced(cells, pricer)
        outcomes = _usage.outcome_rows(priced, pricer)
        tasks = log.tasks(_usage.tier_ranks(priced, pricer)) if outcomes else []
        facts = facts_of(log, source)
    total = _usage.summed(priced)
    return LogUsage(
        facts=facts,
        pricing=sheet.name,
        currency=sheet.currency,
        keys=keys,
        meters=_usage.used_meters(total),
        rows=tuple(_usage.usage_rows(priced, keys, pricer)),
        total=total,
        reconciliation=tuple(_usage.reconciled(priced, pricer)),
        outcomes=tuple(outcomes),
        tasks=tuple(_usage.task_rows(tasks, priced)),
        unpriced=missing,
        has_terms=bool(sheet.terms),
    )
