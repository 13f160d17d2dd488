"""Plan the spend of a fleet of LLM agents: price strategies, compare them, check what was claimed.

Everything the command line does is here. Names are loaded when first used, so that
``import routecost`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from routecost.api import check, compare, load_pricing, load_scenario
    from routecost.engine.price import price
    from routecost.errors import DocumentError, RoutecostError
    from routecost.model.results import Bill, Check, Comparison
    from routecost.model.usage import Usage, UsageKey
    from routecost.problems import Finding

__version__ = "0.1.0"

_HOME = {
    "check": "routecost.api",
    "compare": "routecost.api",
    "load_pricing": "routecost.api",
    "load_scenario": "routecost.api",
    "price": "routecost.engine.price",
    "DocumentError": "routecost.errors",
    "RoutecostError": "routecost.errors",
    "Bill": "routecost.model.results",
    "Check": "routecost.model.results",
    "Comparison": "routecost.model.results",
    "Usage": "routecost.model.usage",
    "UsageKey": "routecost.model.usage",
    "Finding": "routecost.problems",
}

__all__ = [
    "Bill",
    "Check",
    "Comparison",
    "DocumentError",
    "Finding",
    "RoutecostError",
    "Usage",
    "UsageKey",
    "check",
    "compare",
    "load_pricing",
    "load_scenario",
    "price",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f'module "routecost" has no attribute "{name}"')
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
