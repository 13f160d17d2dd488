"""Public names of routecost: the only list of them, for type checkers and for lazy loading."""

from routecost.api.breakeven import breakeven as breakeven
from routecost.api.changes.diff import (
    diff as diff,
    diff_since as diff_since,
)
from routecost.api.compare import (
    check as check,
    compare as compare,
)
from routecost.api.focus.charges import (
    project_focus as project_focus,
    usage_focus as usage_focus,
)
from routecost.api.logs.actuals import log_actuals as log_actuals
from routecost.api.logs.bills import usage_against as usage_against
from routecost.api.logs.calibrate import calibrate as calibrate
from routecost.api.logs.periods import (
    spend_change as spend_change,
    spend_pace as spend_pace,
)
from routecost.api.logs.replay import (
    ReplayOptions as ReplayOptions,
    replay as replay,
)
from routecost.api.logs.source import LogSource as LogSource
from routecost.api.logs.usage import log_usage as log_usage
from routecost.api.mix_sweep import sweep as sweep
from routecost.api.optimize import search_policies as search_policies
from routecost.api.outcomes import (
    cascade_curve as cascade_curve,
    Prices as Prices,
    check_policy as check_policy,
    export_policy as export_policy,
    learn_policies as learn_policies,
    learned_policy as learned_policy,
    learned_scenario as learned_scenario,
    learned_table as learned_table,
    load_policy as load_policy,
    policy_text as policy_text,
    read_outcomes as read_outcomes,
)
from routecost.api.planning_document import planning as planning
from routecost.api.plans.sweep import sweep_plan as sweep_plan
from routecost.api.portfolio.portfolio import (
    compare_portfolio as compare_portfolio,
    load_portfolio as load_portfolio,
    project_portfolio as project_portfolio,
)
from routecost.api.pricing import (
    check_pricing as check_pricing,
    diff_pricing as diff_pricing,
    import_pricing as import_pricing,
    list_models as list_models,
    list_pricing as list_pricing,
    list_providers as list_providers,
    pricer as pricer,
    show_pricing as show_pricing,
    update_pricing as update_pricing,
)
from routecost.api.project import project as project
from routecost.api.scenarios import (
    load_pricing as load_pricing,
    load_scenario as load_scenario,
)
from routecost.api.sensitivity import (
    sweep_over as sweep_over,
    tornado as tornado,
)
from routecost.api.tables.exports import export_table as export_table
from routecost.api.tables.rows import routing_rows as routing_rows
from routecost.api.task_plan import (
    PlanOptions as PlanOptions,
    plan as plan,
)
from routecost.api.validate import (
    fix_table as fix_table,
    planner_prompt as planner_prompt,
    suggest as suggest,
    validate as validate,
)
from routecost.engine.pricing.price import price as price
from routecost.errors import (
    DocumentError as DocumentError,
    RoutecostError as RoutecostError,
)
from routecost.model.pricing.bill import Bill as Bill
from routecost.model.pricing.usage import (
    Usage as Usage,
    UsageKey as UsageKey,
)
from routecost.model.results.breakeven import Breakevens as Breakevens
from routecost.model.results.changes.changes import Diff as Diff
from routecost.model.results.claim_check import Check as Check
from routecost.model.results.comparison import Comparison as Comparison
from routecost.model.results.mix_sweep import Sweep as Sweep
from routecost.model.results.planning_document import Planning as Planning
from routecost.model.results.projection import Projection as Projection
from routecost.model.results.sensitivity import (
    FieldSweep as FieldSweep,
)
from routecost.model.results.routing.rows import RoutingRows as RoutingRows
from routecost.model.results.tornado import (
    Tornado as Tornado,
)
from routecost.model.results.validation import Validation as Validation
from routecost.optimize.outcomes.learn.learned import (
    Learned as Learned,
    LearnOptions as LearnOptions,
)
from routecost.optimize.outcomes.statistics.metrics import (
    apgr as apgr,
    area as area,
    arena_score as arena_score,
    cpt as cpt,
)
from routecost.problems import Finding as Finding

__version__: str
