"""Routing tables as configurations of what runs them, as far as the documented formats can state them.

LiteLLM's router calls the deployment whose ``model_name`` a request names, and falls back to others; a model
has the name of its provider before its own. A subagent of Claude Code is a Markdown file with ``name``,
``description`` and ``model`` in its front matter, and its instructions below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

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
_SAME = (
    "anthropic azure bedrock cerebras cohere deepseek gemini groq mistral openai openrouter perplexity xai"
)
_OTHER = {
    "aws": "bedrock",
    "google": "gemini",
    "x-ai": "xai",
    "fireworks": "fireworks_ai",
    "together": "together_ai",
}
_PROVIDERS = {name: name for name in _SAME.split()} | _OTHER
"""Providers of pricing sheets as LiteLLM names them."""


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
        "fallback models": [row.task for row in rows.rows if row.fallbacks and prose],
        "reviewers": [row.task for row in rows.rows if row.reviewer is not None],
        "confidence": [] if prose else [row.task for row in rows.rows if signals(row.confidence)],
        "evidence": [row.task for row in rows.rows if row.measured is not None],
    }
    for what, tasks in facts.items():
        if tasks:
            yield f"{target} cannot state the {what} of {listed(tasks, _MOST_NAMED)}"
    used = {name: None for row in rows.rows for name in (row.model, *row.fallbacks) if name is not None}
    bare = [name for name in used if "/" not in _litellm_model(rows, name)]
    if bare and not prose:
        yield f"litellm may need the provider of {listed(bare, _MOST_NAMED)}; state it in the sheet"


def _litellm(rows: RoutingRows) -> dict[str, str]:
    """Return a ``config.yaml`` of LiteLLM: a model name for each task type, and one for each fallback."""
    models = {row.task: _model(rows, row, "litellm") for row in rows.rows}
    for row in rows.rows:
        if "*" in row.task:
            raise UsageError(f'the task type "{row.task}" would be a wildcard of litellm; rename it')
        if taken := [name for name in row.fallbacks if name in models and models[name] != name]:
            raise UsageError(
                f'the fallback model "{taken[0]}" of "{row.task}" would be the task type of this name in '
                "litellm; rename the task type"
            )
    others = {name: name for row in rows.rows for name in row.fallbacks if name not in models}
    data: dict[str, Any] = {
        "model_list": [
            {
                "model_name": Plain(text_yaml(name)),
                "litellm_params": {"model": Plain(text_yaml(_litellm_model(rows, model)))},
            }
            for name, model in (models | others).items()
        ]
    }
    fallbacks = [
        {row.task: [Plain(text_yaml(name)) for name in row.fallbacks]} for row in rows.rows if row.fallbacks
    ]
    if fallbacks:
        data["router_settings"] = {"fallbacks": fallbacks}
    return {"config.yaml": block_yaml(data)}


def _litellm_model(rows: RoutingRows, model: str) -> str:
    """Return the name of a model with its provider, if LiteLLM knows one that the sheet states."""
    provider = _PROVIDERS.get(rows.providers.get(model, "").lower())
    return model if provider is None or "/" in model else f"{provider}/{model}"


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
