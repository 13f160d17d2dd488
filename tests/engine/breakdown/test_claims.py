"""Claims about parts of costs, checked by hand."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

import routecost
from tests.engine.breakdown.fleet import FLEET, written

with localcontext(prec=64):
    RATIO = Decimal(9) / Decimal("21.6")


def checked(folder: Path, *claims: str, fleet: str = FLEET) -> list[tuple[Decimal | None, str]]:
    lines = "".join(f"  - {{that: {claim}}}\n" for claim in claims)
    check = routecost.check(written(folder, f"claims:\n{lines}", fleet=fleet))
    return [(claim.computed, claim.status) for claim in check.claims]


@pytest.mark.parametrize(
    ("path", "computed"),
    [  # a month of all-small: chat 6, mail 3, code 12, misc 0.60
        ("parts.all-small.owner.support.cost_per_month", "9"),
        ("parts.all-small.owner.(no owner).cost_per_day", "0.02"),
        ("parts.all-small.task_type.code.cost_per_year", "144"),
        ("parts.mixed.model.m-large.cost_per_month", "32.4"),
        ("parts.mixed.provider.acme.cost_per_month", "10.8"),
        ("parts.all-small.tier.large.cost_per_month", "0"),
        ("parts.all-small.tag:product.web.cost_per_month", "6"),
        ("parts.all-small.tag:product.(no product).cost_per_month", "12.6"),
    ],
)
def test_a_claim_about_a_part(tmp_path: Path, path: str, computed: str) -> None:
    assert checked(tmp_path, f"{path}, is: {computed}") == [(Decimal(computed), "holds")]
    assert checked(tmp_path, f"{path}, is: 1000")[0][1] == "fails"


def test_parts_in_ratios_and_with_changes(tmp_path: Path) -> None:
    support, whole = "parts.all-small.owner.support.cost_per_month", "strategies.all-small.cost_per_month"
    twice = "with: {workload.task_types.chat.tasks_per_day: 200}"
    assert checked(
        tmp_path,
        f"{{ratio: [{support}, {whole}]}}, is: 0.4167, within: 0.0001",
        f"{support}, is: 15, {twice}",
    ) == [(RATIO, "holds"), (15, "holds")]


def test_failures_of_a_part(tmp_path: Path) -> None:
    fleet = FLEET.replace(
        "owner: platform", "owner: platform, success: {small: 90%, large: 100%}, failure_cost: 2"
    )
    path = "parts.all-small.{}_cost_per_month"
    assert checked(
        tmp_path,
        f"{path.format('owner.platform.failure')}, is: 240",  # 40 x 30 x 10% x 2
        f"{path.format('owner.platform.total')}, is: 252",
        f"{path.format('model.m-small.total')}, is: 261.6",  # failures are not divided by model
        fleet=fleet,
    ) == [(240, "holds"), (252, "holds"), (None, "fails")]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("all-small.owner.suport.cost_per_month", 'unknown owner "suport" in "parts.'),
        ("all-small.model.m-smal.cost_per_month", 'did you mean "m-small"?'),
        ("all-small.tag:prod.web.cost_per_month", 'no task type has a tag "prod"; did you mean "product"?'),
        ("al-small.owner.support.cost_per_month", 'unknown strategy "al-small" in "parts.'),
        (
            "all-small.ownr.support.cost_per_month",
            "a dimension is owner, task_type, model, provider, tier",
        ),
        ("all-small.owner.support.cost_per_moth", 'did you mean "cost_per_month"?'),
        ("all-small.owner.cost_per_month", "expected parts.<strategy>.<dimension>.<part>.<column>"),
    ],
)
def test_faults_of_paths_have_a_place(tmp_path: Path, path: str, message: str) -> None:
    with pytest.raises(routecost.RoutecostError, match=re.escape(message)) as caught:
        checked(tmp_path, f"parts.{path}, is: 1")
    assert [finding.position.line for finding in caught.value.findings] == [17]
