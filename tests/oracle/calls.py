"""Calls of a task, and what is billed for one. Part of the oracle, written from docs/documents.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

from tests.oracle.amounts import Amount, Draw, Form, Vector, expect, number, plane, rows_of
from tests.oracle.hours import share_in_hours, share_missed
from tests.oracle.prices import TOKENS_IN, Sheet

NONE = Amount()
LIFETIMES = {"5m": 300, "1h": 3600}
SECONDS = {"s": 1, "m": 60, "h": 3600}


class Task:
    """A task type of a workload."""

    def __init__(self, name: str, load: Mapping[str, Any], shared: Mapping[str, Any], days: Days) -> None:
        self.name, self.per_day = name, _per_day(load, days)
        self.arrivals = load.get("arrivals", shared.get("arrivals"))
        self.draw, self.cache = Draw(load["tokens"]), load.get("cache", {})
        meters = {meter: number(count) for meter, count in load.get("meters", {}).items()}
        self.meters = {meter: Amount(constant=count) for meter, count in meters.items()}
        modes = {mode: number(share) for mode, share in load.get("modes", {}).items()}
        if load.get("batch_tolerant") in (True, "true"):
            modes["batch"] = number(load.get("batch", shared.get("batch", 0)))
        self.stated_modes = dict(modes)
        self.modes = {"standard": 1 - sum(modes.values(), Fraction(0)), **modes}
        self.kind = load.get("type", name)
        self.success = {tier: _rate(stated) for tier, stated in load.get("success", {}).items()}
        self.failure_cost = load.get("failure_cost")
        self.rework = load.get("rework")
        self.calls: Mapping[str, Any] | None = load.get("calls")
        own = load.get("tier_tokens", {})
        self.tier_tokens = {
            tier: TierTokens(stated, load["tokens"], self.draw) for tier, stated in own.items()
        }
        self.carries = load.get("carry_reasoning") in (True, "true")


class TierTokens:
    """The tokens of a tier: a draw with a multiple of its output, a part of which is reasoning."""

    def __init__(self, stated: Mapping[str, Any], base: Mapping[str, Any], draw: Draw) -> None:
        self.factor = number(stated.get("output_factor", 1))
        self.reasoning = number(stated.get("reasoning", draw.reasoning if "per_call" not in stated else 0))
        own = {**base, **{key: stated[key] for key in ("input", "output") if key in stated}}
        self.draw = Draw(stated) if "per_call" in stated else draw if own == base else Draw(own)


@dataclass
class Days:
    """The days of a month, and those of them that are working days."""

    per_month: Fraction
    working: Fraction


def _per_day(load: Mapping[str, Any], days: Days) -> Fraction:
    """Return the tasks of a mean day."""
    periods = {
        "tasks_per_day": Fraction(1),
        "tasks_per_week": Fraction(7),
        "tasks_per_month": days.per_month,
        "tasks_per_working_day": days.per_month / days.working,
    }
    (key,) = periods.keys() & load.keys()
    return number(load[key]) / periods[key]


def _rate(stated: Any) -> Fraction:
    if isinstance(stated, Mapping):
        return number(stated["successes"]) / number(stated["trials"])
    return number(stated)


@dataclass
class Call:
    """Everything about a call that is billed, for ``count`` such calls per task.

    ``own`` is the input that the workload's ``cache`` applies to, ``passed`` other input, ``read``
    and ``written`` the parts of a context that a cache serves and stores. ``reasoning`` is output that
    no other call reads; later calls of the task carry it if it ``carries``.
    """

    tier: str
    own: Amount
    output: Amount
    passed: Amount = NONE
    read: Amount = NONE
    written: Amount = NONE
    window: str = "5m"
    cache: Mapping[str, Any] = field(default_factory=dict)
    modes: Mapping[str, Fraction] = field(default_factory=lambda: {"standard": Fraction(1)})
    meters: Mapping[str, Amount] = field(default_factory=dict)
    count: Fraction = Fraction(1)
    is_rework: bool = False
    is_visit: bool = True
    reasoning: Amount = NONE
    carries: bool = False

    @property
    def carried(self) -> Amount:
        """What later calls of the task have of its output in their context."""
        return self.output + self.reasoning if self.carries else self.output

    def drawn_again(self) -> Call:
        """Return the call with another draw of its own tokens."""
        amounts = self.own, self.output, self.reasoning, *self.meters.values()
        draws = {draw: draw.again() for amount in amounts for draw, _ in amount.parts}
        own, output, thought, *others = (_redrawn(amount, draws) for amount in amounts)
        meters = dict(zip(self.meters, others, strict=True))
        return _with(self, own=own, output=output, reasoning=thought, meters=meters)

    @property
    def amounts(self) -> list[Amount]:
        """All its amounts: of input, of output, and of other meters."""
        tokens = [self.own, self.passed, self.read, self.written, self.output, self.reasoning]
        return [*tokens, *self.meters.values()]


def series_calls(
    each: Sequence[Call], tiers: Sequence[str], sheet: Sheet, series: Mapping[str, Any] | None
) -> Iterator[Call]:
    """Yield the calls of a task, one on each of ``tiers`` in turn; ``each`` is one by itself."""
    if series is None:
        assert len(tiers) == 1
        yield _with(each[0], tier=tiers[0])
        return
    share, carries = number(series.get("cached", 0)), series.get("carry", "none") == "all"
    start = Amount(constant=number(series.get("system", 0)))
    contexts: list[Amount] = []
    grown = NONE
    is_drawn = series.get("drawn") == "per_call"
    for at, (tier, shape) in enumerate(zip(tiers, each, strict=True)):
        call = shape.drawn_again() if is_drawn else shape
        if not share:
            yield _with(call, tier=tier, own=start + grown + call.own)
            grown += call.own + call.carried if carries else NONE
            continue
        contexts.append(start + call.passed + grown + call.own)
        fixed = start + call.passed
        last = _last_on_model(tiers, at, sheet)
        warm = last is not None and _is_warm(series, at - last)
        if carries:
            read = contexts[last] if warm and last is not None else NONE
            written, plain = contexts[at] + read * -1, NONE
        else:
            read, written, plain = (fixed, NONE, call.own) if warm else (NONE, fixed, call.own)
        yield _with(
            call,
            tier=tier,
            own=plain + (read + written) * (1 - share),
            passed=NONE,
            read=read * share,
            written=written * share,
            window=series.get("window", "5m"),
            cache={},
        )
        grown += call.own + call.carried if carries else NONE


def _redrawn(amount: Amount, draws: Mapping[Draw, Draw]) -> Amount:
    parts = {(draws[draw], axis): part for (draw, axis), part in amount.parts.items()}
    return Amount(parts, amount.constant)


def _with(call: Call, **changes: Any) -> Call:
    return Call(**{**call.__dict__, **changes})


def _last_on_model(tiers: Sequence[str], at: int, sheet: Sheet) -> int | None:
    before = [other for other in range(at) if sheet.cache(tiers[other]) == sheet.cache(tiers[at])]
    return before[-1] if before else None


def _is_warm(series: Mapping[str, Any], ago: int) -> bool:
    if series.get("pause") is None:
        return ago == 1
    pause = str(series["pause"]).strip()
    return ago * number(pause[:-1]) * SECONDS[pause[-1]] <= LIFETIMES[series.get("window", "5m")]


def bill_of_task(task: Task, calls: Sequence[Call], sheet: Sheet, measured_on: str | None) -> Vector:
    """Return the units and the list price by model and meter of all calls of one task.

    Calls meet in the cache of a model. A visit is a call that does not follow another of its task.
    """
    meeting: dict[Any, float] = defaultdict(float)
    visits: dict[Any, float] = defaultdict(float)
    for call in calls:
        if "prefix" in call.cache:
            served, place = float(call.count) * _share_with_prefix(call), _cache_of(call, sheet)
            meeting[place] += served
            visits[place] += served if call.is_visit else 0
    bill = Vector()
    for call in calls:
        if call.count:
            place = _cache_of(call, sheet)
            written = _share_written(task, call.cache, meeting[place], visits[place])
            one = Bill(_in_modes(call, task, sheet), sheet.tiers[call.tier], sheet, measured_on, written)
            bill += one.mean() * float(call.count)
    return bill


def _share_written(task: Task, cache: Mapping[str, Any], calls: float, visits: float) -> float:
    """Return the share of calls with a prefix that write it."""
    if "prefix" not in cache or not calls:
        return 1.0
    if "reuse" in cache:
        per_window = max(1.0, (1 + float(number(cache["reuse"]))) * visits)  # of visits
        return visits / per_window / calls
    lifetime = LIFETIMES[cache.get("window", "5m")] // 60
    return visits * share_missed(task.arrivals, lifetime, visits * float(task.per_day) * 7) / calls


def _in_modes(call: Call, task: Task, sheet: Sheet) -> Call:
    """Return the call with its standard share split by the hours of the model's modes."""
    modes = dict(call.modes)
    for mode, hours in sheet.hours(sheet.tiers[call.tier]).items():
        if task.arrivals is not None:
            share = Fraction(share_in_hours(task.arrivals, hours, sheet.day.year))
        else:
            share = Fraction(0) if mode in modes else task.stated_modes[mode]
        part = call.modes["standard"] * share
        modes["standard"] -= part
        modes[mode] = modes.get(mode, Fraction(0)) + part
    return _with(call, modes=modes)


def _cache_of(call: Call, sheet: Sheet) -> tuple[Any, bool]:
    """Return what a prefix is shared in: a model's cache, which has expired when work is redone.

    If hits follow from arrivals, rework arrives as other calls do.
    """
    return sheet.cache(call.tier), call.is_rework and "reuse" in call.cache


def _share_with_prefix(call: Call) -> float:
    prefix = number(call.cache["prefix"])
    share = Vector()
    for weight, (own,) in rows_of([call.own]):
        has = partial(_with_prefix, own, prefix)
        share += expect(has, [own], [plane(own, prefix)]) * float(weight)
    return share.get("prefix", 0.0)


def _with_prefix(own: Form, prefix: Fraction, at: Mapping[Any, float]) -> Vector:
    return Vector(prefix=float(_has(own, prefix, at)))


def _has(own: Form, prefix: Fraction, at: Mapping[Any, float]) -> bool:
    return own.at(at) >= prefix if own.spans else own.constant >= prefix


class Bill:
    """What one call costs, on average over its draws."""

    def __init__(self, call: Call, model: str, sheet: Sheet, measured_on: str | None, written: float) -> None:
        self.call, self.model, self.sheet, self.written = call, model, sheet, written
        self.factor = sheet.scaling(model, measured_on)

    def mean(self) -> Vector:
        """Return the expected units and cost by meter; calls alike are priced once."""
        key = self._key()
        if key not in self.sheet.bills:
            total = Vector()
            for weight, forms in rows_of(self.call.amounts):
                total += self._row(forms) * float(weight)
            self.sheet.bills[key] = total
        return Vector(self.sheet.bills[key])

    def _key(self) -> Any:
        """Return all that the bill depends on; draws differ by when they appear."""
        call, draws = self.call, dict[Draw, int]()
        amounts = [
            (
                amount.constant,
                *((draws.setdefault(draw, len(draws)), axis, part) for (draw, axis), part in places),
            )
            for amount in call.amounts
            for places in [amount.parts.items()]
        ]
        stated = (call.cache, call.modes, list(call.meters))
        rows = (draw.key for draw in draws)
        return (self.model, self.factor, self.written, call.window, *map(str, stated), *rows, *amounts)

    def _row(self, forms: Sequence[Form]) -> Vector:
        own, spans, constant = forms[0], defaultdict[Any, Fraction](Fraction), Fraction(0)
        parts = [(self.factor, form) for form in forms[:4]]
        others = zip(self.call.meters, forms[6:], strict=True)
        parts += [(Fraction(1), form) for meter, form in others if meter in TOKENS_IN]
        for factor, form in parts:
            constant += form.constant * factor
            for place, span in form.spans.items():
                spans[place] += span * factor
        context = Form(constant, spans)
        planes = [plane(context, edge) for edge in self.sheet.edges(self.model)]
        if "prefix" in self.call.cache:
            planes.append(plane(own, number(self.call.cache["prefix"])))
        return expect(lambda at: self._cost(forms, context, at), forms, planes)

    def _cost(self, forms: Sequence[Form], context: Form, at: Mapping[Any, float]) -> Vector:
        above = max(
            [Fraction(0), *(edge for edge in self.sheet.edges(self.model) if context.exceeds(edge, at))]
        )
        units = {meter: float(self.factor) * tokens for meter, tokens in self._tokens(forms, at).items()}
        for meter, form in zip(self.call.meters, forms[6:], strict=True):
            units[meter] = units.get(meter, 0) + form.at(at)
        units["request"] = units.get("request", 0) + 1
        bill = Vector()
        for mode, share in self.call.modes.items():
            for meter, count in units.items():
                if share and count:
                    money = float(share) * count * self.sheet.rate(self.model, above, mode, meter)
                    bill += Vector(
                        {
                            (self.model, meter, "units"): float(share) * count,
                            (self.model, meter, "money"): money,
                        }
                    )
        return bill

    def _tokens(self, forms: Sequence[Form], at: Mapping[Any, float]) -> dict[str, float]:
        """Return the tokens by meter, as measured."""
        own, passed, read, written, output, thought = (form.at(at) for form in forms[:6])
        cache, units = self.call.cache, {"input": passed, "output": output, "cache_read": read}
        meter = "output_reasoning" if self.sheet.has_rate(self.model, "output_reasoning") else "output"
        units[meter] = units.get(meter, 0) + thought
        units[f"cache_write_{self.call.window}"] = written
        parts: dict[str, float] = {}
        if "prefix" in cache and _has(forms[0], number(cache["prefix"]), at):
            prefix = float(number(cache["prefix"]))
            parts = {
                "cache_read": prefix * (1 - self.written),
                f"cache_write_{cache.get('window', '5m')}": prefix * self.written,
            }
        elif "prefix" not in cache:
            names = {"read": "cache_read", "write_5m": "cache_write_5m", "write_1h": "cache_write_1h"}
            parts = {names[key]: own * float(number(share)) for key, share in cache.items()}
        for meter, tokens in {**parts, "input": own - sum(parts.values())}.items():
            units[meter] = units.get(meter, 0) + tokens
        return units
