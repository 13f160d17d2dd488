"""Rows of the FinOps Open Cost and Usage Specification (FOCUS 1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from routecost.api.logs.source import (
    Logs,
    as_source,
    facts_of,
    opened,
    read_keys,
    refuse_no_calls,
    refuse_unpriced,
    sheet_pricer,
)
from routecost.api.project import as_planned
from routecost.api.scenarios import horizon_of, priced, resolve
from routecost.engine.focus import projection as _projection
from routecost.engine.focus import usage as _charges
from routecost.engine.logs import usage as _usage
from routecost.engine.projection.project import project
from routecost.errors import UsageError
from routecost.library import PathLike
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.focus.rows import UNKNOWN, FocusRows
from routecost.model.results.logs.usage import Key
from routecost.model.scenario.horizon import DEFAULT_MONTHS
from routecost.model.scenario.scenario import Scenario
from routecost.units import listed


def usage_focus(
    logs: Logs,
    *,
    pricing: PathLike | PricingSheet | None = None,
    by: Sequence[Key | str] = (),
    billing_account: str = UNKNOWN,
    provider: str | None = None,
    library: PathLike | None = None,
) -> FocusRows:
    """Return logged calls as rows of FOCUS 1.2, by day, or with ``by="month"`` by month.

    There is a row for each meter of a model at a unit price; other keys of ``by`` become tags. The billed
    costs sum to the least cost of :func:`log_usage`, exactly. ``provider`` is that of all rows, else that
    of the pricing sheet.

    Raises as :func:`log_usage` does; also raises UsageError for calls whose day is unknown.
    """
    keys, pricer = read_keys(by), sheet_pricer(as_source(logs), pricing, library)
    if Key.WEEK in keys:
        raise UsageError("rows of FOCUS are by day or month, because weeks cross billing periods")
    with opened(logs) as (source, log):
        cells = log.cells(_usage.cell_keys((Key.DAY, *keys)), [pricer.sheet])
        refuse_no_calls(cells, log, source)
        missing = refuse_unpriced(log, cells, pricer, source)
        facts = facts_of(log, source)
    costs = _usage.priced(cells, pricer)
    undated = sum(cell.calls or 1 for cell, cost in costs if _usage.day_of(cell) is None and cost)
    if undated:
        raise UsageError(
            f"the day of {_usage.calls_in_words(undated)} unknown, and rows of FOCUS have a period; "
            "--since DATE leaves such calls out"
        )
    return FocusRows(
        charges=tuple(_charges.charges_of(costs, keys, pricer)),
        currency=pricer.sheet.currency,
        list_currency=pricer.sheet.list_currency,
        pricing=pricer.sheet.name,
        account=_named("billing account", billing_account),
        provider=None if provider is None else _named("provider", provider),
        zone=ZoneInfo(source.time_zone),
        facts=facts,
        unpriced=missing,
        has_terms=bool(pricer.sheet.terms),
    )


def project_focus(  # noqa: PLR0913  the options of a projection
    scenario: PathLike | Scenario,
    *,
    strategy: str | None = None,
    months: int = DEFAULT_MONTHS,
    growth: str | Decimal | float | None = None,
    start: str | None = None,
    days: str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    what_if: Sequence[str] = (),
    billing_account: str = UNKNOWN,
    provider: str | None = None,
    library: PathLike | None = None,
) -> FocusRows:
    """Return the months of one strategy of a projection as rows of FOCUS 1.2, which are marked as forecast.

    The ``strategy`` is the proposed one by default, else the default one. There is a row for each task
    type and meter of a model at a unit price, and one for each term on a month's total. The billed costs of
    a month sum to its cost in :func:`project`, exactly; inputs that are uncertain have their means.

    Raises as :func:`project` does; also raises UsageError if no strategy is proposed.
    """
    selected = [] if strategy is None else [strategy]
    loaded = resolve(
        scenario, pricing=pricing, as_of=as_of, library=library, strategies=selected, what_if=what_if
    )
    chosen = as_planned(loaded, selected, None, days, growth)
    horizon = horizon_of(chosen, months, growth, start, as_of)
    if horizon.first_days[-1] == date(9999, 12, 1):
        raise UsageError("rows of FOCUS have the day after a month, which 9999-12 does not have")
    name = strategy or _strategy(chosen)
    projection, left_out = priced(chosen, [name], lambda one: project(one, horizon))
    if left_out:
        from routecost.engine.compare.unpriced import only  # most strategies have a price

        chosen = only(chosen, [spend.strategy for spend in projection.strategies])
    worst = projection if projection.worst is None else projection.worst
    pairs = zip(projection[name].months, worst[name].months, strict=True)
    costs = [(month.cost, most.cost) for month, most in pairs]
    return FocusRows(
        charges=tuple(_projection.charges_of(chosen, horizon, name, costs)),
        currency=projection.currency,
        list_currency=chosen.pricing.list_currency,
        pricing=projection.pricing,
        account=_named("billing account", billing_account),
        provider=None if provider is None else _named("provider", provider),
        scenario=projection.scenario,
        strategy=name,
        projection=replace(projection, left_out=left_out).only([name]),
    )


def _strategy(scenario: Scenario) -> str:
    """Return the strategy that is proposed, else the default one, else the only one."""
    plan = scenario.plan
    name = (plan and plan.proposed) or scenario.proposed or scenario.default
    if name is None and len(scenario.strategies) > 1:
        raise UsageError(
            "rows of FOCUS are those of one strategy, and none is proposed; expected --strategy NAME, "
            f"one of {listed(scenario.strategies)}"
        )
    return name or next(iter(scenario.strategies))


def _named(what: str, name: str) -> str:
    if not name.strip():
        raise UsageError(f'the {what} "{name}" is empty; FOCUS requires a name')
    return name
