"""A scenario: a workload, the strategies to compare, and published claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.figure_path import FigureKind
from routecost.model.scenario.routing_decision import DEFAULT_THRESHOLDS, Thresholds
from routecost.records import dataclass
from routecost.units import DEFAULT_DAYS_PER_MONTH, MONTHS_PER_YEAR, ONE, exact

if TYPE_CHECKING:
    from routecost.model.pricing.rate_limits import RateLimit
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.pricing.subscription import PaidBy
    from routecost.model.scenario.figure_path import FigurePath
    from routecost.model.scenario.fixed_fees import FixedFee
    from routecost.model.scenario.month_plan import Plan
    from routecost.model.scenario.routing_decision import RoutingCosts
    from routecost.model.scenario.strategy import Strategy
    from routecost.model.scenario.success import Latency
    from routecost.model.scenario.uncertain_field import RankCorrelation, UncertainField
    from routecost.model.scenario.workload import Workload
    from routecost.problems import Finding, KeyPath, Position


@dataclass(frozen=True, slots=True)
class Scenario:
    """A fleet to plan for.

    ``baseline`` is the strategy that percentages refer to, ``default`` the one that the team would
    otherwise run, ``proposed`` the one that it proposes. ``as_of`` is the day whose prices apply unless
    another is requested. ``tokens_measured_on`` is the model whose tokenizer counted the workload's
    tokens, if they are to be scaled for others. ``latency`` has the duration of calls by tier.
    ``thresholds`` decide whether to route at all, ``routing_costs`` has the costs of routing.
    ``fixed_fees`` are capacity and storage. ``illustrative`` names the figures that are made up,
    ``plan`` has the changes over the months, and ``uncertainty`` the uncertain inputs. ``rate_limits``
    replace those of the sheet. ``subscriptions`` pay for strategies. ``warnings`` were found while loading
    and stop nothing. ``place`` makes a finding about a field of the document.
    ``origin`` is the file that it was read from, of which ``routecost.documents`` builds variants.
    With ``worst_case``, work that is done again is as hard as the success rates allow. With
    ``all_escalate``, all tasks escalate of which the share that does is unknown.
    """

    name: str
    workload: Workload
    strategies: Mapping[str, Strategy]
    pricing: PricingSheet
    baseline: str | None = None
    default: str | None = None
    proposed: str | None = None
    as_of: date | None = None
    days_per_month: Decimal = Decimal(DEFAULT_DAYS_PER_MONTH)
    budget: Budget | None = None
    tokens_measured_on: str | None = None
    latency: Mapping[str, Latency] = field(default_factory=dict)
    illustrative: str | None = None
    thresholds: Thresholds = DEFAULT_THRESHOLDS
    routing_costs: RoutingCosts | None = None
    plan: Plan | None = None
    fixed_fees: tuple[FixedFee, ...] = ()
    claims: tuple[Claim, ...] = ()
    uncertainty: Uncertainty | None = None
    warnings: tuple[Finding, ...] = ()
    place: Callable[[str, KeyPath], Finding] | None = field(default=None, compare=False, repr=False)
    origin: object = field(default=None, compare=False, repr=False)
    worst_case: bool = False
    all_escalate: bool = False
    rate_limits: tuple[RateLimit, ...] = ()
    subscriptions: Mapping[str, PaidBy] = field(default_factory=dict)

    @property
    def at_means(self) -> tuple[str, ...]:
        """The names of the uncertain fields, which are held at their means."""
        return () if self.uncertainty is None else tuple(field.name for field in self.uncertainty.fields)

    @property
    def has_terms_on_totals(self) -> bool:
        """True if a month costs more or less than the sum of its days at the rates of the sheet."""
        totals = (terms.volume or terms.allowances for terms in self.pricing.terms)
        return bool(self.fixed_fees or self.subscriptions) or any(totals)

    @exact
    def days_per(self, period: Period) -> Decimal:
        """Return the days in a period; a year is 12 months."""
        days = {Period.DAY: ONE, Period.MONTH: self.days_per_month}
        return days.get(period, self.days_per_month * MONTHS_PER_YEAR)


class Operation(StrEnum):
    """The operation of a claim on its operands."""

    VALUE = "value"
    DIFFERENCE = "difference"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A changed field: its path, joined with dots, its raw value, and the position of the change."""

    field: str
    value: Any
    position: Position | None = None

    def __str__(self) -> str:
        return f"{self.field}: {written(self.value)}"


def written(value: Any) -> str:
    """Return a raw value on one line, as it is written in YAML."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {written(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return "null" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Operand:
    """A path into the results or prices of a scenario: the scenario of the claim, or a variant of it.

    ``changed`` are the fields in which the variant differs; ``scenario`` is the variant, None until
    it is built, because most commands do not use it.
    """

    path: FigurePath
    scenario: Scenario | None = None
    changed: tuple[FieldChange, ...] = ()

    @property
    def changes(self) -> str:
        """The changes as a text for display."""
        return ", ".join(map(str, self.changed))


@dataclass(frozen=True, slots=True)
class Claim:
    """A published figure: the operation on the operands must give ``published`` +- ``within``.

    ``currency`` is that of a published amount of money; None: that of the scenario's prices.
    ``disputed`` says why a claim is known not to hold.
    """

    operation: Operation
    operands: tuple[Operand, ...]
    published: Decimal
    within: Decimal
    says: str | None = None
    disputed: str | None = None
    position: Position | None = None
    currency: str | None = None

    @property
    def is_money(self) -> bool:
        """True if the figure is an amount of money: no ratio, and no share."""
        kinds = [operand.path.kind for operand in self.operands]
        return self.operation is not Operation.RATIO and FigureKind.MONEY in kinds


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The uncertain inputs of a scenario, and their stated correlations."""

    fields: tuple[UncertainField, ...]
    correlations: tuple[RankCorrelation, ...] = ()

    def without(self, *path: str) -> Uncertainty | None:
        """Return the uncertain inputs except those at or below a path; None if there are none."""
        kept = tuple(field for field in self.fields if field.path[: len(path)] != path)
        left = {field.variable for field in kept}
        rows = tuple(row for row in self.correlations if left.issuperset(row.between))
        return replace(self, fields=kept, correlations=rows) if kept else None
