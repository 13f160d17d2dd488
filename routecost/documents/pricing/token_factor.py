"""How many tokens a text takes on a model, against another, as a document."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Name, Text
from routecost.documents.pricing.terms import Factor
from routecost.model.pricing.sheet import TokensVs


@document
class TokensVsDocument:
    """The same text takes ``factor`` times as many tokens as on ``reference``; a source is due."""

    reference: Name
    factor: Factor
    source: Text
    low: Factor | None = None
    high: Factor | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for a factor outside of its own bounds."""
        if self.low is not None and self.low > self.factor:
            yield Fault(f"the least factor {self.low} is above {self.factor}", ("low",))
        if self.high is not None and self.high < self.factor:
            yield Fault(f"the greatest factor {self.high} is below {self.factor}", ("high",))

    def build(self) -> TokensVs:
        """Return the comparison of tokenizers."""
        return TokensVs(self.reference, self.factor, self.source, self.low, self.high)
