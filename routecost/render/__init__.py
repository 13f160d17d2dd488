"""Output formats of reports: one module per format, discovered in ``formats``.

A format module exposes ``NAME`` (equal to the module's name), ``SUFFIXES``, ``BINARY`` and
``render(report, sink)``, which never opens a file, prints or exits; with ``FIGURES_BESIDE`` it
takes the names of the files that hold the figures; with ``TABLE_ONLY`` it leaves out notes; with
``NEEDS_FINDINGS`` it writes findings only, with ``NEEDS_CHARGES`` charges. ``BY_SUFFIX`` has the formats
that write the same rows to files of a suffix. ``require()`` raises if a package is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from importlib import import_module
from pkgutil import iter_modules
from typing import IO, TYPE_CHECKING

from routecost.errors import UsageError
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.render import formats as formats_package

if TYPE_CHECKING:
    from routecost.model.report.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """An output format; ``binary`` formats need a sink of bytes, the others a sink of text.

    If ``figures_beside`` is true, the figures of parts are separate files, and ``render`` takes a
    third argument: part -> name of the file of its figure. If ``has_commands`` is true, the output has
    commands to a CI runner, and makes the text of documents safe itself. If ``table_only`` is true, notes
    have no place in it. A format that ``needs_findings``, or ``needs_charges``, writes nothing else.
    ``by_suffix`` names the formats that write the same rows to files of a suffix. ``require`` raises
    EnvironmentFailure if a package that the format needs is missing.
    """

    name: str
    suffixes: tuple[str, ...]
    binary: bool
    render: Callable[..., None]
    figures_beside: bool = False
    has_commands: bool = False
    table_only: bool = False
    needs_findings: bool = False
    require: Callable[[], object] = lambda: None
    needs_charges: bool = False
    by_suffix: Mapping[str, str] = field(default_factory=dict)


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, sorted."""
    return tuple(name for name in _module_names() if _load(name) is not None)


def find(name: str) -> Format:
    """Return the format of that name, or raise UsageError with a suggestion.

    Only the module of that format is imported, to keep start-up fast.
    """
    style = _load(name) if name in _module_names() else None
    if style is None:
        raise UsageError(f'unknown format "{name}"{did_you_mean(name, format_names())}')
    return style


def format_of(suffix: str) -> str | None:
    """Return the name of the format that writes files of a suffix such as ``.csv``, or None."""
    formats = (find(name) for name in format_names())
    return next((format.name for format in formats if suffix.lower() in format.suffixes), None)


def write(report: Report, format_name: str, sink: IO[str] | IO[bytes]) -> None:
    """Write a report to a sink of text, or of bytes for a binary format.

    Raises UsageError for an unknown format or a report that the format does not support,
    EnvironmentFailure if the format needs an extra that is not installed.
    """
    find(format_name).render(report, sink)


def _module_names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(formats_package.__path__)))


def _load(name: str) -> Format | None:
    module = import_module(f"{formats_package.__name__}.{name}")
    if not hasattr(module, "render"):
        return None
    beside = getattr(module, "FIGURES_BESIDE", False)
    commands = getattr(module, "HAS_COMMANDS", False)
    alone = getattr(module, "TABLE_ONLY", False)
    needs = getattr(module, "NEEDS_FINDINGS", False)
    require = getattr(module, "require", lambda: None)
    return Format(
        module.NAME,
        module.SUFFIXES,
        module.BINARY,
        module.render,
        beside,
        commands,
        alone,
        needs,
        require,
        getattr(module, "NEEDS_CHARGES", False),
        getattr(module, "BY_SUFFIX", {}),
    )
