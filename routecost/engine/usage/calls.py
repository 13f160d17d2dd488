"""A call of a model: everything billable about it, and its usage in the buckets that price steps need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.numeric.uniform_sums import below, mean_below
from routecost.engine.usage.quantities import NOTHING, Linear, Quantity, answer, joint_rows, others, prompt
from routecost.errors import UsageError
from routecost.model.pricing.sheet import STANDARD
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.model.scenario.caching import NO_CACHE, WINDOWS, Caching
from routecost.model.scenario.workload import Drawn, TaskType, TierTokens, TokenShape
from routecost.records import dataclass
from routecost.units import METERS, ONE, READ_AS, REASONING, ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TierModels


CACHED_TWICE = 'the cache is stated twice: "cached" of {} and "cache" of {}; expected one of them'


@dataclass(frozen=True, slots=True)
class CallShape:
    """All that is billed for one call, jointly distributed over the tasks.

    ``output`` is what other calls may read of the output, ``reasoning`` the rest; ``carries`` says whether
    the reasoning of a call is in the context of later calls of its task, None if that is not stated.
    ``prompt`` is the input that ``cache`` applies to; ``passed`` is input that comes from other
    calls and is in no cache; ``cached`` and ``stored`` are input that is read from, and written
    to, the cache of a context, in the ``window`` that it lives for. ``modes`` has the share of calls
    per processing mode, summing to 1; ``meters`` the numbers of other billable units.
    """

    prompt: Quantity
    output: Quantity
    passed: Quantity = NOTHING
    cached: Quantity = NOTHING
    stored: Quantity = NOTHING
    window: str = "5m"
    cache: Caching = NO_CACHE
    modes: Mapping[str, Decimal] = field(default_factory=lambda: {STANDARD: ONE})
    meters: Mapping[str, Quantity] = field(default_factory=dict)
    reasoning: Quantity = NOTHING
    carries: bool | None = None

    @classmethod
    def of_task(cls, task: TaskType, own: TierTokens | None = None) -> CallShape:
        """Return a call of a task type; ``own`` replaces its tokens, and its meters if it has any."""
        own, of_task = own or TierTokens(task.tokens, reasoning=task.tokens.reasoning), task.tokens
        shape = own.shape
        if task.calls.drawn is Drawn.PER_CALL:  # a draw of its own
            shape, of_task = replace(shape), replace(of_task)
        meters = others(shape) or others(of_task)
        meters = meters or {meter: Quantity.of(count) for meter, count in task.meters.items()}
        call = cls(prompt(shape), answer(shape), cache=task.cache, modes=task.mode_shares, meters=meters)
        return call._thinking(own, task.carry_reasoning)

    def _thinking(self, own: TierTokens, carries: bool | None = None) -> CallShape:
        """Return the call whose output is multiplied, and divided into what others read and reasoning."""
        written = self.output if own.factor is ONE else self.output.times(own.factor)
        if not own.reasoning:
            return self if written is self.output else replace(self, output=written)
        answered, thought = written.times(1 - own.reasoning), written.times(own.reasoning)
        return replace(self, output=answered, reasoning=thought, carries=carries)

    @property
    def written(self) -> Quantity:
        """All output, with reasoning."""
        return self.output if self.reasoning is NOTHING else self.output + self.reasoning

    @property
    def carried(self) -> Quantity:
        """The output that later calls of a task have in their context if they carry it.

        Raises UsageError if it is not stated whether that includes the reasoning.
        """
        if self.reasoning is NOTHING or self.carries is False:
            return self.output
        if self.carries is None:
            raise UsageError(
                "calls carry what earlier ones wrote, and whether that includes their reasoning is unknown; "
                'set "carry_reasoning" of the task type to true or false'
            )
        return self.written

    @classmethod
    def of_helper(cls, tokens: TokenShape) -> CallShape:
        """Return a call of a planner, judge or reviewer, which is no part of the task's own calls."""
        own = TierTokens(tokens, reasoning=tokens.reasoning)
        return cls(prompt(tokens), answer(tokens), meters=others(tokens))._thinking(own)

    def reading(self, tokens: Quantity) -> CallShape:
        """Return the call that also reads tokens that other calls wrote."""
        return replace(self, passed=self.passed + tokens)

    def reading_input(self, call: CallShape) -> CallShape:
        """Return the call that also reads the whole input of another one, from no cache."""
        meters = dict(self.meters)
        for meter, number in call.meters.items():
            if unit := READ_AS.get(meter):
                meters[unit] = meters.get(unit, NOTHING) + number
        return replace(self, passed=self.passed + call.prompt, meters=meters)

    def writing(self, tokens: Decimal) -> CallShape:
        """Return the call that also writes this many tokens."""
        return replace(self, output=self.output + Quantity.of(tokens)) if tokens else self

    def in_context(self, plain: Quantity, cached: Quantity, stored: Quantity, window: str) -> CallShape:
        """Return the call whose input is a context, of which parts are cached and stored.

        Raises UsageError if the task states another cache for the same input.
        """
        if self.cache != NO_CACHE and not (cached is NOTHING and stored is NOTHING):
            raise UsageError(CACHED_TWICE.format("the strategy or the calls", "the task type"))
        return replace(self, prompt=plain, cached=cached, stored=stored, window=window)


def usage(  # noqa: PLR0917  all that counts
    shape: CallShape,
    tier: str,
    tier_models: TierModels,
    count: Decimal,
    written: Decimal = ONE,
    task: TaskType | None = None,
) -> Usage:
    """Return the usage of ``count`` calls on a tier, for tasks whose arrivals are those of ``task``.

    ``written`` is the share of calls with a shared prefix that write it.
    """
    model = tier_models.model(tier)
    scaling = tier_models.scaling.get(model)
    factor = ONE if scaling is None else scaling.factor
    modes = shape.modes
    thought_as = REASONING if model in tier_models.reasoning_apart else "output"
    if tier_models.hours:
        from routecost.engine.usage.hours import timed_modes  # few sheets have any

        modes = timed_modes(modes, model, tier_models, task)
    counts: dict[tuple[str, str, int, int | None], Decimal] = {}
    for weight, row, stated in _rows(shape, written, thought_as):
        scaled = row if factor == 1 else {meter: tokens.times(factor) for meter, tokens in row.items()}
        if REASONING in row and REASONING in stated:
            stated[REASONING] += scaled[REASONING]
        for (above, upto), part in _buckets({**scaled, **stated}, tier_models.context_edges[model]):
            quantities = {**part.means, CALLS: part.weight}
            for mode, share in modes.items():
                alike = count * share * weight
                for meter, quantity in quantities.items():
                    key = meter, mode, above, upto
                    if quantity:
                        counts[key] = counts.get(key, ZERO) + alike * quantity
    return Usage({UsageKey(model, *key): quantity for key, quantity in counts.items() if quantity})


def served_share(shape: CallShape) -> Decimal:
    """Return the share of calls that begin with the prefix of a shared cache."""
    least = shape.cache.least_input
    if least is None:
        return ZERO
    rows = _divided(shape.cache, joint_rows((shape.prompt,)))
    return sum((weight for weight, (own,) in rows if own.constant >= least), ZERO)


_ByMeter = dict[str, Linear]


def _rows(
    shape: CallShape, written: Decimal, thought_as: str
) -> Iterator[tuple[Decimal, _ByMeter, _ByMeter]]:
    """Yield the tokens of a call and its other meters, for each row of their joint distribution."""
    quantities = (shape.prompt, shape.passed, shape.cached, shape.stored, shape.output, shape.reasoning)
    joint = joint_rows((*quantities, *shape.meters.values()))
    for weight, (own, passed, cached, stored, output, thought, *stated) in _divided(shape.cache, joint):
        row = _cached(shape.cache, own, written)
        for meter, tokens in (
            ("input", passed),
            ("cache_read", cached),
            (WINDOWS[shape.window], stored),
            ("output", output),
            (thought_as, thought),
        ):
            if meter not in row:
                row[meter] = tokens
            elif tokens.constant or tokens.terms:
                row[meter] += tokens
        yield weight, row, dict(zip(shape.meters, stated, strict=True))


_Row = tuple[Decimal, tuple[Linear, ...]]


def _divided(cache: Caching, rows: Iterable[_Row]) -> Iterator[_Row]:
    """Divide ranges of the first quantity, the prompt, at the size from which it has a shared prefix.

    Raises UsageError for a prompt that is the sum of several ranges.
    """
    least = cache.least_input
    for weight, row in rows:
        own, *others = row
        if least is None or not own.constant < least < own.most:
            yield weight, row
            continue
        if len(own.terms) > 1:
            raise UsageError(
                f"some calls with {own.constant.normalize():f} to {own.most.normalize():f} tokens of input "
                f"are shorter than the shared prefix of {least.normalize():f}; state rows without ranges"
            )
        ((variable, span),) = own.terms.items()
        at = (least - own.constant) / span
        shorter = Linear(own.constant, {variable: least - own.constant})
        longer = Linear(least, {variable: own.most - least})
        yield weight * at, (shorter, *(other.within(variable, ZERO, at) for other in others))
        yield weight * (1 - at), (longer, *(other.within(variable, at, ONE) for other in others))


def _cached(cache: Caching, own: Linear, written: Decimal) -> dict[str, Linear]:
    """Return the meters of a prompt: constants by the cache's rule, spans by the rule's slope."""
    constants = cache.meters(own.constant, written)
    slopes = cache.slopes
    return {
        meter: Linear(tokens, {variable: span * slopes[meter] for variable, span in own.terms.items()})
        if own.terms and slopes.get(meter)
        else Linear(tokens)
        for meter, tokens in constants.items()
    }


def meters_in_context(shape: CallShape) -> Quantity:
    """Return the tokens of other meters that count towards the size of a context."""
    return sum((number for meter, number in shape.meters.items() if METERS[meter].in_context), NOTHING)


@dataclass(frozen=True, slots=True)
class _Part:
    """The share of a row's calls that is in one bucket, and their tokens per call of the row."""

    weight: Decimal
    means: Mapping[str, Decimal]


def _buckets(
    row: Mapping[str, Linear], edges: tuple[int, ...]
) -> Iterator[tuple[tuple[int, int | None], _Part]]:
    """Split the calls of a row at context sizes; an edge belongs to the bucket below it."""
    context = Linear.sum(tokens for meter, tokens in row.items() if METERS[meter].in_context)
    most = context.most
    for above, upto in zip((0, *edges), (*edges, None), strict=True):
        if (above and most <= above) or (upto is not None and context.constant > upto):
            continue
        starts_inside = above == 0 or context.constant > above
        if starts_inside and (upto is None or most <= upto):
            yield (above, upto), _Part(ONE, {meter: tokens.mean for meter, tokens in row.items()})
        elif context.terms:
            yield (above, upto), _between(row, context, ZERO if starts_inside else Decimal(above), upto)


def _between(row: Mapping[str, Linear], context: Linear, above: Decimal, upto: int | None) -> _Part:
    """Return the calls whose context is between two sizes, exactly, for contexts that are a range."""
    spans = list(context.terms.values())
    low, high = above - context.constant, None if upto is None else upto - context.constant
    whole = [ONE] + [Decimal("0.5")] * len(spans)
    upper = whole if high is None else _moments(high, spans)
    lower = _moments(low, spans) if low > 0 else [ZERO] * len(whole)
    weight, *moments = [more - less for more, less in zip(upper, lower, strict=True)]
    by_variable = dict(zip(context.terms, moments, strict=True))
    means = {
        meter: weight * tokens.constant
        + sum((span * by_variable.get(one, weight / 2) for one, span in tokens.terms.items()), ZERO)
        for meter, tokens in row.items()
    }
    return _Part(weight, means)


def _moments(room: Decimal, spans: list[Decimal]) -> list[Decimal]:
    return [below(room, spans), *(mean_below(room, spans, at) for at in range(len(spans)))]
