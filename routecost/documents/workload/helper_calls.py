"""Calls of planners, judges and reviewers, as a document."""

from __future__ import annotations

from routecost.documents.core.document_type import document
from routecost.documents.core.scalars import Flag, TierName
from routecost.documents.workload.tokens import Tokens
from routecost.engine.usage.task_flow import Assistant


@document
class HelperDocument:
    """A call that plans or reviews: its tier and its own tokens.

    With ``reads_output`` the judged output is added to its own input.
    """

    tier: TierName
    tokens: Tokens
    reads_output: Flag = False


@document
class AssistantDocument(HelperDocument):
    """A call that plans, judges or reviews the tasks of a workload.

    With ``reads_input`` the input of the task is added to its own input.
    """

    reads_input: Flag = False

    def build(self, role: str) -> Assistant:
        """Return the assistant with this role."""
        return Assistant(role, self.tier, self.tokens.build(), self.reads_output, self.reads_input)
