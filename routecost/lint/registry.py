"""Rules: what one is, and how they are found. Each is one file in ``lint/rules``."""

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
"""The group of entry points under which packages offer rules of their own."""

_CODE = re.compile(r"[A-Z]+[0-9]{3}")


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules by code: the built-in ones, and those that installed packages offer.

    Raises EnvironmentFailure for a package that offers what is no rule, or a code that is taken.
    """
    known = {made.code: made for made in built_in()}
    for point in entry_points(group=ENTRY_POINTS):
        made = _offered(point)
        if made.code in known:
            raise EnvironmentFailure(
                f'the rule "{made}" of {point.value} has the code of "{known[made.code]}"'
            )
        known[made.code] = made
    return tuple(sorted(known.values(), key=lambda made: made.code))


@cache
def built_in() -> tuple[Rule, ...]:
    """Return the rules of routecost. Every module of ``lint.rules`` holds one, under the name ``check``."""
    from routecost.lint import rules as package

    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    return tuple(sorted((module.check for module in modules), key=lambda found: str(found.code)))


def _offered(point: EntryPoint) -> Rule:
    try:
        made = point.load()
        made.docs  # noqa: B018  a rule that cannot explain itself is none
    except Exception as error:
        raise EnvironmentFailure(
            f'cannot load the rule "{point.name}" from {point.value}: {error}'
        ) from error
    if not isinstance(made, Rule) or not _CODE.fullmatch(made.code):
        expected = "expected a rule with a code such as ACME101"
        raise EnvironmentFailure(f'the entry point "{point.name}" ({point.value}) is no rule; {expected}')
    return made


def find(wanted: str) -> Rule:
    """Return the rule of that code or name, in any case; raises UnknownNameError."""
    for known in rules():
        if wanted.lower() in (known.code.lower(), known.name):
            return known
    names = [name for known in rules() for name in (known.code, known.name)]
    raise UnknownNameError(f'no rule named "{wanted}"{did_you_mean(wanted, names)}')


def select(chosen: tuple[str, ...], left_out: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules that ``chosen`` selects, or all, without those that ``left_out`` selects.

    A selector is a code, the beginning of one, or a rule's name; several may be joined by commas.
    Raises UnknownNameError for one that selects nothing.
    """
    kept = _selected(chosen) if chosen else rules()
    dropped = _selected(left_out)
    return tuple(rule for rule in kept if rule not in dropped)


def _selected(selectors: tuple[str, ...]) -> tuple[Rule, ...]:
    wanted = [part.strip() for selector in selectors for part in selector.split(",")]
    found = {rule.code for selector in wanted for rule in _matching(selector)}
    return tuple(rule for rule in rules() if rule.code in found)


def _matching(selector: str) -> list[Rule]:
    prefix = selector.upper()
    found = [rule for rule in rules() if prefix and rule.code.startswith(prefix)]
    return found or [find(selector)]
