"""Learn policies from outcomes: fit each family on train, choose, and report on held-out queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import hypot

from routecost.errors import UnknownNameError, UsageError
from routecost.model.outcomes.policies import CascadeRouting, Mixture, Policy, ThresholdCascade
from routecost.model.outcomes.promises import Estimate, Promises
from routecost.optimize.outcomes.calibration import CalibrationError
from routecost.optimize.outcomes.calibration import fit as fit_calibration
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.optimize.outcomes.execute import WIDTH, Execution, Result, execute, results, standard_error
from routecost.optimize.outcomes.learn.choice import (
    Candidate,
    choose,
    least_quality,
    nearest,
    pareto,
    price_at,
)
from routecost.optimize.outcomes.learn.confidence import reliability_of
from routecost.optimize.outcomes.learn.families import distinct_names, essence, fitted, name_of
from routecost.optimize.outcomes.learn.learned import Fitted, Learned, LearnOptions, Reliability, Step
from routecost.optimize.outcomes.learn.optimism import optimism
from routecost.optimize.outcomes.oracle import oracle, oracle_frontier, regret
from routecost.optimize.outcomes.statistics.bootstrap import differences, interval
from routecost.optimize.outcomes.statistics.risk import Verdict, verdicts
from routecost.problems import did_you_mean


def learn(outcomes: Outcomes, options: LearnOptions | None = None) -> Learned:
    """Return the policies that outcomes support, and the one that is best by the options.

    The choice is by the quality to expect: that on train, less the optimism of the family.

    Raises UsageError if a part of the data has no queries or no policy is within the limits, and
    UnknownNameError for an unknown reference model.
    """
    options = options or LearnOptions()
    train, test = _part(outcomes, Split.TRAIN), _part(outcomes, Split.TEST)
    if options.risk is not None:
        _part(outcomes, Split.CALIBRATION)
    singles = [Mixture({train.models[at]: 1.0}) for at in train.by_cost]
    models = _candidates([("single", policy) for policy in singles], train)
    best = max(models, key=lambda model: (model.quality, -model.cost))
    reference = _reference(options, models, best)
    skipped: dict[str, str] = {}
    excess = optimism(train, options)
    limits = replace(options, min_quality=least_quality(_on_train(options, best), best))
    candidates = _candidates(fitted(train, limits, skipped, excess=excess), train, excess)
    frontier, offered = pareto(candidates), pareto(candidates, expected=True)
    rows = risk_verdicts(offered, outcomes, options, reference.name)
    passing = None if rows is None else {key: row.passes for key, row in rows.items()}
    chosen, fell_back = choose(offered, options, passing, best, reference)
    own = [pareto([item for item in candidates if item.family == family]) for family in _families(candidates)]
    by_family = _with(chosen, [_choice_of(candidates, options, best) for candidates in own])
    frontier = sorted(_with(chosen, frontier), key=lambda item: item.cost)
    curves = [candidate for candidates in own for candidate in candidates]
    reports = reported([*curves, *models, *frontier, chosen], test, options, passing)
    named = {id(candidate): report for candidate, report in reports}
    confidences = _confidences(train, test, options)
    run = execute(chosen.policy, test)
    same = chosen.name == reference.name
    reference_run = run if same else execute(reference.policy, test)
    final = named[id(chosen)]
    return Learned(
        outcomes=outcomes,
        options=options,
        reference=reference.name,
        chosen=final,
        frontier=tuple(named[id(candidate)] for candidate in frontier),
        curves=tuple(named[id(candidate)] for candidate in curves),
        families=tuple(named[id(candidate)] for candidate in by_family),
        models=tuple(named[id(candidate)] for candidate in models),
        price=price_at(offered, chosen.cost),
        steps=tuple(_steps(chosen.policy, run, test)),
        reliability=confidences,
        promises=_promises(final, run, test, confidences),
        skipped=skipped,
        fell_back=fell_back,
        verdicts=() if passing is None else tuple(passing.values()),
        difference=differences([run], reference_run, options.rounds, options.seed)[0],
    )


def _part(outcomes: Outcomes, split: Split) -> Outcomes:
    part = outcomes.part(split)
    if not len(part):
        raise UsageError(f"no query of the outcomes is in the {split} part; expected some")
    return part


def _candidates(
    policies: Iterable[tuple[str, Policy]], train: Outcomes, excess: Mapping[str, float] | None = None
) -> list[Candidate]:
    counts: Counter[str] = Counter()
    candidates = []
    pairs = list(policies)
    for (family, policy), run in zip(pairs, results((policy for _, policy in pairs), train), strict=True):
        name = name_of(family, policy, counts[family])
        counts[family] += 1
        too_high = (excess or {}).get(family, 0.0)
        candidates.append(candidate_of(name, family, policy, run, too_high))
    return candidates


def candidate_of(name: str, family: str, policy: Policy, run: Result, too_high: float = 0.0) -> Candidate:
    """Return a policy with its results on train."""
    error, ends = standard_error(run.cost), run.quality_ends
    return Candidate(name, family, policy, run.cost_per_query, run.quality, too_high, error, ends)


def _families(candidates: Sequence[Candidate]) -> Iterable[str]:
    return dict.fromkeys(candidate.family for candidate in candidates)


def _with(chosen: Candidate, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates and the chosen one, which only its expected quality or a bound of risk may favour."""
    known = any(essence(candidate.policy) == essence(chosen.policy) for candidate in candidates)
    return [*candidates, *([] if known else [chosen])]


def _choice_of(candidates: Sequence[Candidate], options: LearnOptions, best: Candidate) -> Candidate:
    """Return the choice of a family; the margin of risk is kept on train only, without the bound."""
    return nearest(candidates, _on_train(options, best), best)


def _on_train(options: LearnOptions, best: Candidate) -> LearnOptions:
    """Return options in which the margin of risk is a least quality on train."""
    if options.risk is not None and options.budget is None and options.min_quality is None:
        return replace(options, min_quality=best.quality - options.margin)
    return options


def _reference(options: LearnOptions, models: Sequence[Candidate], best: Candidate) -> Candidate:
    if options.reference is None:
        return best
    by_name = {model.name: model for model in models}
    if options.reference not in by_name:
        hint = did_you_mean(options.reference, by_name)
        raise UnknownNameError(f'no model named "{options.reference}" in the outcomes{hint}')
    return by_name[options.reference]


def risk_verdicts(
    candidates: Sequence[Candidate], outcomes: Outcomes, options: LearnOptions, reference: str
) -> dict[int, Verdict] | None:
    """Return the test of the bound of risk of each candidate, by its identity; None without a bound."""
    if options.risk is None:
        return None
    calibration = _part(outcomes, Split.CALIBRATION)
    policies = [candidate.policy for candidate in candidates]
    rows = verdicts(policies, calibration, reference, options.margin, options.risk)
    return {id(candidate): row for candidate, row in zip(candidates, rows, strict=True)}


def reported(
    candidates: Sequence[Candidate],
    test: Outcomes,
    options: LearnOptions,
    passing: Mapping[int, bool | None] | None,
) -> list[tuple[Candidate, Fitted]]:
    """Return candidates with what came of them on held-out queries."""
    candidates = list({id(candidate): candidate for candidate in candidates}.values())
    names = distinct_names([(candidate.name, candidate.family, candidate.policy) for candidate in candidates])
    runs = list(results((candidate.policy for candidate in candidates), test))
    curve, best = oracle_frontier(test), oracle(test)
    ends = interval(runs, options.rounds, options.seed)
    return [
        (
            candidate,
            Fitted(
                name,
                candidate.family,
                candidate.policy,
                candidate.cost,
                candidate.quality,
                Estimate(run.cost_per_query, end.cost.low, end.cost.high),
                Estimate(run.quality, end.quality.low, end.quality.high),
                regret(run, test, curve, best),
                candidate.expected,
                _held(candidate, run),
                None if passing is None else passing.get(id(candidate)),
                None if passing is None else _outcome(passing, candidate),
            ),
        )
        for name, candidate, run, end in zip(names, candidates, runs, ends, strict=True)
    ]


def _outcome(passing: Mapping[int, bool | None], candidate: Candidate) -> str:
    """Return what the tests of the bound of risk say of a candidate."""
    if id(candidate) not in passing:
        return "not tested: not on the frontier of expected quality"
    named = {True: "passed", False: "failed", None: "not tested: after the first that failed"}
    return named[passing[id(candidate)]]


def _held(candidate: Candidate, run: Result) -> bool:
    """Whether cost and quality on train and held out differ by no more than the error of both (95%)."""
    error = WIDTH * hypot(candidate.cost_error, standard_error(run.cost))
    changes = run.cost_per_query - candidate.cost, run.quality - candidate.quality
    (low, high), (low_now, high_now) = candidate.quality_ends, run.quality_ends
    rise = hypot(high - candidate.quality, run.quality - low_now)
    fall = hypot(candidate.quality - low, high_now - run.quality)
    cost_held = abs(changes[0]) <= error + 1e-12 * abs(candidate.cost)
    return cost_held and -fall - 1e-12 <= changes[1] <= rise + 1e-12


def _steps(policy: Policy, run: Execution, test: Outcomes) -> Iterable[Step]:
    order = policy.chain if isinstance(policy, ThresholdCascade) else [test.models[at] for at in test.by_cost]
    for model in order:
        at = test.models.index(model)
        called, answered = run.calls[:, at], run.answered[:, at]
        if called.any():
            share = float(answered.mean())
            quality = float((answered * test.score[:, at]).sum() / answered.sum()) if share else None
            yield Step(model, float(called.mean()), share, quality)


def _confidences(train: Outcomes, test: Outcomes, options: LearnOptions) -> tuple[Reliability, ...]:
    """Return the reliability of each model whose confidence is calibrated on train."""
    if train.confidence is None or test.confidence is None:
        return ()
    confidences = []
    for at in train.by_cost:
        model = train.models[at]
        try:
            calibration = fit_calibration(train.confidence[:, at], train.score[:, at], options.transform)
        except CalibrationError as error:
            confidences.append(Reliability(model, why=str(error)))
            continue
        confidences.append(reliability_of(model, calibration, test, options))
    return tuple(confidences)


def _promises(chosen: Fitted, run: Execution, test: Outcomes, confidences: Sequence[Reliability]) -> Promises:
    used = _confident(chosen.policy)
    calls = run.calls.mean(axis=0)
    return Promises(
        queries=len(test),
        cost_per_query=chosen.held_out_cost,
        quality=chosen.held_out_quality,
        calibration={
            row.model: row.error for row in confidences if row.model in used and row.error is not None
        },
        calls={model: float(share) for model, share in zip(test.models, calls, strict=True) if share},
        mix=dict(sorted(Counter(test.categories or ()).items())),
    )


def _confident(policy: Policy) -> tuple[str, ...]:
    """Return the models whose calibrated confidence a policy uses."""
    if isinstance(policy, ThresholdCascade):
        pairs = zip(policy.chain, policy.calibrations, strict=False)
        return tuple(model for model, calibration in pairs if calibration is not None)
    return tuple(policy.calibrations) if isinstance(policy, CascadeRouting) else ()
