"""The part of a bill that a term applies to, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Leaf, MeterName, ModelName, fault, read_name
from routecost.model.pricing.terms import Scope
from routecost.problems import did_you_mean


def _read_provider(value: Any, context: Context) -> str:
    name = read_name(value)
    known = context.get("provider")
    if known is not None and name not in known:
        hint = did_you_mean(name, known) if known else '; set "provider" on the models of the sheet'
        raise fault(f'unknown provider "{name}"{hint}')
    return name


ProviderName = Annotated[str, Leaf(_read_provider, {"type": "string", "minLength": 1})]


@document
class ScopeDocument:
    """The scope of a term; without a key, it applies to all models, providers or meters."""

    models: tuple[ModelName, ...] | None = None
    providers: tuple[ProviderName, ...] | None = None
    meters: tuple[MeterName, ...] | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for terms that apply to nothing."""
        for key in ("models", "providers", "meters"):
            if getattr(self, key) == ():
                message = f'no {key} are given; expected at least one (omit "{key}" to include all)'
                yield Fault(message, (key,))

    @property
    def scope(self) -> Scope:
        """The part of a bill that the term applies to."""
        return Scope(self.models, self.providers, self.meters)
