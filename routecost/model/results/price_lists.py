"""Price lists, differences between two pricing sheets, and checks of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.model.results.verdicts.worst_of import REPEATED, WorstOf
from routecost.records import dataclass
from routecost.units import exact

if TYPE_CHECKING:
    import pandas

    from routecost.model.pricing.bill import Bill
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class SheetSummary(Result):
    """A sheet of the library; ``checked`` is the oldest ``checked`` date of its prices."""

    name: str
    currency: str
    tiers: tuple[str, ...]
    models: int
    checked: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ProviderSummary(Result):
    """A provider of genai-prices, and the number of its models."""

    provider: str
    name: str
    models: int


@dataclass(frozen=True, slots=True)
class ModelListing:
    """A model that can be imported, with its standard rates in force on a day (none: no price then).

    ``above_tokens`` are the context sizes of its price steps, ``start`` the day from which the rates hold.
    """

    model: str
    name: str | None
    provider: str | None
    context: int | None
    above_tokens: tuple[int, ...]
    modes: tuple[str, ...]
    start: date | None
    is_deprecated: bool
    rates: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Importable(Result):
    """The models of a price source, and what cannot be imported: model, part of it, and reason."""

    source: str
    as_of: date
    models: tuple[ModelListing, ...]
    left_out: tuple[tuple[str, str | None, str], ...]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A rate in force: money per ``per`` units of a meter; ``tier`` is None if the model serves no tier.

    ``effort`` is what calls on the tier ask of the model, if the sheet states it.
    """

    tier: str | None
    model: str
    start: date | None
    until: date | None
    mode: str
    above_tokens: int
    meter: str
    price: Decimal
    per: int
    checked: date | None
    source: str
    provider: str | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class PriceList(Result):
    """The rates of a sheet in force on a day; ``unpriced`` names the models without one.

    ``has_terms`` is true if commercial terms such as discounts apply on top; ``allowances`` describes
    the units of meters that are free or graduated, ``hours`` when modes apply that have hours.
    """

    sheet: str
    currency: str
    as_of: date
    rows: tuple[PriceRow, ...]
    unpriced: tuple[str, ...] = ()
    has_terms: bool = False
    hours: tuple[str, ...] = ()
    allowances: tuple[str, ...] = ()

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers of the rows, if known."""
        return tuple(dict.fromkeys(row.provider for row in self.rows if row.provider is not None))

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per rate."""
        from routecost.model.frames import frame

        return frame([asdict(row) for row in self.rows])


@dataclass(frozen=True, slots=True)
class PricedModel:
    """The bill of a usage on one model; ``tier`` is the one that the model serves, if any."""

    tier: str | None
    model: str
    bill: Bill


@dataclass(frozen=True, slots=True)
class PricedUsage(Result):
    """Bills of the same usage on models of a sheet; ``unpriced`` says why tiers have none.

    ``calls`` is None if the counts are sums over any number of calls. ``has_terms_on_totals`` is true if the
    sheet has terms on a month's total, which the bills do not include.
    """

    sheet: str
    currency: str
    as_of: date
    calls: Decimal | None
    models: tuple[PricedModel, ...]
    unpriced: tuple[str, ...] = ()
    has_terms_on_totals: bool = False

    @exact
    def per_call(self, one: PricedModel) -> Decimal | None:
        """Return the cost of a call on a model; None if the number of calls is unknown."""
        return one.bill.total / self.calls if self.calls else None

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per model."""
        from routecost.model.frames import frame

        return frame([{"tier": one.tier, "model": one.model, "cost": one.bill.total} for one in self.models])


@dataclass(frozen=True, slots=True)
class PriceDifference:
    """A rate that differs between two sheets; None if a sheet has no such rate.

    A tier is compared with itself, whatever model serves it in each sheet; other models by their id.
    """

    tier: str | None
    model_before: str | None
    model_after: str | None
    mode: str
    above_tokens: int
    meter: str
    per: int
    before: Decimal | None
    after: Decimal | None

    @property
    def status(self) -> str:
        """True if the rate is added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def change(self) -> Decimal | None:
        """The difference in money per ``per`` units."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def change_fraction(self) -> Decimal | None:
        """The change as a share of the earlier rate."""
        return self.after / self.before - 1 if self.before and self.after is not None else None


@dataclass(frozen=True, slots=True)
class StrategyDifference:
    """The cost of a strategy's month at the prices of two sheets, also in the worst case of repeated work."""

    strategy: str
    cost_per_month_before: Decimal
    cost_per_month_after: Decimal
    cost_per_month_before_high: Decimal
    cost_per_month_after_high: Decimal

    @property
    def change(self) -> Decimal:
        """The difference in money per month."""
        return self.cost_per_month_after - self.cost_per_month_before

    @property
    def change_fraction(self) -> Decimal | None:
        """The change as a share of the earlier cost."""
        before = self.cost_per_month_before
        return self.cost_per_month_after / before - 1 if before else None

    @property
    def in_worst_case(self) -> StrategyDifference:
        """The costs in the worst case of repeated work."""
        high = self.cost_per_month_before_high, self.cost_per_month_after_high
        return StrategyDifference(self.strategy, *high, *high)

    @property
    def worst_change(self) -> Decimal:
        """The difference in the worst case."""
        return self.in_worst_case.change

    @property
    def worst_change_fraction(self) -> Decimal | None:
        """The change in the worst case."""
        return self.in_worst_case.change_fraction


@dataclass(frozen=True, slots=True)
class PricingDiff(Result):
    """The differences in rates of two sheets on a day, and their effect on a scenario.

    With ``since``, ``before`` is the same sheet on that day.

    ``hours`` has the changes of the hours of modes, ``escalates_unknown`` the strategies of which an unknown
    share of the tasks escalates, whose calls are not included, ``unpriced_reviews`` those with reviewers
    whose calls are not.
    """

    before: str
    after: str
    currency: str
    as_of: date
    prices: tuple[PriceDifference, ...]
    unchanged: int
    scenario: str | None = None
    changes: tuple[StrategyDifference, ...] = ()
    has_other_terms: bool = False
    hours: tuple[str, ...] = ()
    escalates_unknown: tuple[str, ...] = ()
    unpriced_reviews: tuple[str, ...] = ()
    since: date | None = None
    worst_of: WorstOf = REPEATED

    @property
    def sides(self) -> tuple[str, str]:
        """What is compared, as text: two sheets, or two days."""
        if self.since is None:
            return f"in {self.before}", f"in {self.after}"
        return f"on {self.since}", f"on {self.as_of}"

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per rate that differs."""
        from routecost.model.frames import frame

        derived = ("status", "change", "change_fraction")
        return frame([asdict(row) | {key: getattr(row, key) for key in derived} for row in self.prices])


@dataclass(frozen=True, slots=True)
class ScenarioChanges:
    """The change of the cost of each strategy of a scenario, on a pricing sheet and in its currency."""

    scenario: str
    pricing: str
    currency: str
    changes: tuple[StrategyDifference, ...]
    escalates_unknown: tuple[str, ...] = ()
    unpriced_reviews: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PricingUpdate(Result):
    """A pricing sheet with the newest prices: its text (empty if nothing changed), and what that changes.

    ``imports`` has what was read per source, ``unknown`` the models that no source has, ``later`` the new
    prices that begin after the day of the update: model and first day.
    """

    text: str
    diff: PricingDiff
    imports: tuple[Any, ...]
    unknown: tuple[str, ...]
    later: tuple[tuple[str, date], ...]
    scenarios: tuple[ScenarioChanges, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """The prices that differ from a source and that need a decision."""
        return [finding for imported in self.imports for finding in imported.findings]

    @property
    def lossy(self) -> int:
        """The number of models of which a price is lost."""
        return sum(imported.lossy for imported in self.imports)

    @property
    def incomplete(self) -> int:
        """The number of models of which a source states a rate for some calls only."""
        return sum(imported.incomplete for imported in self.imports)


@dataclass(frozen=True, slots=True)
class PricingCheck(Result):
    """The problems of a sheet on a day: findings, sorted; ``notes`` name what was not compared."""

    sheet: str
    as_of: date
    findings: Sequence[Finding]
    notes: tuple[str, ...] = ()

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per finding."""
        return [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "message": finding.message,
                "file": finding.position.file,
                "line": finding.position.line,
                "column": finding.position.column,
            }
            for finding in self.findings
        ]
