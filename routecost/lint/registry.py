"""Registry of lint rules: built-in ones (one file each in ``lint/rules``) and those of named packages.

Code of a package runs only if the user names the package and it is installed in the environment.
"""

from __future__ import annotations

import json
import re
import site
import sysconfig
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import Distribution, EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from routecost.errors import EnvironmentFailure, UnknownNameError, UsageError
from routecost.lint.rule import Rule
from routecost.problems import did_you_mean

ENTRY_POINTS = "routecost.rules"
"""The entry point group in which other packages register rules."""

_CODE = re.compile(r"[A-Z]+[0-9]{3}")


@cache
def rules(packages: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Return the built-in rules and those of the named packages, sorted by code.

    A name may consist of several, separated by commas. Raises UnknownNameError for a package that is
    not installed in the environment, UsageError for one without rules, and EnvironmentFailure if an
    entry point is not a rule or its code is already used.
    """
    by_code = {rule.code: rule for rule in built_in()}
    names = dict.fromkeys(name.strip() for text in packages for name in text.split(","))
    for point in (point for name in names for point in _points(name)):
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


def site_folders() -> tuple[Path, ...]:
    """Return the folders of the environment that packages are installed in.

    Other folders on the module search path, such as the working directory, do not count.
    """
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    paths = [*map(sysconfig.get_path, ("purelib", "platlib")), *site.getsitepackages(), *user]
    return tuple(dict.fromkeys(Path(path).resolve() for path in paths if Path(path).is_dir()))


def _points(package: str) -> Iterator[EntryPoint]:
    """Yield the rules that an installed package offers."""
    folders = [str(folder) for folder in site_folders()]
    distribution = next(iter(distributions(name=package, path=folders)), None) if package else None
    if distribution is None:
        raise UnknownNameError(
            f'no package "{package}" is installed in this environment; --rules-from takes the name that '
            "pip shows"
        )
    points = distribution.entry_points.select(group=ENTRY_POINTS)
    if not points:
        raise UsageError(f'the package "{package}" has no rules: no entry point in "{ENTRY_POINTS}"')
    for point in points:
        _refuse_other_module(point, distribution)
        yield point


def _refuse_other_module(point: EntryPoint, distribution: Distribution) -> None:
    """Raise EnvironmentFailure if another folder has a module of the same name that would be imported."""
    if _is_editable(distribution):
        return
    module = point.module.partition(".")[0]
    spec = find_spec(module)
    places = [] if spec is None else [spec.origin, *(spec.submodule_search_locations or ())]
    files = [Path(place).resolve() for place in places if place is not None]
    if files and not files[0].is_relative_to(Path(str(distribution.locate_file(""))).resolve()):
        raise EnvironmentFailure(
            f'cannot load the rule "{point.name}": "{files[0]}" hides the module "{module}" of the package'
        )


def _is_editable(distribution: Distribution) -> bool:
    """Return whether a package was installed from a folder in which it stays (``pip install -e``)."""
    text = distribution.read_text("direct_url.json")
    return bool(text and json.loads(text).get("dir_info", {}).get("editable"))


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


def find(name: str, packages: tuple[str, ...] = ()) -> Rule:
    """Return the rule with that code or name, ignoring case. Raises UnknownNameError.

    ``packages`` are those of :func:`rules`.
    """
    known = rules(packages)
    for rule in known:
        if name.lower() in (rule.code.lower(), rule.name):
            return rule
    names = [text for rule in known for text in (rule.code, rule.name)]
    raise UnknownNameError(f'no rule named "{name}"{did_you_mean(name, names)}')


def select(
    included: tuple[str, ...], excluded: tuple[str, ...], packages: tuple[str, ...] = ()
) -> tuple[Rule, ...]:
    """Return the rules that ``included`` selects (all if empty), except those in ``excluded``.

    A selector is a code, a code prefix or a rule name; commas separate several. ``packages`` are those
    of :func:`rules`. Raises UnknownNameError for a selector that selects nothing.
    """
    kept = _selected(included, packages) if included else rules(packages)
    dropped = _selected(excluded, packages)
    return tuple(rule for rule in kept if rule not in dropped)


def _selected(selectors: tuple[str, ...], packages: tuple[str, ...]) -> tuple[Rule, ...]:
    parts = [part.strip() for selector in selectors for part in selector.split(",")]
    codes = {rule.code for part in parts for rule in _matching(part, packages)}
    return tuple(rule for rule in rules(packages) if rule.code in codes)


def _matching(selector: str, packages: tuple[str, ...]) -> list[Rule]:
    prefix = selector.upper()
    matches = [rule for rule in rules(packages) if prefix and rule.code.startswith(prefix)]
    return matches or [find(selector, packages)]
