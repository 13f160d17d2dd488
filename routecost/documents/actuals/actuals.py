"""The document type of actuals: monthly spend and usage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.actuals.fields import AtRatesOfMonth, MonthName
from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.money import Currency, CurrencyName, InStatedCurrency, Money
from routecost.documents.core.scalars import (
    Count,
    FeeName,
    ModelName,
    StrategyName,
    Text,
    TierName,
    Version,
)
from routecost.documents.month_plan.volumes import TaskTypeName
from routecost.model.results.actuals import ActualMonth, Grain, Used
from routecost.model.scenario.horizon import month_name
from routecost.problems import KeyPath
from routecost.source import Document
from routecost.units import ZERO

TOKENS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
"""The meters with a key of their own."""


@document
class UnitsDocument:
    """Counts of units; ``input`` excludes tokens read from or written to a cache."""

    input: Count | None = None
    output: Count | None = None
    cache_read: Count | None = None
    cache_write_5m: Count | None = None
    cache_write_1h: Count | None = None
    meters: dict[FeeName, Count] = field(default_factory=dict)

    @property
    def units(self) -> Mapping[str, Decimal]:
        """The counts that are given, by meter."""
        given = {name: getattr(self, name) for name in TOKENS}
        return {name: count for name, count in {**given, **self.meters}.items() if count is not None}


@document
class UsedDocument(UnitsDocument):
    """The usage of a tier or a model in a month."""

    tasks: Count | None = None
    calls: Count | None = None
    spend: Money | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for usage without calls or tasks."""
        name = "tasks" if self.calls is None else "calls"
        used = [meter for meter, count in self.units.items() if count]
        if getattr(self, name) == 0 and used:
            yield Fault(f"there are no {name}, but {used[0]} is used", (name,))


@document
class PartDocument(UnitsDocument):
    """Spend and usage, as a whole or by tier or model."""

    spend: Money | None = None
    tasks: Count | None = None
    tiers: dict[TierName, Annotated[UsedDocument, Checked()]] = field(default_factory=dict)
    models: dict[ModelName, Annotated[UsedDocument, Checked()]] = field(default_factory=dict)

    @property
    def _what(self) -> str:
        return "task type"

    @property
    def grain(self) -> Grain:
        """The breakdown of usage: by tier, by model, or as a whole."""
        if self.tiers or self.models:
            return Grain.TIER if self.tiers else Grain.MODEL
        return Grain.MONTH

    @property
    def used(self) -> Mapping[str, UsedDocument]:
        """The usage of each tier or model."""
        return self.tiers or self.models

    @property
    def total_spend(self) -> Decimal:
        """The spend, or that of all tiers or models."""
        return (
            sum((used.spend or ZERO for used in self.used.values()), ZERO)
            if self.spend is None
            else self.spend
        )

    def faults(self) -> Iterator[Fault]:
        """Yield faults for contradictory and for incomplete usage."""
        if self.tiers and self.models:
            yield Fault('"tiers" and "models" are both given; expected one of them', ("models",), on_key=True)
        if self.used and self.units:
            name = next(iter(self.units))
            message = f'"{name}" is given for the {self._what} and also by {self.grain}; expected one of them'
            yield Fault(message, (name,) if name in TOKENS else ("meters", name), on_key=True)
        yield from self._spend_faults()
        parts = [used.tasks for used in self.used.values()]
        yield from self._task_faults(f"{self.grain}s", parts)
        for name in ("tasks", "calls", "spend"):
            yield from self._partial(name)

    def _spend_faults(self) -> Iterator[Fault]:
        if self.spend is None and not self.used:
            yield Fault(f'"spend" is missing; expected the cost of the {self._what}')
        elif self.spend is None and any(used.spend is None for used in self.used.values()):
            yield Fault(f'"spend" is missing; expected the cost of the {self._what}, or of each {self.grain}')

    def _task_faults(self, what: str, parts: Sequence[Decimal | None]) -> Iterator[Fault]:
        known = [count for count in parts if count is not None]
        if self.tasks is not None and known and len(known) == len(parts) and sum(known, ZERO) != self.tasks:
            message = f"{self.tasks} tasks are given, but those of the {what} sum to {sum(known, ZERO)}"
            yield Fault(message, ("tasks",))
        if self.tasks == 0 and any(self._counts()):
            yield Fault("there are no tasks, but usage is given", ("tasks",))

    def _counts(self) -> Iterable[Decimal]:
        yield from self.units.values()
        for used in self.used.values():
            yield from used.units.values()
            yield used.calls or ZERO

    def _partial(self, name: str) -> Iterator[Fault]:
        """Yield a fault for each tier or model without a value that the others have."""
        given = [key for key, used in self.used.items() if getattr(used, name) is not None]
        for key in self.used if given else ():
            if key not in given:
                message = (
                    f'"{name}" is given for "{given[0]}" but not for "{key}"; expected it for all or none'
                )
                yield Fault(message, (f"{self.grain}s", key), on_key=True)

    def build_part(self, month: date, strategy: str, place: KeyPath, where: Document) -> ActualMonth:
        """Return spend and usage; ``place`` is their path in the document."""
        used = self._build_used(place, where)
        return ActualMonth(month, self.total_spend, strategy, self.tasks, self.grain, used)

    def _build_used(self, place: KeyPath, where: Document) -> Mapping[str, Used]:
        if not self.used:
            return {"": Used(units=self.units, position=where.position(place))} if self.units else {}
        return {
            name: Used(
                used.tasks,
                used.calls,
                used.units,
                used.spend,
                where.position((*place, f"{self.grain}s", name), key=True),
            )
            for name, used in self.used.items()
        }


@document
class MonthDocument(PartDocument):
    """The spend and usage of a month, as a whole or by task type."""

    month: MonthName
    strategy: StrategyName | None = None
    currency: Currency | None = None
    task_types: dict[TaskTypeName, Annotated[PartDocument, Checked()]] = field(default_factory=dict)

    @property
    def _what(self) -> str:
        return "month"

    def faults(self) -> Iterator[Fault]:
        """Yield faults for contradictory and for incomplete usage."""
        if not self.task_types:
            yield from super().faults()
            return
        for name in ("tiers", "models", *self.units):
            if name in self.units or getattr(self, name):
                message = f'"{name}" is given for the month, which has task types; expected it for each'
                path = (name,) if name in {"tiers", "models", *TOKENS} else ("meters", name)
                yield Fault(message, path, on_key=True)
        yield from self._task_faults("task types", [one.tasks for one in self.task_types.values()])

    def build(self, strategy: str, index: int, where: Document) -> ActualMonth:
        """Return the month; ``index`` is its index in the document."""
        place, strategy = ("months", index), self.strategy or strategy
        if not self.task_types:
            return self.build_part(self.month, strategy, place, where)
        parts = {
            name: one.build_part(self.month, strategy, (*place, "task_types", name), where)
            for name, one in self.task_types.items()
        }
        spend = sum((one.spend for one in parts.values()), ZERO) if self.spend is None else self.spend
        return ActualMonth(self.month, spend, strategy, self.tasks, task_types=parts)


@document
class ActualsDocument:
    """Actual monthly spend and usage."""

    version: Version
    months: tuple[Annotated[MonthDocument, InStatedCurrency(), AtRatesOfMonth, Checked()], ...]
    strategy: StrategyName | None = None
    currency: CurrencyName | None = None
    description: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for repeated months, and for an empty list of months."""
        if not self.months:
            yield Fault("no months are given; expected at least one", ("months",))
        first: dict[date, int] = {}
        for index, month in enumerate(self.months):
            if first.setdefault(month.month, index) != index:
                message = f'"{month_name(month.month)}" is given twice'
                yield Fault(message, ("months", index, "month"), earlier=("months", first[month.month]))


_Actuals: Any = Annotated[ActualsDocument, InStatedCurrency()]
ACTUALS: DocumentKind[ActualsDocument] = DocumentKind("actuals", _Actuals)
