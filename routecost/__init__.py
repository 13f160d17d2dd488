"""Plan the spend of a fleet of LLM agents: price strategies, compare them, check what was claimed.

Everything the command line does is here. Names are loaded when first used, so that
``import routecost`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from routecost.api import check, compare, load_pricing, load_scenario
    from routecost.breakeven_api import breakeven
    from routecost.engine.price import price
    from routecost.errors import DocumentError, RoutecostError
    from routecost.lint_api import fix_table, planner_prompt, suggest, validate
    from routecost.model.breakeven import Breakevens
    from routecost.model.judged import Check
    from routecost.model.planning import Planning
    from routecost.model.projection import Projection
    from routecost.model.results import Bill, Comparison
    from routecost.model.sensitivity import FieldSweep, Tornado
    from routecost.model.sweep import Sweep
    from routecost.model.usage import Usage, UsageKey
    from routecost.model.validation import Validation
    from routecost.optimize_api import search_policies
    from routecost.plan_api import PlanOptions, plan
    from routecost.planning_api import planning
    from routecost.pricing_api import (
        check_pricing,
        diff_pricing,
        import_pricing,
        list_pricing,
        pricer,
        show_pricing,
    )
    from routecost.problems import Finding
    from routecost.project_api import project
    from routecost.sensitivity_api import sweep_over, tornado
    from routecost.sweep_api import sweep

__version__ = "0.1.0"

_HOME = {
    "breakeven": "routecost.breakeven_api",
    "check": "routecost.api",
    "compare": "routecost.api",
    "load_pricing": "routecost.api",
    "load_scenario": "routecost.api",
    "project": "routecost.project_api",
    "sweep": "routecost.sweep_api",
    "fix_table": "routecost.lint_api",
    "planner_prompt": "routecost.lint_api",
    "suggest": "routecost.lint_api",
    "validate": "routecost.lint_api",
    "price": "routecost.engine.price",
    "DocumentError": "routecost.errors",
    "RoutecostError": "routecost.errors",
    "Breakevens": "routecost.model.breakeven",
    "Projection": "routecost.model.projection",
    "Bill": "routecost.model.results",
    "Check": "routecost.model.judged",
    "Comparison": "routecost.model.results",
    "Sweep": "routecost.model.sweep",
    "Usage": "routecost.model.usage",
    "UsageKey": "routecost.model.usage",
    "Validation": "routecost.model.validation",
    "PlanOptions": "routecost.plan_api",
    "plan": "routecost.plan_api",
    "Planning": "routecost.model.planning",
    "planning": "routecost.planning_api",
    "check_pricing": "routecost.pricing_api",
    "diff_pricing": "routecost.pricing_api",
    "import_pricing": "routecost.pricing_api",
    "list_pricing": "routecost.pricing_api",
    "pricer": "routecost.pricing_api",
    "search_policies": "routecost.optimize_api",
    "show_pricing": "routecost.pricing_api",
    "Finding": "routecost.problems",
    "FieldSweep": "routecost.model.sensitivity",
    "Tornado": "routecost.model.sensitivity",
    "sweep_over": "routecost.sensitivity_api",
    "tornado": "routecost.sensitivity_api",
}

__all__ = [
    "Bill",
    "Breakevens",
    "Check",
    "Comparison",
    "DocumentError",
    "FieldSweep",
    "Finding",
    "PlanOptions",
    "Planning",
    "Projection",
    "RoutecostError",
    "Sweep",
    "Tornado",
    "Usage",
    "UsageKey",
    "Validation",
    "breakeven",
    "check",
    "check_pricing",
    "compare",
    "diff_pricing",
    "fix_table",
    "import_pricing",
    "list_pricing",
    "load_pricing",
    "load_scenario",
    "plan",
    "planner_prompt",
    "planning",
    "price",
    "pricer",
    "project",
    "search_policies",
    "show_pricing",
    "suggest",
    "sweep",
    "sweep_over",
    "tornado",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f'module "routecost" has no attribute "{name}"')
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
