"""Tokens of the calls on one tier, as a document: how they differ from those of the task type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf, document, only_key
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import Count, Name, Share
from routecost.documents.workload.tokens import PerCallTokens
from routecost.model.scenario.workload import TierTokens, TokenShape
from routecost.problems import KeyPath
from routecost.units import ONE


@document
class ChangedTokens:
    """Tokens of a tier: its mean output, or a multiple of that of the task type; input if it differs."""

    input: Count | None = None
    output: Count | None = None
    output_factor: Count | None = None
    reasoning: Share | None = None
    effort: Name | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a fault unless the output is stated once."""
        if (self.output is None) == (self.output_factor is None):
            yield Fault('expected one of "output" and "output_factor" (1 if it does not differ)')

    def base_faults(self, base: TokenShape, path: KeyPath) -> Iterator[Fault]:
        """Yield faults for means in place of a distribution."""
        for key in ("input", "output") if not _is_mean(base) else ():
            if getattr(self, key) is not None:
                message = f'the "{key}" of "tokens" is a distribution; expected "output_factor" or "per_call"'
                yield Fault(message, (*path, key), on_key=True)

    def build(self, base: TokenShape) -> TierTokens:
        """Return the tokens, given those of the task type."""
        reasoning = base.reasoning if self.reasoning is None else self.reasoning
        factor = ONE if self.output_factor is None else self.output_factor
        if not _is_mean(base):
            return TierTokens(base, factor, reasoning, self.effort)
        (cell,) = base.cells
        sent = cell.input_low if self.input is None else self.input
        written = cell.output if self.output is None else self.output
        return TierTokens(TokenShape.mean(sent, written), factor, reasoning, self.effort)


@document
class OwnTokens(PerCallTokens):
    """A distribution of the tokens of a tier."""

    effort: Name | None = None

    def base_faults(self, base: TokenShape, path: KeyPath) -> Iterator[Fault]:  # noqa: ARG002
        """Yield nothing: the distribution replaces that of the task type."""
        return iter(())

    def build(self, base: TokenShape) -> TierTokens:  # type: ignore[override]  # noqa: ARG002
        """Return the tokens."""
        shape = super().build()
        return TierTokens(shape, reasoning=shape.reasoning, effort=self.effort)


def _is_mean(shape: TokenShape) -> bool:
    return len(shape.cells) == 1 and shape.cells[0].input_low is shape.cells[0].input_high


def _kind(data: Any) -> str | None:
    return only_key(data, ["per_call"]) or ("output" if isinstance(data, dict) else None)


TierTokensDocument = Annotated[
    Any,
    OneOf(
        "{output, reasoning}, {output_factor, reasoning} or {per_call: ...}",
        {"per_call": Annotated[OwnTokens, Checked()], "output": Annotated[ChangedTokens, Checked()]},
        _kind,
    ),
]
