"""A scenario and evidence, as data of documents, from the lines of a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from routecost.api.logs.cascade_data import cascade, first_success
from routecost.api.logs.effort_data import OutputsByTier
from routecost.engine.logs.calibration.figures import number, ratio, whole_shares
from routecost.engine.logs.calibration.hours_of_day import HourShape, stated_modes
from routecost.engine.logs.calibration.lines import (
    TEXT,
    Line,
    Tiered,
    TierPrices,
    cache_shares,
    modelled,
    summed,
)
from routecost.engine.logs.calibration.tasks import Growth, LineOfTasks
from routecost.model.pricing.sheet import BATCH, STANDARD
from routecost.model.results.logs.calibration import EvidenceRow
from routecost.records import dataclass
from routecost.source.editing import Plain

AS_LOGGED = "as-logged"
"""The strategy that sends the calls to tiers as the log has them."""

ALL_CALLS = "all"
"""The name of the only task type of a log without task types."""

UNKNOWN = "unknown"
MOST_ROWS = 8
"""The aim for the number of rows of ``per_call``: each has at least this part of the calls."""


def line_names(lines: Sequence[Line]) -> list[str]:
    """Return different names of task types, such as ``extraction-haiku-batch``."""
    names: list[str] = []
    for line in lines:
        alone = UNKNOWN if any(other.task_type for other in lines) else ALL_CALLS
        parts = (part.replace(" ", "-") for part in line.parts.values())
        name = base = "-".join([line.task_type or alone, *parts])
        count = 1
        while name in names:
            count += 1
            name = f"{base}-{count}"
        names.append(name)
    return names


class StatedType(NamedTuple):
    """A task type of a scenario: the tasks of a line that have a number of calls, and their share of all."""

    name: str
    task: LineOfTasks
    calls: int
    share: Decimal


def stated_types(tasks: Iterable[LineOfTasks]) -> list[StatedType]:
    """Return the task types of a scenario: one per whole number of calls of the tasks of a line."""
    pieces = [(task, *one) for task in tasks for one in task.shares.items()]
    names = line_names([_with_calls(task, calls) for task, calls, _ in pieces])
    return [StatedType(name, *piece) for name, piece in zip(names, pieces, strict=True)]


def _with_calls(task: LineOfTasks, calls: int) -> Line:
    if len(task.shares) == 1:
        return task.line
    return replace(task.line, parts={**task.line.parts, "length": f"{calls} call{'s'[: calls - 1]}"})


@dataclass(frozen=True, slots=True)
class Stated:
    """What a scenario states besides its task types; ``days`` are those of the log.

    With ``shape``, prices depend on the hours of arrival, and each task type has its own.
    """

    pricing: str
    days: int
    description: str = "candidates"
    evidence: Sequence[EvidenceRow] = ()
    arrivals: Mapping[str, Any] | None = None
    shape: HourShape | None = None


def scenario_data(tasks: Iterable[LineOfTasks], prices: TierPrices, stated: Stated) -> dict[str, Any]:
    """Return a scenario as data: task types, and the strategy ``AS_LOGGED``."""
    types = stated_types(tasks)
    outputs = OutputsByTier.of((one.task.line for one in types), prices)
    arrivals = {} if stated.arrivals is None else {"arrivals": dict(stated.arrivals)}
    return {
        "version": "1",
        "description": stated.description,
        "pricing": stated.pricing,
        "as_of": prices.day.isoformat(),
        "workload": {
            "task_types": {one.name: _stated_type(one, prices, stated, outputs) for one in types},
            **arrivals,
        },
        "strategies": {
            AS_LOGGED: as_logged(types),
            **_single_tiers([one.task.line for one in types], prices, outputs),
        },
        "baseline": AS_LOGGED,
        "default": AS_LOGGED,
    }


def _stated_type(
    one: StatedType, prices: TierPrices, stated: Stated, outputs: OutputsByTier
) -> dict[str, Any]:
    task, line = one.task, one.task.first
    calls = _separate(line, one.calls) if task.growth is None else _growing(line, task.growth, one.calls)
    tasks = ratio(line.calls * one.share, stated.days * task.calls_per_task)
    return {
        "tasks_per_day": number(tasks),
        **({} if line.task_type in {None, one.name} else {"type": line.task_type}),
        **calls,
        **outputs.stated(line, is_mean="per_call" not in calls["tokens"]),
        **_modes(line, prices, stated.shape),
        **(first_success(task.rungs) if task.rungs else _success(line, stated.evidence)),
    }


def _separate(line: Line, calls: int) -> dict[str, Any]:
    """Return the tokens, cache and number of calls that do not depend on each other."""
    data = tokens_data(line)
    cached = cache_shares(line.units)
    if cached:
        data["cache"] = {
            meter.removeprefix("cache_"): number(share, down=True) for meter, share in cached.items()
        }
        if len(cached) == 1 and "cache_read" in cached:
            data["cache"]["write_5m"] = "0"
    if calls > 1:
        data["calls"] = {"per_task": str(calls), "drawn": "per_call"}
    return data


def _growing(line: Line, growth: Growth, per_task: int) -> dict[str, Any]:
    """Return the tokens that each call adds, and the growth of the context."""
    calls = {
        "per_task": str(per_task),
        "system": number(growth.system),
        "carry": "all",
        **({"cached": number(growth.cached, down=True)} if growth.cached else {}),
        **({"window": growth.window} if growth.cached and growth.window != "5m" else {}),
    }
    meters = _row(line.cells).get("meters")
    data = {"tokens": {"input": number(growth.input), "output": number(growth.output)}, "calls": calls}
    return {**data, "meters": meters} if meters else data


def _success(line: Line, evidence: Sequence[EvidenceRow]) -> dict[str, Any]:
    """Return the success rates of the task type of a line, by tier."""
    rates: dict[str, tuple[int, int]] = {}
    for row in evidence:
        if row.task == line.task_type:
            successes, trials = rates.get(row.tier, (0, 0))
            rates[row.tier] = successes + row.successes, trials + row.trials
    stated = {
        tier: {"successes": str(successes), "trials": str(trials)}
        for tier, (successes, trials) in rates.items()
    }
    return {"success": stated} if stated else {}


def _modes(line: Line, prices: TierPrices, shape: HourShape | None) -> dict[str, Any]:
    """Return the shares of modes; those that apply at certain hours follow from arrivals, unless logged."""
    data: dict[str, Any] = {}
    calls, modes = line.calls, line.modes
    if shape is not None and [*stated_modes(line.cells, prices)]:
        modes = line.share(lambda one: prices.mode(one.tier, one.cell))
    elif shape is not None and (arrivals := shape.arrivals(line.cells)) is not None:
        data["arrivals"] = arrivals
    if BATCH in modes:
        data |= {"batch_tolerant": Plain("true"), "batch": number(ratio(modes[BATCH], calls), down=True)}
    others = {
        mode: number(ratio(count, calls), down=True)
        for mode, count in modes.items()
        if mode not in {BATCH, STANDARD}
    }
    return data | ({"modes": others} if others else {})


def tokens_data(line: Line) -> dict[str, Any]:
    """Return the tokens of a call, and other meters: a mean, or rows by size of context."""
    strata = list(_strata(line.cells))
    if len(strata) == 1:
        row = _row(strata[0])
        meters = row.pop("meters", None)
        return {"tokens": row, **({"meters": meters} if meters else {})}
    shares = whole_shares({str(at): _calls(stratum) for at, stratum in enumerate(strata)})
    rows = [{"share": shares[str(at)], **_row(stratum)} for at, stratum in enumerate(strata)]
    return {"tokens": {"per_call": rows}}


def _strata(cells: Iterable[Tiered]) -> Iterator[list[Tiered]]:
    """Yield calls of neighbouring context sizes and one price step, at least an eighth of all at once."""
    ordered = sorted(cells, key=lambda one: one.cell.above)
    least = -(-_calls(ordered) // MOST_ROWS)
    group: list[Tiered] = []
    for one in ordered:
        is_full = _calls(group) >= least and one.cell.above != group[-1].cell.above
        if group and (is_full or one.step != group[-1].step):
            yield group
            group = []
        group.append(one)
    yield group


def _calls(cells: Iterable[Tiered]) -> int:
    return sum(one.cell.calls for one in cells)


def _row(cells: Sequence[Tiered]) -> dict[str, Any]:
    calls, units = _calls(cells), summed(cells)
    text = sum(units.pop(meter, 0) for meter in TEXT)
    output = units.pop("output", 0)
    row: dict[str, Any] = {"input": number(ratio(text, calls)), "output": number(ratio(output, calls))}
    meters = {meter: number(ratio(count, calls)) for meter, count in units.items() if count}
    return {**row, "meters": meters} if meters else row


def as_logged(types: Iterable[StatedType]) -> dict[str, Any]:
    """Return the strategy that sends each task type to the tiers that the log has for it."""
    each = {
        one.name: cascade(one.task.rungs, tokens_data) if len(one.task.rungs) > 1 else _tiers(one.task.line)
        for one in types
    }
    different = {repr(strategy) for strategy in each.values()}
    return next(iter(each.values())) if len(different) == 1 else {"assign": each}


def _tiers(line: Line) -> dict[str, Any]:
    shares = whole_shares(line.tiers)
    return {"mix": shares} if len(shares) > 1 else {"tier": next(iter(shares))}


def _single_tiers(lines: Sequence[Line], prices: TierPrices, outputs: OutputsByTier) -> dict[str, Any]:
    """Return a strategy per tier that has a price, and known tokens, for everything in the log."""
    return {
        f"all-{tier}": {"tier": tier}
        for tier in prices.models
        if all(modelled(line.cells, prices, tier) is not None and outputs.has(line, tier) for line in lines)
    }


def evidence_data(
    rows: Sequence[EvidenceRow], description: str, efforts: Mapping[str, str]
) -> dict[str, Any]:
    """Return an evidence file as data; ``efforts`` are those of tiers."""
    return {
        "version": "1",
        "description": description,
        "evidence": [
            {
                "task": row.task,
                "tier": row.tier,
                "successes": str(row.successes),
                "trials": str(row.trials),
                "evaluated": row.evaluated.isoformat(),
                "model": row.model,
                **({"effort": efforts[row.tier]} if row.tier in efforts else {}),
                **({"escalated": str(row.escalated)} if row.escalated else {}),
            }
            for row in rows
        ],
    }
