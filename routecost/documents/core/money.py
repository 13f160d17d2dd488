"""Amounts of money of scenarios, in the currency that they state or that of the scenario's own sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from routecost.documents.core.scalars import (
    PERCENT_SCHEMA,
    Context,
    Leaf,
    fault,
    quoted,
    read_number,
    read_text,
)
from routecost.engine.pricing.exchange import exchange_rate
from routecost.errors import CurrencyError
from routecost.records import dataclass
from routecost.units import MAX_COUNT, ONE

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet

MONEY = "money"
"""Key of the :class:`MoneyContext` in the validation context."""

_STATED = "stated currency"
"""Key of the currency that the mapping around an amount states."""

_CODE = re.compile("[A-Z]{3}")
_EXPECTED = "an amount of money of 0 or more, such as 2 or 2 EUR"
_TEXT = {"type": "string", "pattern": r"^\s*[+-]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*[A-Z]{3}\s*$"}


class MoneyContext:
    """Conversion of a scenario's amounts into the currency of the prices, at the rates of a day.

    ``load_own`` returns the scenario's own sheet, None if it is invalid; it is called only if there is an
    amount. ``own_name`` is None if the prices are those of the own sheet.
    """

    def __init__(
        self,
        sheet: PricingSheet,
        day: date,
        load_own: Callable[[], PricingSheet | None],
        own_name: str | None,
    ) -> None:
        self.sheet, self.day, self.load_own, self.own_name = sheet, day, load_own, own_name
        has_rates = bool(own_name or sheet.terms or sheet.money_rates)
        self._key = (id(sheet), own_name, day if has_rates else None)

    def __eq__(self, other: object) -> bool:
        """Return whether the other converts all amounts alike, so that validated parts may be shared."""
        return isinstance(other, MoneyContext) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def on(self, day: date) -> MoneyContext:
        """Return the same with the rates of another day."""
        return MoneyContext(self.sheet, day, self.load_own, self.own_name)

    def currency_of(self, stated: str | None) -> str:
        """Return the currency of an amount that states this one. Raises CurrencyError if it is unknown."""
        own = None if stated else self.load_own()
        if stated is None and own is None:
            raise CurrencyError(
                f'states no currency, and the scenario\'s pricing sheet "{self.own_name}" cannot be read; '
                f"expected a currency, such as {self.sheet.currency}"
            )
        return stated or (own.currency if own else "")

    def rate(self, stated: str | None) -> Decimal:
        """Return the factor for an amount that states a currency. Raises CurrencyError if it is unknown."""
        currency = self.currency_of(stated)
        if currency == self.sheet.currency:
            return ONE
        own = self.load_own()
        return exchange_rate(currency, self.sheet.currency, [self.sheet, *([own] if own else [])], self.day)


class _Around(NamedTuple):
    """The currency that a mapping states; ``is_checked`` if a finding there says that it has no rate."""

    currency: str
    is_checked: bool = True


class StatedMoney(NamedTuple):
    """An amount or a published figure, and the currency that it states."""

    number: Decimal
    currency: str | None = None


def split_currency(value: Any) -> tuple[Any, str | None]:
    """Return a raw number without its currency, and the currency: None if it states none."""
    text = value.rstrip() if type(value) is str else ""
    number, code = text[:-3].rstrip(), text[-3:]
    if _CODE.fullmatch(code) and number[-1:] and number[-1] in "0123456789.":
        return number, code
    return value, None


def _read_stated(value: Any, _: Context | None = None) -> StatedMoney:
    text, currency = split_currency(value)
    number = read_number(text, _EXPECTED)
    if number < 0 or number > MAX_COUNT:
        raise fault(f"{quoted(value)} is out of range; expected {_EXPECTED}")
    return StatedMoney(number, currency)


def _read_money(value: Any, context: Context) -> Decimal:
    number, currency = _read_stated(value)
    money: MoneyContext | None = context.get(MONEY)
    if money is None:
        return number
    around: _Around | None = context.get(_STATED)
    try:
        rate = money.rate(currency or (around and around.currency))
    except CurrencyError as error:
        if currency is None and around is not None and around.is_checked:  # reported at that currency
            return number
        raise unconverted(error) from None
    return number if rate == ONE else number * rate


def unconverted(error: CurrencyError) -> PydanticCustomError:
    """Return a validation error whose message begins with the path of the field."""
    return PydanticCustomError("money", "{message}", {"message": str(error)})


def read_code(value: Any, _: Context | None = None) -> str:
    """Parse a currency, an ISO 4217 code."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise fault(f"{quoted(value)} is not a currency; expected an ISO 4217 code such as USD")
    return value


def _read_currency(value: Any, context: Context) -> str:
    """Return the currency that amounts in the stated one are converted into."""
    name = read_code(read_text(value))
    money: MoneyContext | None = context.get(MONEY)
    if money is not None:
        try:
            money.rate(name)
        except CurrencyError as error:
            raise unconverted(error) from None
    return name if money is None else money.sheet.currency


@dataclass(eq=False, repr=False)
class InStatedCurrency:
    """Annotation: the amounts of a mapping are in its ``currency``, unless they state another."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate the mapping, its currency first."""
        return core_schema.with_info_wrap_validator_function(_in_stated_currency, handler(source))


def _in_stated_currency(raw: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
    context = info.context
    if context is None or not isinstance(raw, dict) or not isinstance(raw.get("currency"), str):
        return validate(raw)
    with within(context, _STATED, _Around(raw["currency"])):
        return validate(raw)


@contextmanager
def within(context: dict[str, Any], key: str, value: Any) -> Iterator[None]:
    """Set a key of the validation context within the block."""
    before = context.get(key)
    context[key] = value
    try:
        yield
    finally:
        context[key] = before


@dataclass(eq=False, repr=False)
class OnDay:
    """Annotation: the amounts of a mapping are converted at the rates of the day that ``day_of`` returns.

    Its ``InStatedCurrency``, if any, is within this annotation.
    """

    day_of: Callable[[Any], date | None]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate the mapping with the rates of its day."""
        return core_schema.with_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, raw: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
        context = info.context or {}
        money: MoneyContext | None = context.get(MONEY)
        day = self.day_of(raw)
        if money is None or day is None:
            return validate(raw)
        around: _Around | None = context.get(_STATED)
        outer = None if around is None else around._replace(is_checked=False)
        with within(context, MONEY, money.on(day)), within(context, _STATED, outer):
            return validate(raw)


_AMOUNT = {"type": "number", "minimum": 0, "maximum": float(MAX_COUNT)}
_MONEY = {"anyOf": [_AMOUNT, _TEXT], "description": _EXPECTED}
Money = Annotated[Decimal, Leaf(_read_money, _MONEY)]
UnconvertedMoney = Annotated[StatedMoney, Leaf(_read_stated, _MONEY)]
"""An amount of a document that is read without prices."""
_FIGURE = {"anyOf": [{"type": "number"}, PERCENT_SCHEMA, _TEXT]}
Currency = Annotated[str, Leaf(_read_currency, {"type": "string", "pattern": "^[A-Z]{3}$"})]
CurrencyName = Annotated[str, Leaf(read_code, {"type": "string", "pattern": "^[A-Z]{3}$"})]


def _read_published(value: Any, _: Context) -> StatedMoney:
    text, currency = split_currency(value)
    return StatedMoney(
        read_number(text, "a number, such as 124, 3.75, 38.6% or 124 EUR", percent=True), currency
    )


PublishedFigure = Annotated[StatedMoney, Leaf(_read_published, _FIGURE)]
