"""Texts of the documents of a new fleet, with comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source.editing import Plain, text_yaml
from routecost.source.editing.yaml_writer import flow_yaml
from routecost.units import listed

SCHEMAS = ".routecost/schemas"
ROUTED = "routed"
UNOBSERVED = "RT503"
"""The rule that asks for evidence before a table is used."""


def editor_line(kind: str) -> str:
    """Return the comment with which editors complete and check a document of a kind."""
    return f"# yaml-language-server: $schema=./{SCHEMAS}/{kind}.json\n"


def number(value: Decimal) -> Plain:
    """Return a number as YAML."""
    return Plain(f"{value.normalize():f}")


def name(text: str) -> Plain:
    """Return a name as YAML that every reader takes as text."""
    return Plain(text_yaml(text))


def single_tier(tier: str) -> str:
    """Return the name of the strategy that sends all to one tier."""
    return f"all-{tier}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed cost per month, which a scenario claims with a tolerance."""

    strategy: str
    value: Decimal
    within: Decimal


@dataclass(frozen=True, slots=True)
class ScenarioParts:
    """What a scenario states; ``assumed`` are defaults, and ``tail`` is the text of its budget and claims."""

    pricing: str
    as_of: date | None
    volumes: Mapping[str, Decimal]
    tokens: tuple[Decimal, Decimal]
    effort_output: Mapping[str, Decimal]
    tiers: Sequence[str]
    assumed: Sequence[str]
    tail: str


def scenario_text(parts: ScenarioParts) -> str:
    """Return a scenario of answers."""
    tiers, assumed = parts.tiers, parts.assumed
    shape: dict[str, Any] = {"tokens": {"input": number(parts.tokens[0]), "output": number(parts.tokens[1])}}
    if parts.effort_output:
        outputs = parts.effort_output.items()
        shape["tier_tokens"] = {name(tier): {"output": number(count)} for tier, count in outputs}
    types = (
        f"    {name(task)}: {flow_yaml({'tasks_per_day': number(volume), **shape})}\n"
        for task, volume in parts.volumes.items()
    )
    single = (f"  {name(single_tier(tier))}: {flow_yaml({'tier': name(tier)})}\n" for tier in tiers)
    illustrative = f"illustrative: the default {listed(assumed)} of routecost init" if assumed else ""
    return "".join(
        (
            editor_line("scenario"),
            "# What the fleet does and how it may be run. `routecost calibrate LOGS` measures volumes and\n",
            "# tokens; `routecost schema scenario` describes all keys.\n",
            "version: 1\n",
            f"# Remove the next line when these are your own.\n{illustrative}\n" if assumed else "",
            f"pricing: {name(parts.pricing)}   # a name in `routecost pricing list`, or a path\n",
            ""
            if parts.as_of is None
            else f"as_of: {parts.as_of}   # without it, prices are those of today\n",
            "workload:\n  task_types:   # tokens are means per task; input includes cached tokens\n",
            *types,
            "strategies:\n",
            *single,
            f"  {ROUTED}: {{table: ./table.yaml}}   # each task type on its tier\n",
            f"baseline: {name(single_tier(tiers[-1]))}   # percentages are relative to this strategy\n",
            f"default: {name(single_tier(tiers[len(tiers) // 2]))}   # what runs today\n",
            f"proposed: {ROUTED}   # what may replace it\n",
            parts.tail,
        )
    )


def tail_text(budget: Decimal | None, strategy: str, figure: Figure | None) -> str:
    """Return the budget and the claims of a scenario, as far as there are any."""
    text = ""
    if budget is not None:
        stated = {"amount": number(budget), "per": "month", "strategy": name(strategy)}
        text += f"budget: {flow_yaml(stated)}\n"
    if figure is not None:
        claim = {
            "that": name(f"strategies.{figure.strategy}.cost_per_month"),
            "is": number(figure.value),
            "within": number(figure.within),
        }
        text += (
            f"claims:   # `routecost check` fails when the cost leaves this range\n  - {flow_yaml(claim)}\n"
        )
    return text


def table_text(tasks: Mapping[str, str], tiers: Sequence[str], evidence: str) -> str:
    """Return a routing table; ``evidence`` says in a comment where measurements are."""
    above = dict(pairwise(tiers))
    head: dict[str, Any] = {}
    if above:
        head = {
            "escalation": _names(tiers),
            "reviewer": {tier: name(to) for tier, to in above.items()},
        }
    return "".join(
        (
            editor_line("table"),
            "# Which tier runs which task type. Tiers below the highest report their confidence, and what\n",
            f"# fails goes up one tier.\n{evidence}\n",
            "version: 1\ntaxonomy: ./taxonomy.yaml\n",
            *(f"{key}: {flow_yaml(value)}\n" for key, value in head.items()),
            "routes:\n",
            *(f"  - {flow_yaml(_row(task, tier, tier in above))}\n" for task, tier in tasks.items()),
        )
    )


def _row(task: str, tier: str, is_below: bool) -> dict[str, Any]:
    confidence = {"confidence": "required"} if is_below else {}
    return {"task": name(task), "tier": name(tier), **confidence}


def ignoring(table: str, findings: Iterable[Finding]) -> str:
    """Return the text of a table with comments that suppress these findings."""
    lines, codes = table.split("\n"), dict[int, dict[str, None]]()
    for finding in findings:
        codes.setdefault(finding.position.line, {})[finding.code or ""] = None
    for line, known in codes.items():
        is_unobserved = [*known] == [UNOBSERVED]
        reason = "nothing is measured yet" if is_unobserved else "known when routecost init wrote this"
        lines[line - 1] += f"   # routecost: ignore[{', '.join(known)}] {reason}"
    return "\n".join(lines)


def taxonomy_text(tasks: Mapping[str, str], tiers: Sequence[str]) -> str:
    """Return a taxonomy in which each task type may run on its tier and on those above."""
    return "".join(
        (
            editor_line("taxonomy"),
            "# The task types, and the tiers that may run each. Levels are a first guess from the tier:\n",
            "# state low, medium or high for each.\n",
            f"version: 1\ntiers: {flow_yaml(_names(tiers))}   # from low to high\n",
            "task_types:\n",
            *_kinds(tasks, tiers),
        )
    )


def _kinds(tasks: Mapping[str, str], tiers: Sequence[str]) -> Iterator[str]:
    for task, tier in tasks.items():
        level = _level(tier, tiers)
        yield f"  {name(task)}:\n    title: {name(task)}\n"
        yield from (f"    {key}: {level}\n" for key in ("reasoning", "ambiguity", "stakes"))
        yield f"    tiers: {flow_yaml(_names(tiers[tiers.index(tier) :]))}\n"


def _level(tier: str, tiers: Sequence[str]) -> str:
    if len(tiers) == 1 or tier not in (tiers[0], tiers[-1]):
        return "medium"
    return "low" if tier == tiers[0] else "high"


def _names(texts: Iterable[str]) -> list[Plain]:
    return [name(text) for text in texts]
