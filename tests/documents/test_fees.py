"""Fees are carried over a price step and into modes; token rates never are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from routecost import DocumentError, load_pricing
from routecost.engine.pricing.price import price
from routecost.errors import UnpricedError
from routecost.model.pricing.usage import Usage, UsageKey
from tests.support.build import DAY

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {{low: m}}
models:
  m:
    - input: 1
      cache_read: 0.1
      web_search: 10
      modes: {{batch: {{input: 0.5, web_search: 5}}, flex: {{input: 0.7}}}}
      above: [{steps}]
"""


def sheet_of(tmp_path: Path, *steps: str) -> Path:
    path = tmp_path / "steps.yaml"
    path.write_text(SHEET.format(steps=", ".join(steps)), encoding="utf-8")
    return path


SIX = "modes: {batch: {input: 1, web_search: 6}}"
MODES = "modes: {batch: {input: 1}, flex: {input: 1.4}}"


@pytest.mark.parametrize(
    ("steps", "fees"),
    [
        ([f"{{tokens: 10, input: 2, cache_read: 0.2, {MODES}}}"], (10, 5, 10)),
        ([f"{{tokens: 10, input: 2, cache_read: 0.2, web_search: 12, {MODES}}}"], (12, 5, 12)),
        (
            [f"{{tokens: 10, input: 2, cache_read: 0.2, {SIX}}}"],
            (10, 6, None),
        ),
        (
            [
                f"{{tokens: 10, input: 2, cache_read: 0.2, web_search: 12, {SIX}}}",
                f"{{tokens: 20, input: 3, cache_read: 0.3, {MODES}}}",
            ],
            (12, 6, 12),
        ),
    ],
)
def test_a_step_keeps_the_fees_below_it(
    tmp_path: Path, steps: list[str], fees: tuple[int | None, ...]
) -> None:
    card = load_pricing(sheet_of(tmp_path, *steps)).models["m"][0].steps[-1].card
    known = [card.rates(mode) for mode in ("standard", "batch", "flex")]
    assert tuple(rates and rates["web_search"] for rates in known) == fees
    assert all("cache_read" not in card.modes[mode] for mode in card.modes)


def test_an_unpriced_meter_above_a_step_is_an_error_where_it_is_used(tmp_path: Path) -> None:
    sheet = load_pricing(sheet_of(tmp_path, "{tokens: 10, input: 2, unpriced: [cache_read]}"))
    below = Usage({UsageKey("m", "cache_read", upto=10): Decimal(5)})
    assert price(below, sheet, DAY).total == Decimal("0.0000005")
    above = Usage({UsageKey("m", "cache_read", above=10): Decimal(5)})
    with pytest.raises(UnpricedError, match='"cache_read" of model "m", above its price step at 10 tokens'):
        price(above, sheet, DAY)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{tokens: 10, input: 2}", 'the step has no rate for "cache_read"'),
        ("{tokens: 10, input: 2, cache_read: 1, unpriced: [input]}", 'the step has a rate for "input"'),
        (
            "{tokens: 10, input: 2, unpriced: [cache_read, output]}",
            'there is no rate for "output" below the step',
        ),
        ("{tokens: 10, input: 2, unpriced: [web_search]}", '"web_search" cannot be set here'),
    ],
)
def test_a_missing_token_rate_must_be_stated(tmp_path: Path, step: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_pricing(sheet_of(tmp_path, step))
    assert message in caught.value.findings[0].message
