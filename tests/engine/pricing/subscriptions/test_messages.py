"""Faults of subscriptions are reported together, each at its place, with what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost
from routecost.errors import DocumentError, UnpricedError

SHEET = """\
version: 1
extends: claude-article
source: invented
subscriptions:
  team:
    fee: 30
    included: [{money: 40}]
    beyond: api
"""
FLEET = """\
version: 1
pricing: ./plans.yaml
as_of: 2026-02-01
workload: {task_types: {a: {tasks_per_day: 9, tokens: {input: 9, output: 9}, owner: support}}}
strategies:
  team:
    tier: sonnet
    paid_by: {subscription: team, seats: 2}
"""
PLAN = SHEET.partition("    fee")[0]


def faults(folder: Path, sheet: str = SHEET, fleet: str = FLEET) -> list[str]:
    """Return the messages about two files, with their lines and columns."""
    (folder / "plans.yaml").write_text(sheet, encoding="utf-8")
    (folder / "fleet.yaml").write_text(fleet, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        routecost.compare(folder / "fleet.yaml")
    return [f"{one.position.line}:{one.position.column}: {one.message}" for one in caught.value.findings]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("{fee: -1, beyond: api}", '5:15: "-1" is out of range; expected an amount of money of 0 or more'),
        ("{fee: .nan, beyond: api}", '5:15: ".nan" is not an amount of money of 0 or more'),
        ("{beyond: api}", '5:9: "fee" is missing'),
        ("{fee: 1}", '5:9: "beyond" is missing'),
        (
            "{fee: 1, beyond: stopp}",
            '5:26: "stopp" is not a rule for work beyond what is included; expected api, ',
        ),
        (
            "{fee: 1, beyond: api, included: [{money: 1, tasks: 2}]}",
            '5:42: expected exactly one of "money", "credits", "requests", "tokens", "tasks"',
        ),
        (
            "{fee: 1, beyond: api, included: [{money: 1, per: 25h}]}",
            '5:58: "25h" is not a window; expected month, week, day, or hours from 0h to 24h: 5h',
        ),
        (
            "{fee: 1, beyond: api, included: [{money: 1, at_most: 3}]}",
            '5:53: the amount is stated; expected "at_most" only beside "unknown"',
        ),
        (
            "{fee: 1, beyond: api, included: [{tasks: unknown, at_least: 5, at_most: 3}]}",
            '5:81: "at_most" is below "at_least", 5',
        ),
        (
            "{fee: 1, beyond: api, included: [{tasks: 1, of: plan, per: day}]}",
            '5:68: usage that seats share is counted by the month; expected "per: month"',
        ),
        (
            "{fee: 1, beyond: credits, included: [{tasks: 1}], credit_value: 1}",
            '5:26: credits are sold beyond; expected their "credit_price"',
        ),
        (
            "{fee: 1, beyond: stop, included: [{credits: 1}]}",
            '5:9: the use of credits is unknown; expected "credit_value", what a credit is worth at',
        ),
        ("[]", "5:9: no terms are given; expected at least one"),
        (
            "{fee: 1, beyond: api, credit_rates: {claude: {input: 1}}}",
            '5:46: unknown model "claude"; known: "claude-3-5-haiku"',
        ),
    ],
)
def test_faults_of_plans(plan: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, PLAN.replace("  team:\n", f"  team: {plan}\n"))
    assert any(one.startswith(expected) for one in found), found


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ("{subscription: teem, seats: 2}", '8:29: unknown subscription "teem"; did you mean "team"?'),
        ("{subscription: team}", '8:14: "seats" is missing'),
        (
            "{subscription: team, seats: -1}",
            '8:42: "-1" is out of range; expected a whole number from 0 to 1e15',
        ),
        (
            "{subscription: team, seats: {suport: 1}}",
            '8:43: no task type has the owner "suport"; did you mean',
        ),
        ("{subscription: team, seats: []}", "8:42: no seats are given; expected at least one"),
        (
            "{subscription: team, seats: 2, usage: {a: {seats: 50%, work: 100%}, b: {seats: 40%, work: 0%}}}",
            '8:45: the shares of "seats" sum to 90%; expected 100%',
        ),
        (
            "{subscription: team, seats: 2, usage: {a: {seats: 0%, work: 100%}, b: {seats: 100%, work: 0%}}}",
            "8:56: 100% of the work has no seats; expected a share above 0",
        ),
        (
            "{subscription: team, seats: 2, windows: [{windows: 1, work: 1}]}",
            '8:54: "team" has no windows, only months',
        ),
        (
            "{subscription: team, seats: 2, windows: {hours_a_day: 25, days_a_week: 5}}",
            '8:68: "25" is out of range; expected hours a day, above 0 and at most 24',
        ),
        ("token", '8:14: expected api, or a mapping with "subscription" and "seats"'),
        (
            "{subscription: team, seats: 2, windows: {hours_a_day: {uncertain: uniform, low: 1, high: 2}}}",
            '8:68: "strategies.team.paid_by.windows.hours_a_day" is uncertain, but seats and',
        ),
        ("[api]", '8:14: expected api, or a mapping with "subscription" and "seats"'),
    ],
)
def test_faults_of_payments(paid: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, fleet=FLEET.replace("{subscription: team, seats: 2}", paid))
    assert any(one.startswith(expected) for one in found), found


def test_a_strategy_within_another_has_no_subscription_of_its_own(tmp_path: Path) -> None:
    nested = FLEET.replace(
        "tier: sonnet\n    paid_by", "assign: {a: {tier: sonnet, paid_by: api}}\n    paid_by"
    )
    assert '7:32: unknown key "paid_by"; known: "tier"' in faults(tmp_path, fleet=nested)


def test_what_is_not_modelled_together_is_refused(tmp_path: Path) -> None:
    storage = "storage: [{tier: sonnet, tokens: 5}]\n"
    daily = "allowances: [{meter: input, per: day, free: 10}]\n"
    found = faults(tmp_path, SHEET + daily, FLEET + storage)
    assert (
        '8:14: strategy "team" has capacity or storage as well; expected it for other strategies only'
        in found
    )
    assert any('8:14: pricing sheet "plans" has allowances per day' in one for one in found)


def test_a_sheet_in_another_currency_states_its_own_plans(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SHEET, encoding="utf-8")
    own = "version: 1\nextends: ./base.yaml\nsource: x\ncurrency: EUR\nexchange: [{rate: 0.9}]\n"
    assert '2:10: the subscriptions of "base" are in USD; expected them in this sheet' in faults(
        tmp_path, own
    )


def test_a_day_before_the_first_terms_is_an_error(tmp_path: Path) -> None:
    later = SHEET.replace("    fee: 30\n", "    from: 2026-05-01\n    fee: 30\n")
    (tmp_path / "plans.yaml").write_text(later, encoding="utf-8")
    (tmp_path / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    with pytest.raises(UnpricedError, match=r'"team" has no fee on 2026-02-01 .* begin on 2026-05-01'):
        routecost.compare(tmp_path / "fleet.yaml")
