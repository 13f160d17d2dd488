"""Plan the spend of a fleet of LLM agents: price strategies, compare them, and check claims.

The public names are listed in ``__init__.pyi``, which type checkers read. A name is imported when it is
first used, so that ``import routecost`` is fast.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def _keep_off_working_directory() -> None:
    """Remove the working directory from the module search path under ``python -m routecost``.

    The working directory may be a repository of strangers. This runs before any other import, but
    Python has imported this package and parts of the standard library by then: ``python -P`` and the
    console script ``routecost`` never search the working directory.
    """
    import sys

    if sys.argv[:1] != ["-m"] or sys.flags.safe_path:
        return
    word = sys.orig_argv[-len(sys.argv)]  # the module's name follows the option, or is part of it
    module = word.partition("m")[2] if word.startswith("-") else word
    if module.partition(".")[0] == __name__:
        del sys.path[0]


_keep_off_working_directory()


def _public_names() -> dict[str, str]:
    """Return each public name and its module, from the imports of ``__init__.pyi``."""
    import ast
    from pathlib import Path

    stub = ast.parse(Path(__file__).with_name("__init__.pyi").read_text(encoding="utf-8"))
    imports = (node for node in stub.body if isinstance(node, ast.ImportFrom))
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def __getattr__(name: str) -> Any:
    if name.startswith("_") and name != "__all__":
        raise AttributeError(f'module "routecost" has no attribute "{name}"')
    modules = _public_names()
    if name == "__all__":
        return sorted(modules)
    if name not in modules:
        raise AttributeError(f'module "routecost" has no attribute "{name}"')
    from importlib import import_module

    from routecost.records import show_signature

    value = getattr(import_module(modules[name]), name)
    if isinstance(value, type):
        show_signature(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_public_names()})
