"""The costs in an interactive page are those of the engine, at all values of its sliders."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.api.interactive.page import interactive
from routecost.engine.interactive.piecewise import is_close, piece_at
from routecost.library import open_library
from routecost.model.results.interactive.what_if_page import (
    Key,
    Pieces,
    Slider,
    WhatIfPage,
    value_of,
)
from routecost.report.interactive.notes import notes
from tests.interactive.documents import FLEET, SHEET


@pytest.fixture(scope="module")
def page(fleet: Path) -> WhatIfPage:
    return interactive(str(fleet))


def value(pieces: Pieces, amount: str, point: dict[Key, Decimal]) -> Decimal:
    form = piece_at(pieces, point).forms[amount]
    assert form is not None
    return value_of(form, point)


def slider(page: WhatIfPage, key: Key) -> Slider:
    return next(one for one in page.sliders if one.key is key)


def points(page: WhatIfPage) -> st.SearchStrategy[dict[Key, Decimal]]:
    return st.fixed_dictionaries({one.key: st.integers(0, one.count).map(one.value) for one in page.sliders})


@given(st.data())
def test_costs_are_those_of_compare(page: WhatIfPage, fleet: Path, data: st.DataObject) -> None:
    point = data.draw(points(page))
    share = data.draw(st.integers(0, 100))
    scenario = routecost.load_scenario(
        str(fleet),
        settings=[
            f"tasks_per_day={point[Key.VOLUME]}",
            f"tokens.input={point[Key.INPUT]}",
            f"tokens.output={point[Key.OUTPUT]}",
            f"cache_share={point[Key.CACHE]}%",
            f"strategies.routed.mix.small={share}%",
            f"strategies.routed.mix.large={100 - share}%",
        ],
    )
    compared = routecost.compare(scenario)
    routed, large = page.sheets[0].strategies
    parts = {tier: value(pieces, "cost", point) for tier, pieces in routed.tiers.items()}
    mixed = (parts["small"] * share + parts["large"] * (100 - share)) / 100
    assert is_close(compared["all-large"].cost_per_month, value(large.pieces, "cost", point))
    assert abs(compared["routed"].cost_per_month - mixed) < Decimal("1e-20")


def test_a_price_step_is_a_breakpoint(page: WhatIfPage) -> None:
    large = page.sheets[0].strategies[1]
    assert [piece.upto for piece in large.pieces] == [2500, slider(page, Key.INPUT).high]
    below, above = (
        {key: Decimal(at) for key, at in zip(Key, (100, size, 500, 0), strict=True)} for size in (2500, 2501)
    )
    # 100 tasks x 30 days x (tokens x rate + 500 x rate) / 1M
    assert value(large.pieces, "cost", below) == 3000 * (2500 * Decimal(3) + 500 * 15) / 1_000_000
    assert (
        value(large.pieces, "cost", above) == 3000 * (2501 * Decimal(6) + 500 * Decimal("22.5")) / 1_000_000
    )


def test_coefficients_are_unit_costs(page: WhatIfPage) -> None:
    small = page.sheets[0].strategies[0].tiers["small"][0].forms["cost"]
    # A month of 30 days, a token of input at 1 USD per million, of which a cached percent costs 0.9 less.
    assert small == {
        "vi": Decimal("0.00003"),
        "vo": Decimal("0.00015"),
        "vic": Decimal("-0.00000027"),
    }


def made(folder: Path, fleet: str, sheet: str = SHEET) -> WhatIfPage:
    (folder / "sheet.yaml").write_text(sheet)
    (folder / "fleet.yaml").write_text(fleet)
    return interactive(str(folder / "fleet.yaml"))


SPREAD = "{per_call: [{share: 100%, input: [1000, 3000], output: 500}]}"


@pytest.mark.parametrize(
    ("fleet", "sheet", "reasons"),
    [
        (
            FLEET,
            SHEET + "volume_discounts: {steps: [{above: 5, share: 5%}]}\n",
            dict.fromkeys(["v", "i", "o", "c", "mix:routed"], "volume discounts"),
        ),
        (
            FLEET + "plan: {commitments: [{from: 2026-06, until: 2027-05, amount: 50, discount: 5%}]}\n",
            SHEET,
            dict.fromkeys(["v", "i", "o", "c", "mix:routed"], "commitments"),
        ),
        pytest.param(
            FLEET.replace("input: 2000", "input: {uncertain: normal, mean: 2000, sd: 10}"),
            SHEET,
            {"i": "workload.tokens.input is uncertain"},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            FLEET.replace("{input: 2000, output: 500}", SPREAD),
            SHEET,
            {"i": "not linear"},
            marks=pytest.mark.slow,
        ),
    ],
    ids=["volume discounts", "commitments", "uncertain", "spread calls"],
)
def test_a_slider_that_is_not_linear_is_fixed(
    tmp_path: Path, fleet: str, sheet: str, reasons: dict[str, str]
) -> None:
    page = made(tmp_path, fleet, sheet)
    why = page.sheets[0].reasons
    assert why.keys() == reasons.keys()
    assert [key for key, words in reasons.items() if words not in why[key]] == []
    stated = {one.key: one.stated for one in page.sliders}
    routed = page.sheets[0].strategies[0].pieces
    assert is_close(page.comparison["routed"].cost_per_month, value(routed, "cost", stated))


PLANS = """\
subscriptions:
  seat: {fee: 2, included: [{requests: 20, per: day}], beyond: BEYOND, source: test}
"""


@pytest.mark.parametrize(
    ("beyond", "reasons"),
    [
        ("stop", dict.fromkeys(["v", "i", "o", "c"], "how many tasks the subscription of all-large serves")),
        pytest.param(
            "api",
            {"v": "how much of the work of all-large its subscription includes"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_subscriptions_fix_what_their_limits_bend(
    tmp_path: Path, beyond: str, reasons: dict[str, str]
) -> None:
    own = ", paid_by: {subscription: seat, seats: 2, usage: {all: {seats: 100%, work: 100%}}}}"
    page = made(
        tmp_path, FLEET.replace("tier: large}", f"tier: large{own}"), SHEET + PLANS.replace("BEYOND", beyond)
    )
    (sheet,) = page.sheets
    assert {key: text for key, text in sheet.reasons.items() if reasons.get(key, "?") not in text} == {}
    assert sheet.reasons.keys() == reasons.keys()
    done = sheet.strategies[1].done
    assert done == (40 if beyond == "stop" else None)  # 2 seats x 20 of 100 tasks a day
    assert (sheet.saved is None) is (beyond == "stop")
    undone = [note for note in notes(page) if "60.0%" in str(note) or "not done" in str(note)]
    assert bool(undone) is (beyond == "stop")
    assert not any("State the calls of a task" in str(note) for note in notes(page))


def test_sliders_of_tokens_move_those_of_each_tier(tmp_path: Path) -> None:
    tiers = "tier_tokens: {large: {output: 900, input: 2100}, small: {output_factor: 2}}, cache"
    page = made(tmp_path, FLEET.replace("cache", tiers))
    fields = {one.key: [".".join(map(str, field.path[1:])) for field in one.fields] for one in page.sliders}
    assert fields[Key.INPUT] == ["tokens.input", "tier_tokens.large.input"]
    assert fields[Key.OUTPUT] == ["tokens.output", "tier_tokens.large.output"]
    large = page.sheets[0].strategies[1].pieces
    stated = {one.key: one.stated for one in page.sliders} | {Key.CACHE: Decimal(0), Key.OUTPUT: Decimal(200)}
    assert value(large, "cost", stated) == 3000 * (2100 * Decimal(3) + 1800 * 15) / 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", open_library(None).names("scenarios"))
def test_built_in_scenarios_are_exact_as_stated(name: str) -> None:
    page = interactive(name)
    stated = {one.key: one.stated for one in page.sliders}
    for sheet in page.sheets:
        compared = routecost.compare(routecost.load_scenario(name, pricing=sheet.argument or None))
        for strategy in sheet.strategies:
            cost = value(strategy.pieces, "cost", stated)
            assert is_close(compared[strategy.name].cost_per_month, cost)


def test_sheets_that_cannot_price_are_named_with_reasons(page: WhatIfPage) -> None:
    assert [sheet.name for sheet in page.sheets] == ["sheet"]
    assert len(page.left_out) == len(open_library(None).names("pricing"))
    assert 'unknown tier "small"' in page.left_out[0]


@pytest.mark.slow
def test_other_sheets_may_be_given(fleet: Path, tmp_path: Path) -> None:
    cheap = tmp_path / "cheap.yaml"
    cheap.write_text(SHEET.replace("input: 3", "input: 2"))
    page = interactive(str(fleet), sheets=[str(cheap)])
    assert [sheet.name for sheet in page.sheets] == ["sheet", "cheap"]
    with pytest.raises(routecost.RoutecostError, match="unknown tier"):
        interactive(str(fleet), sheets=["frugalgpt-2023"])


@pytest.mark.slow
def test_an_unknown_cost_of_calls_is_a_lower_bound(tmp_path: Path) -> None:
    rework = "rework: {noticed: 50%, cost: 1, tier: large}, failure_cost: 2"
    page = made(tmp_path, FLEET.replace("write_5m: 0%}", f"write_5m: 0%}}, {rework}"))
    strategies = page.sheets[0].strategies
    assert [strategy.is_least for strategy in strategies] == [True, True]
    assert strategies[0].pieces[0].forms["high"] is not None
