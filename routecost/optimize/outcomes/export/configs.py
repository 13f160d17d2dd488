"""Learned policies as the configuration of what runs them, as far as its documented format can state them.

LiteLLM's router (``router_settings``) sends each request to a deployment of a ``model_name`` at random,
by the ``weight`` of the deployments under ``routing_strategy: simple-shuffle``. A subagent of Claude Code
is a Markdown file with ``name``, ``description`` and ``model`` in its front matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from routecost.errors import UnknownNameError, UsageError
from routecost.model.outcomes.policies import (
    CascadeRouting,
    CategoryRouting,
    EstimatedRouting,
    Mixture,
    Policy,
    Shares,
    SystemRouting,
    ThresholdCascade,
)
from routecost.optimize.outcomes.export.measured import number
from routecost.problems import did_you_mean
from routecost.source.editing import Plain, text_yaml
from routecost.source.editing.yaml_writer import block_yaml

_ALIASES = ("haiku", "sonnet", "opus")
_MODEL = "claude-"
_DEFAULT = "default"
_SLUG = re.compile(r"[^a-z0-9]+")
_WHY = {
    ThresholdCascade: "a cascade escalates by the confidence of an answer",
    CascadeRouting: "cascade routing decides after each call",
    SystemRouting: "a system of agents makes several calls",
    EstimatedRouting: "routing by estimated quality computes an estimate for each query",
}


def known_target(name: str) -> str:
    """Return the name of a target; raises UnknownNameError if it is unknown."""
    if name not in TARGETS:
        raise UnknownNameError(f'no export named "{name}"{did_you_mean(name, TARGETS)}')
    return name


def exported(policy: Policy, target: str, ids: Mapping[str, str]) -> dict[str, str]:
    """Return the files of the configuration of ``target`` ("litellm" or "claude-code") that runs a policy.

    ``ids`` has the ids of models, where they are known. Raises UnknownNameError for another target, and
    UsageError if its format cannot state the policy.
    """
    known_target(target)
    if not isinstance(policy, Mixture | CategoryRouting):
        raise UsageError(
            f"the format of {target} cannot state the policy: {_WHY[type(policy)]}; choose another with "
            "--families single,mixture,category, or run the policy file"
        )
    return TARGETS[target](policy, ids)


def _litellm(policy: Mixture | CategoryRouting, ids: Mapping[str, str]) -> dict[str, str]:
    """Return a ``config.yaml`` of LiteLLM: a model name per route, with weighted deployments."""
    routes = _routes(policy)
    for name in routes:
        if "*" in name:
            raise UsageError(
                f'the category "{name}" would be a wildcard of litellm, which takes other queries, too; '
                "rename it"
            )
    for model in (model for shares in routes.values() for model in shares if model not in ids):
        raise UsageError(
            f'the id of the model "{model}" is unknown, by which litellm calls it; expected a model or tier '
            f"of --pricing, or --priced-as {model}=ID"
        )
    rows = [
        {
            "model_name": Plain(text_yaml(name)),
            "litellm_params": {
                "model": Plain(text_yaml(ids[model])),
                **({} if len(shares) == 1 else {"weight": number(share)}),
            },
        }
        for name, shares in routes.items()
        for model, share in shares.items()
    ]
    data = {"model_list": rows, "router_settings": {"routing_strategy": "simple-shuffle"}}
    return {"config.yaml": block_yaml(data)}


def _claude_code(policy: Mixture | CategoryRouting, ids: Mapping[str, str]) -> dict[str, str]:
    """Return subagent files of Claude Code."""
    files: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, shares in _routes(policy).items():
        if len(shares) > 1:
            raise UsageError(
                f'the format of claude-code cannot state the policy: "{name}" goes to '
                f"{' and '.join(shares)} by shares, and a subagent has one model"
            )
        (name_of_model,) = shares
        model = name_of_model if name_of_model in _ALIASES else ids.get(name_of_model, name_of_model)
        if model not in _ALIASES and not model.startswith(_MODEL):
            raise UsageError(
                f'the format of claude-code cannot state the model "{model}"; expected {", ".join(_ALIASES)} '
                f'or a model whose name begins with "{_MODEL}"'
            )
        slug = _SLUG.sub("-", name.lower()).strip("-") or "agent"
        about = (
            "any task without a subagent of its own" if name == _DEFAULT else f'tasks of the type "{name}"'
        )
        head = block_yaml({"name": Plain(text_yaml(slug)), "description": f"Use for {about}", "model": model})
        if slug in names:
            raise UsageError(
                f'the categories "{names[slug]}" and "{name}" would both be the subagent "{slug}"; rename one'
            )
        names[slug] = name
        files[f"{slug}.md"] = f"---\n{head}---\nDo the task.\n"
    return files


def _routes(policy: Mixture | CategoryRouting) -> dict[str, Shares]:
    if isinstance(policy, Mixture):
        return {_DEFAULT: policy.shares}
    if _DEFAULT in policy.routes:
        raise UsageError(
            f'a category is named "{_DEFAULT}", as the route of all other queries is in an export; rename it'
        )
    return {**policy.routes, _DEFAULT: policy.default}


TARGETS: dict[str, Callable[[Mixture | CategoryRouting, Mapping[str, str]], dict[str, str]]] = {
    "litellm": _litellm,
    "claude-code": _claude_code,
}
IN_FOLDERS = ("claude-code",)
"""The targets that have several files."""
