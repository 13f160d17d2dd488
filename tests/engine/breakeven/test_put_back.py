"""Every break-even is put back into ``compare`` by changing the document: both sides cost the same."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

import routecost
from routecost.engine.breakeven.pairwise_cost import cost_pair
from routecost.engine.breakeven.wrong_tier import Misrouted
from routecost.model.report.report import Note
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.results.comparison import StrategyCost
from routecost.report.compare.compare import report as compare_report
from routecost.units import exact
from tests.support.fleets import TIERS, Document, fleet, write

CLOSE = Decimal("1e-9")
JUMPS = "never equal", "jump there"
FEATURES: dict[str, tuple[str, ...]] = {
    "plain": ("success",),
    "rework": ("success", "rework", "batch"),
    "calls": ("success", "rework", "calls", "meters"),
    "shares": ("success", "rework", "shares", "meters"),
    "shared cache": ("success", "rework", "cache"),
    "one model": ("success", "rework", "cache", "one model"),
    "discounts": ("success", "rework", "discounts"),
    "all": ("success", "rework", "cache", "calls", "meters", "batch"),
    "capacity": ("success", "calls"),
    "no success": ("calls", "cache", "meters", "batch"),
}
QUICK = {"all", "no success"}
"""Features that make test runs: all that others have, but shares, capacity and terms on totals."""


def share(number: Decimal) -> str:
    """Return a number with the digits that a document holds."""
    return f"{number:.18f}"


def costs(
    document: Document, folder: Path, *sides: Document, named: tuple[str | None, ...] = ()
) -> list[StrategyCost]:
    """Return the costs of two strategies, which have the capacity of those that they are variants of."""
    changed = {**document, "strategies": {f"s{at}": side for at, side in enumerate(sides)}}
    changed["capacity"] = [
        {**fee, "strategy": f"s{at}"}
        for at, name in enumerate(named)
        for fee in document.get("capacity", [])
        if fee["strategy"] == name
    ]
    for key in ("default", "proposed", "routing_costs"):
        changed.pop(key, None)
    return list(routecost.compare(write(changed, folder / "put-back.yaml")).strategies)


def amount(cost: StrategyCost, row: BreakEven) -> Decimal:
    """Return the cost that an answer is about."""
    counted = "including failures" in row.meaning or row.question is Question.FAILURE_COST
    total: Decimal | None = cost.total_cost_per_month if counted else cost.cost_per_month
    assert total is not None
    return total


def strategies(chance: Random, names: list[str], *, has_success: bool) -> dict[str, Document]:
    """Return strategies of the kinds that questions are about."""
    inner: list[Document] = [{"tier": tier} for tier in TIERS]
    detection = {
        "wrong_rejected": f"{chance.randint(40, 95)}%",
        "right_rejected": f"{chance.randint(0, 30)}%",
    }
    rates: Document = {"detection": detection} if has_success else {"accept": f"{chance.randint(10, 90)}%"}
    router = {"tier": "low", "tokens": {"input": 400, "output": 10}, "reads_input": True}
    parts = [chance.randint(0, 50), chance.randint(0, 50)]
    routed: Document = {"assign": {name: chance.choice(inner) for name in names}}
    if len(names) > 1:
        mistakes = {names[0]: {names[1]: f"{chance.randint(1, 30)}%"}}
        routed |= {"router": router, "mistakes": mistakes} if chance.random() < 0.7 else {}
    made: dict[str, Document] = {
        "all-high": {"tier": "high"},
        "mixed": {"mix": dict(zip(TIERS, [f"{100 - sum(parts)}%", *(f"{n}%" for n in parts)], strict=True))},
        "routed": routed,
        "steps": {"cascade": ["low", "high"], **rates},
        "judged": {
            "cascade": list(TIERS),
            **rates,
            "judge": {
                "tier": "low",
                "tokens": {"input": 300, "output": 20},
                "reads_output": True,
                "reads_input": True,
            },
            "pass_on": chance.random() < 0.5,
        },
    }
    return made


Changed = tuple[Document, Document, Document]
"""The changed document, and the two strategies that cost the same in it."""


def _of_type(document: Document, row: BreakEven, value: Decimal) -> Changed:
    low, high = row.parameter.split(",")[0].split(" vs. ")
    task = document["workload"]["task_types"][row.task_type]
    if row.question is Question.SUCCESS_RATE:
        task["success"][low] = share(value)
    else:
        task["failure_cost"] = f"{value:.12f}"
    if "The other task types run as in" not in row.meaning:
        document["workload"]["task_types"] = {row.task_type: task}
        return document, {"tier": low}, {"tier": high}
    proposed = document["strategies"][document["proposed"]]
    others = {
        name: proposed.get("assign", {}).get(name, proposed) for name in document["workload"]["task_types"]
    }
    router = {key: stated for key, stated in proposed.items() if key == "router"}
    low_side, high_side = (
        {"assign": {**others, row.task_type: {"tier": tier}}, **router} for tier in (low, high)
    )
    mistakes = {name: taken for name, taken in proposed.get("mistakes", {}).items() if name != row.task_type}
    for side in (low_side, high_side) if mistakes else ():
        side["mistakes"] = mistakes
    return document, low_side, high_side


def _escalating(document: Document, row: BreakEven, value: Decimal) -> Changed:
    name, start = row.parameter.split(" vs. ")
    stated = document["strategies"][name]
    first, *rest = stated["cascade"]
    if "detection" in stated:
        rejected = (stated["detection"][key] for key in ("wrong_rejected", "right_rejected"))
        wrong, right = (Decimal(text.rstrip("%")) / 100 for text in rejected)
        for task in document["workload"]["task_types"].values():
            task["success"][first] = share((wrong - value) / (wrong - right))
        return document, stated, {**stated, "cascade": rest} if "->" in start else {"tier": start.split()[-1]}
    accept = dict.fromkeys(rest[:-1], stated["accept"])
    cascade = {**stated, "accept": {**accept, first: share(1 - value)}}
    return (
        document,
        cascade,
        ({**stated, "cascade": rest, "accept": accept} if "->" in start else {"tier": start.split()[-1]}),
    )


def _misrouting(document: Document, row: BreakEven, value: Decimal) -> Changed:
    routed = document["strategies"][row.parameter]
    types = document["workload"]["task_types"]
    erring = share(value / (len(types) - 1))
    mistakes = {name: {other: erring for other in types if other != name} for name in types}
    return document, {**routed, "mistakes": mistakes}, {"tier": "high"}


def _shifted(document: Document, row: BreakEven, value: Decimal) -> Changed:
    source, target = row.parameter.split(" -> ")
    mix = document["strategies"]["mixed"]["mix"]
    shares = {tier: Decimal(part.rstrip("%")) / 100 for tier, part in mix.items()}
    moved = Decimal(share(value))
    shares[source], shares[target] = shares[source] - moved, shares[target] + moved
    return document, {"mix": {tier: f"{part:f}" for tier, part in shares.items()}}, {"tier": "high"}


def variants(document: Document, row: BreakEven) -> tuple[str | None, ...]:
    """Return the strategies that both sides of a break-even are variants of; None: of none."""
    match row.question:
        case Question.ESCALATION:
            return row.parameter.split(" vs. ")[0], None
        case Question.ROUTER_ERROR:
            return row.parameter, "all-high"
        case Question.WRONG_TIER:
            return "mixed", "all-high"
    return (document["proposed"],) * 2 if "run as in" in row.meaning else (None, None)


PUT_BACK = {
    Question.SUCCESS_RATE: _of_type,
    Question.FAILURE_COST: _of_type,
    Question.ESCALATION: _escalating,
    Question.ROUTER_ERROR: _misrouting,
    Question.WRONG_TIER: _shifted,
}


def is_put_back(document: Document, row: BreakEven) -> bool:
    """Return whether a user could state the value: that of a table's own tier is no part of a document."""
    if row.answer is not Answer.AT or row.question not in PUT_BACK:
        return False
    proposed = document["strategies"][document["proposed"]]
    taken = [name for mistaken in proposed.get("mistakes", {}).values() for name in mistaken]
    if row.task_type in taken and "run as in" in row.meaning:
        return False  # on the tier of the break-even, or not: no document says it of those mistaken alone
    is_mix = document["proposed"] == "mixed" and "all" in row.unit
    return (row.question is not Question.WRONG_TIER or is_mix) and not any(
        text in row.meaning for text in JUMPS
    )


def scenario(features: str, seed: int, folder: Path) -> Document:
    chance = Random(f"{features} {seed}")
    document = fleet(chance, folder, 1 + seed % 2, *FEATURES[features])
    names = list(document["workload"]["task_types"])
    document["strategies"] = strategies(chance, names, has_success="success" in FEATURES[features])
    document["default"] = "all-high"
    document["proposed"] = ("mixed", "routed", "steps")[seed % 3]
    if features == "capacity":
        served = {"units": 1, "hours": chance.randint(1, 24)}
        document["capacity"] = [
            {**served, "strategy": "all-high", "covers": "20%"},
            {**served, "strategy": "steps", "tokens_per_hour": 9000},
            *({**served, "strategy": "mixed", "tier": tier, "covers": "60%"} for tier in ("low", "high")),
            {**served, "strategy": "routed", "tokens_per_hour": 20_000},
        ]
    document["routing_costs"] = {
        "engineering": chance.randint(10, 900),
        "upkeep_per_month": 3,
        "within_months": 6,
    }
    return document


@pytest.mark.parametrize(
    ("features", "seed"),
    [
        pytest.param(name, seed, marks=[pytest.mark.slow] if seed or name not in QUICK else [])
        for name in FEATURES
        for seed in range(3)
    ],
)
@exact
def test_at_a_break_even_both_sides_cost_the_same(features: str, seed: int, tmp_path: Path) -> None:
    document = scenario(features, seed, tmp_path)
    rows = routecost.breakeven(write(document, tmp_path / "fleet.yaml"))
    answers = [row for row in rows.breakevens if is_put_back(document, row)]
    for row in answers:
        assert row.value is not None
        changed, *sides = PUT_BACK[row.question](deepcopy(document), row, row.value)
        named = variants(document, row)
        one, other = (amount(cost, row) for cost in costs(changed, tmp_path, *sides, named=named))
        assert abs(one - other) <= CLOSE * max(one, other), (row, one, other)
    (volume,) = rows.of(Question.VOLUME)
    if volume.answer is Answer.AT and not any(text in volume.meaning for text in JUMPS):
        _check_volume(document, volume, tmp_path)
    assert answers


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 5, 11])
def test_a_task_type_shares_terms_with_the_fleet(seed: int, tmp_path: Path) -> None:
    document = scenario("discounts", seed, tmp_path)
    rows = routecost.breakeven(write(document, tmp_path / "fleet.yaml"))
    answers = [row for row in rows.breakevens if row.answer is Answer.AT and row.task_type]
    assert any(f"run as in {document['proposed']}." in row.meaning for row in answers)
    for row in filter(lambda row: is_put_back(document, row), answers):
        assert row.value is not None
        changed, *sides = _of_type(deepcopy(document), row, row.value)
        one, other = (amount(cost, row) for cost in costs(changed, tmp_path, *sides))
        assert abs(one - other) <= CLOSE * max(one, other), (row, one, other)
    del document["default"], document["proposed"], document["routing_costs"]
    alone = routecost.breakeven(write(document, tmp_path / "fleet.yaml"))
    assert any("Computed for this task type alone" in row.meaning for row in alone.breakevens)


def _check_volume(document: Document, row: BreakEven, folder: Path) -> None:
    """Check that at the volume the savings repay what routing costs."""
    changed = deepcopy(document)
    types = changed["workload"]["task_types"].values()
    assert row.value is not None
    factor = row.value / sum(Decimal(task["tasks_per_day"]) for task in types)
    for task in types:
        task["tasks_per_day"] = f"{task['tasks_per_day'] * factor:.12f}"
    named = document["default"], document["proposed"]
    pair = [document["strategies"][name] for name in named]
    default, proposed = (amount(cost, row) for cost in costs(changed, folder, *pair, named=named))
    routing = document["routing_costs"]
    repaid = routing["engineering"] + 6 * routing["upkeep_per_month"]
    assert abs((default - proposed) * 6 - repaid) <= CLOSE * (repaid + default * 6)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("features", FEATURES)
@exact
def test_misrouting_nothing_costs_what_the_proposal_costs(features: str, seed: int, tmp_path: Path) -> None:
    document = scenario(features, seed, tmp_path)
    loaded = routecost.load_scenario(write(document, tmp_path / "fleet.yaml"))
    assert loaded.as_of is not None
    for name in ("mixed", "routed"):
        meant = loaded.strategies[name]
        wrong = Misrouted(meant, "low", "high", Decimal(0))
        left, right = cost_pair(loaded, loaded.as_of, wrong, meant)
        assert abs(left.calls - right.calls) <= CLOSE * right.calls
        failures = [Decimal(0) if cost.failures is None else cost.failures for cost in (left, right)]
        assert abs(failures[0] - failures[1]) <= CLOSE * failures[1]


BE_REWORK: Document = {
    "version": 1,
    "pricing": "claude-article",
    "as_of": "2026-02-01",
    "workload": {
        "tasks_per_day": 500,
        "tokens": {"input": 1000, "output": 500},
        "success": {"haiku": "80%", "sonnet": "90%", "opus": "95%"},
        "failure_cost": 0.05,
        "rework": {"noticed": "90%", "cost": 0, "tier": "opus"},
    },
    "strategies": {
        "all-sonnet": {"tier": "sonnet"},
        "K": {
            "cascade": ["haiku", "sonnet"],
            "detection": {"wrong_rejected": "60%", "right_rejected": "10%"},
        },
    },
    "default": "all-sonnet",
    "proposed": "K",
}


def of_escalation(document: Document, folder: Path) -> BreakEven:
    (row,) = routecost.breakeven(write(document, folder / "fleet.yaml")).of(Question.ESCALATION)
    return row


@exact
def test_the_rework_of_a_cascade_follows_its_escalation(tmp_path: Path) -> None:
    row = of_escalation(BE_REWORK, tmp_path)
    # Of tasks, a succeed on haiku, and e = 0.6 - 0.5 a escalate; right are 0.9 a + 0.9 e. Rework on Opus
    # is 0.9 of the others. haiku 0.0028, sonnet 0.0105, opus 0.0525 a task.
    haiku, sonnet, rework = Decimal("0.0028"), Decimal("0.0105"), Decimal("0.0525") * Decimal("0.9")
    # haiku + e sonnet + rework (1 - 0.9 a - 0.9 e) = sonnet + rework 0.1, where a = 1.2 - 2 e
    constant = haiku - sonnet + rework * (Decimal("0.9") - Decimal("0.9") * Decimal("1.2"))
    expected = constant / -(sonnet + rework * (2 - 1) * Decimal("0.9"))
    assert row.value is not None
    assert abs(row.value - expected) < Decimal("1e-20")


def test_without_detection_the_rework_of_a_cascade_is_unknown(tmp_path: Path) -> None:
    document = deepcopy(BE_REWORK)
    document["strategies"]["K"] = {"cascade": ["haiku", "sonnet"], "accept": "80%"}
    row = of_escalation(document, tmp_path)
    assert row.answer is Answer.NOT_MODELLED
    assert '"detection" instead of "accept"' in row.meaning
    compared = routecost.compare(tmp_path / "fleet.yaml")
    assert compared.unknown_rework == {"K": ("tasks",)}
    notes = [str(block) for block in compare_report(compared).blocks if isinstance(block, Note)]
    assert any("its costs are lower bounds" in note for note in notes)
    document["workload"]["rework"].pop("tier")
    assert of_escalation(document, tmp_path).answer is Answer.AT
    assert routecost.compare(tmp_path / "fleet.yaml").unknown_rework == {}


@pytest.mark.parametrize(
    ("detection", "answer", "why"),
    [
        (
            {"wrong_rejected": "30%", "right_rejected": "1%"},
            Answer.NEVER,
            "largest share that the detection allows",
        ),
        (
            {"wrong_rejected": "95%", "right_rejected": "80%"},
            Answer.ALWAYS,
            "smallest share that the detection allows",
        ),
        ({"wrong_rejected": "20%", "right_rejected": "20%"}, Answer.NEVER, "right and wrong outputs alike"),
        ({"wrong_rejected": "90%", "right_rejected": "90%"}, Answer.ALWAYS, "right and wrong outputs alike"),
    ],
)
def test_the_detection_limits_the_share_that_escalates(
    detection: Document, answer: Answer, why: str, tmp_path: Path
) -> None:
    document = deepcopy(BE_REWORK)
    document["workload"].pop("rework")
    document["strategies"]["K"]["detection"] = detection
    row = of_escalation(document, tmp_path)
    assert row.answer is answer
    assert why in row.meaning
