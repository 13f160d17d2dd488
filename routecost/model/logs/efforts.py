"""The effort that a logged call asked of its model, as a part of the model's name: ``claude-x [high]``."""

from __future__ import annotations

import re

_NAME = re.compile("[a-z0-9_-]{1,30}")
_LOGGED = re.compile(r"(.+) \[([a-z0-9_-]+)\]", re.DOTALL)


def with_effort(model: str, effort: str | None) -> str:
    """Return the name of a model at an effort; one that is no short name may be any text."""
    if not effort:
        return model
    name = effort.strip().lower()
    return f"{model} [{name if _NAME.fullmatch(name) else 'unrecognised'}]"


def of_effort(logged: str) -> tuple[str, str | None]:
    """Return the model and the effort of a logged name; None if the log does not say which."""
    match = _LOGGED.fullmatch(logged)
    return (match[1], match[2]) if match else (logged, None)
