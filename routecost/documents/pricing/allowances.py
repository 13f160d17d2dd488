"""Free and graduated units of a meter, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import (
    Context,
    Leaf,
    ModelName,
    Rate,
    Share,
    Text,
    fault,
    quoted,
    reads_meter,
    reads_number,
)
from routecost.documents.pricing.scope import ProviderName
from routecost.model.pricing.terms import Allowance, Scope, UnitStep
from routecost.units import FIXED_METERS, MAX_COUNT, METERS, ZERO

PERIODS = ("day", "month")


def _read_period(value: Any, _: Context) -> str:
    if value not in PERIODS:
        raise fault(f"{quoted(value)} is not a period; expected day or month")
    return str(value)


Units = Annotated[Decimal, reads_number("a number of units above 0", Decimal("1e-9"), MAX_COUNT)]
CountedMeter = Annotated[str, reads_meter(tuple(name for name in METERS if name not in FIXED_METERS))]
"""A meter that grows with the work: allowances do not apply to capacity and storage."""
PeriodName = Annotated[str, Leaf(_read_period, {"enum": list(PERIODS)})]


@document
class UnitStepDocument:
    """The price of a meter's units above a count: a rate, or a discount on the list rate."""

    above: Units
    rate: Rate | None = None
    share: Share | None = None


@document
class AllowanceDocument:
    """Units of a meter that are free or have another price, by the total of a day or month."""

    meter: CountedMeter
    per: PeriodName
    free: Units | None = None
    steps: tuple[UnitStepDocument, ...] = ()
    models: tuple[ModelName, ...] | None = None
    providers: tuple[ProviderName, ...] | None = None
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for an allowance of nothing, and for invalid steps."""
        if self.free is None and not self.steps:
            yield Fault('nothing is free and there are no steps; expected "free" or "steps"')
        for key in ("models", "providers"):
            if getattr(self, key) == ():
                yield Fault(
                    f'no {key} are given; expected at least one (omit "{key}" to include all)', (key,)
                )
        for index, step in enumerate(self.steps):
            if (step.rate is None) == (step.share is None):
                yield Fault('expected either "rate" or "share"', ("steps", index))
            if step.rate is not None and METERS[self.meter].is_token:
                message = f'rates of "{self.meter}" depend on mode and context; expected "share" instead'
                yield Fault(message, ("steps", index, "rate"), on_key=True)
        yield from self._order_faults()

    def _order_faults(self) -> Iterator[Fault]:
        if self.free is not None and self.steps and self.steps[0].above < self.free:
            message = f"a step above {self.steps[0].above} is within the {self.free} free units"
            yield Fault(message, ("steps", 0, "above"))
        for index, (before, step) in enumerate(pairwise(self.steps), start=1):
            if step.above <= before.above:
                message = (
                    f"a step above {step.above} follows one above {before.above}; expected rising counts"
                )
                yield Fault(message, ("steps", index, "above"))

    def build(self) -> Allowance:
        """Return the allowance."""
        steps = tuple(UnitStep(step.above, step.rate, step.share or ZERO) for step in self.steps)
        scope = Scope(self.models, self.providers, (self.meter,))
        return Allowance(scope, self.per, self.free or ZERO, steps, self.source)


def twice_faults(
    allowances: Sequence[AllowanceDocument], inherited: Sequence[Allowance] = ()
) -> Iterator[Fault]:
    """Look for allowances whose meter another one counts, for some of the same models."""
    known = list(inherited)
    for index, allowance in enumerate(allowances):
        built = allowance.build()
        if any(not other.scope.is_apart_from(built.scope) for other in known):
            message = f'another allowance counts "{allowance.meter}" for some of the same models'
            yield Fault(message, ("allowances", index, "meter"))
        if not inherited:
            known.append(built)
