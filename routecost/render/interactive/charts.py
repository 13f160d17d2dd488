"""Charts of an interactive page, as Vega-Lite specifications.

They are plain data: the page fills in its rows, and colours and formats that begin with "@". Altair would
add its own package and a layer of objects around the same data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_ROLES = {"domain": ["proposed", "default", "other"], "range": ["@proposed", "@default", "@other"]}
_COLOR = {"field": "role", "type": "nominal", "scale": _ROLES, "legend": None}
_MONEY = {"format": "@money", "tickCount": 5, "labelFlush": True}
_DASHES = [[1, 0], [7, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 2], [1, 3], [10, 2, 2, 2, 2, 2]]
_FIT = {"type": "fit-x", "contains": "padding"}
_BUDGET: dict[str, Any] = {
    "data": {"name": "budget"},
    "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": "@budget"},
}


def bars(*, has_budget: bool) -> dict[str, Any]:
    """Return bars of the cost per month, with what failures cost, ranges and the budget."""
    thick = {"type": "bar", "height": {"band": 0.62}}
    y = {"field": "strategy", "type": "nominal", "sort": None}
    axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "labelLimit": 220,
        "labelPadding": 8,
        "labelColor": "@ink",
    }
    return {
        "width": "container",
        "height": "@height",
        "autosize": _FIT,
        "data": {"name": "bars"},
        "encoding": {"y": {**y, "axis": axis}},
        "layer": [
            {
                "mark": {"type": "point", "opacity": 0},
                "encoding": {"x": {"field": "room", "type": "quantitative"}},
            },
            {
                "mark": {**thick, "opacity": 0.4},
                "encoding": {"x": _amount("cost", {"title": None, **_MONEY}), "color": _COLOR},
            },
            {"mark": thick, "encoding": {"x": _amount("calls"), "color": _COLOR}},
            {
                "mark": {"type": "rule", "color": "@ink", "strokeWidth": 2},
                "encoding": {"x": _amount("cost"), "x2": {"field": "high"}},
            },
            *(_budget_marks() if has_budget else ()),
            *(
                {
                    "mark": {"type": "text", "align": "left", "dx": 7, **look},
                    "encoding": {"x": _amount("high"), "text": {"field": "label"}},
                }
                for look in ({"stroke": "@page", "strokeWidth": 5, "strokeJoin": "round"}, {"color": "@ink"})
            ),
        ],
    }


def _budget_marks() -> Iterator[dict[str, Any]]:
    yield {**_BUDGET, "encoding": {"x": _amount("amount"), "y": {"value": 0}, "y2": {"value": "height"}}}
    yield {
        "data": {"name": "budget"},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "bottom",
            "dx": 4,
            "dy": -3,
            "color": "@budget",
        },
        "encoding": {"x": _amount("amount"), "y": {"value": 0}, "text": {"field": "label"}},
    }


def lines(*, has_budget: bool) -> dict[str, Any]:
    """Return lines of the cost per month along a slider, with its present value and the budget."""
    x, name = {"field": "x", "type": "quantitative"}, {"field": "strategy", "type": "nominal"}
    axis = {"title": "@x", "format": ",~f", "tickCount": 6, "grid": False, "labelFlush": True}
    return {
        "width": "container",
        "height": 280,
        "autosize": _FIT,
        "layer": [
            {
                "data": {"name": "lines"},
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {
                    "x": {**x, "axis": axis, "scale": {"nice": False, "zero": False}},
                    "y": _amount("cost", {"title": "@unit", **_MONEY}),
                    "color": {
                        **name,
                        "scale": {"domain": "@names", "range": "@colors"},
                        "legend": {"columns": "@columns"},
                    },
                    "strokeDash": {**name, "scale": {"domain": "@names", "range": _DASHES}},
                },
            },
            *([{**_BUDGET, "encoding": {"y": _amount("amount")}}] if has_budget else []),
            {
                "data": {"name": "at"},
                "mark": {"type": "rule", "color": "@ink", "strokeWidth": 1},
                "encoding": {"x": x},
            },
            {
                "data": {"name": "at"},
                "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 4, "color": "@ink"},
                "encoding": {"x": x, "y": {"value": 2}, "text": {"field": "label"}},
            },
        ],
    }


def _amount(field: str, axis: dict[str, Any] | None = None) -> dict[str, Any]:
    shown = {} if axis is None else {"axis": axis}
    return {"field": field, "type": "quantitative", "stack": None, **shown}
