"""Reads outcomes: a file, and what the user states about it, become arrays or findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from routecost.errors import UsageError
from routecost.ingest.outcomes.checks import check_answers, features, text_of_queries
from routecost.ingest.outcomes.chunks import RowFile
from routecost.ingest.outcomes.costs import costs
from routecost.ingest.outcomes.finding_list import FindingList, quoted
from routecost.ingest.outcomes.options import (
    BY_DEFAULT,
    BY_NAME,
    CATEGORY,
    CONFIDENCE,
    COST,
    SCORE,
    Columns,
    Missing,
    SplitRule,
)
from routecost.ingest.outcomes.splits import splits
from routecost.ingest.outcomes.table import MAX_CELLS, Table, read_table
from routecost.ingest.outcomes.values import Floats
from routecost.model.frames import Result
from routecost.model.pricing.sheet import PricingSheet
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.problems import Finding, Severity
from routecost.records import dataclass
from routecost.units import METERS

MAX_MODELS = 1_000

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Read(Result):
    """The outcomes of a file, and its warnings and notes."""

    outcomes: Outcomes
    findings: tuple[Finding, ...]


def read_outcomes(
    path: Path,
    columns: Columns = BY_NAME,
    *,
    sheet: PricingSheet | None = None,
    as_of: date | None = None,
    split: SplitRule = BY_DEFAULT,
    missing: Missing = Missing.DROP,
    score_range: tuple[float, float] = (0.0, 1.0),
) -> Read:
    """Read the outcomes of queries and models from CSV, JSON lines or Parquet, by the file's suffix.

    The long form has a row per query and model, the wide form one per query, with columns such as
    ``score.MODEL``. Queries and models are sorted by name, so that the order of rows and columns changes
    nothing. With a sheet, costs are those of the tokens at its prices on a day. Scores are scaled from
    ``score_range`` to 0 to 1.

    Raises DocumentError with the errors of the file, UsageError if it cannot be read.
    """
    low, high = score_range
    if not -float("inf") < low < high < float("inf"):
        raise UsageError(f"a range of scores from {low:g} to {high:g}; expected two numbers, the lower first")
    file = RowFile(path)
    table = read_table(file, columns)
    log = file.log
    if table is None:
        log.raise_errors(file.locate)
        raise AssertionError("a file without rows has an error")
    check_answers(table, score_range, log)
    category = text_of_queries(table, CATEGORY, log)
    parts = splits(table, split, log)
    is_small = _check_size(table, log)
    cost = costs(table, columns, sheet, as_of, log) if is_small else np.zeros(0)
    log.raise_errors(file.locate)
    values = {**table.answers, COST: cost}
    values[SCORE] = np.clip((values[SCORE] - low) / (high - low), 0, 1)
    matrices = {name: _matrix(table, cells) for name, cells in values.items()}
    kept, why = features(table)
    _note_unused(table, why, log)
    outcomes = Outcomes(
        table.queries,
        table.models,
        matrices[SCORE],
        matrices[COST],
        parts,
        matrices.get(CONFIDENCE),
        None
        if category is None or category.max() < 0
        else tuple(np.array([*table.names[CATEGORY], ""], object)[category]),
        kept,
        {meter: matrices[meter] for meter in METERS if meter in matrices},
        columns.currency if sheet is None else sheet.currency,
    )
    outcomes = _ordered(_complete(outcomes, missing, log))
    _check_outcomes(outcomes, table, log)
    log.raise_errors(file.locate)
    return Read(outcomes, file.log.placed(file.locate))


def _check_size(table: Table, log: FindingList) -> bool:
    """Report too many outcomes, and none; return whether there are not too many."""
    queries, models = len(table.queries), len(table.models)
    hint = "is the right column the model?"
    if models > MAX_MODELS:
        log.report(f"too many models: {models:,}; the limit is {MAX_MODELS:,}; {hint}")
    elif queries * models > MAX_CELLS:
        shown = f"{queries:,} queries x {models:,} models"
        log.report(f"too many outcomes: {shown}; the limit is {MAX_CELLS:,}; {hint}")
    elif SCORE not in table.answers and not log.has_errors:
        log.report(f'no column "{SCORE}"; expected one of that name, or a mapping as in "{SCORE}=COLUMN"')
    return models <= MAX_MODELS and queries * models <= MAX_CELLS


def _matrix(table: Table, cells: Floats) -> Floats:
    matrix = np.full((len(table.queries), len(table.models)), np.nan)
    matrix[table.query[table.row], table.model] = cells
    return matrix


def _note_unused(table: Table, why: dict[str, str], log: FindingList) -> None:
    unused = [name for name in table.roles.others if name not in table.further]
    for name in unused[:_MOST_NAMED]:
        why = {**why, name: "it is not numeric, not asked for, or one of too many"}
    if len(unused) > _MOST_NAMED:
        more = len(unused) - _MOST_NAMED
        log.report(f"{more:,} more columns are not used", 1, unused[_MOST_NAMED], Severity.NOTE)
    for name, reason in why.items():
        log.report(f"column {quoted(name)} is not used: {reason}", 1, name, Severity.NOTE)


def _complete(outcomes: Outcomes, missing: Missing, log: FindingList) -> Outcomes:
    """Leave out queries or models with missing cells, with a warning; or report them."""
    lacks = np.isnan(outcomes.score) | np.isnan(outcomes.cost)
    if not lacks.any():
        return outcomes
    by_model = lacks.sum(axis=0)
    order = sorted(np.flatnonzero(by_model), key=lambda at: (-by_model[at], outcomes.models[at]))
    shown = ", ".join(f"{quoted(outcomes.models[at])} {by_model[at]:,}" for at in order[:_MOST_NAMED])
    more = f" and {len(order) - _MOST_NAMED} more models" if len(order) > _MOST_NAMED else ""
    cells = f"score or cost is missing for {int(lacks.sum()):,} of {lacks.size:,} outcomes ({shown}{more})"
    for at in np.flatnonzero(by_model == len(outcomes)):
        log.report(f"model {quoted(outcomes.models[at])} has no outcomes")
    rows = np.flatnonzero(~lacks.any(axis=1))
    models = [outcomes.models[at] for at in np.flatnonzero(by_model == 0)]
    if log.has_errors:
        return outcomes
    if missing is Missing.FAIL:
        row, model = np.argwhere(lacks)[0]
        first = f"query {quoted(outcomes.queries[row])}, model {quoted(outcomes.models[model])}"
        log.report(f"{cells}; the first: {first}")
    elif missing is Missing.DROP and not len(rows):
        log.report(f'{cells}: no query has all; leave out models instead ("model")')
    elif missing is Missing.DROP:
        count = len(outcomes) - len(rows)
        log.warn(f"{cells}: {count:,} of {len(outcomes):,} queries left out")
        return outcomes.rows(rows)
    elif not models:
        log.report(f'{cells}: no model has all; leave out queries instead ("drop")')
    else:
        log.warn(f"{cells}: {len(order):,} of {len(outcomes.models):,} models left out")
        return outcomes.of_models(models)
    return outcomes


def _ordered(outcomes: Outcomes) -> Outcomes:
    """Sort queries and models by name."""
    order = sorted(range(len(outcomes)), key=outcomes.queries.__getitem__)
    return outcomes.rows(np.array(order, np.intp)).of_models(sorted(outcomes.models))


def _check_outcomes(outcomes: Outcomes, table: Table, log: FindingList) -> None:
    """Report parts without queries, and models from which little can be learned."""
    for part in (Split.TRAIN, Split.TEST):
        if not (outcomes.splits == part).any() and not log.has_errors:
            log.report(f'no query is in the part "{part}"; policies are fitted on train and tested on test')
    if log.has_errors:
        return
    for at, model in enumerate(outcomes.models):
        code = table.models.index(model)
        line = 1 if table.roles.is_wide else int(table.line[table.row[np.argmax(table.model == code)]])
        for name, message in _weaknesses(outcomes, at):
            log.warn(f"model {quoted(model)}: {message}", line, table.column(name, model))


def _weaknesses(outcomes: Outcomes, at: int) -> Iterator[tuple[str, str]]:
    score, cost = outcomes.score[:, at], outcomes.cost[:, at]
    if not score.any():
        yield SCORE, "it has no successes"
    elif score.min() == score.max():
        yield SCORE, f"all its scores are {score[0]:g}; nothing can be learned about when it fails"
    free = int((cost == 0).sum())
    if free:
        yield COST, f"its cost is 0 for {free:,} of {len(outcomes):,} queries"
    if outcomes.confidence is not None:
        known = outcomes.confidence[~np.isnan(outcomes.confidence[:, at]), at]
        if not len(known):
            yield CONFIDENCE, "it has no confidences; no cascade can stop at it"
        elif known.min() == known.max():
            yield CONFIDENCE, f"its confidence is always {known[0]:g}; no cascade can stop at it"
        elif len(known) < len(outcomes):
            yield CONFIDENCE, f"it has no confidence for {len(outcomes) - len(known):,} queries"
