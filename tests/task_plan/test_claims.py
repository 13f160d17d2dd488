"""Claims of a task plan: every key of ``with`` applies, or is a finding."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.documents.core import loader
from tests.support.currencies import euros

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {low: little, high: big}
models:
  little:
    - {input: 1, output: 4, checked: 2026-01-01}
    - {from: 2026-06-01, input: 2, output: 8, checked: 2026-06-01}
  big: [{input: 4, output: 16, checked: 2026-01-01}]
"""
EUROS = euros("[{rate: 0.5}]")
PLAN = """\
version: 1
title: A plan
pricing: ./dollars.yaml
as_of: 2026-02-01
tokens: {input: 1000000, output: 0}
steps: [{do: a, tier: low}]
claims:
"""


Checked = tuple[Decimal, str | None, bool]


def checked(folder: Path, *claims: str, pricing: Path | None = None) -> list[Checked]:
    """Return the computed figure of each claim, its currency, and whether the claim holds."""
    (folder / "dollars.yaml").write_text(SHEET, encoding="utf-8")
    (folder / "euros.yaml").write_text(EUROS, encoding="utf-8")
    plan = folder / "plan.yaml"
    plan.write_text(PLAN + "".join(f"  - {{that: total, {claim}}}\n" for claim in claims), encoding="utf-8")
    checks = routecost.plan(plan, pricing=pricing).claims
    return [(claim.computed, claim.currency, claim.holds) for claim in checks]


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ("as_of: 2026-07-01", 2),
        ("steps.0.tier: high", 4),
        ("tokens.input: 3000000", 3),
        ("steps.0.repeats: 2, as_of: 2026-07-01", 4),
        ("pricing: ./euros.yaml", 1),
    ],
)
def test_every_change_applies(tmp_path: Path, changes: str, total: int) -> None:
    assert checked(tmp_path, f"is: {total}, with: {{{changes}}}") == [(Decimal(total), "USD", True)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("pricing: ./absent.yaml", "no such file"),
        ("pricing: absent", 'no pricing sheet named "absent"'),
        ("steps.0.tier: hihg", 'unknown tier "hihg"; did you mean "high"'),
        ("steps.3.tier: high", 'no item "3"'),
        ("nonsense: 1", 'unknown key "nonsense"'),
        ("claims: []", '"claims" cannot be changed by a claim'),
        ("as_of: tomorrow", "is not a date"),
    ],
)
def test_a_change_that_cannot_apply_is_a_finding(tmp_path: Path, changes: str, message: str) -> None:
    with pytest.raises(routecost.DocumentError, match=message) as raised:
        checked(tmp_path, f"is: 1, with: {{{changes}}}")
    assert {finding.position.line for finding in raised.value.findings} == {8}


def test_amounts_are_in_the_currency_of_the_plans_own_sheet(tmp_path: Path) -> None:
    euros = tmp_path / "euros.yaml"
    claims = ("is: 1", "is: 0.5 EUR", "is: 1, with: {pricing: ./euros.yaml}")
    expected = [(Decimal(1), "USD", True), (Decimal("0.5"), "EUR", True), (Decimal(1), "USD", True)]
    for pricing in (None, euros):
        assert checked(tmp_path, *(claims if pricing else claims[::2]), pricing=pricing) == (
            expected if pricing else expected[::2]
        )
    with pytest.raises(routecost.DocumentError, match=r'"total": is in USD, .* no exchange rate to EUR'):
        checked(tmp_path, claims[1])


def test_a_share_has_no_currency(tmp_path: Path) -> None:
    with pytest.raises(routecost.DocumentError, match="is no money, but EUR is given"):
        checked(tmp_path, "is: 1}\n  - {that: saved.high, is: 0.5 EUR")


def test_a_variant_is_validated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[object] = []
    check = loader.Loader.check

    def counted(self: loader.Loader, document: Any, *rest: Any) -> Any:
        checks.append(document)
        return check(self, document, *rest)

    monkeypatch.setattr(loader.Loader, "check", counted)
    claims = ["is: 3, with: {tokens.input: 3000000}"] * 50 + ["is: 1"] * 50
    assert {holds for _, _, holds in checked(tmp_path, *claims)} == {True}
    assert len(checks) == 3  # the sheet, the plan, and the one variant
