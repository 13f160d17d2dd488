"""Report of what a change of documents does to bills and findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Bounds, Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.changes.changes import (
    Cause,
    Diff,
    Gate,
    Judgement,
    ScenarioChange,
    Status,
    StrategyChange,
    record,
)
from routecost.model.results.failures import Between
from routecost.model.results.validation import FINDING_COLUMNS

MARKER = "routecost diff"
_TEXTS = ("scenario", "strategy", "status", "currency")
_FRACTION = "change_fraction"
_GATE_COLUMNS = ("scenario", "strategy", "strategy_before", "role", "limit", "judgement")


def report(diff: Diff) -> Report:
    """Return the report: a row per strategy, per finding that is new or gone, and per gate."""
    return Report(
        command="diff",
        title=f"Costs per month: {diff.before} and {diff.after}",
        meta={"before": diff.before, "after": diff.after, "currency": diff.currency, "passes": _passes(diff)},
        blocks=tuple(_blocks(diff)),
        currency=diff.currency or "USD",
        main="changes",
        marker=MARKER,
    )


def _passes(diff: Diff) -> bool | None:
    return not diff.failed if diff.gated else None


def _blocks(diff: Diff) -> Iterator[Block]:
    yield from (_gate_note(gate) for gate in diff.gates)
    shown = [(one, row) for one in diff.scenarios for row in one.strategies if _is_shown(diff, row)]
    if shown:
        yield _table(diff, shown)
    if any(row.counts_failures for _, row in shown):
        yield _totals(diff, shown)
    yield from _notes(diff, [row for _, row in shown])
    yield _machine_table(diff)
    yield from _findings(diff)
    yield _machine_gates(diff)


def _is_shown(diff: Diff, row: StrategyChange) -> bool:
    return len(diff.scenarios) == 1 or row.status is not Status.UNCHANGED


Rows = Sequence[tuple[ScenarioChange, StrategyChange]]


def _table(diff: Diff, shown: Rows) -> Table:
    """Return the costs of calls and the causes of their changes, for people."""
    parts = [
        part for part in Cause if part is not Cause.TERMS or any(row.parts.get(part) for _, row in shown)
    ]
    columns = (
        Column("before", "before", Unit.MONEY),
        Column("after", "after", Unit.MONEY),
        Column("change", "difference", Unit.MONEY),
        Column(_FRACTION, "change", Unit.CHANGE),
        *(Column(part.value, part.value, Unit.MONEY) for part in parts),
    )
    return _for_people("bill", None, diff, columns, [(one, row, [*_bill(row, parts)]) for one, row in shown])


def _totals(diff: Diff, shown: Rows) -> Table:
    """Return the costs with failures, for people."""
    columns = (
        Column("total_before", "before", Unit.MONEY),
        Column("total_after", "after", Unit.MONEY),
        Column("total_change", "difference", Unit.MONEY),
        Column("failure_change", "of that, failures", Unit.MONEY),
    )
    rows = [
        (
            one,
            row,
            [
                *(None if side is None else _bounds(side.total) for side in (row.before, row.after)),
                *_more(row),
            ],
        )
        for one, row in shown
    ]
    return _for_people("totals", "Failures included", diff, columns, rows)


def _for_people(
    name: str,
    title: str | None,
    diff: Diff,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[ScenarioChange, StrategyChange, list[Cell]]],
) -> Table:
    """Return a table with a row per strategy, and the scenario and currency of each if there are several."""
    has_several = len(diff.scenarios) > 1
    names = [Column("scenario", "scenario")] if has_several else []
    cells = [
        [
            *([one.file] if has_several else []),
            row.strategy,
            *(_in(one.currency, diff, cell, column) for cell, column in zip(line, columns, strict=True)),
        ]
        for one, row, line in rows
    ]
    shown = (*names, Column("strategy", "strategy"), *columns)
    return Table(name, shown, cells, title=title, audience=Audience.PEOPLE)


def _bill(row: StrategyChange, parts: Sequence[Cause]) -> Iterator[Cell]:
    yield from (None if side is None else _bounds(side.calls) for side in (row.before, row.after))
    if row.change is None:
        yield None
        yield Shown(None, row.status.value)
    else:
        yield row.change if row.calls.low is None else _bounds(row.calls)
        yield Shown(None, "unchanged") if row.status is Status.UNCHANGED else row.change_fraction
    yield from (row.parts.get(part) for part in parts)


def _more(row: StrategyChange) -> tuple[Cell, Cell]:
    return (None, None) if row.change is None else (_bounds(row.total), _bounds(row.failures))


def _bounds(amount: Between) -> Cell:
    return amount.known if amount.known is not None else Bounds(*amount)


def _in(currency: str, diff: Diff, cell: Cell, column: Column) -> Cell:
    """Return an amount with its currency if the report has several."""
    is_other = diff.currency is None and column.unit is Unit.MONEY and isinstance(cell, Decimal)
    return Quantity(cell, Unit.MONEY, currency) if is_other and isinstance(cell, Decimal) else cell


def _notes(diff: Diff, rows: Sequence[StrategyChange]) -> Iterator[Note]:
    same = sum(one.status is Status.UNCHANGED for one in diff.scenarios)
    if len(diff.scenarios) > 1 and same:
        yield Note.of(f"{same} of {len(diff.scenarios)} scenarios cost the same.")
    yield from (Note.of(text, warning=True) for text in diff.notes)
    if any(row.change for row in rows):
        yield Note.of(
            "The parts add up to the difference: volume is the number of tasks, mix the calls per task by "
            "task type and tier, tokens the units per call, and price the cost per unit. Each is the mean of "
            "its contributions in all orders of the causes (Shapley value)."
        )
    if any(row.parts.get(Cause.TERMS) for row in rows):
        yield Note.of("Terms are fixed fees, allowances and discounts on a month's total.")
    if any(row.change is not None and row.counts_failures and row.failures.known is None for row in rows):
        yield Note.of("Bounds of failures assume that no tier fails less often than a higher one.")
    unknown = [row for row in rows if row.change is not None and row.calls.low is None]
    if unknown:
        names = ", ".join(row.strategy for row in unknown)
        yield Note.of(f"Calls of unknown number or size are not in the costs of {names}.", warning=True)


def _gate_note(gate: Gate) -> Note:
    return Note.of(*gate_text(gate))


def gate_text(gate: Gate) -> list[str | Quantity]:
    """Return the judgement of a gate as a sentence with its strategy, costs and limit."""
    role = f" ({gate.role})" if gate.role else ""
    where = f"{gate.scenario}: {gate.strategy}{role}"
    if gate.before is None or gate.after is None or gate.change is None:
        what = "is gone" if gate.before is not None else "has an unknown cost before the change"
        return [f"{where} {what}: the increase is not known to be within {gate.limit}."]
    other = f"{gate.strategy_before} " if gate.strategy_before not in (None, gate.strategy) else ""
    before = (
        [other, *_money(gate.before, gate)] if gate.strategy_before is not None else ["nothing (it is new)"]
    )
    return [
        f"{where}: calls and failures cost " if gate.counts_failures else f"{where} costs ",
        *before,
        " before and ",
        *_money(gate.after, gate),
        " after, a difference of ",
        *_money(gate.change, gate),
        f" a month: {_RESULTS[gate.judgement]} {gate.limit}.",
    ]


_RESULTS = {
    Judgement.PASSES: "within",
    Judgement.FAILS: "more than",
    Judgement.UNKNOWN: "not known to be within",
}


def _money(amount: Between, gate: Gate) -> list[str | Quantity]:
    def shown(value: Decimal) -> Quantity:
        return Quantity(value, Unit.MONEY, gate.currency)

    low, high = amount
    if low is None or high is None:
        known = low if high is None else high
        if known is None:
            return ["an unknown amount"]
        return [shown(known), " or more" if high is None else " or less"]
    return [shown(low)] if low == high else [shown(low), " to ", shown(high)]


def _machine_table(diff: Diff) -> Table:
    names = list(record(*_EXAMPLE))
    columns = tuple(Column(name, name, _unit(name)) for name in names)
    rows = [list(row.values()) for row in diff.records()]
    return Table("changes", columns, rows, audience=Audience.MACHINES)


_EXAMPLE = (ScenarioChange("", Status.NEW, "", ()), StrategyChange("", None, None))


def _unit(name: str) -> Unit:
    return Unit.TEXT if name in _TEXTS else Unit.CHANGE if name == _FRACTION else Unit.MONEY


def _findings(diff: Diff) -> Iterator[Block]:
    rows = [
        [
            change.status.value,
            change.finding.code,
            change.finding.rule,
            change.finding.severity.value,
            change.finding.message,
            change.finding.position.file,
            change.finding.position.line,
            change.finding.position.column,
        ]
        for change in diff.findings
    ]
    columns = tuple(Column(name, name) for name in ("status", *FINDING_COLUMNS))
    yield Table("findings", columns, rows, audience=Audience.MACHINES)
    if not rows:
        yield Note.of("No finding is new, and none is gone.")
        return
    people = (
        Column("status", "finding"),
        Column("code", "rule"),
        Column("where", "where"),
        Column("message", "message"),
    )
    yield Table(
        "findings_shown",
        people,
        [
            [
                change.status.value,
                change.finding.code or change.finding.severity.value,
                f"{change.finding.position.file}:{change.finding.position.line}",
                change.finding.message,
            ]
            for change in diff.findings
        ],
        title="Findings",
        audience=Audience.PEOPLE,
    )


def _machine_gates(diff: Diff) -> Table:
    figures = ("before", "after", "change")
    names = [f"{name}{end}" for name in figures for end in ("", "_low", "_high")]
    columns = (
        *(Column(name, name) for name in _GATE_COLUMNS),
        *(Column(name, name, Unit.MONEY) for name in names),
        Column("counts_failures", "counts_failures", Unit.FLAG),
        Column("currency", "currency"),
    )
    rows = [
        [
            *(getattr(gate, name) for name in _GATE_COLUMNS),
            *(cell for name in figures for cell in _raw(getattr(gate, name))),
            gate.counts_failures,
            gate.currency,
        ]
        for gate in diff.gates
    ]
    return Table("gates", columns, rows, audience=Audience.MACHINES)


def _raw(amount: Between | None) -> tuple[Decimal | None, ...]:
    return (None, None, None) if amount is None else (amount.known, amount.low, amount.high)
