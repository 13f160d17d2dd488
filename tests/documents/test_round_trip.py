"""A model written as YAML is read as the same model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from routecost import load_pricing, load_scenario
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from tests.documents.dump import scenario_data, sheet_data, text_of
from tests.examples import FEWER_EXAMPLES
from tests.support.build import sheet
from tests.support.strategies import TIERS, entries, mixes, numbers, sheets, task_types

names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
rising = st.lists(days, min_size=1, max_size=3, unique=True).map(sorted)


def rising_sheet(found: PricingSheet) -> PricingSheet:
    """Return the sheet without what a document may not say: steps that lower a rate."""
    models = {
        model: tuple(replace(entry, steps=()) for entry in dated) for model, dated in found.models.items()
    }
    return replace(found, models=models)


@st.composite
def dated_sheets(draw: st.DrawFn) -> PricingSheet:
    """Draw sheets whose first model has a history."""
    plain = rising_sheet(draw(sheets(with_steps=False)))
    history = tuple(replace(draw(entries(with_steps=False)), start=start) for start in draw(rising))
    return replace(plain, models={**plain.models, "model-low": history})


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw scenarios with all that is not a claim."""
    strategy = mixes() | st.sampled_from(TIERS).map(UniformTier)
    strategies = draw(st.dictionaries(names, strategy, min_size=1, max_size=3))
    one = st.sampled_from(sorted(strategies))
    kinds = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    return Scenario(
        name="fleet",
        workload=Workload(tuple(replace(draw(task_types()), name=kind) for kind in kinds)),
        strategies=strategies,
        pricing=sheet(),
        baseline=draw(st.none() | one),
        default=draw(st.none() | one),
        proposed=draw(st.none() | one),
        as_of=draw(st.none() | days),
        days_per_month=draw(st.integers(1, 31).map(Decimal)),
        budget=draw(st.none() | st.builds(Budget, numbers(1_000), st.sampled_from(Period), one)),
    )


@given(dated_sheets())
def test_a_sheet(found: PricingSheet) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "invented.yaml")
        path.write_text(text_of(sheet_data(found)), encoding="utf-8")
        assert load_pricing(path) == found


@FEWER_EXAMPLES
@given(scenarios(), sheets(with_steps=False))
def test_a_scenario(found: Scenario, on: PricingSheet) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "invented.yaml").write_text(text_of(sheet_data(on)), encoding="utf-8")
        path = Path(folder, "fleet.yaml")
        path.write_text(text_of(scenario_data(found, "./invented.yaml")), encoding="utf-8")
        assert replace(load_scenario(path), warnings=()) == replace(found, pricing=on)
