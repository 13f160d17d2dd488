"""Random sheets, workloads and mixes, all exact Decimals, for hypothesis."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from routecost.engine.strategies.mix import Mix
from routecost.model.pricing.sheet import BATCH, ContextStep, PriceEntry, PricingSheet, RateCard
from routecost.model.scenario.caching import CacheShares
from routecost.model.scenario.workload import TaskType, TokenCell, TokenShape, Workload
from tests.support import build

METERS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "request", "web_search")
"""The meters that workloads here use: rates for all there are would only make examples large."""

TIERS = ("low", "middle", "high")
MOST_TOKENS = 400_000
WHOLE = 1_000
"""Shares are thousandths, so that they sum to exactly 1."""


@cache
def numbers(most: int) -> st.SearchStrategy[Decimal]:
    """Return numbers from 0 to ``most``, in thousandths."""
    return st.integers(0, most * 1_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))


@cache
@st.composite
def shares(draw: st.DrawFn, count: int) -> tuple[Decimal, ...]:
    """Draw shares that sum to 1; any may be 0."""
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=count - 1, max_size=count - 1)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    return tuple(Decimal(part) / WHOLE for part in parts)


def mixes(tiers: tuple[str, ...] = TIERS) -> st.SearchStrategy[Mix]:
    """Return mixes of tiers."""
    return shares(len(tiers)).map(lambda parts: Mix(dict(zip(tiers, parts, strict=True))))


@cache
@st.composite
def cards(draw: st.DrawFn) -> RateCard:
    """Draw a rate for each of the meters, and batch rates at a part of them."""
    standard = {meter: draw(numbers(100)) for meter in METERS}
    part = draw(numbers(1))
    return RateCard(standard, {BATCH: {meter: rate * part for meter, rate in standard.items()}})


@cache
@st.composite
def entries(draw: st.DrawFn, with_steps: bool = True) -> PriceEntry:
    """Draw the prices of a model, with up to two steps at context sizes."""
    edges = draw(
        st.lists(st.integers(1, MOST_TOKENS), max_size=2 if with_steps else 0, unique=True).map(sorted)
    )
    return PriceEntry(draw(cards()), steps=tuple(ContextStep(edge, draw(cards())) for edge in edges))


@cache
@st.composite
def sheets(draw: st.DrawFn, with_steps: bool = True) -> PricingSheet:
    """Draw a sheet on which each tier has a model of its own."""
    return build.sheet(**{tier: draw(entries(with_steps)) for tier in TIERS})


@cache
@st.composite
def ranges(draw: st.DrawFn) -> tuple[Decimal, Decimal]:
    """Draw a range of tokens, or a single number twice."""
    low, width = draw(st.integers(0, MOST_TOKENS)), draw(st.just(0) | st.integers(1, MOST_TOKENS))
    return Decimal(low), Decimal(low + width)


@cache
@st.composite
def shapes(draw: st.DrawFn) -> TokenShape:
    """Draw token shapes: a few points and ranges."""
    weights = draw(st.integers(1, 3).flatmap(shares))
    return TokenShape(tuple(TokenCell(weight, *draw(ranges()), draw(numbers(5_000))) for weight in weights))


def points() -> st.SearchStrategy[TokenShape]:
    """Return shapes of calls that are all alike."""
    return st.builds(TokenShape.mean, numbers(MOST_TOKENS), numbers(5_000))


def caches() -> st.SearchStrategy[CacheShares]:
    """Return cache shares that leave some input uncached, or none."""
    return shares(4).map(lambda parts: CacheShares(*parts[:3]))


def task_types(shape: st.SearchStrategy[TokenShape] | None = None) -> st.SearchStrategy[TaskType]:
    """Return task types of all kinds."""
    return st.builds(
        TaskType,
        name=st.just("tasks"),
        tasks_per_day=numbers(10_000),
        tokens=shapes() if shape is None else shape,
        cache=caches(),
        batch_share=shares(2).map(lambda parts: parts[0]),
        meters=st.dictionaries(st.just("web_search"), numbers(10)),
    )


def workloads(shape: st.SearchStrategy[TokenShape] | None = None) -> st.SearchStrategy[Workload]:
    """Return workloads of one to three task types."""
    return st.lists(task_types(shape), min_size=1, max_size=3).map(lambda tasks: Workload(tuple(tasks)))
