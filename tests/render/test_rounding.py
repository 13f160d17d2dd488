from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.model.report.cells import Cell, Quantity, Shown, Unit
from routecost.model.report.report import Note
from routecost.render.rounding import UNKNOWN, sentence, shown, shown_column
from routecost.report.places import distinct_places


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.8"), "$1.80"),
        (Decimal("1012.5"), "$1,012.50"),
        (Decimal("-78.3"), "-$78.30"),
        (Decimal("0.0036"), "$0.0036"),
        (Decimal("-0.0000001234"), "-$0.00000012"),
        (Decimal("0.00999"), "$0.0100"),
        (Decimal("0.0135"), "$0.01"),
        (Decimal("2.665"), "$2.67"),
        (Decimal("2.675"), "$2.68"),
        (Decimal("999.995"), "$1,000.00"),
        (0, "$0.00"),
        (-0.0, "$0.00"),
        (Decimal("0E-30"), "$0.00"),
        (1e20, "$100,000,000,000,000,000,000.00"),
        (0.1 + 0.2, "$0.30"),
    ],
)
def test_money(value: Cell, text: str) -> None:
    assert shown(value, Unit.MONEY, "USD") == text


def test_other_currencies_are_named_by_their_code() -> None:
    assert shown(Decimal("12.3"), Unit.MONEY, "EUR") == "EUR 12.30"
    assert shown(Decimal("-12.3"), Unit.MONEY, "CAD") == "-CAD 12.30"
    assert shown(Decimal("12.3"), Unit.MONEY) == "12.30"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("0.8"), Unit.SHARE, "80%"),
        (Decimal("0.805"), Unit.SHARE, "80.5%"),
        (Decimal("0.33333"), Unit.SHARE, "33.3%"),
        (Decimal("0.0004"), Unit.SHARE, "0.040%"),
        (1, Unit.SHARE, "100%"),
        (Decimal("-0.94666"), Unit.CHANGE, "-94.7%"),
        (Decimal("0.12"), Unit.CHANGE, "+12.0%"),
        (Decimal("17.75"), Unit.CHANGE, "+1,775.0%"),
        (0, Unit.CHANGE, "0.0%"),
        (12345, Unit.COUNT, "12,345"),
        (Decimal("12345.5"), Unit.COUNT, "12,346"),
        (Decimal("0.25"), Unit.COUNT, "0.25"),
        (Decimal("1.75"), Unit.SECONDS, "1.8 s"),
        (0.25, Unit.SECONDS, "0.25 s"),
        (Decimal("18.750"), Unit.NUMBER, "18.75"),
        (Decimal(1) / 3, Unit.NUMBER, "0.333"),
        (date(2026, 2, 1), Unit.DATE, "2026-02-01"),
        (True, Unit.FLAG, "yes"),
        (False, Unit.FLAG, "no"),
        (None, Unit.MONEY, UNKNOWN),
        (None, Unit.TEXT, UNKNOWN),
        ("never", Unit.MONEY, "never"),
        (Decimal("54.000"), Unit.TEXT, "54"),
        (Shown(Decimal(0), "baseline"), Unit.CHANGE, "baseline"),
    ],
)
def test_other_units(value: Cell, unit: Unit, text: str) -> None:
    assert shown(value, unit, "USD") == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_no_number_is_refused(value: Cell) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        shown(value, Unit.MONEY, "USD")


def test_a_column_below_one_takes_the_places_of_its_smallest_value() -> None:
    column = [Decimal("0.0036"), Decimal("0.0135"), Decimal("0.00828"), Decimal("0.0675"), None]
    assert shown_column(column, Unit.MONEY, "USD") == ["$0.0036", "$0.0135", "$0.0083", "$0.0675", UNKNOWN]


def test_a_tiny_value_does_not_lengthen_a_column_of_large_ones() -> None:
    assert shown_column([Decimal("0.0036"), Decimal(54)], Unit.MONEY, "USD") == ["$0.0036", "$54.00"]


def test_shares_of_a_column_have_as_many_places() -> None:
    assert shown_column([Decimal("0.8"), Decimal("0.125")], Unit.SHARE) == ["80.0%", "12.5%"]


def test_a_column_of_text_is_left_alone() -> None:
    assert shown_column(["a", None, Decimal("1.50")], Unit.TEXT) == ["a", UNKNOWN, "1.5"]


def test_quantities_in_a_sentence_look_as_in_the_tables() -> None:
    note = Note.of(
        "saves ", Quantity(Decimal("78.3"), Unit.MONEY), ",\n ", Quantity(None, Unit.SHARE), "\x1b"
    )
    assert sentence(note, "EUR") == f"saves EUR 78.30, {UNKNOWN}\\x1b"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=20))
def test_nothing_but_zero_looks_like_zero(value: Decimal) -> None:
    text = shown(value, Unit.MONEY, "USD")
    assert any(digit in text for digit in "123456789") == (value != 0)
    assert text.startswith("-") == (value < 0)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_rounding_does_not_depend_on_the_callers_context(value: Decimal) -> None:
    with localcontext(prec=3):
        narrow = shown(value, Unit.CHANGE)
    assert narrow == shown(value, Unit.CHANGE)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_can_be_shown(value: float) -> None:
    assert all(shown(value, unit, "EUR") for unit in Unit)


def test_the_noise_of_a_float_does_not_decide_a_tie() -> None:
    for noisy in (116.77499999999999, 116.775, 116.77500000000002):
        assert shown(noisy, Unit.MONEY, "USD") == "$116.78"
    assert shown(Decimal("116.77499999999999"), Unit.MONEY, "USD") == "$116.77"


def test_the_noise_of_a_quotient_does_not_decide_a_tie() -> None:
    for value in (Decimal(f"281.634{'9' * 60}"), Decimal("281.635"), Decimal(f"281.635{'0' * 60}1")):
        assert shown(value, Unit.MONEY, "USD") == "$281.64"
    assert shown(Decimal(f"281.634{'9' * 20}"), Unit.MONEY, "USD") == "$281.63"
    assert shown(Decimal(10**40 + 1), Unit.COUNT) == f"{10**40 + 1:,}"


def test_places_of_values_that_would_look_alike() -> None:
    values = [Decimal("0.1304"), None, Decimal("0.1281"), Decimal("0.5"), Decimal("0.5")]
    assert distinct_places(Unit.MONEY, values) == 3
    assert distinct_places(Unit.MONEY, [Decimal("0.13"), Decimal("0.5")]) == 0
    assert distinct_places(Unit.SHARE, [Decimal("0.9896"), Decimal("0.9899")]) == 2
    assert distinct_places(Unit.COUNT, []) == 0
