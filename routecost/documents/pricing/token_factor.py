"""The document type of token factors: tokens of a text on one model relative to another."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Name, Text
from routecost.documents.pricing.terms import Factor
from routecost.model.pricing.sheet import TokensVs


@document
class TokensVsDocument:
    """The same text takes ``factor`` times as many tokens as on ``reference``; ``source`` is required."""

    reference: Name
    factor: Factor
    source: Text
    low: Factor | None = None
    high: Factor | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for a factor outside its bounds."""
        if self.low is not None and self.low > self.factor:
            yield Fault(f"the lowest factor {self.low} is above {self.factor}", ("low",))
        if self.high is not None and self.high < self.factor:
            yield Fault(f"the highest factor {self.high} is below {self.factor}", ("high",))

    def build(self) -> TokensVs:
        """Return the comparison of tokenizers."""
        return TokensVs(self.reference, self.factor, self.source, self.low, self.high)
