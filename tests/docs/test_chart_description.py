"""The description that docs/charts.md quotes is that of the chart."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.running import ROOT, routecost


def test_the_quoted_description_is_that_of_the_chart(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "charts.md").read_text(encoding="utf-8")
    quoted = text.partition("The description of the slide above is:\n\n> ")[2].partition("\n")[0]
    (options,) = re.findall(
        r"^\$ routecost compare article-fleet --chart fleet\.png (--size .*) --format", text, re.MULTILINE
    )
    chart = tmp_path / "fleet.svg"
    assert routecost("compare", "article-fleet", "--chart", str(chart), *options.split()).code == 0
    (described,) = re.findall(r"<desc[^>]*>(.*?)</desc>", chart.read_text(encoding="utf-8"), re.DOTALL)
    assert described == quoted
