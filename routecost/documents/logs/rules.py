"""The document type of rules that choose task types by labels."""

from __future__ import annotations

from routecost.documents.core.document_type import document
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.scalars import Name, Text, Version
from routecost.documents.logs.patterns import Pattern


@document
class TaskRuleDocument:
    """The task type of calls in whose label a regular expression is found."""

    label: Name
    matches: Pattern
    task_type: Name


@document
class TaskRulesDocument:
    """Rules for task types, of which the first that matches applies."""

    version: Version
    task_type_rules: tuple[TaskRuleDocument, ...]
    description: Text | None = None


TASK_RULES: DocumentKind[TaskRulesDocument] = DocumentKind("task-rules", TaskRulesDocument)
