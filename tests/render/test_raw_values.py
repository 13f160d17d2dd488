from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.model.report.cells import Scalar
from routecost.render.raw_values import plain_number, plain_scalar


class Answer(StrEnum):
    NEVER = "never"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.242E+2"), "124.2"),
        (Decimal("54.000"), "54"),
        (Decimal("5E+3"), "5000"),
        (Decimal("-0.0"), "0"),
        (Decimal("0E+9"), "0"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("1E+40"), "1E+40"),
        (Decimal("1E-40"), "1E-40"),
        (15000, "15000"),
        (54.0, "54.0"),
        (1e22, "1e+22"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers(value: Decimal | float | int, text: str) -> None:
    assert plain_number(value) == text


def test_decimals_keep_34_digits() -> None:
    with localcontext(prec=64):
        third = Decimal(1) / 3
    assert plain_number(third) == "0." + "3" * 34


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), Decimal("sNaN"), Decimal("Infinity")])
def test_what_is_no_number_is_refused(value: Decimal | float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        plain_number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (date(2026, 2, 1), "2026-02-01"),
        (Answer.NEVER, "never"),
        ("all-haiku", "all-haiku"),
    ],
)
def test_other_scalars(value: Scalar, text: str) -> None:
    assert plain_scalar(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False).filter(lambda d: len(d.as_tuple().digits) <= 34))
def test_up_to_34_digits_are_exact_and_valid_json(value: Decimal) -> None:
    text = plain_number(value)
    assert Decimal(text) == value
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back_as_themselves(value: float) -> None:
    assert float(plain_number(value)) == value
