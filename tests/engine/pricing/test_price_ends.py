"""A price may end: afterwards there is none, and the days around say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from routecost.engine.pricing.price import entry_on
from routecost.engine.projection.price_periods import price_periods
from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.horizon import Horizon
from tests.support import build

END = date(2026, 4, 30)


def ending() -> PricingSheet:
    return build.sheet(low=replace(build.entry(input=1), until=END))


def test_the_last_day_has_a_price_and_the_next_has_none() -> None:
    assert entry_on(ending(), "model-low", END).until == END
    with pytest.raises(UnpricedError, match=r"no price on 2026-05-01 .* its last one ended on 2026-04-30"):
        entry_on(ending(), "model-low", date(2026, 5, 1))


def test_a_plan_meets_the_end() -> None:
    horizon = Horizon(date(2026, 3, 1), 6)
    assert price_periods(ending(), horizon) == (date(2026, 3, 1), date(2026, 5, 1))
