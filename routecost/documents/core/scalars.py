"""Scalar field types of documents: parsers for numbers, shares, dates and names, and their messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from routecost.model.pricing.usage import CALLS
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import FIXED_METERS, MAX_COUNT, MAX_DIGITS, METERS, ONE, TOKEN_METERS, ZERO

MAX_NAME = 200
MAX_TEXT = 10_000
MAX_EXPONENT = 30
_NUMBER = re.compile(r"[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

Context = Mapping[str, Any]
"""Kind of name ("tier", "strategy", ...) -> the names that a document may refer to."""


@dataclass(eq=False, repr=False)
class Leaf:
    """Annotation: a scalar, parsed by ``parse`` from the raw value and the known names."""

    parse: Callable[[Any, Context], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with ``parse`` alone."""

        def read(value: Any, info: ValidationInfo) -> Any:
            return self.parse(value, info.context or {})

        return core_schema.with_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return ``schema``."""
        return dict(self.schema)


class Given(str):
    """The text of a field with another number as its value, such as one with a value per simulated run."""

    __slots__ = ("number",)
    number: Any

    def __new__(cls, text: str, number: Any) -> Given:
        """Return the text with its number."""
        given = super().__new__(cls, text)
        given.number = number
        return given


def fault(message: str) -> PydanticCustomError:
    """Return a validation error with this message, shown to the user unchanged."""
    return PydanticCustomError("fault", "{message}", {"message": message})


def quoted(value: Any) -> str:
    """Return a raw value as shown in a message."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def read_number(value: Any, expected: str, *, percent: bool = False) -> Decimal:
    """Parse a number exactly, within limits on digits and exponent.

    With ``percent``, a trailing ``%`` is allowed and divides the number by 100.
    """
    if isinstance(value, Given):
        number: Decimal = value.number
        return number
    text = str(value).strip()
    is_percent = percent and text.endswith("%")
    text = text[:-1].rstrip() if is_percent else text
    if isinstance(value, bool | float) or not _NUMBER.fullmatch(text):
        raise fault(f"{quoted(value)} is not {expected}")
    number = Decimal(text.replace("_", ""))
    if len(text) > MAX_DIGITS and len(number.as_tuple().digits) > MAX_DIGITS:  # as_tuple is slow
        raise fault(
            f"{quoted(value)} has too many digits; expected {expected}, in {MAX_DIGITS} digits or less"
        )
    if not -MAX_EXPONENT <= number.adjusted() <= MAX_EXPONENT:
        raise fault(f"{quoted(value)} is out of range; expected {expected}")
    return number.scaleb(-2) if is_percent else number


def reads_number(expected: str, low: Decimal | None = None, high: Decimal | None = None) -> Leaf:
    """Return the leaf for a number from ``low`` to ``high``, inclusive."""

    def parse(value: Any, _: Context) -> Decimal:
        number = read_number(value, expected)
        if (low is not None and number < low) or (high is not None and number > high):
            raise fault(f"{quoted(value)} is out of range; expected {expected}")
        return number

    bounds = {"minimum": low, "maximum": high}
    limits = {key: float(bound) for key, bound in bounds.items() if bound is not None}
    return Leaf(parse, {"type": "number", "description": expected, **limits})


def reads_whole(high: int, low: int = 1) -> Leaf:
    """Return the leaf for a whole number from ``low`` to ``high``; a fault of the document refuses others.

    Numbers that no count may be are refused here, with the range.
    """
    expected = f"a whole number from {low} to {'1e15' if high == MAX_COUNT else f'{high}'}"
    whole = {"description": expected, "minimum": low, "maximum": high, "multipleOf": 1}
    count = reads_number(expected, ZERO, MAX_COUNT)
    return Leaf(count.parse, {**count.schema, **whole})


def _read_share(value: Any, _: Context) -> Decimal:
    number = read_number(value, "a share, such as 80% or 0.8", percent=True)
    if not 0 <= number <= 1:
        near = f'; did you mean "{value}%"?' if "%" not in value and 2 <= number <= 100 else ""
        raise fault(f"{quoted(value)} is out of range; expected a share from 0% to 100%{near}")
    return number


def _read_figure(value: Any, _: Context) -> Decimal:
    return read_number(value, "a number, such as 124, 3.75 or 38.6%", percent=True)


def _read_tolerance(value: Any, _: Context) -> Decimal:
    number = read_number(value, "a tolerance, such as 0.5 or 0.05%", percent=True)
    if number < 0:
        raise fault(f"{quoted(value)} is out of range; expected a tolerance of 0 or more")
    return number


def _read_anything(value: Any, _: Context) -> Any:
    return value


def day_of(text: str) -> date | None:
    """Return the date that a text states; None if it states none."""
    with suppress(ValueError):
        return date.fromisoformat(text.strip()) if _DATE.fullmatch(text.strip()) else None
    return None


def _read_day(value: Any, _: Context) -> date:
    day = day_of(str(value))
    if day is None:
        raise fault(f"{quoted(value)} is not a date; expected YYYY-MM-DD")
    return day


def read_name(value: Any, _: Context | None = None) -> str:
    """Parse a name: one line of at most ``MAX_NAME`` characters."""
    text = read_text(value)
    if len(text) > MAX_NAME or _CONTROL.search(text):
        raise fault(
            f"{quoted(ascii(text))} is not a name; expected one line of at most {MAX_NAME} characters"
        )
    return text


def read_part_name(value: Any, _: Context | None = None) -> str:
    """Parse a name of a part of the costs; raise if it would be mistaken for another row of their tables."""
    text = read_name(value)
    if text == "total" or (text.startswith("(") and text.endswith(")")):
        raise fault(f'"{text}" is the name of another row in tables of costs; expected a different name')
    return text


def read_text(value: Any, _: Context | None = None) -> str:
    """Parse a text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise fault(f"{quoted(value)} is given; expected text")
    if len(value) > MAX_TEXT:
        raise fault(f"{quoted(value)} is too long; expected at most {MAX_TEXT} characters")
    return value


def _read_flag(value: Any, _: Context) -> bool:
    flag = _FLAGS.get(str(value).strip().lower())
    if flag is None:
        raise fault(f"{quoted(value)} is neither true nor false")
    return flag


def reads_meter(names: tuple[str, ...]) -> Leaf:
    """Return the leaf for a meter that is one of ``names``."""

    def parse(value: Any, _: Context) -> str:
        text = read_text(value)
        if text in METERS and text not in names:
            raise fault(f'"{text}" cannot be set here; use one of {", ".join(names)}')
        if text not in names:
            raise fault(f"unknown meter {quoted(text)}{did_you_mean(text, names)}")
        return text

    return Leaf(parse, {"enum": list(names)})


def _read_version(value: Any, _: Context) -> int:
    if str(value) != "1":
        raise fault(f"version {quoted(value)} is not supported; expected version 1")
    return 1


def refers_to(kind: str) -> Leaf:
    """Return the leaf for a name that must be among the context's names of ``kind``."""

    def parse(value: Any, context: Context) -> str:
        name = read_name(value, context)
        known = context.get(kind)
        if known is not None and name not in known:
            raise fault(f'unknown {kind} "{name}"{did_you_mean(name, known)}')
        return name

    return Leaf(parse, _TEXT)


_TEXT = {"type": "string", "minLength": 1}
PERCENT_SCHEMA = {"type": "string", "pattern": r"^\s*[+-]?\d+(\.\d+)?\s*%$"}
_SHARE = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, PERCENT_SCHEMA]}
_COUNTED = {"input", "output", "cache_read", "cache_write_5m", "cache_write_1h", CALLS, *FIXED_METERS}
FEES = tuple(name for name in METERS if name not in _COUNTED)
"""The meters that a call may count beside its text tokens, its cache and itself."""

DaysPerMonth = Annotated[Decimal, reads_number("days per month, from 1 to 31", ONE, Decimal(31))]
Count = Annotated[Decimal, reads_number("a count from 0 to 1e15", ZERO, MAX_COUNT)]
Rate = Annotated[Decimal, reads_number("a rate of 0 or more, in money per MTok or thousand", ZERO, MAX_COUNT)]
Amount = Annotated[Decimal, reads_number("an amount of money of 0 or more", ZERO, MAX_COUNT)]
Seconds = Annotated[Decimal, reads_number("seconds, 0 or more", ZERO, MAX_COUNT)]
Share = Annotated[Decimal, Leaf(_read_share, {**_SHARE, "description": "a share: 80% or 0.8"})]
Figure = Annotated[Decimal, Leaf(_read_figure, {"anyOf": [{"type": "number"}, PERCENT_SCHEMA]})]
Tolerance = Annotated[
    Decimal, Leaf(_read_tolerance, {"anyOf": [{"type": "number", "minimum": 0}, PERCENT_SCHEMA]})
]
Anything = Annotated[Any, Leaf(_read_anything, {})]
Day = Annotated[date, Leaf(_read_day, {"type": "string", "format": "date"})]
Name = Annotated[str, Leaf(read_name, {**_TEXT, "maxLength": MAX_NAME})]
PartName = Annotated[
    str, Leaf(read_part_name, {**_TEXT, "maxLength": MAX_NAME, "not": {"pattern": r"^(total|\(.*\))$"}})
]
Text = Annotated[str, Leaf(read_text, _TEXT)]
Flag = Annotated[bool, Leaf(_read_flag, {"type": "boolean"})]
ModelName = Annotated[str, refers_to("model")]
TierName = Annotated[str, refers_to("tier")]
StrategyName = Annotated[str, refers_to("strategy")]
Version = Annotated[int, Leaf(_read_version, {"const": 1})]
Whole = Annotated[Decimal, reads_whole(int(MAX_COUNT), 0)]
Trials = Annotated[Decimal, reads_whole(int(MAX_COUNT))]
FeeName = Annotated[str, reads_meter(FEES)]
MeterName = Annotated[str, reads_meter(tuple(METERS))]
TokenMeter = Annotated[str, reads_meter(TOKEN_METERS)]
