"""Report of replays of logged calls."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from routecost.model.logs.cells import Bounds
from routecost.model.report.cells import Amount, Cell, Code, Column, Shown, Unit
from routecost.model.report.report import Audience, Bar, BarFigure, Block, Note, Report, Table
from routecost.model.results.logs.replay import Replay, Stages, TableReplay, TypeReplay
from routecost.report.logs.amounts import amount, bar_notes
from routecost.report.logs.escalations import escalation_table
from routecost.report.logs.facts import (
    meta,
    money,
    notes,
    reconciliation_table,
    source_line,
    span,
    unpriced_table,
)
from routecost.units import listed, percent

_MOST_BARS = 20
_WHY_RANGE = "caches, tokens or prices of some calls are not known"
_MOST_TYPES = 60
"""The most rows of task types that are shown to people."""

_UNKNOWN = "unknown"
_TOKENS = (
    Column("model", "logged model"),
    Column("replaced_by", "replaced by"),
    Column("factor", "tokens", Unit.NUMBER),
    Column("factor_low", "at least", Unit.NUMBER, machine_only=True),
    Column("factor_high", "at most", Unit.NUMBER, machine_only=True),
    Column("output_factor", "length of answers", Unit.NUMBER),
    Column("source", "source"),
)


def report(replay: Replay) -> Report:
    """Return the report of replays: the actual bill, a row per table, and a row per task type of each."""
    return Report(
        command="replay",
        title=f"Replay of {_calls(replay)} ({span(replay.facts)}), prices of {replay.pricing}",
        meta={
            **meta(replay.facts),
            "pricing": replay.pricing,
            "currency": replay.currency,
            "calls": replay.calls if replay.is_counted else replay.calls or None,
            "actual": replay.actual.low,
            "actual_high": None if replay.unpriced else replay.actual.high,
            "caches": "by session" if replay.by_session else "bounds",
            "refused": dict(replay.refused or {}),
        },
        blocks=tuple(_blocks(replay)),
        currency=replay.currency,
        figure=_figure(replay) if replay.tables else None,
    )


def _calls(replay: Replay) -> str:
    if replay.is_counted:
        return f"{replay.calls:,} call{'s' * (replay.calls != 1)}"
    return f"{replay.calls:,} or more calls" if replay.calls else "calls that are not counted"


def _blocks(replay: Replay) -> Iterator[Block]:
    yield from unpriced_table(replay.unpriced)
    yield from reconciliation_table(replay.reconciliation)
    columns = _columns(replay)
    is_least = bool(replay.unpriced)
    rows = [_row(table, is_least=is_least) for table in replay.tables]
    yield Table("tables", columns, rows, audience=Audience.MACHINES)
    actual: list[Cell] = ["as it ran", "", replay.pricing, *_both(replay.actual, is_least=is_least)]
    shown = [[*actual, *[None] * (len(columns) - len(actual))], *rows]
    yield Table("tables_and_actual", columns, shown, "What the calls would have cost", Audience.PEOPLE)
    yield from _types(replay)
    if replay.unpriced:
        yield Note.of("Calls, differences and their parts are those of the calls with a price.")
    yield from _assumptions(replay)
    if replay.has_terms:
        yield Note.of("Discounts and commitments on monthly totals are not included.")
    yield from notes(replay.facts)


def _columns(replay: Replay) -> tuple[Column, ...]:
    one_sheet = len({replay.pricing, *(table.pricing for table in replay.tables)}) == 1
    return (
        Column("table", "table"),
        Column("kind", "kind", machine_only=True),
        Column("pricing", "prices", machine_only=one_sheet),
        Column("cost", "cost", Unit.MONEY),
        Column("cost_high", "at most", Unit.MONEY, machine_only=True),
        Column("vs_actual", "vs. actual", Unit.CHANGE),
        Column("vs_actual_high", "at most", Unit.CHANGE, machine_only=True),
        Column("difference", "difference", Unit.MONEY),
        Column("difference_high", "at most", Unit.MONEY, machine_only=True),
        *_part_columns(is_repriced=not one_sheet),
    )


def _part_columns(*, is_repriced: bool) -> Iterator[Column]:
    for key in ("price", "mix", "tokens", "cache"):
        yield Column(key, key, Unit.MONEY, machine_only=key == "price" and not is_repriced)
        yield Column(f"{key}_high", "at most", Unit.MONEY, machine_only=True)


def _row(table: TableReplay, *, is_least: bool) -> list[Cell]:
    change = table.vs_actual
    return [
        table.name,
        table.kind,
        table.pricing,
        *_both(table.cost, is_least=is_least),
        *((None, None) if change is None else _both(change)),
        *_both(table.stages.difference),
        *_parts(table.stages),
    ]


def _both(amount: Bounds, *, is_least: bool = False) -> tuple[Cell, Cell]:
    """Return the cell of an amount, as a range if it is one, and that of the most, if it is known."""
    return money(amount, is_least=is_least), None if is_least else amount.high


def _parts(stages: Stages) -> Iterator[Cell]:
    for part in stages.parts:
        yield from (Shown(None, "in mix"), None) if part is None else _both(part)


def _types(replay: Replay) -> Iterator[Block]:
    columns = _columns(replay)
    per_type = (
        *columns[:3],
        Column("task_type", "task type"),
        Column("calls", "calls", Unit.COUNT),
        Column("models", "models"),
        Column("tier", "tier"),
        Column("replaced_by", "replaced by"),
        Column("actual", "actual", Unit.MONEY),
        Column("actual_high", "at most", Unit.MONEY, machine_only=True),
        *columns[3:5],
        *columns[7:],
    )
    count = sum(len(table.rows) for table in replay.tables)
    partial = replay.partial
    rows = [[*_of_type(table, row, partial)] for table in replay.tables for row in table.rows]
    every = Audience.MACHINES if count > _MOST_TYPES else Audience.ALL
    yield Table("task_types", per_type, rows, "By task type", every)
    if every is Audience.MACHINES:
        yield Note.of(f"The {count:,} rows by task type are in JSON and CSV output.")


def _of_type(table: TableReplay, row: TypeReplay, partial: Container[str | None]) -> Iterator[Cell]:
    is_least = row.task_type in partial
    yield from (table.name, table.kind, table.pricing)
    yield Shown(None, _UNKNOWN) if row.task_type is None else row.task_type
    yield row.calls or None
    yield ", ".join(row.models)
    yield ", ".join(tier if share == 1 else f"{tier} {percent(share)}" for tier, share in row.tiers.items())
    yield ", ".join(row.replaced_by)
    yield from _both(row.stages.actual, is_least=is_least)
    yield from _both(row.stages.cost, is_least=is_least)
    yield from _both(row.stages.difference)
    yield from _parts(row.stages)


def _assumptions(replay: Replay) -> Iterator[Block]:
    if replay.tokens:
        rows: list[Sequence[Cell]] = [
            (
                one.model,
                one.replaced_by,
                one.factor,
                one.low,
                one.high,
                one.output_factor,
                one.source or Shown(None, "no ratio is known: assumed equal"),
            )
            for one in replay.tokens
        ]
        yield Table("token_assumptions", _TOKENS, rows, "Assumed tokens of the same text")
    for mode in replay.modes:
        yield Note.of(f"{mode.model} has no {mode.mode} rates: calls in this mode are at standard rates.")
    yield from _cache_notes(replay)
    yield from escalation_table(replay, _MOST_TYPES)
    refused = replay.refused or {}
    for reason in dict.fromkeys(refused.values()):
        names = listed(name for name, why in refused.items() if why == reason)
        yield Note.of(f"Not replayed: {names}; {reason}.")


_JOINED = "Where calls of several models run on one, they read what the others wrote at the least. "


def _cache_notes(replay: Replay) -> Iterator[Block]:
    moved = [table for table in replay.tables if table.stages.tokens != table.stages.cost]
    if replay.by_session and replay.loose == replay.calls:
        text = (
            "--by-session changes nothing: no call has both a session and a time, so that caches are ranges."
        )
        yield Note.of(text, warning=True)
    elif replay.by_session:
        yield Note.of(
            "Caches are followed call by call: a model reads what calls of the session have cached on it, "
            "while that lasts, and writes the rest."
        )
        if replay.loose:
            yield Note.of(
                f"{replay.loose:,} calls have no session or no time: their caches are kept at the least, and "
                "lost at the most."
            )
    elif moved:
        yield Note.of(
            "Ranges: calls that move to another model keep their caches at the least, and lose them at the "
            "most. Calls that stay keep theirs. ",
            _JOINED if any(table.stages.cost.low < table.stages.tokens.low for table in moved) else "",
            Code("--by-session"),
            " follows each session instead.",
        )


def _figure(replay: Replay) -> BarFigure:
    shown = _cheapest(replay.tables)
    out = len(replay.tables) - len(shown)
    left = f"; the {_MOST_BARS} cheapest tables, {out:,} are left out" if out else ""
    several = len({table.pricing for table in replay.tables}) > 1
    bars = [Bar("as it ran", _amount(replay, replay.actual), is_baseline=True)]
    bars += [
        Bar(f"{table.name}, {table.pricing}" if several else table.name, _amount(replay, table.cost))
        for table in shown
    ]
    return BarFigure(
        title="Cost of the logged calls under other tables",
        axis=f"cost ({replay.currency})",
        bars=tuple(bars),
        source=source_line(replay.facts, replay.pricing),
        alt=f"Bar chart of the cost of logged calls as they ran and under other tables{left}.",
        unit=Unit.MONEY,
        currency=replay.currency,
        subtitle=span(replay.facts) + left,
        footnote=bar_notes((bar.value for bar in bars), _WHY_RANGE),
    )


def _amount(replay: Replay, cost: Bounds) -> Amount:
    return amount((cost.low, None if replay.unpriced else cost.high))


def _cheapest(tables: Sequence[TableReplay]) -> list[TableReplay]:
    """Return the cheapest tables at the most, then at the least, in their order."""
    ranked = sorted(range(len(tables)), key=lambda at: tables[at].cost[::-1])
    return [tables[at] for at in sorted(ranked[:_MOST_BARS])]
