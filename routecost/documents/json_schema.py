"""JSON Schemas of the document kinds, derived from their document types."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from routecost.documents.actuals.actuals import ACTUALS
from routecost.documents.core.deferred import eager
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.key_meanings import described
from routecost.documents.logs.mapping import MAPPING
from routecost.documents.logs.rules import TASK_RULES
from routecost.documents.policy.policy import POLICY
from routecost.documents.portfolio.portfolio import PORTFOLIO
from routecost.documents.pricing.sheet import PRICING
from routecost.documents.routing.evidence import EVIDENCE
from routecost.documents.routing.table import TABLE
from routecost.documents.routing.taxonomy import TAXONOMY
from routecost.documents.scenario.scenario import SCENARIO
from routecost.documents.task_plan.task_plan import TASK_PLAN
from routecost.documents.uncertainty.json_schema import allow_uncertain

_ALL: tuple[DocumentKind[Any], ...] = (
    PRICING,
    SCENARIO,
    TAXONOMY,
    TABLE,
    TASK_PLAN,
    ACTUALS,
    EVIDENCE,
    POLICY,
    MAPPING,
    TASK_RULES,
    PORTFOLIO,
)
KINDS = {kind.name: kind for kind in _ALL}
"""The document kinds, by name."""


def schema(name: str) -> str:
    """Return the JSON Schema (draft 2020-12) of a document kind, as JSON text."""
    with eager():
        body = TypeAdapter(KINDS[name].root).json_schema()
    if name == SCENARIO.name:
        body = allow_uncertain(body)
    body = described(body, name)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"routecost {name}"}
    return (
        json.dumps({**head, **{key: value for key, value in body.items() if key != "title"}}, indent=2) + "\n"
    )
