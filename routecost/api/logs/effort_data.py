"""Tokens of a log by tier, as data of a scenario, where tiers are efforts of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from routecost.engine.logs.calibration.figures import number, ratio
from routecost.engine.logs.calibration.lines import Line, Tiered, TierPrices, summed
from routecost.records import dataclass

_Means = Mapping[str, Decimal]
"""The mean output of a call, by tier."""


@dataclass(frozen=True, slots=True)
class OutputsByTier:
    """The mean output of calls by task type and tier, if the sheet has tiers with an effort."""

    by_type: Mapping[str | None, _Means]
    prices: TierPrices

    @classmethod
    def of(cls, lines: Iterable[Line], prices: TierPrices) -> OutputsByTier:
        """Return the outputs of all calls of some lines."""
        cells: dict[str | None, list[Tiered]] = {}
        for line in lines if prices.efforts else ():
            cells.setdefault(line.task_type, []).extend(line.cells)
        return cls({task: _means(own) for task, own in cells.items()}, prices)

    def stated(self, line: Line, *, is_mean: bool) -> dict[str, Any]:
        """Return the tokens of tiers on which a line is known; none if none of them has an effort.

        They are multiples of the output of the line if that is a distribution.
        """
        known, own = self._known(line), _means(line.cells)
        base = _mean(line.cells)
        if not base:
            known = dict.fromkeys(own, base)
        factors = {
            tier: {"output": number(known[tier])}
            if is_mean
            else {"output_factor": number(ratio(known[tier], base)) if base else "1"}
            for tier in self.prices.models
            if tier in known and (tier in self.prices.efforts or tier in own)
        }
        if not self.prices.efforts.keys() & factors.keys():
            return {}
        efforts = {tier: {"effort": effort} for tier, effort in self.prices.efforts.items()}
        return {"tier_tokens": {tier: {**own, **efforts.get(tier, {})} for tier, own in factors.items()}}

    def has(self, line: Line, tier: str) -> bool:
        """Return whether the tokens of a line on a tier are known."""
        return tier not in self.prices.efforts or tier in self._known(line)

    def _known(self, line: Line) -> dict[str, Decimal]:
        return {**self.by_type.get(line.task_type, {}), **_means(line.cells)}


def about_efforts(lines: Iterable[Line], prices: TierPrices) -> str:
    """Return what is assumed of tiers with an effort; nothing if no calls are on one."""
    used = {tier for line in lines for tier in line.tiers} & prices.efforts.keys()
    return (
        "The output of a tier with an effort is the mean of the calls of the task type on it (tier_tokens); "
        "it is not stated for a tier without such calls, and reasoning is part of it"
        if used
        else ""
    )


def _means(cells: Sequence[Tiered]) -> dict[str, Decimal]:
    tiers = dict.fromkeys(one.tier for one in cells)
    return {tier: _mean([one for one in cells if one.tier == tier]) for tier in tiers}


def _mean(cells: Sequence[Tiered]) -> Decimal:
    return ratio(summed(cells).get("output", 0), sum(one.cell.calls for one in cells))
