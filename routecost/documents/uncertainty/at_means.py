"""Replaces the distributions of a document by their means."""

from __future__ import annotations

from typing import Any

from routecost.documents.uncertainty.means import AtMeans, uncertain_places
from routecost.source import Document


def at_means(document: Document, root: Any) -> AtMeans:
    """Return a document of type ``root`` with each distribution replaced by its mean."""
    places = tuple(uncertain_places(document.data))
    if not places and not (isinstance(document.data, dict) and "correlations" in document.data):
        return AtMeans(document)
    # Slow to load, and few scenarios need it.
    from routecost.documents.uncertainty.uncertain_fields import read_uncertain_fields

    return read_uncertain_fields(document, places, root)
