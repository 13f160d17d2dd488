"""Each price of a source is in the sheet, or is named with its model and the reason: nothing gets lost."""

from __future__ import annotations

import dataclasses
import json
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from routecost.ingest.prices.sources.decisions import NO_METER, UNKNOWN
from routecost.ingest.prices.sources.litellm import litellm_catalogue
from routecost.ingest.prices.sources.openrouter import openrouter_catalogue
from routecost.model.pricing.hours import EVERY_DAY, Hours
from routecost.model.pricing.sheet import STANDARD, PriceEntry
from tests.ingest.prices.published_keys import (
    LITELLM_OTHERS,
    LITELLM_PRICES,
    OPENROUTER_OVERRIDES,
    OPENROUTER_PRICES,
)
from tests.support.build import rates

BASE = {"input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}
PROMPT = {"prompt": "0.000002", "completion": "0.00001"}
SIZES = {f"search_context_size_{size}": 0.01 for size in ("low", "medium", "high")}
PRICE: dict[str, Any] = {
    "off_peak_pricing": {"hours_utc": "1:00-2:00", **BASE},
    "tiered_pricing": [{"range": [0, 100], **BASE}, {"range": [100, 200], "input_cost_per_token": 1}],
    "search_context_cost_per_query": SIZES,
    "provider_specific_entry": {"us": 1.1},
    "guardrail_cost_per_unit": {"text": 0.1},
    "search_free_requests": {"count": 1500, "period": "day", "shared_group": "small"},
}


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def litellm(about: object) -> tuple[PriceEntry | None, dict[str | None, str]]:
    """Return the price of a model, and what is lost: its part and the reason."""
    Path("map.json").write_text(json.dumps({"m": about}), encoding="utf-8")
    catalogue = litellm_catalogue(Path("map.json"))
    model = catalogue.models.get("m")
    return None if model is None else model.entries[0], {one.part: one.reason for one in catalogue.skipped}


def openrouter(pricing: object, **more: object) -> tuple[PriceEntry | None, dict[str | None, str]]:
    model = {"id": "m", "pricing": pricing, **more}
    Path("models.json").write_text(json.dumps({"data": [model]}), encoding="utf-8")
    catalogue = openrouter_catalogue(Path("models.json"))
    listed = catalogue.models.get("m")
    return None if listed is None else listed.entries[0], {one.part: one.reason for one in catalogue.skipped}


def figures(entry: PriceEntry | None) -> dict[tuple[int, str, str], Decimal]:
    """Return the rates of a price by context size, mode and meter."""
    assert entry is not None
    cards = [(0, entry.card), *((step.above_tokens, step.card) for step in entry.steps)]
    return {
        (above, mode, meter): rate
        for above, card in cards
        for mode, own in ((STANDARD, card.standard), *card.modes.items())
        for meter, rate in own.items()
    }


@pytest.mark.parametrize("key", sorted(LITELLM_PRICES))
def test_each_price_of_litellm_is_imported_or_named(key: str) -> None:
    plain, _ = litellm(BASE)
    entry, lost = litellm({**BASE, key: PRICE.get(key, 7e-05)})
    assert figures(entry) != figures(plain) or any(part and part.startswith(key) for part in lost)
    assert UNKNOWN not in lost.values()


@pytest.mark.parametrize("key", sorted(LITELLM_OTHERS))
def test_what_is_no_price_is_not_named(key: str) -> None:
    value: Any = "2026-12-31" if key == "deprecation_date" else 7
    assert litellm({**BASE, key: value})[1] == {}


@pytest.mark.parametrize(
    ("value", "is_named"),
    [(3, True), ("0.5", True), ({"a": [{"b": 1}]}, True), (0, False), (True, False), ("high", False)],
)
def test_an_unknown_key_is_named_if_it_may_be_a_price(value: object, is_named: bool) -> None:
    assert litellm({**BASE, "novelty": value})[1] == ({"novelty": UNKNOWN} if is_named else {})
    assert openrouter({**PROMPT, "novelty": value})[1] == ({"novelty": UNKNOWN} if is_named else {})
    assert openrouter(PROMPT, subscription_fee=value)[1].keys() == (
        {"subscription_fee"} if is_named else set()
    )


@pytest.mark.parametrize("key", sorted(OPENROUTER_PRICES - PROMPT.keys()))
def test_each_price_of_openrouter_is_imported_or_named(key: str) -> None:
    value = [{"min_prompt_tokens": 9, "prompt": "1"}] if key == "overrides" else "0.5"
    entry, lost = openrouter({**PROMPT, key: value})
    assert figures(entry) != figures(openrouter(PROMPT)[0]) or key in lost
    assert UNKNOWN not in lost.values()


@pytest.mark.parametrize("key", sorted(OPENROUTER_OVERRIDES - {"utc_days"}))
def test_each_key_of_an_override_is_read_or_named(key: str) -> None:
    override = {"min_prompt_tokens": 100, "prompt": "0.5", key: 200 if key.startswith("utc") else "300"}
    entry, lost = openrouter({**PROMPT, "overrides": [override]})
    assert figures(entry) != figures(openrouter(PROMPT)[0]) or f"overrides[0].{key}" in lost


def test_an_override_with_an_unknown_condition_is_not_applied() -> None:
    entry, lost = openrouter({**PROMPT, "overrides": [{"prompt": "0.5", "moon": "full"}]})
    assert figures(entry) == figures(openrouter(PROMPT)[0])
    assert lost == {"overrides[0]": 'an unknown key "moon", which may be a condition'}


def test_context_tiers_of_openrouter_are_steps() -> None:
    overrides = [
        {"min_prompt_tokens": 200_000, "prompt": "0.000004", "completion": "0.000015"},
        {"min_prompt_tokens": 400_000, "prompt": "0.000005"},
    ]
    entry, lost = openrouter({**PROMPT, "input_cache_read": "0.0000002", "overrides": overrides})
    assert entry is not None
    assert lost == {}
    assert [(step.above_tokens, step.card.standard) for step in entry.steps] == [
        (200_000, rates(input=4, output=15, cache_read="0.2")),
        (400_000, rates(input=5, output=15, cache_read="0.2")),
    ]


def test_hours_of_openrouter_are_a_mode_also_above_a_step() -> None:
    workdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    overrides = [
        {"min_prompt_tokens": 1000, "prompt": "0.000003"},
        {"utc_days": workdays, "utc_start": 2200, "utc_end": 130, "prompt": "0.000006"},
    ]
    entry, lost = openrouter({**PROMPT, "overrides": overrides})
    assert entry is not None
    assert lost == {}
    assert entry.card.modes == {"peak": rates(input=6, output=10)}
    assert entry.steps[0].card.standard == rates(input=3, output=10)
    assert entry.steps[0].card.modes == {"peak": rates(input=6, output=10)}
    days = tuple(range(5))
    assert entry.hours == {"peak": (Hours(0, 90, "UTC", days), Hours(1320, 1440, "UTC", days))}


def test_most_of_the_week_is_standard() -> None:
    night = {"utc_start": 1630, "utc_end": 30, "prompt": "0.000001"}
    entry, _ = openrouter(
        {**PROMPT, "overrides": [{"utc_start": 30, "utc_end": 1630, "prompt": "0.000003"}, night]}
    )
    assert entry is not None
    assert entry.card.standard["input"] == 3
    assert entry.card.modes["off_peak"]["input"] == 1
    assert entry.hours == {"off_peak": (Hours(990, 30, "UTC", EVERY_DAY),)}


def test_ranges_of_litellm_are_steps() -> None:
    tiers = [
        {"range": [0, 32e3], "input_cost_per_token": 4e-07, "output_cost_per_token": 1.6e-06},
        {"range": [32e3, 128e3], "input_cost_per_token": 7e-07, "output_cost_per_token": 2.8e-06},
    ]
    entry, lost = litellm({"tiered_pricing": tiers, "input_cost_per_token": 5e-07})
    assert entry is not None
    assert (entry.card.standard, entry.steps[0].card.standard) == (
        rates(input="0.4", output="1.6"),
        rates(input="0.7", output="2.8"),
    )
    assert entry.steps[0].above_tokens == 32_000
    assert lost == {"input_cost_per_token": 'it differs from "tiered_pricing", which is used'}


@pytest.mark.parametrize(
    ("tiers", "reason"),
    [
        ([{"range": [0, 9], **BASE}, {"range": [10, 20], **BASE}], "do not follow each other"),
        ([{"range": [5, 9], **BASE}], "do not follow each other"),
        ([{"range": [0, 9.5], **BASE}], "no whole numbers"),
        ([{"range": [0, 9], "output_range": [0, 2], **BASE}], 'depend on "output_range"'),
        ([{"range": [0, 9], "input_cost_per_query": 1}], 'depend on "input_cost_per_query"'),
        ([{"range": [0, 9], "input_cost_per_token": "much"}], "is not a number"),
        ({"range": [0, 9]}, "not a list"),
        ([3], "not a list"),
    ],
)
def test_ranges_that_are_no_steps_are_named(tiers: object, reason: str) -> None:
    entry, lost = litellm({**BASE, "tiered_pricing": tiers})
    assert entry is not None
    assert entry.steps == ()
    assert reason in lost["tiered_pricing"]


@pytest.mark.parametrize(
    ("stated", "hours"),
    [
        ({"hours_utc": ["16:30-00:30", "03:00-04:00"]}, [(180, 240, EVERY_DAY), (990, 30, EVERY_DAY)]),
        ({"hours_utc": "10:00-10:00"}, [(0, 1440, EVERY_DAY)]),
        ({"windows": [{"hours_utc": "0:00-0:00", "weekdays": [6, "sunday"]}]}, [(0, 1440, (5, 6))]),
        (
            {
                "weekday_timezone": "Asia/Shanghai",
                "windows": [{"hours_utc": "15:00-17:00", "weekdays": ["sat"]}],
            },
            [(900, 960, (5,)), (960, 1020, (4,))],
        ),
    ],
)
def test_off_peak_hours_of_litellm_have_days(stated: dict[str, Any], hours: list[Any]) -> None:
    """On Saturday in Shanghai are 15:00 to 16:00 UTC of Saturday, and 16:00 to 17:00 UTC of Friday."""
    entry, lost = litellm({**BASE, "off_peak_pricing": {**BASE, **stated, "input_cost_per_token": 1e-06}})
    assert entry is not None
    assert lost == {}
    assert entry.hours == {"off_peak": tuple(Hours(start, end, "UTC", days) for start, end, days in hours)}


@pytest.mark.parametrize(
    "stated",
    [
        {"weekday_timezone": "Europe/Berlin", "weekdays": [1], "hours_utc": "1:00-2:00"},
        {"weekday_timezone": "Mars/Olympus", "hours_utc": "1:00-2:00"},
        {"weekdays": ["someday"], "hours_utc": "1:00-2:00"},
        {"windows": [{"hours_utc": "1:00-2:00", "holidays": True}]},
        {"windows": 5, "hours_utc": "1:00-2:00"},
    ],
)
def test_hours_that_cannot_be_read_are_named(stated: dict[str, Any]) -> None:
    entry, lost = litellm({**BASE, "off_peak_pricing": {**stated, **BASE}})
    assert entry is not None
    assert entry.card.modes == {}
    assert "off_peak_pricing" in lost


@pytest.mark.parametrize(
    ("about", "meter", "rate"),
    [
        ({"input_cost_per_token_cache_hit": 1e-07}, "cache_read", "0.1"),
        ({"cache_read_input_token_cost": 0.0}, "cache_read", "0"),
        ({"input_cost_per_second": 0.0001, "mode": "audio_transcription"}, "input_audio_hour", "0.36"),
        ({"input_cost_per_video_token": 3e-07}, "input_video", "0.3"),
        ({"file_search_cost_per_1k_calls": 2.5}, "storage_search", "2.5"),
        ({"input_cost_per_text_message": 0.004}, "input_message", "4"),
        ({"search_context_cost_per_query": SIZES}, "web_search", "10"),
    ],
)
def test_prices_of_litellm_have_the_units_of_their_meters(
    about: dict[str, Any], meter: str, rate: str
) -> None:
    entry, lost = litellm({**BASE, **about})
    assert entry is not None
    assert lost == {}
    assert entry.card.standard[meter] == Decimal(rate)


def test_free_cache_writes_of_litellm_cost_the_input_that_they_store() -> None:
    """DeepSeek, Tencent and Z.ai bill tokens that they cache as input; LiteLLM lists 0."""
    writes = {
        "cache_creation_input_token_cost": 0.0,
        "cache_creation_input_token_cost_above_200k_tokens": 0.0,
    }
    off_peak = {"hours_utc": "1:00-2:00", "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06}
    above = {f"{key}_above_200k_tokens": 2 * rate for key, rate in BASE.items()}
    entry, lost = litellm({**BASE, **writes, **above, "off_peak_pricing": off_peak})
    assert entry is not None
    assert entry.card.standard["cache_write_5m"] == 2
    assert entry.card.modes["off_peak"]["cache_write_5m"] == 1
    assert entry.steps[0].card.standard["cache_write_5m"] == 4
    assert "cache_write_5m" not in lost


def test_price_steps_of_xai_hold_from_their_size_on() -> None:
    above = {f"{key}_above_200k_tokens": 2 * rate for key, rate in BASE.items()}
    for provider, edge in (("xai", 199_999), ("openai", 200_000)):
        entry, lost = litellm({**BASE, **above, "litellm_provider": provider})
        assert entry is not None
        assert [step.above_tokens for step in entry.steps] == [edge]
        assert lost == {}


@pytest.mark.parametrize(
    ("about", "part", "reason"),
    [
        (
            {
                "search_context_cost_per_query": {
                    **PRICE["search_context_cost_per_query"],
                    "search_context_size_low": 1,
                }
            },
            "search_context_cost_per_query",
            "a search costs 0.01 to 1",
        ),
        (
            {**PRICE, "web_search_billing_unit": "per_prompt"},
            "search_context_cost_per_query",
            "once per prompt",
        ),
        ({"provider_specific_entry": {"us": 1.1}}, "provider_specific_entry.us", "a factor of 1.1"),
        ({"input_cost_per_second": 0.1}, "input_cost_per_second", "seconds of computing"),
        (
            {"input_cost_per_token_cache_hit": 1, "cache_read_input_token_cost": 2},
            "input_cost_per_token_cache_hit",
            "it differs",
        ),
        ({"input_cost_per_token_flex_batches": 1}, "input_cost_per_token_flex_batches", "combined"),
        ({"deprecation_date": "soon"}, "deprecation_date", "not a date"),
        ({"output_cost_per_image": "much"}, "output_cost_per_image", NO_METER),
    ],
)
def test_losses_have_a_reason(about: dict[str, Any], part: str, reason: str) -> None:
    assert reason in litellm({**BASE, **about})[1][part]


def test_each_price_key_of_genai_prices_has_a_decision() -> None:
    """As units.yml of genai-prices lists them, and the fields of its types."""
    types = pytest.importorskip("genai_prices.types", reason="its keys are read")
    data_units = pytest.importorskip("genai_prices.data_units")
    from routecost.ingest.prices.sources.genai_cards import GENAI_KEYS
    from routecost.ingest.prices.sources.genai_losses import FIELDS

    (units,) = [
        value for value in vars(data_units).values() if isinstance(value, dict) and "input_tokens" in value
    ]
    stated = {unit.get("price_key", name) for name, unit in units.items()}
    assert stated - GENAI_KEYS.keys() == set()
    for name, fields in FIELDS.items():
        known = {field.name for field in dataclasses.fields(getattr(types, name)) if field.name != "_"}
        assert known <= fields, name


def test_unknown_parts_of_genai_prices_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    types = pytest.importorskip("genai_prices.types", reason="its prices are read")
    from routecost.ingest.prices.sources import genai

    hours = types.TimeOfDateConstraint(time(1), time(4))
    hours.weekdays = [1]
    info = types.ModelInfo(
        id="m",
        match=types.ClauseEquals("m"),
        price_comments="Peak on weekdays only.",
        prices=[
            types.ConditionalPrice(prices=types.ModelPrice(input_mtok=Decimal(1), novelty_mtok=Decimal(2))),
            types.ConditionalPrice(constraint=hours, prices=types.ModelPrice(input_mtok=Decimal(2))),
        ],
    )
    info.surcharge = 3
    provider = types.Provider(id="p", name="P", api_pattern="", models=[info])
    monkeypatch.setattr(genai, "genai_providers", lambda: {"p": provider})
    catalogue = genai.genai_catalogue("p")
    assert catalogue.models["m"].entries[0].card.modes == {}
    assert {one.part: one.reason.split(",")[0] for one in catalogue.skipped} == {
        "novelty_mtok": "an unknown key",
        "surcharge": "an unknown key",
        "prices[1]": 'its condition "weekdays" is unknown',
        "days of the week": "the comment on its prices says that they depend on the day of the week",
    }


def test_deep_values_of_unknown_keys_are_looked_through() -> None:
    deep: object = 1
    for _ in range(200):
        deep = [{"x": deep}]
    assert litellm({**BASE, "novelty": deep})[1] == {"novelty": UNKNOWN}
