"""A report -> a sink: one module per format, found by walking this package.

A format module exposes ``NAME`` (equal to the module's name), ``SUFFIXES``, ``BINARY`` and
``render(report, sink)``, which never opens a file, prints or exits; with ``FIGURES_BESIDE`` it
takes the names of the files in which figures stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import IO, TYPE_CHECKING

from routecost.errors import UsageError
from routecost.problems import did_you_mean
from routecost.render import formats as formats_package

if TYPE_CHECKING:
    from routecost.model.report.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One output format: ``binary`` ones need a sink of bytes, the others a sink of text.

    Where ``figures_beside`` is true, figures of a report's parts stand in files of their own, and
    ``render`` takes a third argument: part -> name of its figure's file.
    """

    name: str
    suffixes: tuple[str, ...]
    binary: bool
    render: Callable[..., None]
    figures_beside: bool = False


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, sorted."""
    return tuple(name for name in _module_names() if _load(name) is not None)


def find(name: str) -> Format:
    """Return the format of that name; raises UsageError with the known ones.

    Only that format's module is imported, so that a small command stays quick.
    """
    found = _load(name) if name in _module_names() else None
    if found is None:
        raise UsageError(f'unknown format "{name}"{did_you_mean(name, format_names())}')
    return found


def format_of(suffix: str) -> str | None:
    """Return the name of the format that writes files of a suffix such as ``.csv``, or None."""
    known = (find(name) for name in format_names())
    return next((each.name for each in known if suffix.lower() in each.suffixes), None)


def write(report: Report, format_name: str, sink: IO[str] | IO[bytes]) -> None:
    """Write a report to a sink of text, or of bytes for a binary format.

    Raises UsageError for an unknown format and for a report that the format cannot hold,
    EnvironmentFailure where the format needs an extra that is not installed.
    """
    find(format_name).render(report, sink)


def _module_names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(formats_package.__path__)))


def _load(name: str) -> Format | None:
    module = import_module(f"{formats_package.__name__}.{name}")
    if not hasattr(module, "render"):
        return None
    beside = getattr(module, "FIGURES_BESIDE", False)
    return Format(module.NAME, module.SUFFIXES, module.BINARY, module.render, beside)
