"""Calls for tests of replays: as cells, and in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from routecost.api.scenarios import load_pricing
from routecost.engine.logs.moves import Mover
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.replay import Replayer, by_type
from routecost.engine.logs.session_pass import OrderedCall, SessionPass, part_costs, run_passes, with_costs
from routecost.engine.logs.targets import Part, Target
from routecost.engine.logs.usage import priced
from routecost.model.logs.cells import Cell
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, RateCard, TierModel, TokensVs
from routecost.model.results.logs.replay import TableReplay
from routecost.units import CONTEXT_METERS, ONE

DAY = date(2026, 11, 18)
SHEET = load_pricing("claude-2026-11")
HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"
SECOND = 1_000_000


def logged(
    at: int = 0,
    task_type: str | None = "a",
    model: str = SONNET,
    *,
    session: str = "s",
    agent: str | None = None,
    mode: str = "standard",
    **units: int,
) -> OrderedCall:
    """A call at a second; its units are ``input``, ``output``, ``read``, ``write`` and ``hour``."""
    names = {"read": "cache_read", "write": "cache_write_5m", "hour": "cache_write_1h"}
    counts = {names.get(name, name): count for name, count in units.items() if count}
    size = sum(count for meter, count in counts.items() if meter in CONTEXT_METERS)
    return OrderedCall(at * SECOND, session, agent, task_type, model, mode, DAY, size, counts)


def cell_of(call: OrderedCall, edges: Iterable[int] = (100_000,), days: tuple[date, ...] = ()) -> Cell:
    """The cell of one call."""
    limits = [0, *edges, None]
    at = max(at for at, limit in enumerate(limits[:-1]) if call.size > (limit or 0) or at == 0)
    return Cell(
        {"task_type": call.task_type},
        call.model,
        call.mode,
        days or (call.day,),
        limits[at] or 0,
        limits[at + 1],
        False,
        1,
        call.units,
        False,
        0,
        None,
    )


def table(tiers: Mapping[str, str], name: str = "t") -> Target:
    return Target(name, "table", (Part(ONE, tiers),))


def replayer(calls: Iterable[OrderedCall], sheet: PricingSheet = SHEET, **more: object) -> Replayer:
    pricer = CellPricer(sheet)
    cells = [cell_of(call, **more) for call in calls]  # type: ignore[arg-type]
    return Replayer(by_type(priced(cells, pricer)), Mover(pricer, pricer))


def bounds(calls: Iterable[OrderedCall], target: Target, sheet: PricingSheet = SHEET) -> TableReplay:
    """The replay from sums."""
    return replayer(calls, sheet).table(target)


def exactly(calls: Iterable[OrderedCall], target: Target, sheet: PricingSheet = SHEET) -> TableReplay:
    """The replay by session."""
    every = sorted(calls, key=lambda call: call.time)
    sums = replayer(every, sheet)
    passes = [SessionPass(part, sums.mover) for part in target.parts]
    run_passes(every, passes)
    return with_costs(sums.table(target), part_costs(passes))


def mtok(rate: str, tokens: int) -> Decimal:
    return Decimal(rate) * tokens / 1_000_000


def sheet(**models: Mapping[str, str]) -> PricingSheet:
    """A sheet with a tier per model: ``low`` is the tier of the model "low-1"."""
    return PricingSheet(
        "made-up",
        "USD",
        "test",
        {name: (TierModel(f"{name}-1"),) for name in models},
        {
            f"{name}-1": (PriceEntry(RateCard({meter: Decimal(rate) for meter, rate in rates.items()})),)
            for name, rates in models.items()
        },
    )


def ratio(reference: str, factor: str) -> TokensVs:
    return TokensVs(reference, Decimal(factor), "measured")
