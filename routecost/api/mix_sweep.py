"""Sweeps over mixes of the tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from routecost.api.scenarios import day_of, priced, resolve, with_strategies
from routecost.engine.mixes import sweep as _sweep
from routecost.library import PathLike
from routecost.model.results.mix_sweep import DEFAULT_STEP, MixGrid, Sweep
from routecost.model.scenario.scenario import Scenario


def sweep(  # noqa: PLR0913  the options of a grid
    scenario: PathLike | Scenario,
    *,
    step: str = DEFAULT_STEP,
    hold: Sequence[str] = (),
    ranges: Sequence[str] = (),
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    library: PathLike | None = None,
) -> Sweep:
    """Price every mix of the tiers with shares in multiples of ``step``.

    ``hold`` fixes shares (``"opus=5%"``), ``ranges`` sets inclusive bounds (``"haiku=50%:90%"``).
    ``strategies`` selects those that the mixes are shown with; others without a price are left out.

    Raises as :func:`compare` does; also raises UsageError if the step does not divide the share that
    is not fixed, and for a grid with no mix or with more mixes than fit in memory.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    grid = MixGrid.parse(step, hold, ranges)
    chosen = with_strategies(loaded, strategies, baseline)
    needed = (*strategies, *([baseline] if baseline and strategies else []))
    swept, left_out = priced(chosen, needed, lambda some: _sweep.sweep(some, grid, day_of(loaded)))
    return replace(swept, comparison=replace(swept.comparison.only(strategies), left_out=left_out))
