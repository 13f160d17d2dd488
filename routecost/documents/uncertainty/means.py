"""Locates the distributions of a document; the document with means in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.problems import Finding, KeyPath
from routecost.source import Document

if TYPE_CHECKING:
    from routecost.model.scenario.uncertain_field import RankCorrelation, UncertainField

KEY = "uncertain"
"""The key that makes a mapping a distribution."""


class AtMeans(NamedTuple):
    """A document with each distribution replaced by its mean, its uncertain fields and correlations."""

    document: Document
    fields: tuple[UncertainField, ...] = ()
    findings: tuple[Finding, ...] = ()
    correlations: tuple[RankCorrelation, ...] = ()


def uncertain_places(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of the distributions in the data of a document."""
    if isinstance(node, dict):
        if KEY in node:
            yield path
            return
        for key, child in node.items():
            yield from uncertain_places(child, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from uncertain_places(child, (*path, index))
