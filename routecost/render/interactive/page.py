"""An interactive page as one HTML file: data, style, scripts and chart library (needs vl-convert)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from decimal import Context, Decimal
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, TextIO

from routecost.errors import EnvironmentFailure
from routecost.file_access import read_utf8
from routecost.model.report.cells import Unit
from routecost.model.report.report import Note
from routecost.model.results.interactive.what_if_page import Key, PageSheet, Pieces, WhatIfPage
from routecost.render.escape import sanitize
from routecost.render.interactive.charts import bars, lines
from routecost.render.rounding import sentence, unit_symbols

_SCRIPTS = ("numbers.js", "model.js", "words.js", "page.js", "charts.js")
_IDS = {Key.VOLUME: "volume", Key.INPUT: "input", Key.OUTPUT: "output", Key.CACHE: "cache"}
_START = """\
"use strict";
(() => {
const page = JSON.parse(document.getElementById("data").textContent);
"""
_ALL_DIGITS = Context(prec=100)
_VEGA_LITE = "6.4"
"""The version of Vega-Lite that the page has, whatever further ones vl-convert brings."""


def render(page: WhatIfPage, notes: Sequence[Note], command: Sequence[str], sink: TextIO) -> None:
    """Write a page that opens from disk and asks for nothing; raises EnvironmentFailure without vl-convert.

    ``command`` are the words of the command that computes the figures of the page.
    """
    library = require()
    bundle = _closed(library.javascript_bundle("window.vegaEmbed = vegaEmbed;", _VEGA_LITE))
    script = _closed(_script())
    parts = {
        "title": _text(f"{page.comparison.scenario}: what if"),
        "notes": "".join(_note(note, page.sheets[0].currency) for note in notes),
        "left_out": _left_out(page.left_out),
        "style": _file("page.css"),
        "hashes": " ".join(f"'sha256-{_digest(text)}'" for text in (bundle, script)),
        "vega": library.get_vega_version(),
        "vegalite": _VEGA_LITE,
        "embed": library.get_vega_embed_version(),
        "data": data_text(page, command),
        "bundle": bundle,
        "script": script,
    }
    for number, part in enumerate(_file("page.html").split("{")):
        name, closing, rest = part.partition("}")
        sink.write(f"{parts[name]}{rest}" if number and closing else part)


def require() -> Any:
    """Return the package that has the chart library; raises EnvironmentFailure if it is missing."""
    try:
        import vl_convert
    except ImportError as missing:
        raise EnvironmentFailure(
            '--interactive needs vl-convert-python; install it with: pip install "routecost[interactive]"'
        ) from missing
    return vl_convert


def data_text(page: WhatIfPage, command: Sequence[str] = ()) -> str:
    """Return the data of a page as JSON that may be in a script element."""
    data = _sanitized(_data(page, command))
    version = sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()[:12]
    text = json.dumps({"version": version, **data}, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _sanitized(data: Any) -> Any:
    """Return data with all texts sanitized, because names are shown."""
    if isinstance(data, dict):
        return {sanitize(key): _sanitized(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_sanitized(value) for value in data]
    return sanitize(data) if isinstance(data, str) else data


def _data(page: WhatIfPage, command: Sequence[str]) -> dict[str, Any]:
    compared, budget = page.comparison, page.budget
    volume = next((slider for slider in page.sliders if slider.key is Key.VOLUME), None)
    return {
        "command": list(command),
        "days": _number(page.days_per_month),
        "tasks": _number(compared.tasks_per_day),
        "volume": None if volume is None else _number(volume.stated),
        "baseline": compared.baseline,
        "default": compared.default,
        "proposed": compared.proposed,
        "countsFailures": page.counts_failures,
        "budget": None
        if budget is None
        else {"strategy": budget.strategy, "per": str(budget.per), "countsFailures": budget.counts_failures},
        "sliders": [
            {
                "key": slider.key,
                "id": _IDS[slider.key],
                "label": slider.label,
                "unit": slider.unit,
                **{
                    name: _number(getattr(slider, name))
                    for name in ("low", "high", "step", "coarse", "stated")
                },
                "isFactor": slider.is_factor,
                "isShare": slider.key is Key.CACHE and not slider.is_factor,
                "fields": [[_path(path), list(map(_number, stated))] for path, stated in slider.fields],
            }
            for slider in page.sliders
        ],
        "mixes": [
            {
                "strategy": mix.strategy,
                "name": _path(mix.path),
                "places": mix.places,
                "tiers": [
                    [tier, str(int((share * 100).scaleb(mix.places)))] for tier, share in mix.shares.items()
                ],
            }
            for mix in page.mixes
        ],
        "sheets": [_sheet(sheet) for sheet in page.sheets],
        "charts": {
            "bars": bars(has_budget=budget is not None),
            "lines": lines(has_budget=budget is not None),
        },
    }


def _sheet(sheet: PageSheet) -> dict[str, Any]:
    saved = sheet.saved
    return {
        "name": sheet.name,
        "argument": sheet.argument,
        "currency": sheet.currency,
        "symbol": unit_symbols(Unit.MONEY, sheet.currency)[0],
        "asOf": sheet.as_of.isoformat(),
        "reasons": dict(sheet.reasons),
        "budget": None if sheet.budget is None else _number(sheet.budget),
        "savings": _pieces(sheet.savings),
        "saved": None
        if saved is None
        else {
            "assumed": list(saved.assumed),
            "unknown": list(saved.unknown),
            "unknownShare": _number(saved.unknown_share),
            "worst": saved.worst_of.condition,
            "how": saved.worst_of.how,
            "isRange": saved.worst_of.is_bound,
        },
        "strategies": [
            {
                "name": strategy.name,
                "isLeast": strategy.is_least,
                "comparable": strategy.is_comparable,
                "successDiffers": strategy.success_differs,
                "shown": strategy.is_shown,
                "done": None if strategy.done is None else _number(strategy.done),
                "doneLeast": None if strategy.done_least is None else _number(strategy.done_least),
                "pieces": _pieces(strategy.pieces),
                "tiers": {tier: _pieces(pieces) for tier, pieces in strategy.tiers.items()} or None,
            }
            for strategy in sheet.strategies
        ],
    }


def _pieces(pieces: Pieces) -> list[Any]:
    return [
        [
            _number(piece.upto),
            {
                name: None if form is None else {keys: _number(value) for keys, value in form.items()}
                for name, form in piece.forms.items()
            },
        ]
        for piece in pieces
    ]


def _number(value: Decimal) -> str:
    """Return a number with all its digits; the page reads it as a fraction."""
    return f"{_ALL_DIGITS.normalize(value):f}"


def _path(path: Sequence[object]) -> str:
    return ".".join(map(str, path))


def _script() -> str:
    return _START + "\n".join(map(_file, _SCRIPTS)) + "})();\n"


def _file(name: str) -> str:
    return read_utf8(Path(__file__).with_name(name))


def _closed(script: str) -> str:
    """Return a script that cannot end its element, or begin another."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()


def _note(note: Note, currency: str) -> str:
    kind = "warning" if note.warning else "note"
    return f'<p class="{kind}">{escape(sentence(note, currency))}</p>\n'


def _left_out(reasons: Sequence[str]) -> str:
    if not reasons:
        return ""
    items = "".join(f"<li>{_text(reason)}</li>\n" for reason in reasons)
    summary = "<summary>Sheets that cannot price this scenario</summary>"
    return f'<details class="left-out">{summary}\n<ul>\n{items}</ul></details>\n'


def _text(text: str) -> str:
    return escape(sanitize(text))
