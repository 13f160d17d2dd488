"""Pricing of a task plan in the plain text that planners print."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from pathlib import Path

from routecost.documents.pricing.load import load_pricing
from routecost.documents.task_plan.plain_text import PlanText
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.task_plan import price_plan
from routecost.errors import DocumentError, UsageError
from routecost.file_access import MAX_BYTES, read_utf8, utf8_text
from routecost.library import Library
from routecost.model.results.task_plan import Helper, PlanCost, TaskPlan, TextSource
from routecost.model.scenario.workload import TokenShape
from routecost.problems import Finding, Names, Position, did_you_mean
from routecost.records import dataclass

STDIN = "-"
_DATED = re.compile(r"-(?P<year>[0-9]{4})-(?P<month>[0-9]{2})$")
_UNKNOWN = TokenShape.mean(Decimal(1), Decimal(1))


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """Inputs missing from a plan in plain text: tokens per call, counts, and helper tiers.

    ``each`` maps a noun to its count: ``{"company": 12}``.
    """

    tokens: TokenShape | None = None
    each: Mapping[str, int] = field(default_factory=dict)
    planner: str | None = None
    reviewer: str | None = None


def price_text(
    path: Path | None, library: Library, pricing: str | None, as_of: date | None, options: PlanOptions
) -> PlanCost:
    """Price a plan in plain text, from stdin if ``path`` is None; the faults are raised at once."""
    sheet = load_pricing(pricing or newest_sheet(), library if pricing else Library())
    day = as_of or date.today()
    tiers = tier_models(sheet, day).tiers
    file = "<stdin>" if path is None else str(path)
    name = "stdin" if path is None else path.stem
    text = PlanText(file, tiers, options.tokens or _UNKNOWN, options.each)
    text.read(_stdin() if path is None else read_utf8(path))
    faults = list(_option_faults(options, text, tiers))
    if text.findings:
        where = Position(file, 1, 1)
        raise DocumentError([*text.findings, *(Finding(fault, where) for fault in faults)])
    if faults or options.tokens is None:
        raise UsageError("; ".join(faults))
    task_plan = TaskPlan(
        name,
        text.title or name,
        tuple(text.steps),
        None if options.planner is None else Helper(options.planner, options.tokens),
        None if options.reviewer is None else Helper(options.reviewer, options.tokens),
        source=TextSource(pricing is None, tuple(where.line for where in text.asides)),
    )
    return price_plan(task_plan, sheet, day)


def newest_sheet() -> str:
    """Return the name of the built-in sheet whose name has the latest month."""
    return max(name for name in Library().names("pricing") if _DATED.search(name))


def _option_faults(options: PlanOptions, text: PlanText, tiers: tuple[str, ...]) -> Iterator[str]:
    if options.tokens is None:
        yield "a plan in plain text has no tokens; add --tokens input=2000,output=500"
    for option, tier in (("--planner", options.planner), ("--reviewer", options.reviewer)):
        if tier is not None and tier not in tiers:
            yield f'unknown tier "{tier}" of {option}{did_you_mean(tier, tiers)}'
    words = Names(tuple(text.each_words))
    for noun in options.each if text.has_steps else ():
        if noun not in text.used:
            offer = words.suggestion(noun) if text.each_words else ""
            yield f'no step uses the number of --each {noun}; expected a noun after "each"{offer}'


def _stdin() -> str:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("cannot read the plan from stdin: it is closed")
    stream = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read(MAX_BYTES + 1).encode() if stream is None else stream.read(MAX_BYTES + 1)
    return utf8_text(data if len(data) <= MAX_BYTES else None, "<stdin>")
