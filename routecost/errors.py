"""The errors that a user can cause.

Anything else that escapes is a bug in routecost.
"""

from __future__ import annotations

from collections.abc import Sequence

from routecost.problems import Finding


class RoutecostError(Exception):
    """Base of all errors that a user can cause; ``str(error)`` is one lower-case sentence."""


class UsageError(RoutecostError):
    """An option or an argument makes no sense (exit code 2)."""


class UnknownNameError(RoutecostError):
    """A sheet, scenario, model, tier, strategy or other name is not known."""


class UnpricedError(RoutecostError):
    """A model, meter, processing mode or date has no price. Never billed at $0."""


class DocumentError(RoutecostError):
    """One or more documents have faults; ``findings`` holds all of them, sorted by position."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=Finding.sort_key))
        super().__init__("\n".join(str(finding) for finding in self.findings))


class EnvironmentFailure(RoutecostError):  # noqa: N818  "EnvironmentError" is a builtin
    """The environment failed: a folder is read-only, an extra is not installed (exit code 3)."""
