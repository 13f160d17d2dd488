"""``--format focus`` of ``usage`` and ``project``: its options, and those that it does not go with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecost.cli.output import Output
from routecost.errors import UsageError
from routecost.model.results.focus.rows import UNKNOWN


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


def one_strategy(names: list[str] | None) -> str | None:
    """Return the strategy that is given, if any. Raises UsageError for several."""
    if names is not None and len(names) > 1:
        raise UsageError("rows of FOCUS are those of one strategy; expected --strategy once")
    return names[0] if names else None
