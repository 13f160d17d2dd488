"""Definition of a lint rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

from routecost.lint.hit import Hit
from routecost.lint.rule_docs import RuleDocs, parse
from routecost.problems import Severity
from routecost.records import dataclass

Check: TypeAlias = Callable[[Any], Iterator[Hit]]


@dataclass(frozen=True)
class Rule:
    """A rule. ``check`` takes a Subject, or with ``reads_comments`` the table's linter comments.

    With ``needs_prices`` it is skipped if there is no pricing sheet, with ``needs_scenario`` if
    there is no scenario.
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
        """The rule's documentation, parsed from its docstring."""
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
    """Turn a generator of hits into a rule, documented by its docstring."""
    return lambda check: Rule(code, name, severity, check, needs_prices, reads_comments, needs_scenario)
