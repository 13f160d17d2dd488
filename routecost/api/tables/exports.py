"""Routing tables as configurations of what runs them, as far as the documented formats can state them.

LiteLLM's router calls the deployment whose ``model_name`` a request names. A subagent of Claude Code is a
Markdown file with ``name``, ``description`` and ``model`` in its front matter, and its instructions below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from routecost.errors import UnknownNameError, UsageError
from routecost.model.results.routing.rows import RoutingRows, TableRow
from routecost.model.routing.table import signals
from routecost.problems import did_you_mean
from routecost.source.editing import Plain, text_yaml
from routecost.source.editing.yaml_writer import block_yaml
from routecost.units import listed

_ALIASES = ("haiku", "sonnet", "opus")
_MODEL = "claude-"
_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_NAMED = 5


class Exported(NamedTuple):
    """The files of a configuration by name, and what of the table their format cannot state."""

    files: Mapping[str, str]
    not_stated: tuple[str, ...]


def export_table(rows: RoutingRows, target: str) -> Exported:
    """Return a routing table as the configuration of ``"litellm"`` or ``"claude-code"``.

    Raises UnknownNameError for another target, and UsageError for a row that its format cannot state.
    """
    if target not in TARGETS:
        raise UnknownNameError(f'no export named "{target}"{did_you_mean(target, TARGETS)}')
    return Exported(TARGETS[target](rows), tuple(_not_stated(rows, target)))


def _not_stated(rows: RoutingRows, target: str) -> Iterator[str]:
    """Yield what a format leaves out, each with the task types concerned."""
    prose = target == "claude-code"
    facts: dict[str, list[str]] = {
        "escalation": [row.task for row in rows.rows if row.escalation],
        "fallback models": [row.task for row in rows.rows if row.fallbacks],
        "reviewers": [row.task for row in rows.rows if row.reviewer is not None],
        "confidence": [] if prose else [row.task for row in rows.rows if signals(row.confidence)],
        "evidence": [row.task for row in rows.rows if row.measured is not None],
    }
    for what, tasks in facts.items():
        if tasks:
            yield f"{target} cannot state the {what} of {listed(tasks, _MOST_NAMED)}"


def _litellm(rows: RoutingRows) -> dict[str, str]:
    """Return a ``config.yaml`` of LiteLLM: a model name for each task type."""
    for row in rows.rows:
        if "*" in row.task:
            raise UsageError(f'the task type "{row.task}" would be a wildcard of litellm; rename it')
    data = {
        "model_list": [
            {
                "model_name": Plain(text_yaml(row.task)),
                "litellm_params": {"model": Plain(text_yaml(_model(rows, row, "litellm")))},
            }
            for row in rows.rows
        ]
    }
    return {"config.yaml": block_yaml(data)}


def _model(rows: RoutingRows, row: TableRow, target: str) -> str:
    if row.model is None:
        need = "give prices with --pricing or --scenario" if rows.pricing is None else "its sheet has none"
        raise UsageError(f'{target} needs the model of the tier "{row.tier}", of "{row.task}"; {need}')
    return row.model


def _claude_code(rows: RoutingRows) -> dict[str, str]:
    """Return a subagent file for each task type."""
    files: dict[str, str] = {}
    tasks: dict[str, str] = {}
    for row in rows.rows:
        slug = _SLUG.sub("-", row.task.lower()).strip("-")
        if not slug or slug in tasks:
            other = f', as would "{tasks[slug]}"' if slug else ""
            raise UsageError(f'the task type "{row.task}" would be the subagent "{slug}"{other}; rename it')
        tasks[slug] = row.task
        about = f": {row.title.rstrip('.')}" if row.title else ""
        head = {
            "name": Plain(text_yaml(slug)),
            "description": Plain(text_yaml(f'Use for tasks of the type "{row.task}"{about}.')),
            "model": Plain(text_yaml(_claude_model(rows, row))),
        }
        body = "Do the task.\n" + (_REPORT if signals(row.confidence) else "")
        files[f"{slug}.md"] = f"---\n{block_yaml(head)}---\n{body}"
    return files


_REPORT = "End with a line on your confidence and the reason: `confidence: high|medium|low, reason: ...`.\n"


def _claude_model(rows: RoutingRows, row: TableRow) -> str:
    model = row.tier if row.tier in _ALIASES else _model(rows, row, "claude-code")
    if model not in _ALIASES and not model.startswith(_MODEL):
        raise UsageError(
            f'claude-code cannot state the model "{model}" of "{row.task}"; expected a tier named '
            f'{", ".join(_ALIASES)}, or a model whose name begins with "{_MODEL}"'
        )
    return model


TARGETS: Mapping[str, Callable[[RoutingRows], dict[str, str]]] = {
    "litellm": _litellm,
    "claude-code": _claude_code,
}
IN_FOLDERS = ("claude-code",)
"""The targets that have several files."""
