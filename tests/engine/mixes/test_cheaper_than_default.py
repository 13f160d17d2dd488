"""The mixes below the default are counted as if each were looked at."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.mixes.sweep import sweep
from routecost.engine.strategies.mix import Mix
from routecost.model.results.mix_sweep import MixGrid
from routecost.units import exact
from tests.support.build import DAY, entry, scenario, sheet, task, tokens, workload

WORK = workload(task(1, tokens(1_000_000, 0)))
RATES = st.lists(st.integers(0, 9), min_size=1, max_size=4)
PARTS = 6


@given(RATES, st.data())
def test_cheaper_mixes_are_counted_as_by_looking_at_each(rates: list[int], data: st.DataObject) -> None:
    prices = sheet(**{f"t{at}": entry(input=rate) for at, rate in enumerate(rates)})
    names = prices.tier_names
    steps = data.draw(st.lists(st.integers(0, PARTS), min_size=len(rates), max_size=len(rates)).filter(any))
    least = data.draw(st.integers(0, PARTS))
    default = Mix({name: Decimal(step) / sum(steps) for name, step in zip(names, steps, strict=True)})
    grid = MixGrid(Decimal("0.05"), ranges={names[0]: (Decimal(least) / 20, Decimal(1))})
    mixes = sweep(scenario({"default": default}, WORK, prices, default="default"), grid, DAY)
    limit = looked_up(mixes.rows, names, rates, default)
    assert mixes.cheaper is not None
    assert mixes.cheaper.count == len(limit)
    tier = mixes.most_expensive_tier
    for share, (less, _) in mixes.cheaper.counts.items():
        at = names.index(tier or "")
        assert less == sum(abs(mix[at] - float(share)) < 1e-9 for mix in limit)


@exact
def looked_up(
    rows: object, names: tuple[str, ...], rates: list[int], default: Mix
) -> list[tuple[float, ...]]:
    """Return the mixes that cost less, in exact numbers."""
    bound = sum(default.shares[name] * rate for name, rate in zip(names, rates, strict=True))
    mixes = [tuple(map(float, row[: len(names)])) for row in rows]  # type: ignore[attr-defined]
    return [mix for mix in mixes if cost(mix, rates) < bound - Decimal("1e-12")]


def cost(mix: tuple[float, ...], rates: list[int]) -> Decimal:
    parts = [round(share * 20) for share in mix]
    return Decimal(sum(part * rate for part, rate in zip(parts, rates, strict=True))) / 20
