"""How many examples hypothesis draws: a profile for each make target, and fewer where examples are costly."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Each profile is named after the make target that uses it. Tests set no number of examples of their own,
# so that the profile decides for all of them.
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "test")
COMMON = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("test", COMMON, max_examples=20)
settings.register_profile("test-all", COMMON, max_examples=100)
settings.register_profile("search", COMMON, max_examples=2_000, derandomize=False)
settings.load_profile(PROFILE)

FEWER_EXAMPLES = settings(max_examples=5) if PROFILE == "test" else settings()
"""For a test in a large matrix, or with examples of more than 20 ms each: a fourth of them in `make test`."""


def one_in(number: int, members: Iterable[Any]) -> list[Any]:
    """Return the members of a matrix, of which `make test` runs the first of each ``number``."""
    return [member if at % number == 0 else _slow(member) for at, member in enumerate(members)]


def _slow(member: Any) -> Any:
    if hasattr(member, "marks"):
        return pytest.param(*member.values, id=member.id, marks=[*member.marks, pytest.mark.slow])
    return pytest.param(member, marks=pytest.mark.slow)
