"""Logged names of models find the model of a sheet, and never another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.logs.model_names import matching_models
from routecost.engine.logs.pricing import CellPricer
from routecost.errors import UnknownNameError
from routecost.model.pricing.sheet import PricingSheet

SHEET = (
    "claude-haiku-5-5", "claude-opus-4-8", "claude-3-5-sonnet", "gemini-3.6-flash", "gemini-3.6-flash-lite",
    "gpt-5.4", "gpt-5.4-mini", "gpt-4o", "gpt-4o-2024-05-13", "deepseek/deepseek-v4-pro",
    "deepseek-ai/DeepSeek-V4-Pro", "amazon.nova-lite-v1:0", "titan-embed-text-v1", "text-davinci-003",
    "babbage", "Qwen/Qwen3-32B", "ministral-8b:free", "dated-2025-01-01", "claude-dated-20250101",
)  # fmt: skip

SAME = {
    "claude-haiku-5-5": (
        "claude-haiku-5-5", "Claude-Haiku-5-5", "claude-haiku-5.5", "claude-haiku-5-5-20261014",
        "claude-haiku-5-5@20261014", "claude-haiku-5-5@default", "claude-haiku-5-5-latest",
        "anthropic/claude-haiku-5.5", "anthropic/claude-haiku-5.5-20261014",
        "openrouter/anthropic/claude-haiku-5.5",
        "vertex_ai/claude-haiku-5-5@20261014", "publishers/anthropic/models/claude-haiku-5-5@20261014",
        "anthropic.claude-haiku-5-5-20261014-v1:0", "us.anthropic.claude-haiku-5-5-20261014-v1:0",
        "global.anthropic.claude-haiku-5-5-20261014-v1:0", "us-gov.anthropic.claude-haiku-5-5-20261014-v2:0",
        "bedrock/converse/eu.anthropic.claude-haiku-5-5-20261014-v1:0",
        "arn:aws:bedrock:us-east-1:1234:inference-profile/us.anthropic.claude-haiku-5-5-20261014-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-5-5-20261014-v1:0",
        "anthropic.claude-haiku-5-5-v1",
    ),
    "claude-opus-4-8": ("apac.anthropic.claude-opus-4-8-20261001-v1:0", "claude-opus-4.8"),
    "claude-3-5-sonnet": ("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20240620"),
    "gemini-3.6-flash": ("models/gemini-3.6-flash", "gemini-3.6-flash-001", "google/gemini-3.6-flash"),
    "gpt-5.4": ("azure/gpt-5.4", "gpt-5.4-2026-03-05", "openai/gpt-5.4", "azure/eu/gpt-5.4-2026-03-05"),
    "gpt-4o": ("openai/gpt-4o", "gpt-4o-2024-08-06"),
    "gpt-4o-2024-05-13": ("openai/gpt-4o-2024-05-13",),
    "deepseek/deepseek-v4-pro": ("openrouter/deepseek/deepseek-v4-pro",),
    "deepseek-ai/DeepSeek-V4-Pro": ("deepseek-ai/deepseek-v4-pro",),
    "amazon.nova-lite-v1:0": ("us.amazon.nova-lite-v1:0", "nova-lite", "amazon/nova-lite"),
    "Qwen/Qwen3-32B": ("qwen3-32b", "together/qwen3_32b"),
    "ministral-8b:free": ("mistralai/ministral-8b:free",),
    "claude-dated-20250101": ("claude-dated", "claude-dated@20250101"),
}  # fmt: skip

OTHER = (
    "claude-haiku-5-5:free", "claude-haiku-5.5:thinking", "claude-haiku-5-5-fast", "claude-haiku-5",
    "claude-haiku-5-5-5", "gemini-3.6-flash:nitro", "gemini-3.6", "gpt-5.4-nano", "ministral-8b",
    "amazon.titan-embed-text-v2:0", "text-davinci-002", "babbage-002", "dated", "dated-2025-02-02",
    "claude-dated-20250202", "my-deployment", "anthropic.claude-v2:1", "", "/", "nova-lite-v2:0",
    "arn:aws:bedrock:us-east-1:1234:application-inference-profile/ab12cd34", "haiku-5-5", "qwen3-32b-fp8",
)  # fmt: skip


@pytest.mark.parametrize(
    ("logged", "model"), [(one, model) for model, names in SAME.items() for one in names]
)
def test_a_spelling_finds_its_model(logged: str, model: str) -> None:
    assert matching_models(SHEET, logged) == (model,)


@pytest.mark.parametrize("logged", OTHER)
def test_another_model_finds_none(logged: str) -> None:
    assert matching_models(SHEET, logged) == ()


@pytest.mark.parametrize("model", SHEET)
def test_each_model_of_a_sheet_finds_itself(model: str) -> None:
    assert matching_models(SHEET, model) == (model,)


def test_a_name_of_two_models_is_an_error_that_names_both() -> None:
    pricer = CellPricer(PricingSheet("ours", "USD", "a test", {}, dict.fromkeys(SHEET, ())))
    with pytest.raises(UnknownNameError) as error:
        pricer.model("deepseek-v4-pro")
    assert str(error.value) == (
        'model "deepseek-v4-pro" can be "deepseek/deepseek-v4-pro" or "deepseek-ai/DeepSeek-V4-Pro" '
        'in pricing sheet "ours"; state which it is'
    )
    with pytest.raises(UnknownNameError, match=r'^no model "gpt-5\.4-mni" in pricing sheet "ours"; did'):
        pricer.model("gpt-5.4-mni")


def test_a_stated_name_comes_first() -> None:
    sheet = PricingSheet("ours", "USD", "a test", {}, dict.fromkeys(SHEET, ()))
    assert CellPricer(sheet, {"my-deployment": "gpt-4o"}).model("my-deployment") == "gpt-4o"


PARTS = st.sampled_from(["a", "b", "1", "2", "mini", "fast", "v1", "20250101", "latest"])
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("-".join)


@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), NAMES)
def test_only_dates_and_versions_may_differ(models: list[str], logged: str) -> None:
    for model in matching_models(models, logged):
        words = set(logged.split("-")) ^ set(model.split("-"))
        assert words <= {"20250101", "latest", "v1"}
