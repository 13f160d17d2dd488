"""Migrations from one strategy to the next by date, as documents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Day, Leaf, fault, read_name, refers_to
from routecost.documents.pricing.entry_order import order_faults
from routecost.model.scenario.month_plan import Phase
from routecost.problems import did_you_mean

_TEXT = {"type": "string", "minLength": 1}


def _read_new_name(value: Any, context: Context) -> str:
    name = read_name(value)
    if name in context.get("strategy", ()):
        raise fault(f'"{name}" is already a strategy; expected another name for the migration')
    return name


def _read_strategy(value: Any, context: Context) -> str:
    name = read_name(value)
    strategies = context.get("strategy", ())
    if name in context.get("migration", ()) and name not in strategies:
        raise fault(f'"{name}" is a migration; expected a strategy{did_you_mean(name, strategies)}')
    return str(_STRATEGY.parse(name, context))


def _read_row(value: Any, context: Context) -> str:
    name = read_name(value)
    strategies, migrations = context.get("strategy", (name,)), context.get("migration", ())
    if name not in strategies and name not in migrations:
        known = (*strategies, *migrations)
        raise fault(f'unknown strategy or migration "{name}"{did_you_mean(name, known)}')
    return name


_STRATEGY = refers_to("strategy")
MigrationName = Annotated[str, Leaf(_read_new_name, _TEXT)]
StableName = Annotated[str, Leaf(_read_strategy, _TEXT)]
RowName = Annotated[str, Leaf(_read_row, _TEXT)]
"""A strategy or a migration."""


@document
class PhaseDocument:
    """A phase of a migration: its strategy from a day on."""

    strategy: StableName
    start: Annotated[Day | None, Field(alias="from")] = None

    def build(self) -> Phase:
        """Return the phase."""
        return Phase(self.strategy, self.start)


Migrations = dict[MigrationName, tuple[PhaseDocument, ...]]


def migration_faults(migrations: Migrations) -> Iterator[Fault]:
    """Look for phases out of order, for a dated first phase, and for phases without a change."""
    for name, phases in migrations.items():
        path = ("migrations", name)
        yield from order_faults(path, [phase.start for phase in phases])
        if phases and phases[0].start is not None:
            message = f'no strategy runs before {phases[0].start}; expected a first entry without "from"'
            yield Fault(message, (*path, 0, "from"))
        if len(phases) == 1:
            yield Fault("only one strategy is given; expected at least two", path)
        for at, (before, phase) in enumerate(pairwise(phases), start=1):
            if phase.strategy == before.strategy:
                message = f'"{phase.strategy}" follows itself; expected another strategy'
                yield Fault(message, (*path, at, "strategy"))
