"""Rate limits compared with the busiest minute of each month of a projection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from routecost.engine.compare.compare import tier_models_of
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.assigned import flows_among
from routecost.engine.usage.arrival_peaks import Load
from routecost.model.pricing.rate_limits import RATE_UNITS, RateLimit
from routecost.model.pricing.sheet import BATCH
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.model.results.projection import LimitUse
from routecost.model.scenario.horizon import Horizon, month_name
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part, Schedule
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS, METERS, ROUNDING, exact

_UNITS = tuple(RATE_UNITS)

Place = tuple[int, str]
"""A limit by its number, and its unit."""


class Counted(NamedTuple):
    """A unit of a limit, and the models whose calls count on a day."""

    limit: RateLimit
    unit: str
    models: frozenset[str]

    def counts(self, key: UsageKey) -> bool:
        """Return whether a count of usage of its models is limited; calls in batches are not."""
        if key.mode == BATCH:
            return False
        if self.unit == "requests_per_minute":
            return key.meter == CALLS
        if not METERS[key.meter].is_token:
            return False
        if key.meter.startswith("cache_read") and not self.limit.counts_cache_reads:
            return False
        is_input = key.meter in CONTEXT_METERS
        return {"input_tokens_per_minute": is_input, "output_tokens_per_minute": not is_input}.get(
            self.unit, True
        )


@exact
def limit_uses(scenario: Scenario, planned: Schedule, horizon: Horizon) -> tuple[LimitUse, ...]:
    """Return how far each strategy and migration uses each limit that it has calls for."""
    loads = _Loads(scenario, planned, horizon.pinned)
    return tuple(use for name, months in planned.rows.items() for use in _uses(name, months, loads))


def _uses(name: str, months: Sequence[MonthSchedule], loads: _Loads) -> Iterator[LimitUse]:
    """Yield the use of each limit in the busiest month of a strategy, and when it reaches the limit."""
    by_limit: dict[Place, list[LimitUse]] = {}
    for month in months:
        parts = sorted(month.parts, key=lambda part: part.begins)
        for _, group in groupby(parts, key=lambda part: part.begins):
            together = list(group)
            for place, load in loads.together(together).items():
                limit, unit, _ = loads.counted(together[0].since)[place]
                use = LimitUse(
                    strategy=name,
                    limit=limit,
                    unit=unit,
                    peak=load.peak(month.month),
                    month=month_name(month.month),
                    unprofiled=tuple(load.unprofiled),
                    is_least=load.is_least,
                )
                by_limit.setdefault(place, []).append(use)
    for _, uses in sorted(by_limit.items(), key=lambda item: (item[0][0], _UNITS.index(item[0][1]))):
        busiest = max(uses, key=lambda use: use.peak)
        reached = next((use.month for use in uses if use.share >= 1 - ROUNDING), None)
        yield replace(busiest, reached=reached)


def at_least(uses: Sequence[LimitUse], worst: Sequence[LimitUse]) -> Iterator[LimitUse]:
    """Yield the uses; one whose peak is higher in the worst case is the least that it can be."""
    for use in uses:
        same = (other for other in worst if other.place == use.place)
        higher = any(other.peak > use.peak for other in same)
        yield replace(use, is_least=True) if higher else use


@dataclass(eq=False, repr=False)
class _Loads:
    """The loads of days of a schedule, each computed once."""

    scenario: Scenario
    planned: Schedule
    pinned: date | None
    _days: dict[date, dict[Place, Counted]] = field(default_factory=dict)
    _by_model: dict[date, dict[str, list[tuple[Place, Counted]]]] = field(default_factory=dict)
    _parts: dict[tuple[object, ...], dict[Place, Load]] = field(default_factory=dict)

    def together(self, parts: Sequence[Part]) -> Mapping[Place, Load]:
        """Return the loads of days on which all of these parts are done."""
        loads: dict[Place, Load] = {}
        for part in parts:
            for place, load in self._part(part).items():
                loads.setdefault(place, Load()).include(load, part.volume * part.factor / part.scale)
        return loads

    def counted(self, day: date) -> Mapping[Place, Counted]:
        """Return the limits of a day: one of the scenario replaces those of the sheet on its models."""
        day = self.pinned or day
        if day not in self._days:
            tiers = tier_models(self.scenario.pricing, day).models
            self._days[day] = {}
            for stated in (self.scenario.rate_limits, *self.scenario.pricing.rate_limits):
                self._days[day] |= _further(stated, tiers, self._days[day])
        return self._days[day]

    def _part(self, part: Part) -> Mapping[Place, Load]:
        """Return the loads of a day of a part's work, with the volumes that it is priced at."""
        key = part.work, part.priced_on, part.strategy
        if key not in self._parts:
            work = part.work_of(self.planned.works)
            tiers = tier_models_of(self.scenario, self.pinned or part.since)
            flow_of = flows_among(self.scenario.strategies[part.strategy], work, tiers)
            loads = self._parts[key] = {}
            for task in work.task_types:
                flow, outcome = flow_of(task)
                usage = Usage.total(usage for _, usage in flow.usages())
                for place, need in self._needs(usage, part.since).items():
                    load = loads.setdefault(place, Load())
                    load.add(task, need)
                    load.is_partial |= outcome.escalates_unknown or outcome.reviews_unknown
        return self._parts[key]

    def _needs(self, usage: Usage, day: date) -> Mapping[Place, Decimal]:
        """Return how much of each limit a usage needs."""
        by_model = self._by_model.get(day)
        if by_model is None:
            by_model = self._by_model[day] = defaultdict(list)
            for place, counted in self.counted(day).items():
                for model in counted.models:
                    by_model[model].append((place, counted))
        needs: dict[Place, Decimal] = defaultdict(Decimal)
        for key, count in usage.counts.items():
            for place, counted in by_model.get(key.model, ()):
                if count and counted.counts(key):
                    needs[place] += count
        return needs


def _further(
    limits: Sequence[RateLimit], tiers: Mapping[str, str], before: Mapping[Place, Counted]
) -> dict[Place, Counted]:
    """Return limits by place, each on the models whose unit is not limited before."""
    start = 1 + max((number for number, _ in before), default=-1)
    limited = {(counted.unit, model) for counted in before.values() for model in counted.models}
    further = {}
    for number, limit in enumerate(limits, start):
        models = frozenset((*limit.models, *(tiers[tier] for tier in limit.tiers if tier in tiers)))
        for unit in limit.per_minute:
            others = frozenset(model for model in models if (unit, model) not in limited)
            if others:
                rest = limit if others == models else replace(limit, models=tuple(sorted(others)), tiers=())
                further[number, unit] = Counted(rest, unit, others)
    return further
