"""The kinds of strategies as documents; a file each, found by walking this package.

Each module has ``KEY``, the key that tells the kind, and ``Document``, whose ``build`` makes the
strategy.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any

from routecost.documents.shapes import Checked, OneOf


def _kinds() -> dict[str, Any]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.KEY: _checked(module.Document) for module in modules}


def _checked(kind: Any) -> Any:
    return Annotated[kind, Checked()] if hasattr(kind, "faults") else kind


_KINDS = _kinds()
_EXPECTED = ", ".join(f'"{key}"' for key in sorted(_KINDS))

StrategyDocument = Annotated[Any, OneOf(f"a strategy, with exactly one of the keys {_EXPECTED}", _KINDS)]
