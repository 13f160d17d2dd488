"""The Pareto set of policies, and the choice of one by budget, quality and risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routecost.errors import UsageError
from routecost.model.outcomes.policies import Policy
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.records import dataclass

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A policy with its mean cost and quality on train; ``optimism`` is what the quality is too high by.

    ``cost_error`` is the standard error of the cost, ``quality_ends`` the 95% interval of the quality.
    """

    name: str
    family: str
    policy: Policy
    cost: float
    quality: float
    optimism: float = 0.0
    cost_error: float = 0.0
    quality_ends: tuple[float, float] = (0.0, 1.0)

    @property
    def expected(self) -> float:
        """The quality to expect of other queries."""
        return self.quality - self.optimism


def pareto(candidates: Sequence[Candidate], *, expected: bool = False) -> list[Candidate]:
    """Return the candidates that no other one beats, cheapest first; of equal ones, the first given.

    They are compared by the quality on train, or by the ``expected`` one.
    """
    kept: list[Candidate] = []
    best = float("-inf")
    for candidate in sorted(
        candidates, key=lambda item: (item.cost, -(item.expected if expected else item.quality))
    ):
        quality = candidate.expected if expected else candidate.quality
        if quality > best + _ROUNDING:
            kept.append(candidate)
            best = quality
    return kept


def choose(
    candidates: Sequence[Candidate],
    options: LearnOptions,
    passing: Mapping[int, bool | None] | None,
    best: Candidate,
    reference: Candidate | None,
    *,
    kind: str = "policy",
) -> tuple[Candidate, bool]:
    """Return the candidate that is best by the options, and whether it is the fallback.

    Candidates are given cheapest first. With a budget alone it is the best one within the budget, else the
    cheapest one that is good enough: as good as the ``best`` model, if the options ask for nothing; the best
    one, if none is as good. If no candidate is known to keep the bound of risk, the ``reference`` is
    chosen, if there is one: it keeps the bound by definition. Raises UsageError, with the best figure that
    a ``kind`` of candidate reaches, if nothing is within the limits.
    """
    allowed = [item for item in candidates if passing is None or passing.get(id(item))]
    fell_back = not allowed and reference is not None
    if fell_back and reference is not None:
        allowed = [reference]
    within, enough = _within(allowed, options, best)
    if enough:
        return _preferred(enough, options), fell_back
    if passing is not None:
        kind = f"{kind} that is known to keep the bound of risk"
    raise UsageError(_refusal(allowed, within, options, kind))


def nearest(candidates: Sequence[Candidate], options: LearnOptions, best: Candidate) -> Candidate:
    """Return the candidate that is best by the options, as :func:`choose`; without one, the nearest."""
    within, enough = _within(candidates, options, best)
    if enough:
        return _preferred(enough, options)
    return within[-1] if within else candidates[0]


def _within(
    candidates: Sequence[Candidate], options: LearnOptions, best: Candidate
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates within the budget, and those of them that are good enough."""
    budget, floor = options.budget, options.min_quality
    within = [item for item in candidates if budget is None or item.cost <= budget * (1 + _ROUNDING)]
    if _asks_nothing(options) and within:
        floor = min(best.quality, max(item.expected for item in within))
    return within, [item for item in within if floor is None or item.expected >= floor - _ROUNDING]


def _asks_nothing(options: LearnOptions) -> bool:
    return options.budget is None and options.min_quality is None and options.risk is None


def _preferred(enough: Sequence[Candidate], options: LearnOptions) -> Candidate:
    by_quality = options.budget is not None and options.min_quality is None
    return enough[-1] if by_quality else enough[0]


def least_quality(options: LearnOptions, best: Candidate) -> float | None:
    """Return the least quality to expect."""
    return best.quality if _asks_nothing(options) else options.min_quality


def _refusal(
    allowed: Sequence[Candidate], within: Sequence[Candidate], options: LearnOptions, kind: str
) -> str:
    if not allowed:
        return f"no {kind}"
    limit = "" if options.budget is None else f"at most {options.budget:.6g} per query"
    if not within:
        least = min(allowed, key=lambda item: item.cost)
        return f"no {kind} costs {limit}; the cheapest, {least.name}, costs {least.cost:.6g}"
    top = max(within, key=lambda item: item.expected)
    limits = f" for {limit}" if limit else ""
    best = f"the best, {top.name}, reaches {top.expected:.6g}"
    return f"no {kind} reaches a quality of {options.min_quality:.6g}{limits}; {best}"


def price_at(frontier: Sequence[Candidate], cost: float) -> float | None:
    """Return the quality that a unit of currency per query adds at a cost, along the concave hull.

    None at the end of the frontier.
    """
    hull: list[Candidate] = []
    for point in frontier:
        while len(hull) > 1 and _slope(hull[-2], hull[-1]) <= _slope(hull[-2], point):
            hull.pop()
        hull.append(point)
    after = [at for at, point in enumerate(hull) if point.cost > cost * (1 + _ROUNDING)]
    if not after or after[0] == 0:
        return None
    return _slope(hull[after[0] - 1], hull[after[0]])


def _slope(start: Candidate, end: Candidate) -> float:
    gap = end.cost - start.cost
    return (end.expected - start.expected) / gap if gap else float("inf")
