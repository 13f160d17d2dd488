"""Random scenarios as documents, with all that a workload and a sheet may state; JSON is YAML."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

TIERS = ("low", "middle", "high")
Document = dict[str, Any]


def write(document: Document, file: Path) -> Path:
    """Write a document to a file."""
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def rates(chance: Random, base: float) -> Document:
    """Return the rates of a model, about ``base`` times those of the cheapest."""
    price = round(base * chance.uniform(0.7, 1.4), 2)
    write_rate = round(price * 1.25, 4)
    return {
        "input": price,
        "output": round(price * chance.uniform(3, 6), 2),
        "cache_read": round(price / 10, 4),
        "cache_write_5m": write_rate,
        "cache_write_1h": round(price * 2, 4),
    }


def sheet(chance: Random, folder: Path, *, discounts: bool = False, one_model: bool = False) -> str:
    """Write a sheet of three tiers with price steps and batch rates; return its path.

    With ``discounts``, it is a contract with volume discounts. With ``one_model``, the two lowest
    tiers are one model.
    """
    models = {}
    for tier, base in zip(TIERS, (1, 3, 12), strict=True):
        card = rates(chance, base)
        half = {meter: round(rate / 2, 4) for meter, rate in card.items()}
        step = {meter: round(rate * 2, 4) for meter, rate in card.items()}
        models[f"model-{tier}"] = [
            {
                **card,
                "web_search": 10,
                "provisioned_hour": 0.02,
                "checked": "2026-01-01",
                "modes": {"batch": half},
                "above": [{"tokens": 6000, **step, "modes": {"batch": card}}],
            }
        ]
    names = {tier: f"model-{tier}" for tier in TIERS}
    if one_model:
        names["middle"] = names["low"]
    base_sheet = {"version": 1, "currency": "USD", "source": "random", "tiers": names, "models": models}
    write(base_sheet, folder / "list.yaml")
    if not discounts:
        return "./list.yaml"
    steps = [{"above": 300, "share": "20%"}, {"above": 900, "share": "45%"}]
    contract = {
        "version": 1,
        "extends": "./list.yaml",
        "source": "random",
        "discounts": [{"share": "10%", "models": ["model-high"]}],
        "volume_discounts": {"retroactive": chance.random() < 0.4, "steps": steps},
    }
    write(contract, folder / "contract.yaml")
    return "./contract.yaml"


def percent(chance: Random, low: int, high: int) -> str:
    """Return a share as text."""
    return f"{chance.randint(low * 10, high * 10) / 10:g}%"


def tokens(chance: Random) -> Document:
    """Return the tokens of a call: a mean, or a distribution that crosses the price step."""
    if chance.random() < 0.5:
        return {"input": chance.randint(1500, 9000), "output": chance.randint(50, 900)}
    row = {"share": "70%", "input": chance.randint(1500, 4000), "output": chance.randint(50, 400)}
    wide = {"share": "30%", "input": [chance.randint(2000, 5000), 9000], "output": [100, 700]}
    return {"per_call": [row, wide]}


def task(chance: Random, *features: str) -> Document:
    """Return a task type; ``features`` name what it may state beyond tokens and volume."""
    lowest = chance.randint(40, 90)
    made: Document = {
        "tasks_per_day": chance.randint(20, 400),
        "tokens": tokens(chance),
    }
    if "success" in features:
        rates_of = {tier: f"{lowest + at * (99 - lowest) / 2:g}%" for at, tier in enumerate(TIERS)}
        made |= {"success": rates_of, "failure_cost": round(chance.uniform(0, 0.3), 3)}
    if "rework" in features and chance.random() < 0.6:
        made["rework"] = {"noticed": percent(chance, 10, 100), "cost": round(chance.uniform(0, 0.1), 3)}
        if chance.random() < 0.7:
            made["rework"]["tier"] = chance.choice(TIERS)
    if "cache" in features and chance.random() < 0.7:
        made["cache"] = {"prefix": chance.randint(300, 1500), "reuse": chance.choice([0.5, 3, 20])}
    elif "calls" in features and chance.random() < 0.6:
        made["calls"] = {"per_task": chance.randint(1, 5), "system": chance.randint(0, 900), "carry": "all"}
        if chance.random() < 0.5:
            made["calls"]["cached"] = percent(chance, 20, 100)
    elif "shares" in features:
        made["cache"] = {"read": "40%", "write_5m": "20%"}
    if "batch" in features and chance.random() < 0.5:
        made |= {"batch_tolerant": True, "batch": percent(chance, 5, 90)}
    if "meters" in features and chance.random() < 0.5:
        made["meters"] = {"web_search": chance.randint(1, 3)}
    return made


def fleet(chance: Random, folder: Path, types: int, *features: str) -> Document:
    """Return a scenario of some task types and no strategies; ``features`` as for ``task`` and ``sheet``."""
    pricing = sheet(chance, folder, discounts="discounts" in features, one_model="one model" in features)
    names = [f"task{at}" for at in range(types)]
    kinds = {name: {**task(chance, *features), "type": chance.choice(["a", "b"])} for name in names}
    return {
        "version": 1,
        "pricing": pricing,
        "as_of": "2026-02-01",
        "workload": {"task_types": kinds},
        "strategies": {},
    }
