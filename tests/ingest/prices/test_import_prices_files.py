"""Price lists of OpenRouter and LiteLLM: what they say is taken exactly, what they cannot say is named."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.api.pricing import PriceSource, import_pricing
from routecost.errors import UsageError
from routecost.ingest.prices.catalogue import Catalogue
from routecost.ingest.prices.sources.litellm import litellm_catalogue
from routecost.ingest.prices.sources.openrouter import openrouter_catalogue
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import RateCard
from tests.support.build import rates


def openrouter(tmp_path: Path, *models: object, provider: str | None = None) -> Catalogue:
    file = tmp_path / "models.json"
    file.write_text(json.dumps({"data": models}), encoding="utf-8")
    return openrouter_catalogue(file, provider)


def litellm(tmp_path: Path, provider: str | None = None, /, **models: object) -> Catalogue:
    file = tmp_path / "map.json"
    file.write_text(json.dumps({"sample_spec": {"input_cost_per_token": 0.0}, **models}), encoding="utf-8")
    return litellm_catalogue(file, provider)


def said(catalogue: Catalogue) -> list[str]:
    return [str(skipped) for skipped in catalogue.skipped]


def test_openrouter_prices_per_token_become_rates(tmp_path: Path) -> None:
    pricing = {
        "prompt": "0.00000015",
        "completion": "0.0000006",
        "request": "0.005",
        "web_search": "0.01",
        "audio": "0.000001",
        "internal_reasoning": "0.0000006",
        "input_cache_read": "0.000000075",
        "input_cache_write": "0",
    }
    sheet = openrouter(tmp_path, {"id": "a/b", "pricing": pricing})
    (entry,) = sheet.models["a/b"].entries
    assert entry.card == RateCard(
        rates(input="0.15", output="0.6", cache_read="0.075", request=5, web_search=10, input_audio=1)
    )
    assert said(sheet) == []


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ({"id": "a/b", "pricing": {"prompt": "-1", "completion": "-1"}}, '"a/b": "-1000000" is out of range'),
        ({"id": "a/b", "pricing": {"prompt": "0", "completion": "0"}}, "listed at 0"),
        ({"id": "a/b", "pricing": {"prompt": "NaN", "completion": "sNaN"}}, "its price is not a number"),
        ({"id": "a/b", "pricing": {"prompt": "1e999999", "completion": "1"}}, "its price is not a number"),
        ({"id": "a/b", "pricing": {"prompt": "1", "completion": "1", "image": "2"}}, '"image" of "a/b"'),
        ({"id": "a/b", "pricing": None}, "it has no price"),
        ({"id": "a/b"}, "it has no price"),
        (["?"], "not a JSON object"),
    ],
)
def test_openrouter_names_what_has_no_place(tmp_path: Path, model: object, reason: str) -> None:
    assert reason in "\n".join(said(openrouter(tmp_path, model)))


def test_openrouter_keeps_one_provider(tmp_path: Path) -> None:
    price = {"prompt": "1e-6", "completion": "0"}
    listed = [{"id": name, "pricing": price} for name in ("a/x", "b/y")]
    assert list(openrouter(tmp_path, *listed, provider="b").models) == ["b/y"]


STEPPED: dict[str, Any] = {
    "litellm_provider": "vendor",
    "input_cost_per_token": 1.25e-06,
    "output_cost_per_token": 1e-05,
    "cache_creation_input_token_cost_above_1hr": 2e-06,
    "input_cost_per_token_above_200k_tokens": 2.5e-06,
    "input_cost_per_token_batches": 6.25e-07,
    "output_cost_per_token_priority": 2e-05,
    "input_cost_per_token_above_200k_tokens_priority": 4e-06,
    "output_cost_per_reasoning_token": 1e-05,
}


def test_litellm_steps_modes_and_cache_lives(tmp_path: Path) -> None:
    (entry,) = litellm(tmp_path, m=STEPPED).models["m"].entries
    assert entry.card.standard == rates(input="1.25", output=10, cache_write_1h=2)
    assert entry.card.modes == {"batch": rates(input="0.625"), "priority": rates(output=20)}
    (step,) = entry.steps
    assert step.above_tokens == 200_000
    assert step.card.standard == rates(input="2.5"), "a token rate is not carried over a step"
    assert step.card.modes == {"priority": rates(input=4)}, "the source gives no batch rates above the step"


def test_litellm_names_the_rates_that_a_mode_or_a_step_lacks(tmp_path: Path) -> None:
    lost = [
        (skipped.part, skipped.reason.split(" in the ")[0])
        for skipped in litellm(tmp_path, m=STEPPED).skipped
    ]
    of_modes = ["batch output", "batch cache_write_1h", "priority input", "priority cache_write_1h"]
    above = ["output", "cache_write_1h", "batch input", "priority output"]
    assert lost == [
        *((part, "no price in this mode") for part in of_modes),
        *((part, "no price above 200,000 tokens") for part in above),
    ]


def test_litellm_ends_a_model_where_it_is_switched_off(tmp_path: Path) -> None:
    ended = {**STEPPED, "deprecation_date": "2026-12-31"}
    open_ended = {**STEPPED, "deprecation_date": "some day"}
    sheet = litellm(tmp_path, ended=ended, open=open_ended)
    assert str(sheet.models["ended"].entries[0].until) == "2026-12-31"
    assert sheet.models["open"].entries[0].until is None


def test_litellm_keeps_one_provider(tmp_path: Path) -> None:
    assert list(
        litellm(tmp_path, "vendor", m=STEPPED, n={**STEPPED, "litellm_provider": "other"}).models
    ) == ["m"]
    with pytest.raises(UsageError, match='no models of litellm_provider "vendr"'):
        litellm(tmp_path, "vendr", m=STEPPED)


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"output_cost_per_image": 0.06}, '"output_cost_per_image" of "m": no meter for it'),
        ({"input_cost_per_token": 0.0, "output_cost_per_token": 0.0}, "it is listed at 0"),
        ({"output_cost_per_image": 1, "mode": "chat"}, "it has no price that a meter can express"),
        ({"input_cost_per_token": "costly"}, '"input_cost_per_token" of "m": its price is not a number'),
        ({"input_cost_per_token": -1e-06}, '"-1" is out of range'),
        (
            {"input_cost_per_token": 2e-06, "input_cost_per_token_above_128k_tokens": 1e-06},
            'the step lowers the rate of "input" from 2 to 1',
        ),
    ],
)
def test_litellm_names_what_has_no_place(tmp_path: Path, about: object, reason: str) -> None:
    assert reason in "\n".join(said(litellm(tmp_path, m=about)))


def test_litellm_names_what_is_no_model(tmp_path: Path) -> None:
    sheet = litellm(tmp_path, m={"input_cost_per_token": 1e-06}, o=[1])
    assert 'skipped "o": it is not a JSON object' in said(sheet)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not valid JSON"),
        ("{", "is not valid JSON"),
        ("[1]", "does not contain a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"data": {}}', 'has no list "data"'),
        ('{"a": "\udcff"}', "is not valid JSON"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=reason):
        openrouter_catalogue(file)
    if reason != 'has no list "data"':
        with pytest.raises(UsageError, match=reason):
            litellm_catalogue(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        litellm_catalogue(tmp_path / "none.json")


def test_a_sheet_is_written_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    litellm(tmp_path, m=STEPPED)
    source, sheet = PriceSource(litellm=tmp_path / "map.json"), tmp_path / "sheet.yaml"
    imported = import_pricing(source, sheet, tiers="only=m")
    sheet.write_text(imported.text, encoding="utf-8")
    assert import_pricing(source, sheet, tiers="only=m").text == imported.text
    assert "input: 1.25" in imported.text


def test_digits_of_floats_are_kept(tmp_path: Path) -> None:
    sheet = litellm(tmp_path, m={"input_cost_per_token": 1.4e-07 + 1e-23})
    assert sheet.models["m"].entries[0].card.standard["input"] == Decimal(repr(1.4e-07 + 1e-23)) * 1_000_000


PRICED: dict[str, Any] = {"input_cost_per_token": 3e-07, "output_cost_per_token": 1.2e-06}
HALF: dict[str, Any] = {"input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07}


def test_litellm_off_peak_prices_are_a_mode_with_hours(tmp_path: Path) -> None:
    off_peak = {"hours_utc": "10:00-01:00", **HALF, "input_cost_per_furlong": 1}
    sheet = litellm(tmp_path, model={**PRICED, "off_peak_pricing": off_peak})
    (entry,) = sheet.models["model"].entries
    assert entry.card.modes == {"off_peak": rates(input="0.15", output="0.6")}
    assert entry.hours == {"off_peak": (Hours(600, 60, "UTC"),)}
    assert said(sheet) == ['skipped "off_peak_pricing.input_cost_per_furlong" of "model": no meter for it']


@pytest.mark.parametrize("hours", [None, "night", "24:30-1:00", "1:00-24:30", ["1:00-2:00", 3]])
def test_litellm_off_peak_prices_without_hours_are_named(tmp_path: Path, hours: object) -> None:
    sheet = litellm(tmp_path, model={**PRICED, "off_peak_pricing": {"hours_utc": hours, **HALF}})
    assert sheet.models["model"].entries[0].card.modes == {}
    assert [text for text in said(sheet) if '"off_peak_pricing" of "model"' in text]


def test_litellm_rate_limits_are_those_of_new_models(tmp_path: Path) -> None:
    limited = {**PRICED, "rpm": 1000, "tpm": 4_000_000, "rpd": 5}
    source, sheet = PriceSource(litellm=tmp_path / "map.json"), tmp_path / "sheet.yaml"
    litellm(tmp_path, m=limited, n=PRICED, o={**PRICED, "rpm": 0})
    sheet.write_text(import_pricing(source, sheet, tiers="low=m,high=n").text, encoding="utf-8")
    one = "models: [m], requests_per_minute: 1000, tokens_per_minute: 4000000"
    assert f'rate_limits:\n  - {{{one}, source: "LiteLLM, map.json"}}' in sheet.read_text(encoding="utf-8")
    litellm(tmp_path, m={**limited, "rpm": 9}, p={**PRICED, "rpm": 7})
    sheet.write_text(import_pricing(source, sheet, models=["m", "p"]).text, encoding="utf-8")
    scenario = {"version": 1, "pricing": "./sheet.yaml", "strategies": {"s": {"tier": "low"}}}
    work = {"tasks_per_day": 1, "tokens": {"input": 1, "output": 1}}
    (tmp_path / "f.yaml").write_text(json.dumps({**scenario, "workload": work}), encoding="utf-8")
    (limits,) = routecost.load_scenario(tmp_path / "f.yaml").pricing.rate_limits
    # the limit of a model in the sheet stays
    calls = {one.subject: one.per_minute["requests_per_minute"] for one in limits}
    assert calls == {"m": Decimal(1000), "p": Decimal(7)}
