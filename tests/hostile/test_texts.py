"""Texts of other formats, through the commands that read them: JSON, TOML, CSV and plain text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.contract import folder, run_hostile
from tests.hostile.mutate import NAMES, NUMBERS, SHAPES, values

LITELLM: dict[str, Any] = {
    "a": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "litellm_provider": "p"},
    "b": {"input_cost_per_token_above_200k_tokens": 1e-6, "cache_read_input_token_cost": 1e-7},
}
OPENROUTER: dict[str, Any] = {"data": [{"id": "a", "pricing": {"prompt": "1e-6", "completion": "2e-6"}}]}
BASELINE: dict[str, Any] = {
    "schema": "routecost.baseline/1",
    "findings": [{"code": "RT301", "task": "x", "message": "m", "count": 1}],
}
KEYS = (
    *("input_cost_per_token_above_999999999999k_tokens", "input_cost_per_token_above_0k_tokens", "pricing"),
    *("input_cost_per_token_above_128k_tokens_batches", "input_cost_per_token_priority", "deprecation_date"),
    *(
        "tiered_pricing",
        "off_peak_pricing",
        "code",
        "count",
        "data",
        "prompt",
        "image",
        "litellm_provider",
        "mode",
    ),
)
COMMANDS = {
    "litellm": "pricing import --litellm ./f --tiers low=a",
    "openrouter": "pricing import --openrouter ./f --tiers low=a",
    "baseline": "validate article --baseline-file ./f",
}
TOML = (
    "[tool.routecost.limits]\nmin_trials = 5\n",
    "[tool.routecost]\nlimits = {max_age_days = 9}\n",
    "[tool.other]\nx = 1 # routecost\n",
    "tool.routecost.limits.min_trials = 5\n",
)
CSV = ("month,spend,tasks\n2026-02,5,7\n", "month,tier,input,output\n2026-02,haiku,5,7\n")
PLAN = "1. look up a company -> haiku\n2. for each company: summarise -> opus\n"
PIECES = (
    *(
        "\x00",
        "\xff",
        "\ufeff",
        "\r",
        "\n\n",
        "\t",
        '"',
        "'''",
        "[",
        "]",
        "[[",
        "{",
        "=",
        ".",
        "#",
        ",",
        ";",
        "e9",
    ),
    *(
        "0x" + "f" * 5000,
        "1" * 5000,
        "a." * 40,
        "1979-05-27T07:32:00Z",
        "inf",
        "nan",
        "-> haiku",
        "each",
        "\u2028",
    ),
)


@st.composite
def mutated(draw: st.DrawFn, tree: Any) -> str:
    """Draw JSON near a sound one; keys may repeat."""
    text = json.dumps(tree)
    for _ in range(draw(st.integers(1, 3))):
        mark = draw(st.sampled_from([at for at, character in enumerate(text) if character in "{[:,"]))
        key = json.dumps(draw(st.sampled_from((*KEYS, *NAMES))))
        value = json.dumps(draw(values))
        new = {
            "{": f"{key}: {value}, ",
            "[": f"{value}, ",
            ":": f"{value}, {key}: ",
            ",": f" {key}: {value},",
        }
        text = text[: mark + 1] + new[text[mark]] + text[mark + 1 :]
    return text


@st.composite
def cut(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """Draw a text with pieces put in and cut out."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 8)))
        piece = st.sampled_from((*PIECES, *map(str, NUMBERS), *NAMES, *map(json.dumps, SHAPES)))
        text = text[:start] + draw(piece) + text[end:]
    return text


def run_on(text: str, name: str, command: str) -> None:
    with folder() as here:
        (here / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        run_hostile(*command.split())


TREES = {"litellm": LITELLM, "openrouter": OPENROUTER, "baseline": BASELINE}


@pytest.mark.parametrize("source", TREES)
@given(data=st.data())
def test_json(source: str, data: st.DataObject) -> None:
    run_on(data.draw(mutated(TREES[source])), "f", COMMANDS[source])


@given(text=cut(TOML))
def test_settings(text: str) -> None:
    run_on(text, "pyproject.toml", "validate article")


@given(text=cut(CSV))
def test_actuals_in_csv(text: str) -> None:
    run_on(text, "f.csv", "project article-fleet --actuals ./f.csv --runs 20")


@given(text=cut((PLAN,)))
def test_plans_in_plain_text(text: str) -> None:
    run_on(text, "f.txt", "plan ./f.txt --tokens input=1,output=1 --pricing claude-2026-11 --each company=2")
