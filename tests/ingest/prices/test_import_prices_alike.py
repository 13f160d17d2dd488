"""Importing a price and using it gives what genai-prices itself charges, to the micro-dollar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import load_pricing
from routecost.api.pricing import PriceSource, import_pricing
from routecost.ingest.prices.catalogue import Catalogue
from routecost.model.pricing.sheet import STANDARD, PriceEntry, PricingSheet
from routecost.model.pricing.usage import CALLS

pytest.importorskip("genai_prices", reason="prices are imported from it")

from tests.examples import FEWER_EXAMPLES, one_in
from tests.ingest.prices.genai_bills import PROVIDERS, genai_bill, our_bill

CHECKED = date(2026, 11, 22)
BEFORE_ALL = date(2020, 1, 1)
MICRO_DOLLAR = 1e-6
MOST_TOKENS = 600_000


def models() -> Iterator[Any]:
    """Yield all models; those that state the same kinds of prices as one before run with all tests only."""
    seen = set()
    for provider in ("anthropic", "openai"):
        for info in PROVIDERS[provider].models:
            alike = provider, kinds(info.prices), kinds(info.price_variants or [])
            yield pytest.param(provider, info.id, marks=[pytest.mark.slow] if alike in seen else [])
            seen.add(alike)


def kinds(stated: Any) -> Any:
    """Return the structure of a price without its numbers and days."""
    if isinstance(stated, list):
        return tuple(kinds(each) for each in stated)
    if isinstance(stated, dict):
        return tuple(sorted(map(str, stated.items())))
    parts = getattr(stated, "__dict__", {})
    return type(stated).__name__, *((name, kinds(part)) for name, part in sorted(parts.items()) if part)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], PricingSheet]:
    folder = tmp_path_factory.mktemp("imported")

    @cache
    def load(provider: str) -> PricingSheet:
        return write_and_load(provider, catalogue(provider), folder)

    return load


@cache
def catalogue(provider: str) -> Catalogue:
    return PriceSource(provider).catalogue()


def write_and_load(provider: str, listed: Catalogue, folder: Path) -> PricingSheet:
    first = next(iter(listed.models))
    file = folder / f"{provider}.yaml"
    sheet = import_pricing(provider, file, tiers=f"only={first}", checked=CHECKED)
    file.write_text(sheet.text, encoding="utf-8")
    return load_pricing(file)


def skipped(provider: str, model: str) -> str | None:
    reasons = [str(one) for one in catalogue(provider).skipped if one.model == model]
    return reasons[0] if reasons else None


@pytest.mark.parametrize(("provider", "model"), [*models()])
@FEWER_EXAMPLES
@given(st.data())
def test_bills_are_the_same(
    imported: Callable[[str], PricingSheet], provider: str, model: str, data: st.DataObject
) -> None:
    sheet = imported(provider)
    if model not in sheet.models:
        pytest.skip(skipped(provider, model) or "not imported, and nobody says why")
    entry, day = data.draw(st.sampled_from(days(sheet.models[model])))
    mode = data.draw(st.sampled_from([STANDARD, *entry.card.modes]))
    edges = [step.above_tokens for step in entry.steps]
    meters = [meter for meter in entry.card.standard if meter != CALLS]
    near = st.sampled_from([0, *edges, *(edge + 1 for edge in edges)])
    counts = data.draw(st.fixed_dictionaries(dict.fromkeys(meters, near | st.integers(0, MOST_TOKENS))))
    ours = our_bill(sheet, model, day, mode, counts)
    theirs = genai_bill(provider, model, day, mode, counts)
    assert abs(ours - theirs) < MICRO_DOLLAR


def days(entries: tuple[PriceEntry, ...]) -> list[tuple[PriceEntry, date]]:
    """Return the first and the last day of each entry."""
    starts = [entry.start or BEFORE_ALL for entry in entries]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [date(2030, 1, 1)]
    return [(entry, day) for entry, *pair in zip(entries, starts, ends, strict=True) for day in pair]


def test_only_what_has_no_price_is_left_out() -> None:
    for provider in ("anthropic", "openai"):
        reasons = {one.reason for one in catalogue(provider).skipped}
        assert reasons <= {"it has no price"}


@pytest.mark.parametrize("provider", one_in(3, PROVIDERS))
def test_every_model_of_a_provider_is_imported_and_loads_or_is_named(provider: str, tmp_path: Path) -> None:
    listed = catalogue(provider)
    whole = {one.model for one in listed.skipped if one.part is None}
    assert {model.id for model in PROVIDERS[provider].models} == listed.models.keys() | whole
    sheet = write_and_load(provider, listed, tmp_path)
    assert set(sheet.models) == set(listed.models)
    for name, model in listed.models.items():
        entries = sheet.models[name]
        assert [(entry.card, entry.start, entry.steps) for entry in entries] == [
            (entry.card, entry.start, entry.steps) for entry in model.entries
        ]
        assert {entry.checked for entry in entries} == {CHECKED}


def test_no_two_request_options_of_a_model_give_one_mode() -> None:
    for info in PROVIDERS.values():
        for model in info.models:
            named = {next(iter(variant.when.items())) for variant in model.price_variants or ()}
            named -= {("service_tier", "default")}
            assert len({value for _, value in named}) == len(named), model.id
