"""FrugalGPT (arXiv:2305.05176): its price sheet, the costs of its queries, and the savings of its Table 3."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import routecost
from routecost.engine.pricing.price import entry_on
from tests.support.shared_data import published, rows

DAY = date(2026, 11, 28)
MILLION, THOUSAND = Decimal(1_000_000), Decimal(1000)
PER_MILLION_TIMES_TOO_MUCH = {"xlarge", "medium"}
"""Models whose rates in the source cannot be per token; the sheet leaves them out."""


def test_every_figure_is_that_of_the_source() -> None:
    sheet = routecost.load_pricing("frugalgpt-2023")
    source = {row["model"]: row for row in rows("prices_frugalgpt_2023.csv")}
    assert set(sheet.models) == set(source) - PER_MILLION_TIMES_TOO_MUCH
    for model in sheet.models:
        expected = {
            "input": Decimal(source[model]["cost_input"]) * MILLION,
            "output": Decimal(source[model]["cost_output"]) * MILLION,
            "request": Decimal(source[model]["cost_fixed"]) * THOUSAND,
        }
        assert {"request": 0, **entry_on(sheet, model, DAY).card.standard} == expected, model


@pytest.mark.parametrize(
    ("model", "cost"),  # of a query of 1,000 tokens that is answered with 10
    [
        ("gptj_6B", "0.00025"),  # 1,000 x 0.2 / 1e6 + 10 x 5 / 1e6
        ("fairseq_gpt_13B", "0.00075"),
        ("gptneox_20B", "0.00175"),
        ("j1-large", "0.0006"),  # a fee of 0.0003 + 10 x 30 / 1e6: its input is free
        ("j1-grande", "0.0016"),
        ("j1-jumbo", "0.0075"),
        ("j2-light", "0.00333"),
        ("text-curie-001", "0.00202"),
        ("gpt-3.5-turbo", "0.00202"),
        ("text-davinci-003", "0.0202"),
        ("gpt-4", "0.0306"),
    ],
)
def test_a_query_costs_its_tokens_and_the_fee_per_request(model: str, cost: str) -> None:
    assert routecost.pricer("frugalgpt-2023", model, DAY)(input=1000, output=10) == Decimal(cost)


def test_the_fee_is_paid_for_every_call_of_a_cascade() -> None:
    result = routecost.compare("frugalgpt")["headlines"]
    gptj = Decimal("218.7") * Decimal("0.2") + 5
    j1_large, gpt_4 = Decimal(300 + 30), Decimal("218.7") * 30 + 60
    by_hand = gptj + Decimal("0.1") * j1_large + Decimal("0.1") * Decimal("0.046") * gpt_4
    assert result.cost_per_task == by_hand / MILLION


def test_the_claims_of_the_built_in_scenario_hold() -> None:
    assert {claim.status for claim in routecost.check("frugalgpt").claims} == {"holds"}


TABLE = [  # the best single model, the cascade, the saving; all as printed
    ("HEADLINES(GPT-4)", 33.1, 0.6, 98.3),
    ("OVERRULING(GPT-4)", 9.7, 2.6, 73.3),
    ("COQA(GPT-3)", 72.5, 29.6, 59.2),
]


@pytest.mark.parametrize(("dataset", "before", "after", "saving"), TABLE)
def test_the_printed_dollars_bear_the_savings_out_within_rounding(
    dataset: str, before: float, after: float, saving: float
) -> None:
    least, most = ((1 - (after + way) / (before - way)) * 100 for way in (0.05, -0.05))
    assert least - 0.05 <= saving <= most + 0.05, dataset


@pytest.mark.parametrize(("dataset", "before", "after", "saving"), TABLE)
def test_the_table_is_the_published_one(dataset: str, before: float, after: float, saving: float) -> None:
    table = published("FrugalGPT", "Table3_cost_to_match_best")
    columns = ("best_single_cost_usd", "frugalgpt_cost_usd", "saving_pct")
    assert [table[dataset, column] for column in columns] == [before, after, saving]
