"""Evidence files, checked by themselves."""

from __future__ import annotations

from pathlib import Path

from routecost.documents.core.loader import Loader
from routecost.documents.routing.evidence import EVIDENCE, EvidenceDocument


def load_evidence(loader: Loader, path: Path) -> EvidenceDocument | None:
    """Check an evidence file; its findings are those of the loader."""
    document = loader.read(path)
    return None if document is None else loader.check(document, EVIDENCE, {})
