"""What a lint rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from routecost.lint.hit import Hit
from routecost.lint.rule_docs import RuleDocs, parse
from routecost.problems import Severity

Check: TypeAlias = Callable[[Any], Iterator[Hit]]


@dataclass(frozen=True)
class Rule:
    """A rule: ``check`` takes a Subject, or the comments of the table with ``reads_comments``.

    With ``needs_prices`` it is skipped where there is no pricing sheet, with ``needs_scenario``
    where there is no scenario.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    needs_prices: bool = False
    reads_comments: bool = False
    needs_scenario: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @cached_property
    def docs(self) -> RuleDocs:
        """What the rule says about itself."""
        return parse(self.check.__doc__ or "")


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    needs_prices: bool = False,
    reads_comments: bool = False,
    needs_scenario: bool = False,
) -> Callable[[Check], Rule]:
    """Make a generator of hits a rule, whose docstring is its documentation."""
    return lambda check: Rule(code, name, severity, check, needs_prices, reads_comments, needs_scenario)
