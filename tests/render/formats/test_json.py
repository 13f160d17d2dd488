from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.model.report.cells import Scalar
from routecost.model.report.report import Note, Report, Table
from tests.render.reports import COLUMNS, compare, one_table, rendered

EXPECTED = """\
{
  "schema": "routecost.compare/1",
  "scenario": "article-fleet",
  "as_of": "2026-02-01",
  "savings": {"per_month": 78.3},
  "strategies": [
    {"strategy": "all-haiku", "cost_per_task": 0.0036, "cost_per_month": 54, \
"vs_baseline": -0.9466666666666666666666666667, "tasks": 15000},
    {"strategy": "routed", "cost_per_task": 0.00828, "cost_per_month": 124.2, \
"vs_baseline": null, "tasks": 15000},
    {"strategy": "all-opus", "cost_per_task": 0.0675, "cost_per_month": 1012.5, \
"vs_baseline": 0, "tasks": 15000}
  ],
  "notes": [
    "Saves $78.30 a month.",
    "Old."
  ]
}
"""


Meta = Mapping[str, Scalar | Mapping[str, Scalar] | Sequence[Scalar]]


def test_a_whole_report() -> None:
    assert rendered(compare(), "json") == EXPECTED
    json.loads(EXPECTED)


def test_without_notes_there_is_no_member_for_them() -> None:
    assert json.loads(rendered(one_table([]), "json")) == {"schema": "routecost.usage/1", "usage": []}


def test_nothing_but_a_schema_is_still_an_object() -> None:
    assert json.loads(rendered(Report("rules", "Rules", {}, (), version=2), "json")) == {
        "schema": "routecost.rules/2"
    }


def test_meta_may_be_lists_and_mappings() -> None:
    meta: Meta = {"models": ("a", "b"), "shares": {"haiku": Decimal("0.8"), "opus": None}, "empty": ()}
    document = json.loads(rendered(Report("plan", "Plan", meta, ()), "json"))
    assert document["models"] == ["a", "b"]
    assert document["shares"] == {"haiku": 0.8, "opus": None}
    assert document["empty"] == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(value: Scalar) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        rendered(one_table([(value,)]), "json")


@pytest.mark.parametrize("name", ["schema", "notes", "scenario"])
def test_a_name_is_never_written_twice(name: str) -> None:
    report = Report("plan", "Plan", {"scenario": "x"}, (Table(name, COLUMNS, []), Note.of("n")))
    with pytest.raises(ValueError, match="repeat a name"):
        rendered(report, "json")


@given(
    st.lists(
        st.tuples(
            st.text()
            | st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
        )
    )
)
def test_rows_read_back_as_they_were(rows: list[tuple[Scalar]]) -> None:
    assert [(row["name"],) for row in json.loads(rendered(one_table(rows), "json"))["usage"]] == rows
