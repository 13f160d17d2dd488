"""Errors that a user can cause. Any other exception that escapes is a bug in routecost."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from routecost.problems import Finding, did_you_mean


class RoutecostError(Exception):
    """Base of all errors that a user can cause; ``str(error)`` is one lower-case sentence.

    ``findings`` are the places in documents that cause it, if they are known.
    """

    findings: tuple[Finding, ...] = ()


class UsageError(RoutecostError):
    """An option or argument is invalid (exit code 2)."""


class CurrencyError(UsageError):
    """Amounts of money meet in two currencies, without a rate between them."""


class UnknownNameError(RoutecostError):
    """A sheet, scenario, model, tier, strategy or other name is unknown."""


class UnpricedError(RoutecostError):
    """A model, meter, processing mode or date has no price. Never billed at $0.

    ``about`` is the key of the usage without a price, or the path of the cause in the scenario.
    """

    def __init__(self, message: str, about: tuple[object, ...] = ()) -> None:
        self.about = about
        super().__init__(message)


class UnknownFigureError(UnpricedError):
    """A figure cannot be computed, such as savings between strategies whose work differs."""


class DocumentError(RoutecostError):
    """One or more documents have errors; ``findings`` lists all of them, sorted by position."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=Finding.sort_key))
        super().__init__("\n".join(str(finding) for finding in self.findings))


class EnvironmentFailure(RoutecostError):  # noqa: N818  "EnvironmentError" is a builtin
    """The environment failed, e.g. a read-only folder or a missing extra (exit code 3)."""


def known_strategy(name: str, known: Collection[str]) -> str:
    """Return the name of a strategy; raises UnknownNameError if it is unknown."""
    if name not in known:
        raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, known)}')
    return name
