"""Costs of answers: those of the file, or those of its tokens at the prices of a sheet."""

from __future__ import annotations

from datetime import date

import numpy as np

from routecost.engine.pricing.pricer import Pricer, pricer
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import RoutecostError, UnknownNameError, UsageError
from routecost.ingest.outcomes.finding_list import FindingList
from routecost.ingest.outcomes.options import COST, SCORE, Columns
from routecost.ingest.outcomes.table import Table
from routecost.ingest.outcomes.values import Floats
from routecost.model.pricing.sheet import PricingSheet
from routecost.problems import Names
from routecost.units import METERS


def costs(
    table: Table, columns: Columns, sheet: PricingSheet | None, as_of: date | None, log: FindingList
) -> Floats:
    """Return the cost of each answer, NaN where it is not known.

    With a sheet, tokens are priced at its rates of a day; without, the costs are those of the file. Models
    with a stated cost per query have that cost.
    """
    stated = table.answers.get(COST, np.full(len(table.model), np.nan)) if sheet is None else None
    tokens = {name: values for name, values in table.answers.items() if name in METERS}
    cost = np.full(len(table.model), np.nan) if stated is None else stated.copy()
    unstated = [model for model in table.models if model not in columns.costs]
    if unstated and sheet is None and COST not in table.answers:
        hint = "expected one, or columns of tokens and a pricing sheet (--pricing), or --model-cost"
        log.report(f'no column "{COST}"; {hint}')
    if unstated and sheet is not None and not tokens:
        log.report('no column of tokens, such as "input" and "output"; a pricing sheet needs them')
    for code, model in enumerate(table.models):
        at = np.flatnonzero(table.model == code)
        if not len(at):
            continue
        if model in columns.costs:
            cost[at] = columns.costs[model]
        elif sheet is not None and tokens:
            if as_of is None:
                raise UsageError("prices need a day; give the one whose prices apply")
            name = columns.priced_as.get(model, model)
            try:
                cost[at] = _priced(_pricer(sheet, name, as_of), {key: tokens[key][at] for key in tokens})
            except RoutecostError as error:
                line = int(table.line[table.row[at[0]]])
                log.report(str(error), line, table.column("model", model) or table.column(SCORE, model))
    return cost


def _pricer(sheet: PricingSheet, name: str, as_of: date) -> Pricer:
    """Return the pricer of a model, or of the model of a tier."""
    tiers = tier_models(sheet, as_of).models
    if name not in sheet.models and name not in tiers:
        known = Names((*sheet.models, *tiers))
        raise UnknownNameError(
            f'no model or tier "{name}" in pricing sheet "{sheet.name}"{known.suggestion(name)}'
        )
    return pricer(sheet, name if name in sheet.models else tiers[name], as_of)


def _priced(price: Pricer, tokens: dict[str, Floats]) -> Floats:
    """Return prices; NaN where tokens are not known, or so wrong that they are reported elsewhere."""
    known = np.all([values >= 0 for values in tokens.values()], axis=0)
    cost = np.full(len(known), np.nan)
    cost[known] = price.many(**{meter: values[known] for meter, values in tokens.items()})
    return cost
