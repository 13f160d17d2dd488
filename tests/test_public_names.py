"""Tests of the public names: listed once in the stub, importable, documented, without collisions."""

from __future__ import annotations

import ast
import subprocess
import sys
from enum import Enum
from inspect import Parameter, signature
from pathlib import Path
from pkgutil import iter_modules

import pytest

import routecost

ROOT = Path(__file__).resolve().parent.parent
STUB = ROOT / "routecost" / "__init__.pyi"
NAMES = [
    alias.asname
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
    if alias.asname == alias.name
]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_imported_from_where_the_stub_says_and_documented(name: str) -> None:
    value = getattr(routecost, name)
    assert value.__name__ == name
    assert value.__doc__
    assert not value.__doc__.startswith(f"{name}("), "the docstring is the generated one of a dataclass"


@pytest.mark.parametrize("name", NAMES)
def test_each_name_shows_its_parameters(name: str) -> None:
    value = getattr(routecost, name)
    if isinstance(value, type) and not issubclass(value, Exception | Enum):
        kinds = {parameter.kind for parameter in signature(value).parameters.values()}
        assert Parameter.VAR_KEYWORD not in kinds


def test_the_stub_exports_every_name_that_it_imports() -> None:
    imports = [node for node in ast.parse(STUB.read_text("utf-8")).body if isinstance(node, ast.ImportFrom)]
    assert len(NAMES) == len(set(NAMES)) == sum(len(node.names) for node in imports) > 30


def test_no_name_is_that_of_a_subpackage() -> None:
    assert set(NAMES).isdisjoint(module.name for module in iter_modules(routecost.__path__))


def test_names_are_listed_and_star_imported() -> None:
    assert set(NAMES) <= set(dir(routecost))
    scope: dict[str, object] = {}
    exec("from routecost import *", scope)
    assert set(NAMES) == scope.keys() - {"__builtins__"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute"):
        getattr(routecost, "comparee")  # noqa: B009  mypy would report the attribute
    assert not hasattr(routecost, "_missing")


def test_import_alone_loads_no_other_module_of_the_package() -> None:
    code = "import routecost, sys; print([name for name in sys.modules if name.startswith('routecost.')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
