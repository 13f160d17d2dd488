"""Policy files as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from routecost.documents.policy.kinds import CLASSES
from routecost.model.outcomes.policies import Policy, ThresholdCascade
from routecost.model.outcomes.promises import LearnedPolicy
from routecost.source.editing import Plain, text_yaml
from routecost.source.editing.yaml_writer import block_yaml

_SHARES = ("accept", "mix")
_TINY = 1e-29


def policy_yaml(learned: LearnedPolicy) -> str:
    """Return a policy file as YAML."""
    return block_yaml(_texts(_document(learned)))


def policy_json(learned: LearnedPolicy) -> str:
    """Return a policy file as JSON, which is read as well as YAML."""
    import json  # few policies are written as JSON

    return json.dumps(_document(learned), indent=2) + "\n"


def _document(learned: LearnedPolicy) -> dict[str, Any]:
    data = {
        "version": 1,
        "outcomes": learned.outcomes,
        "currency": learned.currency,
        "policy": _policy(learned.policy),
        "promises": _plain(learned.promises),
        "inexact": learned.inexact,
        "strategy": None if learned.strategy is None else _numbered(learned.strategy),
    }
    return {key: value for key, value in data.items() if value is not None}


def _policy(policy: Policy) -> dict[str, Any]:
    data = _plain(policy)
    if isinstance(policy, ThresholdCascade):
        pairs = zip(policy.chain, data["calibrations"], strict=False)
        data["calibrations"] = {model: calibration for model, calibration in pairs if calibration}
    return {CLASSES[type(policy)]: data}


def _plain(value: Any) -> Any:
    """Return a value as mappings, lists, texts and numbers; what is empty is left out."""
    if is_dataclass(value):
        parts = {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
        return {name: part for name, part in parts.items() if part not in (None, {}) or name == "shares"}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        number = float(value)  # also from numpy
        return 0.0 if abs(number) < _TINY else number
    return value


def _numbered(strategy: Mapping[str, Any], *, is_shares: bool = False) -> dict[str, Any]:
    """Return a strategy with its shares as numbers."""
    return {
        key: _numbered(value, is_shares=key in _SHARES)
        if isinstance(value, Mapping)
        else float(value)
        if is_shares
        else value
        for key, value in strategy.items()
    }


def _texts(value: Any) -> Any:
    """Return data with its texts and numbers as YAML has them."""
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part) for part in value]
    if isinstance(value, str):
        return Plain(text_yaml(value))
    digits, exponent, power = repr(value).partition("e")
    return Plain(f"{digits}.0e{power}" if exponent and "." not in digits else repr(value))
