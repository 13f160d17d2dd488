"""``--format focus`` of ``usage`` and ``project``: its options, and those that it does not go with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from routecost.cli.output import Output, emit
from routecost.errors import UsageError
from routecost.model.results.focus.rows import UNKNOWN

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario


def read_account(
    target: Output, account: str | None, provider: str | None, refused: Mapping[str, object]
) -> dict[str, Any]:
    """Return the account and the provider of rows of FOCUS, if the output has such rows.

    Raises UsageError for them in other formats, and for options that are ``refused`` in this one.
    """
    given = [name for name, value in (("--billing-account", account), ("--provider", provider)) if value]
    if not target.wants_charges:
        if given:
            raise UsageError(f"{given[0]} requires --format focus")
        return {}
    wrong = [option for option, value in refused.items() if value]
    if wrong:
        raise UsageError(f"{wrong[0]} cannot be used with --format focus")
    return {"billing_account": UNKNOWN if account is None else account, "provider": provider}


def project(
    scenario: Scenario, target: Output, strategies: Sequence[str] | None, options: Mapping[str, Any]
) -> None:
    """Write the rows of a projection. Raises UsageError for several strategies."""
    from routecost.api.focus.charges import project_focus
    from routecost.report.focus.rows import report

    if strategies is not None and len(strategies) > 1:
        raise UsageError("rows of FOCUS are those of one strategy; expected --strategy once")
    rows = project_focus(scenario, strategy=strategies[0] if strategies else None, **options)
    emit(report(rows), target)
