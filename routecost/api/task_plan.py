"""What ``routecost plan`` does, as functions: one concrete plan, priced."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from routecost.documents.core.loader import Loader
from routecost.documents.pricing.load import load_pricing, load_sheet
from routecost.documents.routing.load import load_table
from routecost.documents.task_plan.plain_text import PlanText
from routecost.documents.task_plan.task_plan import TASK_PLAN, TaskPlanDocument
from routecost.engine.pricing.tier_models import lineup
from routecost.engine.task_plan import PLANNER, REVIEWER, price_plan
from routecost.errors import DocumentError, UnpricedError, UsageError
from routecost.library import SUFFIXES, Library, PathLike, argument, looks_like_path, open_library
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.task_plan import Helper, PlanClaim, PlanCost, TaskPlan
from routecost.model.routing.table import RoutingTable
from routecost.model.scenario.workload import TokenShape
from routecost.problems import Finding, did_you_mean
from routecost.source import Document
from routecost.units import exact

MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan in plain text does not say: tokens per call, counts, and who plans and reviews.

    ``each`` maps a noun to how many there are: ``{"company": 12}``.
    """

    tokens: TokenShape | None = None
    each: Mapping[str, int] = field(default_factory=dict)
    planner: str | None = None
    reviewer: str | None = None


def plan(
    name: PathLike,
    *,
    options: PlanOptions | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    table: PathLike | None = None,
    library: PathLike | None = None,
) -> PlanCost:
    """Price one concrete plan: a YAML document, or the plain text that planners write.

    A plan in plain text needs ``options`` with tokens, and ``pricing``. With ``table`` the tiers of
    steps that name their task type are held against that routing table.

    Raises DocumentError, UnknownNameError, UnpricedError and UsageError.
    """
    where = open_library(library)
    path = where.find("plans", argument(name))
    is_yaml = path.suffix in SUFFIXES or not looks_like_path(argument(name))
    sheet_name = None if pricing is None else argument(pricing)
    if is_yaml:
        made = _from_yaml(path, where, sheet_name, as_of)
    else:
        made = _from_text(path, where, sheet_name, as_of, options or PlanOptions())
    return made if table is None else _held_against(made, argument(table), where)


def _from_yaml(path: Path, library: Library, pricing: str | None, as_of: date | None) -> PlanCost:
    loader = Loader(library)
    document = loader.read(path)
    if document is None or not isinstance(document.data, dict):
        return loader.finish(None)
    sheet = _sheet(loader, document, path, pricing)
    made = _checked(loader, document, sheet)
    if made is None or sheet is None:
        return loader.finish(None)
    day = as_of or made.as_of or date.today()
    priced = price_plan(made.build(path.stem, document), sheet, day)
    claims = [
        _claim(loader, document, index, claim, priced, sheet, day) for index, claim in enumerate(made.claims)
    ]
    return loader.finish(replace(priced, claims=tuple(claims)))


def _sheet(loader: Loader, document: Document, path: Path, pricing: str | None) -> PricingSheet | None:
    if pricing is not None:
        return load_sheet(loader, loader.library.find("pricing", pricing)).sheet
    found = loader.refer(document, path, ("pricing",), "pricing")
    return None if found is None else load_sheet(loader, found).sheet


def _checked(loader: Loader, document: Document, sheet: PricingSheet | None) -> TaskPlanDocument | None:
    known = {} if sheet is None else {"tier": sheet.tier_names}
    return loader.check(document, TASK_PLAN, known)


def _claim(  # noqa: PLR0917  a claim, and where it stands
    loader: Loader,
    document: Document,
    index: int,
    claim: Any,
    priced: PlanCost,
    sheet: PricingSheet,
    day: date,
) -> PlanClaim:
    """Judge a claim, of the plan as it stands or with some fields changed."""
    changed = document
    for key, value in claim.changes.items():
        at = document.position(("claims", index, "with", key), key=True)
        changed = changed.override(tuple(key.split(".")), value, at)
    if claim.changes:
        made = _checked(loader, changed.override(("claims",), [], None), sheet)
        priced = priced if made is None else price_plan(made.build(priced.plan.name, changed), sheet, day)
    name, *tiers = claim.that
    with_changes = ", ".join(f"{key}: {value}" for key, value in claim.changes.items())
    return PlanClaim(
        ".".join(claim.that) + (f" with {with_changes}" if with_changes else ""),
        claim.published,
        figure(priced, name, tiers),
        claim.within,
        claim.says,
        name in ("blend", "saved"),
    )


@exact
def figure(priced: PlanCost, name: str, tiers: Iterable[str]) -> Decimal:
    """Return a figure of a priced plan: ``total``, ``planner``, ``blend`` of two tiers, and the like.

    Raises UnpricedError for one that the plan does not have.
    """
    wanted = tuple(tiers)
    if name == "total":
        return priced.total
    if name in (PLANNER, REVIEWER):
        found = priced.overhead.get(name)
    elif name == "blend":
        shares = {(blend.low, blend.high): blend.share for blend in priced.blends}
        found = shares.get((wanted[0], wanted[1]))
    else:
        found = {each.tier: getattr(each, name) for each in priced.alternatives}.get(wanted[0])
    if found is None:
        raise UnpricedError(f'the plan has no figure "{".".join((name, *wanted))}"')
    return found


def _from_text(
    path: Path, library: Library, pricing: str | None, as_of: date | None, options: PlanOptions
) -> PlanCost:
    if pricing is None:
        raise UsageError("a plan in plain text names no prices; expected --pricing SHEET")
    if options.tokens is None:
        raise UsageError("a plan in plain text names no tokens; expected --tokens input=2000,output=500")
    sheet = load_pricing(pricing, library)
    day = as_of or date.today()
    text = PlanText(str(path), lineup(sheet, day).tiers, options.tokens, options.each)
    text.read(_read(path))
    if text.findings:
        raise DocumentError(text.findings)
    made = TaskPlan(
        path.stem,
        text.title or path.stem,
        tuple(text.steps),
        _helper(options.planner, options.tokens, sheet),
        _helper(options.reviewer, options.tokens, sheet),
    )
    return price_plan(made, sheet, day)


def _helper(tier: str | None, tokens: TokenShape, sheet: PricingSheet) -> Helper | None:
    if tier is not None and tier not in sheet.tier_names:
        raise UsageError(f'unknown tier "{tier}"{did_you_mean(tier, sheet.tier_names)}')
    return None if tier is None else Helper(tier, tokens)


def _read(path: Path) -> str:
    try:
        if os.stat(path).st_size > MOST_BYTES:
            raise UsageError(f'"{path}" is too large for a plan; expected at most {MOST_BYTES:,} bytes')
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f'cannot read "{path}": {(error.strerror or str(error)).lower()}') from error
    except UnicodeDecodeError as error:
        raise UsageError(f'cannot read "{path}": it is not text in UTF-8') from error


def _held_against(made: PlanCost, table: str, library: Library) -> PlanCost:
    loader = Loader(library)
    found = loader.finish(load_table(loader, library.find("tables", table)))
    return replace(made, table=found.name, findings=tuple(_disagreements(made.plan, found)))


def _disagreements(made: TaskPlan, table: RoutingTable) -> Iterable[Finding]:
    for step in made.steps:
        if step.task is None or step.position is None:
            continue
        tier = table.tier_of(step.task)
        if tier is None:
            offer = did_you_mean(step.task, [route.task for route in table.routes])
            yield Finding(f'table "{table.name}" has no route for "{step.task}"{offer}', step.position)
        elif tier != step.tier:
            message = f'"{step.title}" runs on "{step.tier}"; table "{table.name}" routes "{step.task}" to'
            yield Finding(f'{message} "{tier}"', step.position)
