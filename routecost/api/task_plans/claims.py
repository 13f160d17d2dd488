"""Claims about a task plan, each with the changes that it states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from decimal import Decimal
from pathlib import Path

from routecost.documents.core.deferred import CheckedParts
from routecost.documents.core.loader import Loader
from routecost.documents.pricing.load import load_sheet
from routecost.documents.task_plan.task_plan import TASK_PLAN, PlanClaimDocument, TaskPlanDocument
from routecost.engine.pricing.exchange import exchange_rate
from routecost.engine.task_plan import PLANNER, REVIEWER, price_plan
from routecost.errors import CurrencyError, RoutecostError, UnpricedError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.task_plan import PlanClaim, PlanCost
from routecost.model.scenario.scenario import written
from routecost.problems import KeyPath
from routecost.records import dataclass
from routecost.source import Document
from routecost.units import exact

SHARES = ("blend", "saved")
"""The figures of a plan that are no money."""

MOST_WORK = 100_000
"""The maximum number of steps in all variants of a plan: each variant prices those of the plan."""

Priced = tuple[PlanCost, PricingSheet, date]
"""A priced plan, with the sheet and the day of its prices."""


@dataclass(eq=False, repr=False)
class PlanClaims:
    """Checks the claims of the plan in a document; its findings go to the loader.

    ``plan`` is the plan as it is, at the prices that the user asked for. Variants with the same changes
    are priced once, and the parts that they share with the plan are validated once.
    """

    loader: Loader
    document: Document
    path: Path
    plan: Priced
    own_sheet: PricingSheet | None
    _variants: dict[str, Priced | None] = field(default_factory=dict)
    _parts: dict[tuple[str, ...], CheckedParts] = field(default_factory=dict)

    def check(self, claims: Iterable[PlanClaimDocument]) -> tuple[PlanClaim, ...]:
        """Return the checked claims, without those that have findings."""
        checked = (self._checked(index, claim) for index, claim in enumerate(claims))
        return tuple(claim for claim in checked if claim is not None)

    def _checked(self, index: int, claim: PlanClaimDocument) -> PlanClaim | None:
        key = repr(sorted(claim.changes.items(), key=repr))
        if key not in self._variants:
            self._variants[key] = self._variant(index, claim) if claim.changes else self.plan
        variant = self._variants[key]
        if variant is None:
            return None
        try:
            return self._result(claim, *variant)
        except RoutecostError as error:
            self._find(f'claim "{".".join(claim.that)}": {error}', ("claims", index, "that"))
            return None

    def _find(self, message: str, path: KeyPath) -> None:
        self.loader.findings.append(self.document.finding(message, path))

    def _variant(self, index: int, claim: PlanClaimDocument) -> Priced | None:
        """Return the plan with the changes of a claim, priced; None if they do not apply."""
        changed = self.document
        if len(self._variants) * len(self.plan[0].plan.steps) > MOST_WORK:
            message = f"too many claims with changes of their own; the limit is {MOST_WORK:,} steps in all"
            self._find(message, ("claims", index, "with"))
            return None
        for key, value in claim.changes.items():
            path = ("claims", index, "with", key)
            if key.split(".")[0] in ("claims", "version"):
                self._find(f'"{key}" cannot be changed by a claim; expected another field of the plan', path)
                return None
            try:
                at = self.document.position(path, key=True)
                changed = changed.override(changed.path_of(key), value, at)
            except RoutecostError as error:
                self._find(str(error), path)
                return None
        return self._priced(changed.override(("claims",), [], None), claim)

    def _priced(self, changed: Document, claim: PlanClaimDocument) -> Priced | None:
        cost, sheet, day = self.plan
        if "pricing" in claim.changes:
            file = self.loader.refer(changed, self.path, ("pricing",), "pricing")
            loaded = None if file is None else load_sheet(self.loader, file).sheet
            if loaded is None:
                return None
            sheet = loaded
        checked = self.validated(changed, sheet)
        if checked is None:
            return None
        if "as_of" in claim.changes and checked.as_of is not None:
            day = checked.as_of
        return price_plan(checked.build(cost.plan.name, changed), sheet, day), sheet, day

    def validated(self, document: Document, sheet: PricingSheet) -> TaskPlanDocument | None:
        """Validate a plan or a variant of it; parts that were validated with the same tiers are not again."""
        tiers = sheet.tier_names
        return self.loader.check(document, TASK_PLAN, {"tier": tiers}, self._parts.setdefault(tiers, {}))

    def _result(self, claim: PlanClaimDocument, cost: PlanCost, sheet: PricingSheet, day: date) -> PlanClaim:
        name, *tiers = claim.that
        computed, currency = figure(cost, name, tiers), None
        if name in SHARES and claim.published.currency is not None:
            raise CurrencyError(f"the figure is no money, but {claim.published.currency} is given")
        if name not in SHARES:
            currency = self._currency(claim)
            computed *= exchange_rate(sheet.currency, currency, self._sheets(sheet), day)
        with_changes = ", ".join(f"{key}: {written(value)}" for key, value in claim.changes.items())
        return PlanClaim(
            ".".join(claim.that) + (f" with {with_changes}" if with_changes else ""),
            claim.published.number,
            computed,
            claim.within,
            claim.says,
            name in SHARES,
            currency,
        )

    def _currency(self, claim: PlanClaimDocument) -> str:
        """Return the currency of a published amount: the stated one, else that of the plan's own sheet."""
        stated: str | None = claim.published.currency
        if stated is not None:
            return stated
        if self.own_sheet is None:
            raise CurrencyError(
                "the published amount states no currency, and the plan's own pricing sheet cannot be read; "
                'expected a currency, such as "2 USD"'
            )
        return self.own_sheet.currency

    def _sheets(self, sheet: PricingSheet) -> list[PricingSheet]:
        return [sheet, *([self.own_sheet] if self.own_sheet else [])]


@exact
def figure(priced: PlanCost, name: str, tiers: Iterable[str]) -> Decimal:
    """Return a figure of a priced plan, e.g. ``total``, ``planner``, or ``blend`` of two tiers.

    Raises UnpricedError if the plan does not have it.
    """
    names = tuple(tiers)
    if name == "total":
        return priced.total
    if name in (PLANNER, REVIEWER):
        amount = priced.overhead.get(name)
    elif name == "blend":
        shares = {(blend.low, blend.high): blend.share for blend in priced.blends}
        amount = shares.get((names[0], names[1]))
    else:
        amount = {row.tier: getattr(row, name) for row in priced.alternatives}.get(names[0])
    if amount is None:
        raise UnpricedError(f'the plan has no figure "{".".join((name, *names))}"')
    return amount
