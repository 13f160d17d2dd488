"""Rank correlations of uncertain fields, and the drivers that fields share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Name, reads_number
from routecost.documents.core.validate import validate
from routecost.engine.numeric.rank_correlation import correlations_of, factor
from routecost.model.scenario.uncertain_field import RankCorrelation, UncertainField
from routecost.problems import Finding, did_you_mean
from routecost.source import Document

KEY = "correlations"
MOST = 200
"""The most correlations of a scenario."""

Rank = Annotated[Decimal, reads_number("a rank correlation from -1 to 1", Decimal(-1), Decimal(1))]


@document
class CorrelationDocument:
    """The rank correlation (Spearman's) of two uncertain fields or drivers."""

    between: tuple[Name, ...]
    rank: Rank

    def faults(self) -> Iterator[Fault]:
        """Yield a fault unless two different fields are named."""
        if len(self.between) != 2:
            yield Fault(f"{len(self.between)} names given; expected two uncertain fields", ("between",))
        elif len(set(self.between)) == 1:
            yield Fault(f'"{self.between[0]}" is correlated with itself; expected two fields', ("between",))


def read_correlations(
    source: Document, fields: Sequence[UncertainField]
) -> tuple[tuple[RankCorrelation, ...], tuple[Finding, ...]]:
    """Return the correlations of a document, and the findings about them and about drivers.

    Malformed correlations are findings of the document type.
    """
    rows = source.get((KEY,), ())
    parsed = [_parsed(source, at) for at in range(len(rows) if isinstance(rows, list) else 0)]
    if None in parsed:
        return (), ()
    correlations = tuple(row for row in parsed if row is not None)
    findings = [*_driver_findings(source, fields, correlations), *_findings(source, fields, correlations)]
    if not findings and not _is_possible(correlations):
        message = (
            "no inputs can have all of these rank correlations; expected a positive semi-definite matrix"
        )
        findings.append(source.finding(message, (KEY,), key=True))
    return (() if findings else correlations), tuple(findings)


def _parsed(source: Document, at: int) -> RankCorrelation | None:
    row, findings = validate(source.part((KEY, at)), CorrelationDocument, {})
    if findings or row is None or any(True for _ in row.faults()):
        return None
    return RankCorrelation(row.between[0], row.between[1], row.rank)


def _driver_findings(
    source: Document, fields: Sequence[UncertainField], correlations: Iterable[RankCorrelation]
) -> Iterator[Finding]:
    used = Counter(field.driver for field in fields if field.driver is not None)
    used.update(name for row in correlations for name in row.between if name in used)
    for field in fields:
        if field.driver is None:
            continue
        if field.monthly:
            message = f'"{field.name}" has another value in each month; expected no "driver"'
            yield source.finding(message, (*field.path, "driver"), key=True)
        elif used[field.driver] == 1:
            others = [name for name in used if name != field.driver]
            hint = did_you_mean(field.driver, others) if others else ""
            message = f'only "{field.name}" has the driver "{field.driver}"; expected two fields{hint}'
            yield source.finding(message, (*field.path, "driver"))


def _findings(
    source: Document, fields: Sequence[UncertainField], correlations: Sequence[RankCorrelation]
) -> Iterator[Finding]:
    if len(correlations) > MOST:
        message = f"{len(correlations)} correlations are stated; expected at most {MOST}"
        yield source.finding(message, (KEY,), key=True)
        return
    by_name = {field.name: field for field in fields}
    variables = {field.variable for field in fields}
    pairs: dict[frozenset[str], int] = {}
    for at, row in enumerate(correlations):
        for side, name in enumerate(row.between):
            why = _why_not(name, by_name, variables)
            if why is not None:
                yield source.finding(why, (KEY, at, "between", side))
        first = pairs.setdefault(frozenset(row.between), at)
        if first != at:
            names = " and ".join(f'"{name}"' for name in row.between)
            yield source.finding(f"the correlation of {names} is stated twice", (KEY, at, "between"))


def _why_not(name: str, by_name: dict[str, UncertainField], variables: set[str]) -> str | None:
    field = by_name.get(name)
    if field is not None and field.has_many and not field.monthly:
        return f'"{name}" has several shares; expected a field with one value'
    if field is not None and field.monthly:
        return f'"{name}" has another value in each month; expected a field with one value'
    if field is not None and field.driver is not None:
        return f'"{name}" follows its driver; expected "{field.driver}" instead'
    if name not in variables:
        hint = did_you_mean(name, variables) if variables else "; no field is uncertain"
        return f'"{name}" is neither an uncertain field nor a driver{hint}'
    return None


def _is_possible(correlations: Sequence[RankCorrelation]) -> bool:
    names = sorted({name for row in correlations for name in row.between})
    ranks = [(*row.between, float(row.rank)) for row in correlations]
    return factor(correlations_of(names, ranks)) is not None
