"""Load policy files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from routecost.documents.core.loader import Loader
from routecost.documents.policy.policy import POLICY, PolicyDocument
from routecost.model.outcomes.promises import LearnedPolicy
from routecost.source import Document


class PolicyFile(NamedTuple):
    """A valid policy file."""

    document: Document
    checked: PolicyDocument

    @property
    def policy(self) -> LearnedPolicy:
        """The policy."""
        return self.checked.build(self.document.get(("strategy",)))


def load_policy(loader: Loader, path: Path, tiers: tuple[str, ...] = ()) -> PolicyFile | None:
    """Load a policy file, once per path; its strategy may use these tiers only, if any are given."""
    kind = f"policy for {','.join(tiers)}"
    return loader.once(kind, path, partial(_load, loader, tiers))


def _load(loader: Loader, tiers: tuple[str, ...], path: Path) -> PolicyFile | None:
    document = loader.read(path)
    if document is None:
        return None
    checked = loader.check(document, POLICY, {"tier": tiers} if tiers else {})
    return None if checked is None else PolicyFile(document, checked)
