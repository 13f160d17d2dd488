"""The what-if page in a browser: every figure that it shows is what `routecost compare` shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.library import open_library
from tests.browser.what_if import WhatIf, assert_as_compared

pytestmark = pytest.mark.browser
SCENARIOS = open_library(None).names("scenarios")


@pytest.mark.parametrize("name", [*SCENARIOS, "own", "paid", "stops", "one-side", "efforts"])
def test_it_shows_what_compare_says_at_every_sheet(pages: Mapping[str, WhatIf], name: str) -> None:
    opened = pages[name]
    opened.page.evaluate("location.hash = ''")
    sheets = [sheet["name"] for sheet in opened.data["sheets"]]
    assert sheets
    for at in range(len(sheets)):
        opened.set("sheet", str(at))
        assert sheets[at] in opened.shown()["basis"]
        assert_as_compared(opened)


FIXED = [
    ("article-fleet", {"volume-number": "612", "input-number": "3333", "output": "70", "cache": "35"}),
    ("article-fleet", {"mix-0-0": "0", "sheet": "1"}),
    ("article-fleet", {"mix-0-2-number": "100", "cache-number": "100", "volume": "5000"}),
    ("coding-agents", {"input-number": "100000"}),
    ("coding-agents", {"input-number": "100001", "sheet": "0", "cache": "0"}),
    ("support-desk", {"input": "67", "output": "10", "volume": "1000"}),
    ("legal-review", {"mix-0-1": "1", "volume": "10", "input": "334"}),
    ("masrouter", {"input": "77", "mix-0-1": "31"}),
    ("own", {"input": "134", "mix-0-0-number": "12.3", "volume": "333"}),
    (
        "working-days",
        {"input-number": "11250", "cache-number": "85", "mix-0-0": "89", "output-number": "500"},
    ),
    ("own", {"input": "133", "cache-number": "50", "output": "500"}),
]


@pytest.mark.parametrize(("name", "settings"), FIXED)
def test_fixed_settings(pages: Mapping[str, WhatIf], name: str, settings: dict[str, str]) -> None:
    opened = pages[name]
    opened.page.click("#reset")
    before = opened.words()
    for control, value in settings.items():
        opened.set(control, value)
    assert opened.words() != before
    assert_as_compared(opened)


RANDOM = [
    "article-fleet",
    "coding-agents",
    "collaboration",
    "content-pipeline",
    "efforts",
    "legal-review",
    "one-side",
    "own",
    "paid",
    "working-days",
]


@given(st.data())
def test_random_settings(pages: Mapping[str, WhatIf], data: st.DataObject) -> None:
    opened = pages[data.draw(st.sampled_from(RANDOM))]
    content = opened.data
    opened.page.click("#reset")
    at = data.draw(st.integers(0, len(content["sheets"]) - 1))
    opened.set("sheet", str(at))
    reasons = content["sheets"][at]["reasons"]
    for slider in content["sliders"]:
        if slider["key"] not in reasons and data.draw(st.booleans()):
            opened.set(f"{slider['id']}-number", data.draw(values_of(slider, content["sheets"][at])))
    for place, mix in enumerate(content["mixes"]):
        for tier in range(len(mix["tiers"])):
            if f"mix:{mix['strategy']}" not in reasons and data.draw(st.booleans()):
                share = data.draw(st.integers(0, 100 * 10 ** mix["places"]))
                opened.set(f"mix-{place}-{tier}-number", str(Decimal(share).scaleb(-mix["places"])))
        assert opened.page.locator(f"#mix-{place}-sum").inner_text() == "Sum: 100%"
    assert_as_compared(opened)


def values_of(slider: Mapping[str, str], sheet: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """Return values of a slider, price steps and their neighbours more often than others."""
    low, high, step = (Decimal(slider[key]) for key in ("low", "high", "step"))
    anywhere = st.integers(0, int((high - low) / step)).map(lambda count: low + count * step)
    if slider["key"] != "i":
        return anywhere.map(str)
    ends = {Decimal(piece[0]) for strategy in sheet["strategies"] for piece in strategy["pieces"]}
    near = sorted({end + move for end in ends for move in (0, step) if end + move <= high})
    return st.one_of(anywhere, st.sampled_from(near)).map(str)
