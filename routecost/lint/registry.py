"""Registry of lint rules: built-in ones (one file each in ``lint/rules``) and those of packages."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules

from routecost.errors import EnvironmentFailure, UnknownNameError
from routecost.lint.rule import Rule
from routecost.problems import did_you_mean

ENTRY_POINTS = "routecost.rules"
"""The entry point group in which other packages register rules."""

_CODE = re.compile(r"[A-Z]+[0-9]{3}")


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, sorted by code: the built-in ones and those of installed packages.

    Raises EnvironmentFailure if an entry point is not a rule or its code is already used.
    """
    by_code = {rule.code: rule for rule in built_in()}
    for point in entry_points(group=ENTRY_POINTS):
        rule = _load(point)
        if rule.code in by_code:
            raise EnvironmentFailure(
                f'the rule "{rule}" of {point.value} has the same code as "{by_code[rule.code]}"'
            )
        by_code[rule.code] = rule
    return tuple(sorted(by_code.values(), key=lambda rule: rule.code))


@cache
def built_in() -> tuple[Rule, ...]:
    """Return the built-in rules. Each module of ``lint.rules`` defines one, named ``check``."""
    from routecost.lint import rules as package

    modules = (import_module(f"{package.__name__}.{info.name}") for info in iter_modules(package.__path__))
    return tuple(sorted((module.check for module in modules), key=lambda rule: str(rule.code)))


def _load(point: EntryPoint) -> Rule:
    try:
        rule = point.load()
        rule.docs  # noqa: B018  raises if the docstring lacks a section
    except Exception as error:
        raise EnvironmentFailure(
            f'cannot load the rule "{point.name}" from {point.value}: {error}'
        ) from error
    if not isinstance(rule, Rule) or not _CODE.fullmatch(rule.code):
        expected = "expected a rule with a code such as ACME101"
        raise EnvironmentFailure(f'the entry point "{point.name}" ({point.value}) is not a rule; {expected}')
    return rule


def find(name: str) -> Rule:
    """Return the rule with that code or name, ignoring case. Raises UnknownNameError."""
    for rule in rules():
        if name.lower() in (rule.code.lower(), rule.name):
            return rule
    known = [text for rule in rules() for text in (rule.code, rule.name)]
    raise UnknownNameError(f'no rule named "{name}"{did_you_mean(name, known)}')


def select(included: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules that ``included`` selects (all if empty), except those in ``excluded``.

    A selector is a code, a code prefix or a rule name; commas separate several.
    Raises UnknownNameError for one that selects nothing.
    """
    kept = _selected(included) if included else rules()
    dropped = _selected(excluded)
    return tuple(rule for rule in kept if rule not in dropped)


def _selected(selectors: tuple[str, ...]) -> tuple[Rule, ...]:
    parts = [part.strip() for selector in selectors for part in selector.split(",")]
    codes = {rule.code for part in parts for rule in _matching(part)}
    return tuple(rule for rule in rules() if rule.code in codes)


def _matching(selector: str) -> list[Rule]:
    prefix = selector.upper()
    matches = [rule for rule in rules() if prefix and rule.code.startswith(prefix)]
    return matches or [find(selector)]
