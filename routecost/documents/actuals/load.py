"""Loads actuals from YAML, CSV or a workbook and validates them against the scenario's plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from routecost.documents.actuals.actuals import ACTUALS
from routecost.documents.actuals.fields import SPAN, Span
from routecost.documents.core.loader import Loader
from routecost.documents.core.money import MONEY, MoneyContext
from routecost.errors import UsageError
from routecost.library import SUFFIXES, Library
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.actuals import Actuals
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.source import Document
from routecost.units import exact

CSV, XLSX = ".csv", ".xlsx"


@exact
def load_actuals(  # noqa: PLR0917  the file, and what it is checked against
    path: Path,
    scenario: Scenario,
    horizon: Horizon,
    today: date,
    own: PricingSheet | None = None,
    sheet: str | None = None,
) -> Actuals:
    """Load the actuals of a scenario from YAML, CSV or a ``sheet`` of a workbook, by the file's suffix.

    Months may be in any order; they must be within the horizon and have ended before ``today``. Money
    is converted into the currency of the prices at the rate of the last day of its month; without a
    currency it is in that of ``own``, the sheet that the scenario names. A month without a strategy has
    the one in force: the plan's migration, else the default, else the proposed or only one.

    Raises DocumentError with every finding, and UsageError for a file that cannot be read.
    """
    loader = Loader(Library())
    document = _read(loader, path, sheet)
    if document is None:
        return loader.finish(None)
    known = _known(scenario, Span(horizon.first_days[0], horizon.first_days[-1], today), own)
    parsed = loader.check(document, ACTUALS, known)
    if parsed is None:
        return loader.finish(None)
    strategy = parsed.strategy or in_force(scenario)
    lacks = any(month.strategy is None for month in parsed.months)
    if strategy is None and lacks:
        message = '"strategy" is missing; the scenario has no migration and no default, and proposes none'
        loader.findings.append(document.finding(message))
    months = (month.build(strategy or "", index, document) for index, month in enumerate(parsed.months))
    assumed = strategy if lacks and parsed.strategy is None else None
    return loader.finish(Actuals(path.name, tuple(sorted(months, key=lambda month: month.month)), assumed))


def _read(loader: Loader, path: Path, sheet: str | None) -> Document | None:
    suffix = path.suffix.lower()
    if sheet is not None and suffix != XLSX:
        raise UsageError(f'"{path}" has no sheets; expected a workbook ({XLSX}) for the sheet "{sheet}"')
    if suffix in SUFFIXES:
        return loader.read(path)
    if suffix not in (CSV, XLSX):
        expected = ", ".join((*SUFFIXES, CSV, XLSX))
        raise UsageError(f'cannot read "{path}": unknown file type; expected one of {expected}')
    from routecost.documents.actuals.csv_rows import COLUMNS, NEEDED, from_rows

    is_csv = suffix == CSV
    rows = loader.read_rows(path, set(COLUMNS)) if is_csv else loader.read_sheet(path, sheet, NEEDED)
    if rows is None:
        return None

    document, findings = from_rows(rows, of_sheet=not is_csv)
    loader.findings += findings
    return document


def _known(scenario: Scenario, span: Span, own: PricingSheet | None) -> Mapping[str, Any]:
    sheet = scenario.pricing
    strategies = (*scenario.strategies, *(scenario.plan or NO_PLAN).migrations)
    launches = (launch.workload for launch in (scenario.plan or NO_PLAN).launches)
    types = [task.name for work in (scenario.workload, *launches) for task in work.task_types]
    names = {
        "tier": sheet.tier_names,
        "model": tuple(sheet.models),
        "strategy": strategies,
        "task type": tuple(dict.fromkeys(types)),
    }
    money = MoneyContext(sheet, span.today, lambda: own or sheet, None if own is None else own.name)
    return {**names, MONEY: money, SPAN: span}


def in_force(scenario: Scenario) -> str | None:
    """Return the strategy that runs by the plan: its migration, if it has one or proposes one."""
    plan = scenario.plan or NO_PLAN
    proposed = plan.proposed or scenario.proposed
    if proposed in plan.migrations:
        return proposed
    if len(plan.migrations) == 1:
        return next(iter(plan.migrations))
    only = next(iter(scenario.strategies)) if len(scenario.strategies) == 1 else None
    return scenario.default or proposed or only
