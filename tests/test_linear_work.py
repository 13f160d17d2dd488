"""Work grows linearly with the input, for every reader and every hostile shape of input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from routecost import problems
from routecost.problems import Names
from tests.cli.running import ROOT, routecost
from tests.support.grown import grown, places
from tests.support.linear import growth, work

LINEAR = 2.6
"""Work that is linear grows by 2 when the input doubles; sorting and dictionaries add a little."""

HEAD = "version: 1\npricing: claude-2026-11\nas_of: 2026-11-22\n"
WORK = "workload: {tasks_per_day: 5, tokens: {input: 1, output: 1}}\n"
TABLE = (ROOT / "tables" / "article.yaml").read_text(encoding="utf-8").split("routes:")[0]


def lines(count: int, line: str) -> str:
    return "".join(line.format(i=i) + "\n" for i in range(count))


def scenario(count: int, claim: str) -> str:
    strategies = lines(count, "  strategy-number-{i}-abcdefghijkl: {{tier: haiku}}")
    return f"{HEAD}{WORK}strategies:\n{strategies}claims:\n{lines(count, claim)}"


def figure(name: str) -> str:
    return f"{{{{that: strategies.{name}.cost_per_day, is: 1, within: 1}}}}"


def tasks(count: int, rest: str, more: str = "") -> str:
    kinds = lines(
        count, "    kind-number-{i}: {{tasks_per_day: 1, tokens: {{input: 1, output: 1}}" + more + "}}"
    )
    return f"{HEAD}workload:\n  task_types:\n{kinds}strategies:\n{rest}"


def assigned(count: int, mistakes: str) -> str:
    assign = lines(count, "      kind-number-{i}: {{tier: haiku}}")
    router = "    router: {tier: haiku, tokens: {input: 10, output: 1}}\n"
    return "default: b\n" + tasks(
        count, f"  b: {{tier: opus}}\n  a:\n{router}    assign:\n{assign}    mistakes: {mistakes}"
    )


def hours(count: int) -> str:
    times = (
        f"{{from: '{i // 30:02}:{i % 30 * 2:02}', to: '{i // 30:02}:{i % 30 * 2 + 1:02}', time_zone: UTC}}"
        for i in range(count)
    )
    modes = "".join(f"        mode-{i}: {{input: 1, hours: {time}}}\n" for i, time in enumerate(times))
    head = "version: 1\ncurrency: USD\nsource: s\ntiers: {a: m}\nmodels:\n  m:\n"
    return f"{head}    - input: 1\n      modes:\n{modes}"


PLAN = f"{HEAD}title: T\ntokens: {{input: 1, output: 1}}\n"
PRICE = {"input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6, "litellm_provider": "v", "mode": "chat"}
KNOWN = "strategy-number-{i}-abcdefghijkl"
WRONG = "strategy-numbex-{i}-abcdefghijkm"

SHAPES: dict[str, tuple[tuple[str, ...], str, Callable[[int], str]]] = {
    "strategies of task types with a router that errs": (
        ("compare", "./in.yaml", "-f", "json"),
        "in.yaml",
        lambda n: assigned(n, "5%\n"),
    ),
    "task types that are mistaken for another": (
        ("compare", "./in.yaml", "-f", "json"),
        "in.yaml",
        lambda n: assigned(
            n, "\n" + lines(n - 1, "      kind-number-{i}: {{kind-number-" + str(n - 1) + ": 5%}}")
        ),
    ),
    "task types to optimize": (
        ("optimize", "./in.yaml", "-f", "json"),
        "in.yaml",
        lambda n: tasks(n, "  b: {tier: opus}\n", ", failure_cost: 1, success: {{haiku: 90%, opus: 95%}}"),
    ),
    "modes with hours": (("pricing", "show", "./in.yaml"), "in.yaml", hours),
    "strategies": (
        ("compare", "./in.yaml", "-f", "json"),
        "in.yaml",
        lambda n: scenario(n, "").partition("claims:")[0],
    ),
    "claims on strategies": (
        ("check", "./in.yaml"),
        "in.yaml",
        lambda n: scenario(n, f"  - {figure(KNOWN)}"),
    ),
    "claims on unknown strategies": (
        ("check", "./in.yaml"),
        "in.yaml",
        lambda n: scenario(n, f"  - {figure(WRONG)}"),
    ),
    "claims with changes": (
        ("check", "./in.yaml"),
        "in.yaml",
        lambda n: scenario(n, f"  - {figure(KNOWN)[:-2]}, with: {{{{workload.tasks_per_day: {{i}}}}}}}}}}"),
    ),
    "claims on one of many task types": (
        ("check", "./in.yaml"),
        "in.yaml",
        lambda n: tasks(n, f"  a: {{tier: haiku}}\nclaims:\n{lines(n, '  - ' + figure('a'))}"),
    ),
    "unknown keys": (("compare", "./in.yaml"), "in.yaml", lambda n: HEAD + lines(n, "unknown-key-{i}: 1")),
    "unknown tiers": (
        ("compare", "./in.yaml"),
        "in.yaml",
        lambda n: f"{HEAD}{WORK}strategies:\n" + lines(n, "  s{i}: {{tier: hiaku-{i}}}"),
    ),
    "unknown task types of assign": (
        ("compare", "./in.yaml"),
        "in.yaml",
        lambda n: tasks(
            n,
            "  a:\n    assign:\n"
            + lines(n, "      kind-numbex-{i}: {{tier: haiku}}")
            + "  b: {tier: haiku}\n",
        ),
    ),
    "unknown task types of mistakes": (
        ("compare", "./in.yaml"),
        "in.yaml",
        lambda n: tasks(
            n,
            "  a:\n    assign:\n"
            + lines(n, "      kind-number-{i}: {{tier: haiku}}")
            + "    mistakes:\n"
            + lines(n, "      kind-numbex-{i}: {{kind-number-0: 1%}}"),
        ),
    ),
    "unknown rows of a taxonomy": (
        ("validate", "./in.yaml"),
        "in.yaml",
        lambda n: (
            f"{TABLE}routes:\n" + lines(n, "  - {{task: extractoin-{i}, tier: haiku, confidence: high}}")
        ),
    ),
    "ignore comments": (
        ("validate", "./in.yaml"),
        "in.yaml",
        lambda n: f"{TABLE}routes:\n" + lines(n, "  # routecost: ignore[XY{i}] a reason") + "  []\n",
    ),
    "codes of an ignore comment": (
        ("validate", "./in.yaml"),
        "in.yaml",
        lambda n: (
            f"{TABLE}routes:\n  # routecost: ignore[" + lines(n, "XY{i},").replace("\n", "") + "]\n  []\n"
        ),
    ),
    "steps of a plan in text": (
        ("plan", "./in.txt", "--tokens", "input=1,output=1", "--pricing", "claude-2026-11"),
        "in.txt",
        lambda n: lines(n, "1. Do it [a-{i}] -> haiku (why not) x 2"),
    ),
    "wrong steps of a plan in text": (
        ("plan", "./in.txt", "--tokens", "input=1,output=1", "--pricing", "claude-2026-11"),
        "in.txt",
        lambda n: lines(n, "1. Do it -> hiaku-{i}"),
    ),
    "steps that a table lacks": (
        ("plan", "./in.yaml", "--table", "article"),
        "in.yaml",
        lambda n: f"{PLAN}steps:\n" + lines(n, "  - {{do: a, tier: haiku, task: extractoin-{i}}}"),
    ),
    "claims of a plan with the same changes": (
        ("plan", "./in.yaml"),
        "in.yaml",
        lambda n: (
            f"{PLAN}steps:\n"
            + lines(n, "  - {{do: a, tier: haiku}}")
            + "claims:\n"
            + lines(n, "  - {{that: total, is: 1, within: 1, with: {{tokens.input: 5}}}}")
        ),
    ),
    "keys of a configuration": (
        ("validate", "article"),
        "pyproject.toml",
        lambda n: "[tool.routecost.limits]\n" + lines(n, "key-{i} = 1"),
    ),
    "sections of a configuration": (
        ("validate", "article"),
        "pyproject.toml",
        lambda n: lines(n, "[[tool.other.a{i}]]\nb = 1") + "[tool.routecost]\n",
    ),
    "lines before a configuration": (
        ("validate", "article"),
        "pyproject.toml",
        lambda n: "\n" * n + "tool.routecost.limits.trials = 5\n",
    ),
    "rows of actuals": (
        ("project", "article-fleet", "--actuals", "in.csv"),
        "in.csv",
        lambda n: "month,spend\n" + lines(n, "2026-02,{i}"),
    ),
    "columns of actuals": (
        ("project", "article-fleet", "--actuals", "in.csv"),
        "in.csv",
        lambda n: ",".join(f"spedn{i}" for i in range(n)) + "\n",
    ),
    "findings of a baseline": (
        ("validate", "article", "--baseline-file", "in.json"),
        "in.json",
        lambda n: json.dumps(
            {
                "schema": "routecost.baseline/1",
                "findings": [
                    {"code": "RT101", "task": f"t{i}", "message": "m", "count": 1} for i in range(n)
                ],
            }
        ),
    ),
    "models of a price list": (
        ("pricing", "import", "--litellm", "in.json", "--tiers", "a=m-0"),
        "in.json",
        lambda n: json.dumps({f"m-{i}": PRICE for i in range(n)}),
    ),
    "entries of a sheet": (
        ("pricing", "show", "./in.yaml", "-f", "json"),
        "in.yaml",
        lambda n: (
            "version: 1\ncurrency: USD\nsource: s\ntiers: {a: m-0}\nmodels:\n"
            + lines(n, "  m-{i}: [{{input: 1, output: 2, checked: 2026-01-01, source: genai-prices 1, a/b}}]")
        ),
    ),
    "rows of evidence": (
        ("validate", "article", "--evidence", "in.yaml"),
        "in.yaml",
        lambda n: (
            "version: 1\nevidence:\n"
            + lines(
                n, "  - {{task: extractoin-{i}, tier: hiaku, successes: 1, trials: 2, evaluated: 2026-01-01}}"
            )
        ),
    ),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow  # the test of a few documents is the quick one
@pytest.mark.parametrize("name", SHAPES)
def test_work_is_linear_in_the_input(here: Path, name: str) -> None:
    arguments, file, text = SHAPES[name]

    def prepared(count: int) -> Callable[[], object]:
        (here / file).write_text(text(count), encoding="utf-8")
        return lambda: routecost(*arguments)

    prepared(3)
    assert routecost(*arguments).code < 3
    assert growth(prepared, 80) < LINEAR


READERS = {
    "scenario": ("compare", "./in.yaml", "-f", "json"),
    "pricing": ("pricing", "show", "./in.yaml"),
    "table": ("validate", "./in.yaml"),
    "taxonomy": ("validate", "article", "--taxonomy", "./in.yaml"),
    "evidence": ("validate", "article", "--evidence", "./in.yaml"),
    "plan": ("plan", "./in.yaml"),
    "actuals": ("project", "article-fleet", "--actuals", "./in.yaml"),
}
CONTAINERS = [(kind, place) for kind in READERS for place in places(kind)]
INHERENT = {"strategies.*.conversation": "each turn carries the earlier ones; at most 1,000 turns"}


def growth_of(kind: str, place: str, *, everywhere: bool) -> float:
    """Return by how much the work grows when a list or mapping of a document is twice as long."""
    tree, path = places(kind)[place]

    def prepared(count: int) -> Callable[[], object]:
        longer = yaml.safe_dump(grown(tree, path, count, everywhere=everywhere), width=10**6)
        Path("in.yaml").write_text(longer, encoding="utf-8")
        return lambda: routecost(*READERS[kind])

    prepared(1)
    assert routecost(*READERS[kind]).code < 3
    return growth(prepared, 40)


def test_a_longer_list_or_mapping_of_a_few_documents_takes_as_much_more_work() -> None:
    for kind, place in CONTAINERS[::24]:
        assert growth_of(kind, place, everywhere=True) < LINEAR, (kind, place)


@pytest.mark.slow
@pytest.mark.parametrize("everywhere", [True, False], ids=["in all mappings", "in one mapping"])
@pytest.mark.parametrize(("kind", "place"), CONTAINERS)
def test_a_longer_list_or_mapping_takes_as_much_more_work(kind: str, place: str, everywhere: bool) -> None:
    if place in INHERENT:
        pytest.skip(INHERENT[place])
    assert growth_of(kind, place, everywhere=everywhere) < LINEAR


@pytest.mark.parametrize("count", [10, 64, 65, 1_000])
def test_suggestions_find_the_name_that_is_meant(count: int) -> None:
    names = Names(KNOWN.format(i=i) for i in range(count))
    assert all(names.nearest(WRONG.format(i=i)) == KNOWN.format(i=i) for i in range(count))
    assert names.nearest("zzz") is None
    assert names.nearest("x" * 100_000) is None


def test_the_work_of_suggestions_has_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "_LEAST_BUDGET", problems._LEAST_BUDGET // 5)
    names = Names(f"{'ab' * 90}{i:04}" for i in range(50))

    def search(count: int) -> int:
        return work(lambda: [names.nearest(f"{'ba' * 90}{i:04}") for i in range(count)])

    first = search(40)
    assert search(40) < first / 2, "the budget is spent"
    assert names.suggestion("b").startswith("; known: "), "names are still listed"
