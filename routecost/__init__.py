"""Plan the spend of a fleet of LLM agents: price strategies, compare them, check what was claimed.

Everything the command line does is here. Names are loaded when first used, so that
``import routecost`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from routecost.api.breakeven import breakeven
    from routecost.api.compare import check, compare
    from routecost.api.mix_sweep import sweep
    from routecost.api.optimize import search_policies
    from routecost.api.planning_document import planning
    from routecost.api.pricing import (
        check_pricing,
        diff_pricing,
        import_pricing,
        list_pricing,
        pricer,
        show_pricing,
    )
    from routecost.api.project import project
    from routecost.api.scenarios import load_pricing, load_scenario
    from routecost.api.sensitivity import sweep_over, tornado
    from routecost.api.task_plan import PlanOptions, plan
    from routecost.api.validate import fix_table, planner_prompt, suggest, validate
    from routecost.engine.pricing.price import price
    from routecost.errors import DocumentError, RoutecostError
    from routecost.model.pricing.bill import Bill
    from routecost.model.pricing.usage import Usage, UsageKey
    from routecost.model.results.breakeven import Breakevens
    from routecost.model.results.claim_check import Check
    from routecost.model.results.comparison import Comparison
    from routecost.model.results.mix_sweep import Sweep
    from routecost.model.results.planning_document import Planning
    from routecost.model.results.projection import Projection
    from routecost.model.results.sensitivity import FieldSweep, Tornado
    from routecost.model.results.validation import Validation
    from routecost.problems import Finding

__version__ = "0.1.0"

_HOME = {
    "breakeven": "routecost.api.breakeven",
    "check": "routecost.api.compare",
    "compare": "routecost.api.compare",
    "load_pricing": "routecost.api.scenarios",
    "load_scenario": "routecost.api.scenarios",
    "project": "routecost.api.project",
    "sweep": "routecost.api.mix_sweep",
    "fix_table": "routecost.api.validate",
    "planner_prompt": "routecost.api.validate",
    "suggest": "routecost.api.validate",
    "validate": "routecost.api.validate",
    "price": "routecost.engine.pricing.price",
    "DocumentError": "routecost.errors",
    "RoutecostError": "routecost.errors",
    "Breakevens": "routecost.model.results.breakeven",
    "Projection": "routecost.model.results.projection",
    "Bill": "routecost.model.results.comparison",
    "Check": "routecost.model.results.claim_check",
    "Comparison": "routecost.model.results.comparison",
    "Sweep": "routecost.model.results.mix_sweep",
    "Usage": "routecost.model.pricing.usage",
    "UsageKey": "routecost.model.pricing.usage",
    "Validation": "routecost.model.results.validation",
    "PlanOptions": "routecost.api.task_plan",
    "plan": "routecost.api.task_plan",
    "Planning": "routecost.model.results.planning_document",
    "planning": "routecost.api.planning_document",
    "check_pricing": "routecost.api.pricing",
    "diff_pricing": "routecost.api.pricing",
    "import_pricing": "routecost.api.pricing",
    "list_pricing": "routecost.api.pricing",
    "pricer": "routecost.api.pricing",
    "search_policies": "routecost.api.optimize",
    "show_pricing": "routecost.api.pricing",
    "Finding": "routecost.problems",
    "FieldSweep": "routecost.model.results.sensitivity",
    "Tornado": "routecost.model.results.sensitivity",
    "sweep_over": "routecost.api.sensitivity",
    "tornado": "routecost.api.sensitivity",
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
