"""Reviews of outputs in routing tables, as documents."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Flag, Share
from routecost.documents.workload.tokens import Tokens
from routecost.model.routing.table import Review
from routecost.units import ONE

NO_REVIEWER = "no tier has a reviewer"


@document
class TableReviewDocument:
    """The call of a reviewer, whose tier is that of the table: its own tokens, and what it reads.

    ``share`` is the share of the outputs that it sees.
    """

    tokens: Tokens
    reads_output: Flag = False
    reads_input: Flag = False
    share: Share = ONE

    def faults(self) -> Iterator[Fault]:
        """Look for reviewers that see no output, and those that read nothing."""
        if not self.share:
            yield Fault("a reviewer that sees 0% of the outputs reviews nothing; expected more", ("share",))
        reads = self.reads_output or self.reads_input
        if not reads and not any(cell.input_high for cell in self.tokens.build().cells):
            message = (
                'the reviewer reads nothing; expected tokens of input, "reads_output: true" '
                'or "reads_input: true"'
            )
            yield Fault(message, ("tokens",))

    def build(self) -> Review:
        """Return the review."""
        return Review(self.tokens.build(), self.reads_output, self.reads_input, self.share)
