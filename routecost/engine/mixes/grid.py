"""Grids on the tiers of a sheet, in whole numbers of steps, and the reasons why a grid is empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import comb

from routecost.errors import UnknownNameError, UsageError
from routecost.model.results.mix_sweep import MixGrid, SimplexLattice
from routecost.problems import did_you_mean
from routecost.units import ONE, ZERO, exact, percent

MOST_MIXES = 50_000_000
"""The most mixes computed at once; their costs and steps take about a gigabyte."""

_BYTES_PER_TIER, _BYTES_PER_COST = 2, 16
_MOST_TRIES = 10_000
_ROUND_STEPS = tuple(
    Decimal(digits).scaleb(-places) for places in (4, 3, 2, 1) for digits in ("1", "2", "2.5", "5")
)

Bounds = Mapping[str, tuple[int, int]]


@exact
def simplex_lattice(grid: MixGrid, tiers: tuple[str, ...]) -> SimplexLattice:
    """Return the mixes of ``tiers`` on a grid.

    Raises UnknownNameError for an unknown tier; UsageError for a step that does not divide the
    remainder of the held shares, and for a grid without a mix, or with more than ``MOST_MIXES``.
    """
    for tier in (*grid.held, *grid.ranges):
        if tier not in tiers:
            raise UnknownNameError(f'no tier "{tier}" in the pricing sheet{did_you_mean(tier, tiers)}')
    mixes = _lattice(grid, tiers)
    if mixes.count > MOST_MIXES:
        raise UsageError(_too_many(grid, tiers, mixes))
    return mixes


def count(caps: Iterable[int], total: int) -> int:
    """Return the number of ways to distribute ``total`` steps to tiers, each up to its cap.

    By inclusion and exclusion: the coefficients of the product of 1 - x^(cap + 1), each times the
    number of ways without caps. Nothing is enumerated, so a grid that is too large is refused at once.
    """
    limits = list(caps)
    signs = {0: 1}
    for limit in limits:
        beyond = {used + limit + 1: -sign for used, sign in signs.items() if used + limit < total}
        signs = {used: signs.get(used, 0) + beyond.get(used, 0) for used in (*signs, *beyond)}
    parts = len(limits) - 1
    return sum(sign * comb(total - used + parts, parts) for used, sign in signs.items()) if limits else 1


def _lattice(grid: MixGrid, tiers: tuple[str, ...]) -> SimplexLattice:
    free = [tier for tier in tiers if tier not in grid.held]
    total = _steps_left(grid, bool(free))
    bounds = {tier: _in_steps(tier, grid, total) for tier in free}
    lows, highs = (sum(bound[end] for bound in bounds.values()) for end in (0, 1))
    if lows > total:
        raise UsageError(_impossible("the lowest shares already", 0, grid, bounds))
    if highs < total:
        raise UsageError(_impossible("even the highest shares", 1, grid, bounds))
    tight = {
        tier: (max(low, total - highs + high), min(high, total - lows + low))
        for tier, (low, high) in bounds.items()
    }
    bases = {tier: low * grid.step for tier, (low, _) in tight.items()} | dict(grid.held)
    caps = {tier: high - low for tier, (low, high) in tight.items() if high > low}
    spare = total - sum(low for low, _ in tight.values())
    return SimplexLattice(
        grid.step, {tier: bases[tier] for tier in tiers}, caps, spare, count(caps.values(), spare)
    )


def _steps_left(grid: MixGrid, has_free: bool) -> int:
    """Return the number of steps that the held shares leave to the other tiers."""
    held_share = sum(grid.held.values(), ZERO)
    left = 1 - held_share
    if left < 0:
        raise UsageError(f"the held shares sum to {percent(held_share)}: {_listed(grid.held)}")
    if left and not has_free:
        raise UsageError(
            f"the held shares sum to {percent(held_share)}, and no tier is left to take the other "
            f"{percent(left)}"
        )
    if left % grid.step:
        raise UsageError(_uneven(grid.step, left))
    return int(left / grid.step)


def _uneven(step: Decimal, left: Decimal) -> str:
    whole = "100%" if left == 1 else f"the {percent(left)} that the held shares leave"
    near = [percent(step_size) for step_size in _nearest(step, left)]
    tail = f"; the nearest that do are {' and '.join(near)}" if len(near) > 1 else ""
    tail = f"; the nearest that does is {near[0]}" if len(near) == 1 else tail
    return f"steps of {percent(step)} do not divide {whole}{tail}"


def _nearest(step: Decimal, left: Decimal) -> list[Decimal]:
    """Return the next smaller and the next larger step with few digits that divide ``left``."""
    places = max(4, *(-int(value.normalize().as_tuple().exponent) for value in (step, left)))
    least = ONE.scaleb(-places)
    parts = int(left / step)
    finer = range(parts + 1, parts + _MOST_TRIES)
    coarser = range(parts, max(0, parts - _MOST_TRIES), -1)
    candidates = (
        next((left / part for part in parts_tried if left % (part * least) == 0), None)
        for parts_tried in (finer, coarser)
    )
    return [candidate for candidate in candidates if candidate is not None]


def _in_steps(tier: str, grid: MixGrid, total: int) -> tuple[int, int]:
    """Return the lowest and the highest number of steps in a tier's range."""
    if tier not in grid.ranges:
        return 0, total
    low, high = grid.ranges[tier]
    least = int((low / grid.step).to_integral_value(ROUND_CEILING))
    most = int((high / grid.step).to_integral_value(ROUND_FLOOR))
    if least > most:
        raise UsageError(
            f'the range of tier "{tier}", {percent(low)} to {percent(high)}, holds no multiple of the step, '
            f"{percent(grid.step)}"
        )
    return least, min(most, total) if least <= total else most


def _impossible(subject: str, end: int, grid: MixGrid, bounds: Bounds) -> str:
    shares = {**grid.held, **{tier: bound[end] * grid.step for tier, bound in bounds.items()}}
    named = {tier: share for tier, share in shares.items() if share}
    return f"no mix fits: {subject} sum to {percent(sum(shares.values(), ZERO))}: {_listed(named)}"


def _listed(shares: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{tier} {percent(share)}" for tier, share in shares.items())


def _too_many(grid: MixGrid, tiers: tuple[str, ...], mixes: SimplexLattice) -> str:
    size = mixes.count * (_BYTES_PER_COST + _BYTES_PER_TIER * len(mixes.caps)) / 10**9
    return (
        f"the grid has {mixes.count:,} mixes, which would take {size:,.0f} GB; expected at most "
        f"{MOST_MIXES:,}: take a larger step{_larger_step(grid, tiers)}, or hold or range more tiers"
    )


def _larger_step(grid: MixGrid, tiers: tuple[str, ...]) -> str:
    for step in _ROUND_STEPS:
        if step > grid.step:
            try:
                mixes = _lattice(MixGrid(step, grid.held, grid.ranges), tiers)
            except UsageError:
                continue
            if mixes.count <= MOST_MIXES:
                return f" (--step {percent(step)} has {mixes.count:,})"
    return ""
