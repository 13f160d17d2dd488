"""The workload of a scenario as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field

from routecost.documents.core.deferred import deferred_to
from routecost.documents.core.document_type import OneOf, document, only_key
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.money import Money
from routecost.documents.core.scalars import (
    Count,
    FeeName,
    Flag,
    Name,
    PartName,
    Share,
    TierName,
)
from routecost.documents.workload.caching import Cache, CacheDocument, PrefixDocument
from routecost.documents.workload.tokens import Tokens
from routecost.documents.workload.volume import VOLUMES, Calendar, VolumeDocument
from routecost.model.pricing.sheet import BATCH, STANDARD
from routecost.model.scenario.caching import NO_CACHE
from routecost.model.scenario.workload import (
    ONE_CALL,
    ONE_TASK_TYPE,
    TaskType,
    TierTokens,
    TokenShape,
    Workload,
)
from routecost.problems import KeyPath
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.success import SuccessRate


def _load_success() -> Any:
    from routecost.documents.workload.success import SuccessByTier

    return SuccessByTier


def _load_rework() -> Any:
    from routecost.documents.workload.success import ReworkDocument

    return ReworkDocument


def _load_calls() -> Any:
    from routecost.documents.workload.calls import CallsDocument

    return Annotated[CallsDocument, Checked()]


def _load_arrivals() -> Any:
    from routecost.documents.workload.arrivals import ArrivalsDocument

    return Annotated[ArrivalsDocument, Checked()]


def _load_tier_tokens() -> Any:
    from routecost.documents.workload.tier_tokens import TierTokensDocument

    return TierTokensDocument


ArrivalsOfTasks = Annotated[Any, deferred_to(_load_arrivals)]


@document
class LoadDocument(VolumeDocument):
    """The volume of tasks, and the usage of one task."""

    tokens: Tokens
    cache: Cache = CacheDocument()
    batch: Share | None = None
    batch_tolerant: Flag = False
    modes: dict[Name, Share] = field(default_factory=dict)
    meters: dict[FeeName, Count] = field(default_factory=dict)
    kind: Annotated[Name | None, Field(alias="type")] = None
    success: Annotated[Any, deferred_to(_load_success)] = field(default_factory=dict)
    failure_cost: Money | None = None
    rework: Annotated[Any, deferred_to(_load_rework)] | None = None
    calls: Annotated[Any, deferred_to(_load_calls)] = None  # not Optional: null is no value
    arrivals: ArrivalsOfTasks = None
    owner: PartName | None = None
    tags: dict[Name, PartName] = field(default_factory=dict)
    tier_tokens: dict[TierName, Annotated[Any, deferred_to(_load_tier_tokens)]] = field(default_factory=dict)
    carry_reasoning: Flag | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for volumes, batch shares of work that cannot wait, modes, and cache conflicts."""
        yield from self.volume_faults()
        if self.batch and not self.batch_tolerant:
            message = 'a batch share needs "batch_tolerant: true": batch results may take a day'
            yield Fault(message, ("batch",), on_key=True)
        for mode in {BATCH, STANDARD} & self.modes.keys():
            instead = 'the key "batch"' if mode == BATCH else "the other modes: the rest is standard"
            yield Fault(f'"{mode}" cannot be set here; use {instead}', ("modes", mode), on_key=True)
        yield from self.share_faults(self.batch or ZERO)
        tokens = self.tokens.build()
        for tier, own in self.tier_tokens.items():
            yield from own.base_faults(tokens, ("tier_tokens", tier))
        shapes = (tokens, *(own.shape for own in self._tier_tokens(tokens).values()))
        if self.meters and any(shape.meters for shape in shapes):
            message = 'meters are stated twice: here and in rows of "tokens.per_call"; expected one of them'
            yield Fault(message, ("meters",), on_key=True)
        smallest = min((cell.input_low for shape in shapes for cell in shape.cells), default=ZERO)
        if isinstance(self.cache, PrefixDocument) and self.cache.prefix > smallest:
            message = (
                f"a prefix of {self.cache.prefix} tokens; expected at most the smallest input of {smallest}"
            )
            yield Fault(message, ("cache", "prefix"))
        if self.calls is not None and self.calls.cached and self.cache.build() != NO_CACHE:
            message = 'the cache is stated twice: "calls.cached" and "cache"; expected one of them'
            yield Fault(message, ("cache",), on_key=True)

    def share_faults(self, batch: Decimal, path: KeyPath = ()) -> Iterator[Fault]:
        """Yield a fault if the shares of modes and batch exceed 100%."""
        total = sum(self.modes.values(), batch)
        if total > 1:
            yield Fault(
                f"modes sum to {total.normalize():f}, batch included; expected at most 1 (100%)",
                (*path, "modes"),
            )

    def build(self, calendar: Calendar, name: str, path: KeyPath, batch: Decimal = ZERO) -> TaskType:
        """Return the task type; ``batch`` is the default batch share of tolerant work."""
        share = self.batch if self.batch is not None else batch
        tokens = self.tokens.build()
        per_day, per_working_day = self.volumes(calendar)
        return TaskType(
            name=name,
            tasks_per_day=per_day,
            tokens=tokens,
            cache=self.cache.build(),
            batch_share=share if self.batch_tolerant else ZERO,
            meters=self.meters,
            modes=self.modes,
            kind=self.kind,
            success=self._success(),
            failure_cost=self.failure_cost,
            rework=None if self.rework is None else self.rework.build(),
            calls=ONE_CALL if self.calls is None else self.calls.build(),
            arrivals=None if self.arrivals is None else self.arrivals.build(),
            tasks_per_working_day=per_working_day,
            owner=self.owner,
            tags=self.tags,
            tier_tokens=self._tier_tokens(tokens),
            carry_reasoning=self.carry_reasoning,
            path=path,
        )

    def _tier_tokens(self, tokens: TokenShape) -> Mapping[str, TierTokens]:
        """Return the tokens of tiers that differ from those of the task type."""
        return {tier: own.build(tokens) for tier, own in self.tier_tokens.items()}

    def _success(self) -> Mapping[str, SuccessRate]:
        if not self.success:
            return {}
        from routecost.documents.workload.success import build_success  # few workloads have success rates

        return build_success(self.success)


LoadDocument.__pydantic_config__ = ConfigDict(  # type: ignore[attr-defined]
    extra="forbid", json_schema_extra={"oneOf": [{"required": [key]} for key in VOLUMES]}
)
CheckedLoad = Annotated[LoadDocument, Checked()]


@document
class TaskTypesDocument:
    """A workload by task type."""

    task_types: dict[Name, CheckedLoad]
    batch: Share = ZERO
    arrivals: ArrivalsOfTasks = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for a workload without task types, and for modes that exceed 100% with batch."""
        if not self.task_types:
            yield Fault("no task types are given; expected at least one", ("task_types",))
        for name, load in self.task_types.items():
            if load.batch is None and load.batch_tolerant and load.modes:
                yield from load.share_faults(self.batch, ("task_types", name))

    def build(self, calendar: Calendar, path: KeyPath) -> Workload:
        """Return the workload at a path of a document."""
        default = None if self.arrivals is None else self.arrivals.build()
        loads = ((name, load, (*path, "task_types", name)) for name, load in self.task_types.items())
        tasks = (load.build(calendar, name, place, self.batch) for name, load, place in loads)
        return Workload(tuple(replace(task, arrivals=task.arrivals or default) for task in tasks))


def _workload_kind(data: Any) -> str | None:
    return only_key(data, ["task_types"]) or ("tasks_per_day" if isinstance(data, dict) else None)


WorkloadDocument = Annotated[
    Any,
    OneOf(
        "{tasks_per_day, tokens} or {task_types: ...}",
        {
            "task_types": Annotated[TaskTypesDocument, Checked()],
            "tasks_per_day": Annotated[LoadDocument, Checked()],
        },
        _workload_kind,
    ),
]


def build_workload(
    parsed: TaskTypesDocument | LoadDocument,
    calendar: Calendar,
    name: str = ONE_TASK_TYPE,
    path: KeyPath = ("workload",),
) -> Workload:
    """Return the workload of either form; one without task types is a task type called ``name``."""
    if isinstance(parsed, TaskTypesDocument):
        return parsed.build(calendar, path)
    return Workload((parsed.build(calendar, name, path),))
