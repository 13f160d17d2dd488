"""Learned policies as files, strategies, scenarios, tables and configurations."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

import routecost
from routecost.api import outcomes as api
from routecost.api.schemas import json_schema
from routecost.errors import UsageError
from routecost.model.outcomes.policies import (
    CascadeRouting,
    CategoryRouting,
    Clusters,
    EstimatedRouting,
    Estimator,
    Mixture,
    Policy,
    SystemRouting,
    ThresholdCascade,
)
from routecost.optimize.outcomes.calibration import fit
from routecost.optimize.outcomes.data import Split
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.learn.learned import Learned, LearnOptions
from tests.support.made_up_outcomes import made_up

OUTCOMES = made_up()
TRAIN, TEST = OUTCOMES.part(Split.TRAIN), OUTCOMES.part(Split.TEST)
assert TRAIN.confidence is not None
CALIBRATIONS = [fit(TRAIN.confidence[:, at], TRAIN.score[:, at], "identity") for at in range(3)]
ESTIMATOR = Estimator(0.25, {"length": 1.5}, {"length": 1e3}, {"length": 7.5}, {"extraction": -0.125})
ROUTES = {"extraction": {"haiku": 0.25, "opus": 0.75}, "code-generation": {"opus": 1.0}}
POLICIES: dict[str, Policy] = {
    "two": ThresholdCascade(("haiku", "opus"), (0.6,), (CALIBRATIONS[0],)),
    "three": ThresholdCascade(("haiku", "sonnet", "opus"), (0.8, 0.7), (CALIBRATIONS[0], CALIBRATIONS[1])),
    "raw": ThresholdCascade(("sonnet", "opus"), (0.5,), (None,)),
    "mixture": Mixture({"haiku": 0.3, "opus": 0.7}),
    "single": Mixture({"sonnet": 1.0}),
    "category": CategoryRouting(ROUTES, {"sonnet": 1.0}),
}
COSTS = {"haiku": 0.001, "opus": 0.005}
ESTIMATED = EstimatedRouting({"haiku": ESTIMATOR, "opus": ESTIMATOR}, COSTS, 12.5, 0.75)
CLUSTERS = Clusters(("length",), (900.0,), (80.5,), {"cluster-1": (-0.5,), "cluster-2": (1.25,)})
SYSTEMS = SystemRouting({"cluster-1": {"debate/haiku": 1.0}}, {"single/opus": 1.0}, 0.001, CLUSTERS)
BY_CALLS = CascadeRouting(
    {"haiku": ESTIMATOR}, {"haiku": CALIBRATIONS[0]}, COSTS, 3.0, 2, {"haiku": 0.5}, 0.25
)
SHEET = """\
version: 1
currency: USD
source: made up
tiers: {haiku: haiku-x, sonnet: sonnet-x, opus: opus-x}
models:
  haiku-x: [{input: 1, output: 5, checked: 2026-11-22}]
  sonnet-x: [{input: 3, output: 15, checked: 2026-11-22}]
  opus-x: [{input: 5, output: 25, checked: 2026-11-22}]
"""


@cache
def learned_once() -> Learned:
    return api.learn_policies(OUTCOMES, LearnOptions(families=("single", "mixture", "category"), rounds=50))


def with_policy(policy: Policy) -> Learned:
    return replace(learned_once(), chosen=replace(learned_once().chosen, policy=policy))


@pytest.fixture
def prices(tmp_path: Path) -> api.Prices:
    file = tmp_path / "prices.yaml"
    file.write_text(SHEET)
    return api.Prices.load(file, date(2026, 11, 25), None)


@pytest.mark.parametrize("name", [*POLICIES, "estimated", "by-calls", "systems"])
@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_a_policy_file_holds_the_policy(name: str, suffix: str, tmp_path: Path) -> None:
    policy = {**POLICIES, "estimated": ESTIMATED, "by-calls": BY_CALLS, "systems": SYSTEMS}[name]
    learned = api.learned_policy(with_policy(POLICIES["two"]), "evals.csv")
    written = replace(learned, policy=policy)
    file = tmp_path / f"policy.{suffix}"
    file.write_text(api.policy_text(written, as_json=suffix == "json"))
    read = api.load_policy(file)
    assert (read.policy, read.promises) == (policy, learned.promises)


@pytest.mark.parametrize("name", POLICIES)
def test_a_scenario_costs_and_succeeds_as_the_policy_did(
    name: str, prices: api.Prices, tmp_path: Path
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(api.learned_scenario(with_policy(POLICIES[name]), prices, folder=tmp_path))
    comparison = routecost.compare(file)
    runs = {f"all-{model}": execute(Mixture({model: 1.0}), TEST) for model in TEST.models}
    for strategy, run in {**runs, "learned": execute(POLICIES[name], TEST)}.items():
        cost = comparison[strategy]
        assert float(cost.cost_per_task or 0) == pytest.approx(run.cost_per_query, rel=1e-6)
        assert cost.success_rate is not None
        assert float(cost.success_rate) == pytest.approx(run.quality, rel=1e-6)


def test_a_cascade_of_three_differs_from_one_with_assumed_success_after(
    prices: api.Prices, tmp_path: Path
) -> None:
    """What escalates is harder: without the measured rates, the cascade would seem to succeed more often."""
    file = tmp_path / "scenario.yaml"
    text = api.learned_scenario(with_policy(POLICIES["three"]), prices, folder=tmp_path)
    file.write_text(text)
    measured = routecost.compare(file)["learned"]
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip() == "success_after:")
    end = next(at for at in range(start + 1, len(lines)) if lines[at].startswith("    tokens"))
    file.write_text("\n".join(lines[:start] + lines[end:]) + "\n")
    assumed = routecost.compare(file)["learned"]
    assert measured.success_rate is not None
    assert assumed.success_rate is not None
    assert assumed.success_rate - measured.success_rate > 0.01


def test_a_scenario_refuses_what_no_strategy_states(prices: api.Prices) -> None:
    with pytest.raises(UsageError, match="chooses the next model after each call"):
        api.learned_scenario(with_policy(BY_CALLS), prices)
    without = replace(learned_once(), outcomes=replace(OUTCOMES, tokens={}))
    with pytest.raises(UsageError, match="no input tokens"):
        api.learned_scenario(without, prices)
    with pytest.raises(UsageError, match="needs the pricing sheet"):
        api.learned_scenario(learned_once(), None)


@pytest.mark.parametrize("name", ["two", "three", "single", "mixture"])
def test_compare_prices_a_policy_file(name: str, prices: api.Prices, tmp_path: Path) -> None:
    policy = api.learned_policy(with_policy(POLICIES[name]), "evals.csv", prices)
    (tmp_path / "policy.yaml").write_text(api.policy_text(policy))
    (tmp_path / "scenario.yaml").write_text(
        "version: 1\npricing: ./prices.yaml\nas_of: 2026-11-25\n"
        "workload: {tasks_per_day: 10, tokens: {input: 1e6, output: 0}}\n"
        "strategies: {learned: {policy: ./policy.yaml}}\n"
    )
    run = execute(POLICIES[name], TEST)
    expected = float(run.calls.mean(axis=0) @ [1.0, 3.0, 5.0])
    cost = routecost.compare(tmp_path / "scenario.yaml")["learned"]
    assert float(cost.cost_per_task or 0) == pytest.approx(expected, rel=1e-9)


def test_compare_says_that_calls_of_what_escalates_differ(prices: api.Prices, tmp_path: Path) -> None:
    """Queries that escalate are longer here; with the same tokens for all, nothing is said."""
    (tmp_path / "scenario.yaml").write_text(
        "version: 1\npricing: ./prices.yaml\nas_of: 2026-11-25\n"
        "workload: {tasks_per_day: 10, tokens: {input: 1e6, output: 0}}\n"
        "strategies: {learned: {policy: ./policy.yaml}}\n"
    )
    learned = with_policy(POLICIES["two"])
    same = replace(
        OUTCOMES,
        tokens={meter: 0 * counts + 5 for meter, counts in OUTCOMES.tokens.items()},
        cost=0 * OUTCOMES.cost + 1,
    )
    messages = []
    for outcomes in (OUTCOMES, same):
        text = api.policy_text(api.learned_policy(replace(learned, outcomes=outcomes), "evals.csv", prices))
        (tmp_path / "policy.yaml").write_text(text)
        messages.append(
            [str(each.message) for each in routecost.load_scenario(tmp_path / "scenario.yaml").warnings]
        )
    calls = execute(POLICIES["two"], TEST).calls[:, 2] > 0
    output = TEST.tokens["output"][:, 2]
    gap = output[calls].mean() / output.mean() - 1
    assert f"the calls of opus have {gap:.2%} more output tokens than if all" in messages[0][0]
    assert messages[1] == []


def test_routing_by_estimated_quality_has_no_strategy(prices: api.Prices) -> None:
    """Each model gets queries of its own length, which shares of models do not state."""
    estimator = replace(ESTIMATOR, categories={})
    policy = replace(ESTIMATED, estimators={"haiku": estimator, "opus": replace(estimator, intercept=2.0)})
    assert api.learned_policy(with_policy(policy), "evals.csv", prices).strategy is None


def test_compare_refuses_a_policy_that_no_strategy_states(prices: api.Prices, tmp_path: Path) -> None:
    policy = replace(api.learned_policy(learned_once(), "evals.csv", prices), strategy=None)
    (tmp_path / "policy.yaml").write_text(api.policy_text(policy))
    (tmp_path / "scenario.yaml").write_text(
        "version: 1\npricing: ./prices.yaml\nworkload: {tasks_per_day: 10, tokens: {input: 1, output: 1}}\n"
        "strategies:\n  learned: {policy: ./policy.yaml}\n  gone: {policy: ./gone.yaml}\n"
    )
    with pytest.raises(routecost.DocumentError) as failure:
        routecost.compare(tmp_path / "scenario.yaml")
    assert 'the policy has no "strategy"' in str(failure.value)
    assert "--write-scenario" in str(failure.value)
    assert "no such file" in str(failure.value)


def test_a_table_has_evidence_and_is_valid(prices: api.Prices, tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    text = api.learned_table(learned_once(), "agent-fleet", evaluated=date(2026, 11, 20), prices=prices)
    file.write_text(text)
    found = routecost.validate(file)
    assert {finding.code for finding in found.findings} <= {"RT407"}  # models that fail too often
    row = text[text.index("task: extraction") :].split("- task")[0]
    scores = TEST.score[[name == "extraction" for name in TEST.categories or ()], 0]
    assert f"successes: {int(scores.sum())}, trials: {len(scores)}" in row


def test_a_table_needs_the_task_types_of_its_taxonomy() -> None:
    names = tuple("extrction" if name == "extraction" else name for name in OUTCOMES.categories or ())
    other = replace(learned_once(), outcomes=replace(OUTCOMES, categories=names))
    with pytest.raises(UsageError, match=r'"extrction" is no task type .* did you mean "extraction"'):
        api.learned_table(other, "agent-fleet")
    with pytest.raises(UsageError, match="the outcomes have none"):
        api.learned_table(replace(learned_once(), outcomes=replace(OUTCOMES, categories=None)), "agent-fleet")


def test_litellm_gets_weights_and_claude_code_subagents(prices: api.Prices) -> None:
    assert api.export_policy(with_policy(POLICIES["mixture"]), "litellm", prices)["config.yaml"] == (
        "model_list:\n"
        "  - model_name: default\n"
        "    litellm_params: {model: haiku-x, weight: 0.3}\n"
        "  - model_name: default\n"
        "    litellm_params: {model: opus-x, weight: 0.7}\n"
        "router_settings: {routing_strategy: simple-shuffle}\n"
    )
    routing = CategoryRouting({"Code review": {"sonnet": 1.0}}, {"opus": 1.0})
    files = api.export_policy(with_policy(routing), "claude-code")
    assert list(files) == ["code-review.md", "default.md"]
    assert files["default.md"].startswith("---\nname: default\n")
    assert "model: sonnet\n---\n" in files["code-review.md"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a b", "A-b"], 'the categories "a b" and "A-b" would both be the subagent "a-b"'),
        (["default"], 'a category is named "default"'),
    ],
)
def test_no_category_is_lost_in_an_export(names: list[str], message: str) -> None:
    routing = CategoryRouting({name: {"haiku": 1.0} for name in names}, {"opus": 1.0})
    with pytest.raises(UsageError, match=message):
        api.export_policy(with_policy(routing), "claude-code")


@pytest.mark.parametrize("name", ["*", "code/*"])
def test_a_wildcard_of_litellm_is_no_category(name: str, prices: api.Prices) -> None:
    routing = CategoryRouting({name: {"haiku": 1.0}}, {"opus": 1.0})
    with pytest.raises(UsageError, match="would be a wildcard of litellm"):
        api.export_policy(with_policy(routing), "litellm", prices)


def test_tiers_are_those_of_the_names_in_the_sheet(prices: api.Prices) -> None:
    """Also if the outcomes have names of their own for models."""
    own = {"a": "haiku", "b": "sonnet-x", "c": "opus"}
    learned = with_policy(ThresholdCascade(("a", "c"), (0.6,), (CALIBRATIONS[0],)))
    learned = replace(learned, outcomes=replace(OUTCOMES, models=tuple(own)), reference="c")
    policy = api.learned_policy(learned, "evals.csv", prices, priced_as=own)
    assert policy.strategy is not None
    assert policy.strategy["cascade"] == ["haiku", "opus"]
    scenario = yaml.safe_load(api.learned_scenario(learned, prices, priced_as=own))
    assert scenario["strategies"].keys() == {"all-haiku", "all-sonnet", "all-opus", "learned"}
    table = api.learned_table(learned, "agent-fleet", prices=prices, priced_as=own)
    assert {row["tier"] for row in yaml.safe_load(table)["routes"]} <= {"haiku", "sonnet", "opus"}


def test_an_inexact_strategy_says_what_is_possible(prices: api.Prices) -> None:
    learned = with_policy(POLICIES["two"])
    without = replace(learned, outcomes=replace(OUTCOMES, tokens={}))
    notes = [
        api.learned_policy(one, "evals.csv", sheet).inexact or ""
        for one, sheet in ((learned, prices), (without, prices), (learned, None))
    ]
    assert notes[0].endswith("; the scenario that --write-scenario writes has the measured tokens")
    assert "only the promises have the measured cost: a scenario is priced from tokens" in notes[1]
    assert "only the promises have the measured cost: a scenario needs the pricing sheet" in notes[2]


def test_litellm_calls_models_by_their_ids(prices: api.Prices) -> None:
    learned = with_policy(CategoryRouting({"no": {"opus": 1.0}}, {"haiku": 1.0}))
    for given, opus in ((None, "opus-x"), (prices, "opus-x"), (None, "12e3")):
        text = api.export_policy(learned, "litellm", given, priced_as={"opus": opus, "haiku": "haiku-x"})[
            "config.yaml"
        ]
        assert [
            (row["model_name"], row["litellm_params"]["model"]) for row in yaml.safe_load(text)["model_list"]
        ] == [("no", opus), ("default", "haiku-x")]
    with pytest.raises(UsageError, match=r'the id of the model "opus" is unknown.*--priced-as opus=ID'):
        api.export_policy(learned, "litellm", priced_as={"haiku": "haiku-x"})
    with pytest.raises(UsageError, match=r'the id of the model "opus" is unknown'):
        api.export_policy(learned, "litellm", prices, priced_as={"opus": "opsu"})


def test_other_readers_of_yaml_find_the_names() -> None:
    names = ["yes", "No", "on", "off", "y", "null", "1", "010", "1e3", "2026-11-22", "4_0", "-1"]
    policy = CategoryRouting({name: {name: 1.0} for name in names}, {"off": 1.0})
    learned = replace(api.learned_policy(learned_once(), "1.5"), policy=policy)
    found = yaml.safe_load(api.policy_text(learned))
    assert found["policy"]["category_routing"] == {
        "routes": {name: {name: 1.0} for name in names},
        "default": {"off": 1.0},
    }
    assert found["outcomes"] == "1.5"
    assert found == json.loads(api.policy_text(learned, as_json=True))


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("two", "litellm", "a cascade escalates by the confidence"),
        ("mixture", "claude-code", "a subagent has one model"),
        ("single", "litelm", 'did you mean "litellm"'),
    ],
)
def test_an_export_refuses_what_the_format_lacks(name: str, target: str, message: str) -> None:
    with pytest.raises(routecost.RoutecostError, match=message):
        api.export_policy(with_policy(POLICIES[name]), target)


def test_claude_code_knows_its_models_only() -> None:
    with pytest.raises(UsageError, match='cannot state the model "gpt-4o"'):
        api.export_policy(with_policy(Mixture({"gpt-4o": 1.0})), "claude-code")


@pytest.mark.parametrize("name", ["two", "mixture", "category", "estimated", "by-calls", "systems"])
def test_a_written_policy_keeps_the_published_schema(name: str) -> None:
    policy = {**POLICIES, "estimated": ESTIMATED, "by-calls": BY_CALLS, "systems": SYSTEMS}[name]
    learned = replace(api.learned_policy(with_policy(POLICIES["two"]), "evals.csv"), policy=policy)
    validator = Draft202012Validator(json.loads(json_schema("policy")))
    for data in (
        yaml.safe_load(api.policy_text(learned)),
        json.loads(api.policy_text(learned, as_json=True)),
    ):
        assert [fault.message for fault in validator.iter_errors(data)] == []
