"""Pricing of a concrete task plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from routecost.api.task_plans.claims import PlanClaims
from routecost.api.task_plans.text import STDIN, price_text
from routecost.api.task_plans.text import PlanOptions as PlanOptions  # noqa: PLC0414
from routecost.documents.core.kinds import FOREIGN
from routecost.documents.core.loader import Loader
from routecost.documents.pricing.load import load_sheet
from routecost.documents.routing.load import load_table
from routecost.documents.task_plan.plain_text import YAML_LIST, yaml_fault
from routecost.documents.task_plan.task_plan import TASK_PLAN
from routecost.engine.task_plan import price_plan
from routecost.errors import DocumentError, UnpricedError, UsageError
from routecost.file_access import read_utf8
from routecost.library import SUFFIXES, Library, PathLike, argument, open_library
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.task_plan import PlanCost, TaskPlan
from routecost.model.routing.table import RoutingTable
from routecost.problems import Finding, KeyPath, Names
from routecost.source import Document


def plan(
    name: PathLike,
    *,
    options: PlanOptions | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    table: PathLike | None = None,
    library: PathLike | None = None,
) -> PlanCost:
    """Price one task plan: a YAML document, or the plain text output of a planner ("-": from stdin).

    A plan in plain text needs ``options`` with tokens; without ``pricing``, the newest built-in sheet
    applies. With ``table``, the tiers of steps that name a task type are checked against that routing table.

    Raises DocumentError, UnknownNameError, UnpricedError and UsageError.
    """
    files = open_library(library)
    sheet_name = None if pricing is None else argument(pricing)
    path = None if name == STDIN else files.find("plans", argument(name))
    if path is not None and path.suffix in SUFFIXES:
        _refuse_for_yaml(options)
        cost = _from_yaml(path, files, sheet_name, as_of)
    else:
        cost = price_text(path, files, sheet_name, as_of, options or PlanOptions())
    return cost if table is None else _with_table_check(cost, argument(table), files)


def _refuse_for_yaml(options: PlanOptions | None) -> None:
    """Raise UsageError for options that a plan in YAML would ignore."""
    stated = options or PlanOptions()
    for option, value in (
        ("--tokens", stated.tokens),
        ("--each", stated.each),
        ("--planner", stated.planner),
        ("--reviewer", stated.reviewer),
    ):
        if value:
            raise UsageError(f"{option} is for plans in plain text; a plan in YAML states it itself")


def _from_yaml(path: Path, library: Library, pricing: str | None, as_of: date | None) -> PlanCost:
    loader = Loader(library)
    document = loader.read(path)
    if document is None:
        text = read_utf8(path) if loader.findings[0].message == FOREIGN else ""
        if text.lstrip().startswith("- ") and yaml_fault(text):
            raise DocumentError([replace(loader.findings[0], message=YAML_LIST)])
        return loader.finish(None)
    sheet = _sheet(loader, document, path, pricing)
    tiers = {} if sheet is None else {"tier": sheet.tier_names}
    checked = loader.check(document, TASK_PLAN, tiers)
    if checked is None or sheet is None:
        return loader.finish(None)
    day = as_of or checked.as_of or date.today()
    try:
        priced = price_plan(checked.build(path.stem, document), sheet, day)
    except UnpricedError as error:
        error.findings = (document.finding(str(error), cast("KeyPath", error.about)),)
        raise
    if not checked.claims:
        return loader.finish(priced)
    own = sheet if pricing is None else _own_sheet(library, document, path)
    claims = PlanClaims(loader, document, path, (priced, sheet, day), own)
    return loader.finish(replace(priced, claims=claims.check(checked.claims)))


def _own_sheet(library: Library, document: Document, path: Path) -> PricingSheet | None:
    """Return the sheet that a plan names; None if it is invalid, which stops nothing."""
    loader = Loader(library)
    file = loader.refer(document, path, ("pricing",), "pricing")
    return None if file is None else load_sheet(loader, file).sheet


def _sheet(loader: Loader, document: Document, path: Path, pricing: str | None) -> PricingSheet | None:
    if pricing is not None:
        return load_sheet(loader, loader.library.find("pricing", pricing)).sheet
    file = loader.refer(document, path, ("pricing",), "pricing")
    return None if file is None else load_sheet(loader, file).sheet


def _with_table_check(cost: PlanCost, table: str, library: Library) -> PlanCost:
    loader = Loader(library)
    routes = loader.finish(load_table(loader, library.find("tables", table)))
    return replace(cost, table=routes.name, findings=tuple(_disagreements(cost.plan, routes)))


def _disagreements(task_plan: TaskPlan, table: RoutingTable) -> Iterable[Finding]:
    tiers = table.tiers_by_task
    names = Names(tiers)
    for step in task_plan.steps:
        if step.task is None or step.position is None:
            continue
        tier = tiers.get(step.task)
        if tier is None:
            suggestion = names.suggestion(step.task)
            yield Finding(f'table "{table.name}" has no route for "{step.task}"{suggestion}', step.position)
        elif tier != step.tier:
            message = f'"{step.title}" runs on "{step.tier}"; table "{table.name}" routes "{step.task}" to'
            yield Finding(f'{message} "{tier}"', step.position)
