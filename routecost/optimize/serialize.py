"""Policies as YAML data, and their insertion into the text of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import Assistant
from routecost.errors import UsageError
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import SuccessAfter
from routecost.model.scenario.workload import TokenCell, TokenShape
from routecost.problems import KeyPath
from routecost.source import Document
from routecost.source.editing import Plain, apply, key_edit, scalar_edit, scalar_yaml
from routecost.source.editing.yaml_writer import flow_yaml


def with_strategies(
    document: Document, strategies: Mapping[str, Any], values: Mapping[KeyPath, str] | None = None
) -> str:
    """Return the text with strategies added, and with other ``values`` of fields.

    Raises UsageError if it has the strategies or cannot be edited.
    """
    for name in strategies:
        if document.get(("strategies", name)) is not None:
            raise UsageError(f'the scenario already has a strategy named "{name}"; rename it')
    try:
        edits = [
            key_edit(document, ("strategies",), name, flow_yaml(data)) for name, data in strategies.items()
        ]
        edits += [scalar_edit(document, path, scalar_yaml(value)) for path, value in (values or {}).items()]
        return apply(document, edits)
    except ValueError as error:
        raise UsageError(f"cannot add strategies to {document.file}: {error}") from error


def strategy_data(strategy: Strategy) -> dict[str, Any]:
    """Return a strategy found by the search as YAML data."""
    if isinstance(strategy, UniformTier):
        return {"tier": strategy.tier}
    if isinstance(strategy, Mix):
        return {"mix": _numbers(strategy.shares)}
    if isinstance(strategy, Assigned):
        return {"assign": {name: strategy_data(inner) for name, inner in strategy.strategies.items()}}
    assert isinstance(strategy, Cascade)
    return _cascade(strategy)


def _cascade(cascade: Cascade) -> dict[str, Any]:
    detection, judge = cascade.detection, cascade.judge
    data: dict[str, Any] = {"cascade": list(cascade.path)}
    if detection is not None:
        data["detection"] = _numbers(
            {"wrong_rejected": detection.wrong_rejected, "right_rejected": detection.right_rejected}
        )
    if judge is not None:
        data["judge"] = _assistant(judge)
    if cascade.pass_on:
        data["pass_on"] = Plain("true")
    if cascade.success_after:
        data["success_after"] = {tier: _after(after) for tier, after in cascade.success_after.items()}
    if cascade.tokens:
        data["tokens"] = {tier: _tokens(shape) for tier, shape in cascade.tokens.items()}
    return data


def _after(after: SuccessAfter) -> Any:
    if after.when_wrong == after.when_right:
        return _text(after.when_wrong)
    return _numbers({"when_wrong": after.when_wrong, "when_right": after.when_right})


def _assistant(assistant: Assistant) -> dict[str, Any]:
    read = [name for name in ("reads_output", "reads_input") if getattr(assistant, name)]
    return {
        "tier": assistant.tier,
        "tokens": _tokens(assistant.tokens),
        **dict.fromkeys(read, Plain("true")),
    }


def _tokens(shape: TokenShape) -> dict[str, Any]:
    rows = [
        {
            "share": _text(cell.weight),
            "input": [_text(cell.input_low), _text(cell.input_high)],
            "output": [_text(cell.output_low), _text(cell.output_high)],
            **_meters(cell),
        }
        for cell in shape.cells
    ]
    (cell, *more) = shape.cells
    if not more and cell.input_low == cell.input_high and not cell.output_span and not cell.meters:
        return {"input": _text(cell.input_low), "output": _text(cell.output)}
    return {"per_call": rows}


def _meters(cell: TokenCell) -> dict[str, Any]:
    meters = {meter: [_text(low), _text(high)] for meter, (low, high) in cell.meters.items()}
    return {"meters": meters} if meters else {}


def _numbers(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: _text(number) for name, number in numbers.items()}


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"
