"""The published areas of routing, cascades and cascade routing (arXiv:2410.10347): only their order.

The outcomes behind them are not part of the data; tests on outcomes are in test_cascade_routing.py.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.support.shared_data import rows

EXCEPTIONS = {  # better, worse: where the published order is the other way round
    ("routing", "linear_interp"): {("Table2_SWEBench_AUC", "10models")},
    ("cascade_ours", "linear_interp"): {
        ("Table1_RouterBench_0shot_AUC", "11models_high"),
        ("RouterBench_5shot_AUC", "11models_high"),
        ("Table2_classification_AUC", "models678"),
    },
    ("cascade_ours", "cascade_baseline"): {
        ("Table1_RouterBench_0shot_AUC", "11models_low"),
        ("RouterBench_5shot_AUC", "3models_low"),
        ("RouterBench_5shot_AUC", "5models_low"),
        ("RouterBench_5shot_AUC", "11models_low"),
    },
}
ALWAYS = [
    ("cascade_routing", other) for other in ("routing", "cascade_ours", "cascade_baseline", "linear_interp")
]


@pytest.mark.parametrize(("better", "worse"), [*ALWAYS, *EXCEPTIONS])
def test_the_published_order_is_that_of_the_theory_except_where_listed(better: str, worse: str) -> None:
    areas: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows("published_tables.csv"):
        if row["system"] == "cascade-routing":
            areas[row["table"], row["column"]][row["row"]] = float(row["value"])
    assert len(areas) == 27
    reversed_in = {place for place, area in areas.items() if area[better] < area[worse]}
    assert reversed_in == EXCEPTIONS.get((better, worse), set())
