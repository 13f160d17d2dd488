"""The kinds of strategies as documents; a file each, found by walking this package.

Each module has ``KEY``, the key that tells the kind, and ``Document``, whose ``build`` makes the
strategy.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any

from routecost.documents.shapes import Checked, OneOf


def _modules() -> dict[str, Any]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.KEY: module for module in modules}


def kinds(modules: dict[str, Any]) -> Any:
    """Return the type of a document that is a strategy of one of the kinds."""
    expected = ", ".join(f'"{key}"' for key in sorted(modules))
    types = {key: _checked(module.Document) for key, module in modules.items()}
    return Annotated[Any, OneOf(f"a strategy, with exactly one of the keys {expected}", types)]


def held() -> Any:
    """Return the type of a strategy that is part of another; asked while that one is being loaded."""
    names = [found.name for found in iter_modules(__path__)]
    modules = [import_module(f"{__name__}.{name}") for name in names if name not in HOLDERS]
    return kinds({module.KEY: module for module in modules})


def _checked(kind: Any) -> Any:
    return Annotated[kind, Checked()] if hasattr(kind, "faults") else kind


HOLDERS = ("assign", "table")
"""The modules of kinds that hold strategies, or a table of them: these cannot be held."""

StrategyDocument = kinds(_modules())
