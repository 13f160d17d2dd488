"""Contents of an interactive page: costs of a scenario as functions of its sliders, for several sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from routecost.api.interactive.amounts import SAVINGS, Engine, Shares, amount_name
from routecost.api.interactive.reasons import INCLUDED, mix_key, reasons
from routecost.api.interactive.sliders import mixes_of, sliders_of
from routecost.api.scenarios import day_of, open_file, with_strategies
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.engine.compare.compare import compare
from routecost.engine.interactive.piecewise import Fit, Misfit, is_close, piece_at
from routecost.errors import RoutecostError, UsageError
from routecost.library import PathLike, open_library
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.interactive.what_if_page import (
    AMOUNTS,
    PageBudget,
    PageMix,
    PageSheet,
    PageStrategy,
    Piece,
    Pieces,
    Point,
    Slider,
    WhatIfPage,
    value_of,
)
from routecost.model.results.verdicts.savings import Savings
from routecost.model.scenario.budget import Period
from routecost.model.scenario.caching import CacheShares
from routecost.model.scenario.scenario import Scenario
from routecost.units import MONTHS_PER_YEAR, ONE, ZERO, exact, listed

_STRATEGIES = re.compile(r'strateg(y|ies) ("[^"]*"(, )?)+: ')
_IN_PART = "success rates or costs of failures are unknown in part, and so is what the mix does to them"
_NOT_LINEAR = (
    "its effect on the cost of {} is not linear between price steps (checked when the page was made)"
)


def interactive(  # noqa: PLR0913  the options of a comparison
    scenario: PathLike,
    *,
    sheets: Sequence[PathLike] = (),
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    what_if: Sequence[str] = (),
    library: PathLike | None = None,
) -> WhatIfPage:
    """Compute the contents of an interactive page: costs by volume, tokens, cached share, mixes and sheet.

    The sheets are that of the scenario (or ``pricing``), then ``sheets`` and the built-in ones that can price
    it. Costs are polynomials linear in each slider, with the price steps of the input; each was checked
    against the engine at further points. Other options are those of :func:`routecost.compare`.

    Raises as :func:`routecost.compare` does, also for ``sheets`` that cannot price the scenario.
    """

    def opened(sheet: PathLike | None) -> ScenarioFile:
        return open_file(
            scenario, pricing=sheet, as_of=as_of, library=library, strategies=strategies, what_if=what_if
        )

    own = opened(pricing)
    base = own.scenario
    view = _View(own, strategies, baseline)
    by_name, left_out = {base.pricing.name: view.sheet(own, "" if pricing is None else str(pricing))}, []
    for given, is_named in (*((one, True) for one in sheets), *((one, False) for one in _built_in(library))):
        try:
            file = opened(given)
            if file.scenario.pricing.name not in by_name:
                by_name[file.scenario.pricing.name] = view.sheet(file, str(given))
        except RoutecostError as error:
            if is_named:
                raise
            left_out.append(f"{given}: {_first_line(error)}")
    return view.page(tuple(by_name.values()), tuple(left_out))


def _built_in(library: PathLike | None) -> list[str]:
    return open_library(library).names("pricing")


def _first_line(error: RoutecostError) -> str:
    finding = next(iter(error.findings), None)
    return str(error).partition("\n")[0] if finding is None else finding.message


class _View:
    """The strategies of a scenario that a page shows, at one sheet after another."""

    def __init__(self, own: ScenarioFile, selected: Sequence[str], baseline: str | None) -> None:
        self._file, self._selected, self._baseline = own, selected, baseline
        self._sliders, self._mixes = sliders_of(own), mixes_of(own)
        self._compared = self._compare(own.scenario)

    def _compare(self, scenario: Scenario) -> Comparison:
        chosen = with_strategies(scenario, self._selected, self._baseline)
        return compare(chosen, day_of(scenario))

    @exact
    def sheet(self, file: ScenarioFile, argument: str) -> PageSheet:
        """Return the costs at a sheet. Raises as a comparison does."""
        compared = self._compare(file.scenario)
        _refuse_jumps(compared)
        is_bounded = _is_bounded(compared.savings)
        known = reasons(file, file.scenario, self._sliders, self._mixes)
        known |= {key: text for key, text in self._of_bounds(compared) if key not in known}
        mixes = [mix for mix in self._mixes if mix_key(mix.strategy) not in known]
        engine = Engine(file, self._sliders, mixes, has_bounds=is_bounded)
        stated = {slider.key: slider.stated for slider in self._sliders}
        fit = Fit(
            [slider for slider in self._sliders if slider.key not in known],
            lambda point: engine.amounts(stated | dict(point)),
        )
        pieces = fit.pieces()
        known |= {str(key): _why(misfit, file.scenario) for key, misfit in fit.failed.items()}
        free = [slider for slider in self._sliders if slider.key not in known]
        wrong = {mix.strategy for mix in mixes if _is_wrong(mix, engine, pieces, stated, free)}
        known |= {mix_key(name): _NOT_LINEAR.format(name) for name in wrong}
        tiers = {mix.strategy: mix.shares for mix in mixes if mix.strategy not in wrong}
        budget = file.scenario.budget
        return PageSheet(
            name=file.scenario.pricing.name,
            argument=argument,
            currency=compared.currency,
            as_of=compared.as_of,
            strategies=tuple(self._strategies(compared, pieces, tiers)),
            reasons=known,
            budget=None if budget is None else budget.amount,
            savings=_only(pieces, SAVINGS, ends=("low", "high")) if is_bounded else (),
            saved=compared.savings,
        )

    def _of_bounds(self, compared: Comparison) -> Iterator[tuple[str, str]]:
        """Yield the reasons why mixes cannot be changed whose savings are known in part."""
        if _is_bounded(compared.savings):
            for mix in self._mixes:
                if mix.strategy in (compared.default, compared.proposed):
                    yield mix_key(mix.strategy), _IN_PART

    def _strategies(
        self, compared: Comparison, pieces: Pieces, tiers: Mapping[str, Shares]
    ) -> Iterator[PageStrategy]:
        unsure = {*compared.unknown_rework, *compared.if_all_escalate, *compared.unpriced_reviews}
        work = {cost.strategy: cost.calls_per_task for cost in compared.strategies}
        for cost in compared.strategies:
            name = cost.strategy
            done = _done(cost) if cost.leaves_tasks else (None, None)
            yield PageStrategy(
                name,
                _only(pieces, name),
                {tier: _only(pieces, name, tier) for tier in tiers.get(name, ())},
                is_least=name in unsure,
                is_comparable=work[name] == work.get(compared.baseline or ""),
                success_differs=cost.success_rate != cost.success_rate_low,
                is_shown=not self._selected or name in self._selected,
                done=done[0],
                done_least=done[1],
            )

    def page(self, sheets: tuple[PageSheet, ...], left_out: tuple[str, ...]) -> WhatIfPage:
        """Return the page with these sheets."""
        compared, scenario = self._compared, self._file.scenario
        budget = scenario.budget
        months = {
            Period.DAY: 1 / scenario.days_per_month,
            Period.MONTH: ONE,
            Period.YEAR: Decimal(MONTHS_PER_YEAR),
        }
        return WhatIfPage(
            comparison=compared,
            sliders=self._sliders,
            mixes=self._mixes,
            sheets=sheets,
            days_per_month=scenario.days_per_month,
            counts_failures=compared.counts_failures,
            budget=None
            if budget is None
            else PageBudget(budget.strategy, budget.per, months[budget.per], budget.counts_failures),
            left_out=left_out,
            warnings=scenario.warnings,
            has_writes=any(
                isinstance(task.cache, CacheShares) and (task.cache.write_5m or task.cache.write_1h)
                for task in scenario.workload.task_types
            ),
        )


def _refuse_jumps(compared: Comparison) -> None:
    """Raise UsageError if costs jump between the usual and the worst case: a page has only these two."""
    jumping = [cost.strategy for cost in compared.strategies if cost.worst is not None and cost.worst.between]
    if jumping:
        raise UsageError(
            f'a retroactive volume discount of "{compared.pricing}" makes the cost of {listed(jumping)} jump '
            "within its range, which an interactive page cannot show; see routecost compare"
        )


def _done(cost: StrategyCost) -> tuple[Decimal, Decimal]:
    done, least = cost.tasks_done
    if done > least <= 0:
        raise UsageError(
            f'the subscription of "{cost.strategy}" may serve no task, so that a task has no highest cost; '
            'state "usage" and "windows", or see routecost compare'
        )
    return done, least


def _why(misfit: Misfit, scenario: Scenario) -> str:
    if misfit.error:
        error = _STRATEGIES.sub("", misfit.error).replace("\0", " on ")
        return f"the scenario cannot change it: {error}"
    strategy = misfit.amount.partition("\0")[0]
    return (INCLUDED if strategy in scenario.subscriptions else _NOT_LINEAR).format(strategy)


def _is_bounded(savings: Savings | None) -> bool:
    """Return whether failures cost something, and the savings with failures are known in part only."""
    return savings is not None and savings.counts_failures and savings.with_failures_per_month is None


def _only(pieces: Pieces, strategy: str, tier: str = "", ends: Sequence[str] = AMOUNTS) -> Pieces:
    """Return the amounts of a strategy alone; neighbouring pieces with the same amounts are one."""
    kept: list[Piece] = []
    for piece in pieces:
        forms = {end: piece.forms[amount_name(strategy, end, tier)] for end in ends}
        if kept and kept[-1].forms == forms:
            kept.pop()
        kept.append(Piece(piece.upto, forms))
    return tuple(kept)


@exact
def _is_wrong(mix: PageMix, engine: Engine, pieces: Pieces, stated: Point, free: Sequence[Slider]) -> bool:
    """Return whether an amount of a mix is not the mean of those of its tiers, by their shares."""
    for at, shares in enumerate(_other_shares(mix)):
        point = {**stated, **{slider.key: slider.value(slider.count * (at + 1) // 7) for slider in free}}
        values = engine.amounts(point, {mix.strategy: shares})
        forms = piece_at(pieces, point).forms
        for amount in AMOUNTS:
            of_tiers = {tier: forms[amount_name(mix.strategy, amount, tier)] for tier in shares}
            parts = [
                share * value_of(form, point)
                for tier, share in shares.items()
                if (form := of_tiers[tier]) is not None
            ]
            mean = sum(parts, ZERO) if len(parts) == len(shares) else None
            if not is_close(mean, values[amount_name(mix.strategy, amount)]):
                return True
    return False


def _other_shares(mix: PageMix) -> Iterator[Shares]:
    """Yield shares of a mix to check: the stated ones, equal ones, each tier alone, and unequal ones."""
    tiers = list(mix.shares)
    yield mix.shares
    for chosen in tiers:
        yield {tier: ONE if tier == chosen else ZERO for tier in tiers}
    for first in (Decimal("0.37"), Decimal("0.05")):
        rest = (1 - first) / Decimal(2) ** (len(tiers) - 1) if len(tiers) > 1 else ZERO
        shares = dict.fromkeys(tiers[1:], rest)
        yield {tiers[0]: 1 - sum(shares.values(), ZERO), **shares}
