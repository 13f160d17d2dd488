"""Kinds of strategies and features of workloads: what the matrix in ``test_matrix`` combines."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.oracle.matrix_sheets import HALVES, NO_EFFORT, OF_TIERS, POINTS, SHEETS, Stated
from tests.oracle.prices import UNITS
from tests.oracle.sheet_writing import TIERS
from tests.oracle.writing import Documents

HELPER = {"tier": "sonnet", "tokens": {"input": 300, "output": 60}, "reads_output": True}
OTHER = {"tier": "opus", "tokens": {"input": 500, "output": 90}, "reads_input": True}
DETECTION = {"wrong_rejected": "70%", "right_rejected": "5%"}
ROWS = {"per_call": HALVES}
ROUTER = {"router": {"tier": "haiku", "tokens": {"input": 600, "output": 20}, "reads_input": True}}
REVIEW = {
    "tokens": {"input": 400, "output": 70, "reasoning": "30%"},
    "reads_output": True,
    "reads_input": True,
    "share": "60%",
}

KINDS: dict[str, Stated] = {
    "tier": {"tier": "sonnet"},
    "mix": {"mix": {"haiku": "50%", "sonnet": "30%", "opus": "20%"}},
    "table": {"table": "./table.yaml"},
    "table with a router": {"table": "./table.yaml", **ROUTER, "mistakes": "10%"},
    "table with reviewers": {"table": "./reviewed.yaml"},
    "table with another review": {
        "table": "./reviewed.yaml",
        "review": {"tokens": ROWS, "reads_output": True},
        "pass_on": True,
        **ROUTER,
        "mistakes": {"extraction": {"summarization": "7%"}},
    },
    "assign": {
        "assign": {
            "extraction": {"mix": {"haiku": "60%", "opus": "40%"}},
            "summarization": {"cascade": ["haiku", "opus"], "detection": DETECTION, "pass_on": True},
        },
        **ROUTER,
        "mistakes": {"extraction": {"summarization": "7%"}},
    },
    "cascade": {
        "cascade": ["haiku", "sonnet", "opus"],
        "detection": DETECTION,
        "judge": HELPER,
        "pass_on": True,
        "success_after": {"sonnet": "80%"},
    },
    "cascade by kind of rejection": {
        "cascade": ["haiku", "opus"],
        "detection": DETECTION,
        "success_after": {"opus": {"when_wrong": "94%", "when_right": "99%"}},
    },
    "cascade judged by tier": {
        "cascade": ["haiku", "sonnet", "opus"],
        "detection": {"haiku": DETECTION, "sonnet": {"wrong_rejected": "55%", "right_rejected": "2%"}},
        "success_after": {"opus": {"when_wrong": "95%", "when_right": "98%"}},
    },
    "cascade of own tokens": {
        "cascade": ["haiku", "opus"],
        "accept": {"haiku": "75%"},
        "judge": OTHER,
        "tokens": {"opus": ROWS},
    },
    "confidence": {
        "confidence": {
            "executor": "haiku",
            "when_right": {"high": "80%", "medium": "15%", "low": "5%"},
            "when_wrong": {"high": "30%", "medium": "40%", "low": "30%"},
            "self_assessment": 40,
            "reviewer": HELPER,
            "detection": DETECTION,
            "redo": "opus",
        }
    },
    "confidence with stated success": {
        "confidence": {
            "executor": "haiku",
            "when_right": {"high": "80%", "medium": "15%", "low": "5%"},
            "when_wrong": {"high": "30%", "medium": "40%", "low": "30%"},
            "reviewer": OTHER,
            "detection": DETECTION,
            "redo": "opus",
            "pass_on": True,
            "success_after": {"when_wrong": "93%", "when_right": "98%"},
        }
    },
    "plan": {
        "plan_and_execute": {
            "planner": OTHER,
            "executors": [{"tier": "haiku", "count": 3}, {"tier": "sonnet", "count": 1}],
            "hand_on": 200,
            "review": {**HELPER, "detection": DETECTION, "escalated": "10%"},
            "independent": True,
        }
    },
    "plan with stated success": {
        "plan_and_execute": {
            "planner": OTHER,
            "executors": [{"tier": "haiku", "count": 2}],
            "review": {
                **HELPER,
                "detection": DETECTION,
                "escalated": "10%",
                "pass_on": True,
                "success_after": {"sonnet": "94%", "opus": {"when_wrong": "90%", "when_right": "97%"}},
            },
            "independent": True,
        }
    },
    "parallel plan": {
        "plan_and_execute": {
            "planner": OTHER,
            "executors": [{"tier": "haiku", "count": 2, "tokens": ROWS}, {"tier": "opus", "count": 2}],
            "review": {**OTHER, "rejects": "20%"},
            "parallel": True,
        }
    },
    "single": {"agents": {"mode": "single", "roles": [{"tier": "opus", "tokens": ROWS}]}},
    "chain": {
        "agents": {
            "mode": "chain",
            "roles": [{"tier": "haiku"}, {"tier": "sonnet", "tokens": ROWS}, {"tier": "opus"}],
            "correlation": "60%",
        }
    },
    "ensemble": {
        "agents": {
            "mode": "ensemble",
            "roles": [{"tier": "haiku", "count": 2}, {"tier": "opus"}],
            "judge": HELPER,
            "success": "93%",
        }
    },
    "debate": {
        "agents": {
            "mode": "debate",
            "roles": [{"tier": "haiku", "count": 2}, {"tier": "sonnet"}],
            "rounds": 3,
            "correlation": "50%",
        }
    },
    "cached debate": {
        "agents": {
            "mode": "debate",
            "roles": [{"tier": "haiku", "count": 2}, {"tier": "sonnet"}],
            "rounds": 3,
            "cached": True,
            "correlation": "20%",
        }
    },
    "loop": {
        "agents": {
            "mode": "reviewer-loop",
            "roles": [{"tier": "sonnet"}],
            "rounds": 3,
            "judge": HELPER,
            "detection": DETECTION,
            "correlation": "40%",
        }
    },
    "cached loop": {
        "agents": {
            "mode": "reviewer-loop",
            "roles": [{"tier": "sonnet"}],
            "rounds": 3,
            "rejects": "35%",
            "cached": True,
            "success": "91%",
        }
    },
    "conversation": {
        "conversation": [
            {"tier": "haiku", "turns": 1},
            {"tier": "opus", "turns": 2},
            {"tier": "haiku", "turns": 1},
        ]
    },
    "uncached conversation": {
        "conversation": [{"tier": "haiku", "turns": 2}, {"tier": "opus", "turns": 2}],
        "system": 800,
        "cached": False,
    },
}
"""Each kind of strategy, in forms that are more than a tier."""

TALKS = ("conversation", "uncached conversation")
CACHED = ("cached debate", "cached loop", "conversation")

PLAIN: Stated = {
    "tokens": {"input": 2000, "output": 400},
    "success": {"haiku": "85%", "sonnet": {"successes": 19, "trials": 20}, "opus": "99%"},
    "failure_cost": 3,
    "rework": {"noticed": "40%", "cost": 1, "tier": "sonnet"},
    "owner": "search",
    "tags": {"area": "answers"},  # these change no figure
}
"""What every task type states, unless a feature states otherwise."""

OF_TOKENS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "request")
"""Meters that follow from tokens and calls, which a workload cannot state."""

JOINT = [
    {**POINTS[0], "meters": {"web_search": 2, "input_audio": [300, 9000]}},
    {**POINTS[1], "meters": {"input_audio": 70_000, "output_reasoning": [0, 800]}},
    {"share": 0, "input": 0, "output": 0},
]
"""Rows that state other meters jointly with input and output."""

STATED_METERS = [meter for meter in UNITS if meter not in OF_TOKENS]

WORKDAY = {"time_zone": "Europe/Berlin", "from": "09:00", "to": "19:00", "days": "working"}

FEATURES: dict[str, Stated] = {
    "one meter": {"meters": {"web_search": 2}},
    "all meters": {"meters": {meter: 10 + at for at, meter in enumerate(STATED_METERS)}},
    "batch": {"batch_tolerant": True, "batch": "30%"},
    "two modes": {"batch_tolerant": True, "batch": "30%", "modes": {"flex": "40%"}},
    "cache shares": {"cache": {"read": "50%", "write_5m": "10%", "write_1h": "5%"}},
    "cached prefix": {"cache": {"prefix": 1000, "reuse": 9}},
    "cached prefix of an hour": {"cache": {"prefix": 400, "reuse": "2.5", "window": "1h"}},
    "rows": {"tokens": {"per_call": POINTS}},
    "rows with meters": {"tokens": {"per_call": JOINT}},
    "ranges": {"tokens": {"per_call": [{"share": "100%", "input": [1000, 9000], "output": [100, 700]}]}},
    "independent": {
        "tokens": {
            "per_call": {
                "independent": True,
                "input": [{"share": "70%", "tokens": 900}, {"share": "30%", "tokens": [3000, 9000]}],
                "output": [{"share": "50%", "tokens": 300}, {"share": "50%", "tokens": 800}],
            }
        }
    },
    **OF_TIERS,
    "calls": {"calls": {"per_task": 4, "system": 3000, "carry": "all"}},
    "calls by themselves": {"calls": {"per_task": 4, "system": 3000, "carry": "none"}},
    "cached calls": {"calls": {"per_task": 4, "system": 3000, "carry": "all", "cached": "100%"}},
    "cached calls by themselves": {"calls": {"per_task": 4, "system": 3000, "cached": "60%", "window": "1h"}},
    "calls with pauses": {"calls": {"per_task": 4, "carry": "all", "cached": "80%", "pause": "2m"}},
    "calls with pauses beyond the lifetime": {
        "calls": {"per_task": 4, "carry": "all", "cached": "80%", "pause": "6m"}
    },
    "calls with pauses beyond the lifetime for some": {
        "calls": {"per_task": 4, "system": 3000, "carry": "all", "cached": "100%", "pause": "4m"}
    },
    "calls with rows with meters": {
        "tokens": {"per_call": JOINT[:2]},
        "calls": {"per_task": 4, "system": 3000, "carry": "all", "drawn": "per_call", "cached": "100%"},
    },
    "calls drawn one by one": {
        "tokens": {"per_call": POINTS},
        "calls": {"per_task": 4, "system": 1000, "carry": "all", "drawn": "per_call"},
    },
    "calls with a prefix": {
        "calls": {"per_task": 4, "system": 3000, "carry": "all"},
        "cache": {"prefix": 1000, "reuse": 9},
    },
    "calls with modes": {
        "calls": {"per_task": 4, "carry": "all", "cached": "100%"},
        "modes": {"flex": "25%"},
        "meters": {"web_search": 2, "input_audio": 900},
    },
    "tasks per week": {"tasks_per_week": 300},
    "tasks per month": {"tasks_per_month": 900},
    "tasks per working day": {"tasks_per_working_day": 50},
    "working days of a month": {"tasks_per_working_day": 50},
    "hits by arrivals": {
        "cache": {"prefix": 1000, "window": "1h"},
        "arrivals": {"time_zone": "UTC", "by_hour": [0, 0, 1, 2, 5, 7] * 4, "days": ["mon", "sat"]},
    },
    "hits of many calls by arrivals": {
        "calls": {"per_task": 4, "carry": "all"},
        "cache": {"prefix": 1000},
        "arrivals": WORKDAY,
    },
    "hours": {"arrivals": WORKDAY, "batch_tolerant": True, "batch": "20%"},
    "stated share of hours": {"modes": {"off_peak": "30%"}},
    "rework without a call": {"rework": {"noticed": "90%", "cost": 2}},
    "rework that may fail": {
        "rework": {"noticed": "40%", "cost": 1, "tier": "sonnet", "success_after": "70%"}
    },
    "rework that reads": {"rework": {"noticed": "40%", "cost": 1, "tier": "sonnet", "pass_on": True}},
    "failures in another currency": {"failure_cost": "3 GBP", "rework": {"noticed": "40%", "cost": "1 GBP"}},
    "other type": {"type": "code-generation"},
    "costly failures": {"failure_cost": 70},
    "other success": {"success": {"haiku": "50%", "sonnet": "60%", "opus": "70%"}},
}
"""What a workload may state."""

SCENARIO_FEATURES: dict[str, Stated] = {
    **{feature: {"pricing": "./efforts.yaml"} for feature in OF_TIERS if feature not in NO_EFFORT},
    "working days of a month": {"working_days_per_month": 21},
    "hours": {"pricing": "./by-hour.yaml"},
    "stated share of hours": {"pricing": "./by-hour.yaml"},
    "tokens measured on another model": {"tokens_measured_on": "model-a"},
    "short month": {"days_per_month": 21},
    "contract": {"pricing": "./contract.yaml"},
    "another sheet": {"options": {"pricing": "./contract.yaml"}},
    "another day": {"options": {"pricing": "./contract.yaml", "as_of": "2026-09-15"}},
    "allowances": {"pricing": "./allowances.yaml"},
    "covering capacity": {"capacity": [{"tier": tier, "units": 2, "covers": "35%"} for tier in TIERS]},
    "capacity of each strategy": {
        "capacity": [
            {"strategy": kind, "units": 1 + at, "tokens_per_hour": 9000, "hours": 8}
            for at, kind in enumerate(KINDS)
        ]
    },
    "capacity of tiers in strategies": {
        "capacity": [
            {"tier": tier, "strategy": kind, "units": 2, "covers": f"{20 + at}%"}
            for kind in KINDS
            for at, tier in enumerate(TIERS)
        ]
    },
    "capacity and storage": {
        "capacity": [{"tier": tier, "units": 1, "tokens_per_hour": 900, "hours": 8} for tier in TIERS],
        "storage": [
            *({"tier": tier, "tokens": 500_000, "hours": 12} for tier in TIERS),
            {"tier": "opus", "gigabytes": 3},
        ],
    },
}
"""What a scenario may state beside its workload."""

STATED_TWICE = r"cache.*stated twice"
REFUSED: dict[tuple[str, str], str] = {
    **{
        (kind, feature): r'"cached" agents make one call each'
        for kind in ("cached debate", "cached loop")
        for feature, stated in FEATURES.items()
        if "calls" in stated
    },
    **{
        ("uncached conversation", feature): r'"system" is stated by the calls'
        for feature, stated in FEATURES.items()
        if "calls" in stated
    },
    **{
        (kind, feature): STATED_TWICE
        for kind in CACHED
        for feature, stated in FEATURES.items()
        if "cache" in stated and (kind != "conversation" or "calls" not in stated)
    },
}
"""What a kind cannot do, and what the refusal says."""

UNKNOWN_QUALITY = ("cascade of own tokens", "parallel plan")
OF_REWORK = ("rework that may fail", "rework that reads")
NO_MATTER = {
    *(("other type", kind) for kind in KINDS if not kind.startswith("table")),
    *((feature, kind) for kind in UNKNOWN_QUALITY for feature in OF_REWORK),
    *(("other success", kind) for kind in (*UNKNOWN_QUALITY, "ensemble", "cached loop")),
}
"""Features that rightly change nothing about a kind."""


def documents(
    features: Mapping[str, Any],
    strategies: Mapping[str, Any],
    options: Mapping[str, str] = MappingProxyType({}),
    **scenario: Any,
) -> Documents:
    """Return a scenario whose two task types have these features."""
    loads = {
        "extraction": {**PLAIN, "tasks_per_day": 100, **features},
        "summarization": {**PLAIN, "tasks_per_day": 40, **features},
    }
    for load in loads.values():
        if any(key.startswith("tasks_per_") for key in features):
            del load["tasks_per_day"]
    stated = {
        "version": 1,
        "pricing": "./sheet.yaml",
        "as_of": "2026-06-15",
        "workload": {"task_types": loads},
        "strategies": dict(strategies),
        **scenario,
    }
    tiers = {"extraction": "haiku", "summarization": "sonnet", "code-generation": "opus"}
    routes = [{"task": task, "tier": tier} for task, tier in tiers.items()]
    table = {"version": 1, "taxonomy": "agent-fleet", "routes": routes}
    return Documents(stated, SHEETS, {"table.yaml": table, "reviewed.yaml": _reviewed(table)}, **options)


def _reviewed(table: Stated) -> Stated:
    """Return a table whose outputs are reviewed, and of which a share escalates."""
    measured = {"successes": 80, "trials": 100, "evaluated": "2026-06-01", "escalated": 20}
    first, *others = table["routes"]
    routes = [
        {**first, "evidence": measured, "pass_on": True},
        *({**row, "reviewer": "opus", "review": {**REVIEW, "share": "90%"}} for row in others),
    ]
    stated = {"escalation": ["haiku", "sonnet"], "reviewer": {"haiku": "sonnet", "sonnet": "opus"}}
    return {**table, **stated, "routes": routes, "review": REVIEW}
