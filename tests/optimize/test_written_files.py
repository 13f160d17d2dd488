"""What ``optimize`` writes is read again with the same figures, whatever the scenario and its taxonomy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.api.optimize import scenario_text, search_policies, table_text
from routecost.source.editing.yaml_writer import block_yaml

NAMES = (
    "plain",
    "yes",
    "1",
    "0x10",
    "1e3",
    "2026-11-01",
    "null",
    "~",
    "a: b",
    "a #b",
    "- a",
    "'quoted'",
    'a "b"',
    "{a}",
    "[a, b]",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "a.b",
    "a,b",
    "?",
    "back\\slash",
    "caf\u00e9",
    "\u8a9e",
    "x" * 90,
    "two words",
    "best-table",
)


@dataclass(frozen=True)
class Case:
    """A scenario: its task types, which of them are launched, its tiers, and how its file is written."""

    tasks: tuple[str, ...]
    launched: tuple[str, ...]
    tiers: tuple[str, ...]
    rates: tuple[int, ...]
    has_taxonomy: bool
    has_types: bool
    in_json: bool
    in_folder: bool


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
    tiers = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True))
    at = draw(st.integers(1, len(names)))
    rates = draw(st.lists(st.integers(50, 100), min_size=len(tiers), max_size=len(tiers)))
    flags = [draw(st.booleans()) for _ in range(4)]
    return Case(tuple(names[:at]), tuple(names[at:]), tuple(tiers), tuple(sorted(rates)), *flags)


def files(case: Case) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the files of a case as data."""
    ladder = {tier: f"model {at}" for at, tier in enumerate(case.tiers)}
    price = {
        model: [{"input": str(at + 1), "output": str(5 * at + 5), "checked": "2026-11-01"}]
        for at, model in enumerate(ladder.values())
    }
    yield (
        "sheet.yaml",
        {"version": "1", "currency": "USD", "source": "invented", "tiers": ladder, "models": price},
    )
    rates = {tier: f"{rate}%" for tier, rate in zip(case.tiers, case.rates, strict=True)}
    kinds = {name: f"type of {name}" if case.has_types else name for name in (*case.tasks, *case.launched)}

    def task(name: str) -> dict[str, object]:
        tokens = {"input": "900", "output": "80"}
        named = {"type": kinds[name]} if case.has_types else {}
        return {
            "tasks_per_day": "10",
            "tokens": tokens,
            "success": rates,
            "failure_cost": "0.01",
            **named,
        }

    scenario: dict[str, object] = {"version": "1", "pricing": "./sheet.yaml", "as_of": "2026-11-02"}
    scenario["workload"] = {"task_types": {name: task(name) for name in case.tasks}}
    scenario["strategies"] = {"top": {"tier": case.tiers[-1]}}
    if case.launched:
        later = {"task_types": {name: task(name) for name in case.launched}}
        scenario["plan"] = {"launches": {"later": {"from": "2027-01-01", "workload": later}}}
    yield "fleet.yaml", scenario
    types = {
        kind: {
            "tiers": list(case.tiers),
            "title": "a",
            **dict.fromkeys(("reasoning", "ambiguity", "stakes"), "low"),
        }
        for kind in kinds.values()
    }
    yield "taxonomy.yaml", {"version": "1", "tiers": list(case.tiers), "task_types": types}


@contextmanager
def written(case: Case) -> Iterator[Path]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "below").mkdir()
        for file, data in files(case):
            text = json.dumps(data) if case.in_json else block_yaml(data)
            (folder / file).write_text(text, encoding="utf-8")
        yield folder


QUICK = (
    Case(("yes", "a: b"), ("1",), ("no", "null"), (60, 90), True, True, False, True),
    Case(("best-table", "- a"), (), ("'quoted'", "~"), (70, 95), True, False, True, False),
    Case(("x" * 90,), ("caf\u00e9",), ("%a", "1e3"), (55, 99), False, False, False, False),
)


@pytest.mark.parametrize("case", QUICK)
def test_what_is_written_is_read_again(case: Case) -> None:
    check(case)


@pytest.mark.slow
@given(cases())
def test_whatever_is_written_is_read_again(case: Case) -> None:
    check(case)


def check(case: Case) -> None:
    with written(case) as folder:
        taxonomy = folder / "taxonomy.yaml" if case.has_taxonomy else None
        search = search_policies(folder / "fleet.yaml", taxonomy=taxonomy)
        target = (folder / "below" if case.in_folder else folder) / "best.yaml"
        target.write_text(
            scenario_text(search, folder / "fleet.yaml", folder=target.parent), encoding="utf-8"
        )
        compared = routecost.compare(target)
        for policy in search.policies:
            costs = compared[policy.name]
            assert costs.cost_per_month == search.comparison[policy.name].cost_per_month
            assert costs.total_cost_per_month == search.comparison[policy.name].total_cost_per_month
        assert routecost.project(target, months=12).strategies
        if taxonomy is not None:
            table = target.with_name("table.yaml")
            table.write_text(table_text(search, table.parent), encoding="utf-8")
            codes = [finding.code or "" for finding in routecost.validate(table).findings]
            assert not [code for code in codes if not code.startswith(("RT3", "RT4", "RT5"))]
            as_strategy = dict(files(case))["fleet.yaml"] | {
                "strategies": {"table": {"table": "./table.yaml"}}
            }
            as_strategy["pricing"] = "../sheet.yaml" if case.in_folder else "./sheet.yaml"
            fleet = target.with_name("by-table.yaml")
            fleet.write_text(json.dumps(as_strategy), encoding="utf-8")
            total = routecost.compare(fleet)["table"].total_cost_per_month
            assert total == search.comparison["best-table"].total_cost_per_month
