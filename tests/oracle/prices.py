"""Rates and contract terms of pricing sheets. Part of the oracle, written from docs/pricing.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.amounts import number

TOKENS_IN = (
    "input",
    "cache_read",
    "cache_write_5m",
    "cache_write_1h",
    "input_audio",
    "input_image",
    "input_video",
    "cache_read_audio",
    "cache_read_image",
)
"""The meters that the size of a call's context is the sum of."""

PER_MILLION = (
    *TOKENS_IN,
    "output",
    "output_audio",
    "output_image",
    "output_video",
    "output_reasoning",
    "output_citation",
    "input_character",
)
PER_THOUSAND = (
    "request",
    "web_search",
    "storage_search",
    "input_message",
    "document_page",
    "annotated_page",
)
PER_ONE = ("audio_hour", "input_audio_hour")
UNITS = {**dict.fromkeys(PER_MILLION, 1e6), **dict.fromkeys(PER_THOUSAND, 1e3), **dict.fromkeys(PER_ONE, 1.0)}
FEES = (*PER_THOUSAND, *PER_ONE, "input_character")

Rates = dict[str, float]
Item = tuple[str, str]
"""A model and a meter."""


class UnpricedError(Exception):
    """Something is billed that the sheet has no rate for."""


class Sheet:
    """A pricing sheet with all that it extends, on a day."""

    def __init__(self, name: str, documents: Mapping[str, Mapping[str, Any]], day: date) -> None:
        self.chain = list(_chain(name, documents))
        self.day = day
        self.tiers: dict[str, str] = {}
        self.efforts: dict[str, str | None] = {}
        self.entries: dict[str, Mapping[str, Any]] = {}
        self.dated: dict[str, list[Mapping[str, Any]]] = {}
        for document in self.chain:
            for tier, model in document.get("tiers", {}).items():
                dated = [model] if isinstance(model, dict) else model
                current = {"model": model} if isinstance(model, str) else _in_force(dated, day)
                self.tiers[tier], self.efforts[tier] = str(current["model"]), current.get("effort")
            for model, entries in document.get("models", {}).items():
                self.entries[model], self.dated[model] = _in_force(entries, day), entries
        self.bills: dict[Any, Any] = {}
        self.cards = {model: dict(_cards(entry)) for model, entry in self.entries.items()}

    def scaling(self, model: str, measured_on: str | None) -> Fraction:
        """Return how many tokens a model counts for one that was measured."""
        versus = self.entries[model].get("tokens_vs")
        if versus is None or versus["reference"] != measured_on:
            return Fraction(1)
        return number(versus["factor"])

    def cache(self, tier: str) -> tuple[str, str | None]:
        """Return what calls on a tier share a cache in: a model at an effort."""
        return self.tiers[tier], self.efforts.get(tier)

    def has_rate(self, model: str, meter: str) -> bool:
        """Return whether a model has a price for a meter."""
        return meter in self.cards[model][Fraction(0)]["standard"]

    def hours(self, model: str) -> dict[str, Any]:
        """Return the hours of the modes of a model that have some."""
        modes = self.entries[model].get("modes", {})
        return {mode: rates["hours"] for mode, rates in modes.items() if "hours" in rates}

    def edges(self, model: str) -> list[Fraction]:
        """Return the context sizes above which a model has other rates."""
        return [edge for edge in self.cards[model] if edge]

    def rate(self, model: str, above: Fraction, mode: str, meter: str) -> float:
        """Return the money for one unit of a meter."""
        rates = self.cards[model][above].get(mode)
        if rates is None or (meter not in rates and meter != "request"):
            raise UnpricedError(f"{meter} of {model} in {mode}")
        return rates.get(meter, 0.0)

    def provider(self, model: str) -> str | None:
        """Return the provider of a model."""
        stated = [entry["provider"] for entry in self.dated[model] if "provider" in entry]
        return stated[0] if stated else None

    def within(self, term: Mapping[str, Any], item: Item) -> bool:
        """Return whether a term applies to a model and a meter."""
        model, meter = item
        places = {"models": model, "providers": self.provider(model), "meters": meter}
        places["meter"] = meter
        return all(
            value in (term[key] if key != "meter" else [term[key]])
            for key, value in places.items()
            if term.get(key) is not None
        )

    def month(
        self,
        units: Mapping[Item, float],
        listed: Mapping[Item, float],
        days: float,
        reached: list[float] | None = None,
    ) -> float:
        """Return what a month costs, from its units and list prices by model and meter.

        ``reached`` takes up the retroactive steps that it reaches.
        """
        spend, into_own, volumes, allowances = dict(listed), 1.0, [], []
        own = ""
        for document in self.chain:
            for term in [*document.get("discounts", []), *document.get("multipliers", [])]:
                factor = float(number(term["factor"]) if "factor" in term else 1 - number(term["share"]))
                spend = {
                    item: money * (factor if self.within(term, item) else 1) for item, money in spend.items()
                }
            base, own = own, document.get("currency", own)
            exchange = [one for one in document.get("exchange", []) if one.get("currency", base) == base]
            if exchange:
                rate = float(number(_in_force(exchange, self.day)["rate"]))
                spend = {item: money * rate for item, money in spend.items()}
                into_own *= rate
            if document.get("volume_discounts"):
                volumes.append((document["volume_discounts"], into_own))
            allowances += document.get("allowances", [])
        for allowance in allowances:
            self._allow(allowance, units, spend, days)
        for volume, before in volumes:
            covered = [item for item in spend if self.within(volume, item)]
            part = sum(spend[item] for item in covered)
            if reached is not None and volume.get("retroactive"):
                reached += [
                    float(number(step["above"]))
                    for step in volume["steps"]
                    if part > _above(step, into_own / before)
                ][-1:]
            left = 1 - _volume_discount(part, volume, into_own / before) / part if part else 1.0
            spend.update({item: spend[item] * left for item in covered})
        return sum(spend.values())

    def _allow(
        self, allowance: Mapping[str, Any], units: Mapping[Item, float], spend: dict[Item, float], days: float
    ) -> None:
        """Take free and graduated units off the spend, in proportion of what they are drawn from."""
        covered = [item for item in spend if self.within(allowance, item)]
        periods = days if allowance["per"] == "day" else 1
        total, money = sum(units[item] for item in covered) / periods, sum(spend[item] for item in covered)
        if not total or not money:
            return
        each, less = money / periods / total, min(total, float(number(allowance.get("free", 0))))
        cost = (total - less) * each
        steps = allowance.get("steps", [])
        for step, after in zip(steps, [*steps[1:], None][: len(steps)], strict=True):
            end = total if after is None else min(total, float(number(after["above"])))
            band = max(0.0, end - float(number(step["above"])))
            lower = each * (1 - float(number(step["share"]))) if "share" in step else None
            rate = float(number(step["rate"])) / UNITS[allowance["meter"]] if lower is None else lower
            cost -= band * (each - rate)
        left = cost * periods / money
        spend.update({item: spend[item] * left for item in covered})

    def exchange_rates(self) -> list[tuple[str, str, Fraction]]:
        """Return what one unit of a currency is in another one; the first rate of a pair applies.

        The exchange of prices comes first, then the rates of the sheet, then those that it extends.
        """
        prices: list[tuple[str, str, Fraction]] = []
        amounts: list[tuple[str, str, Fraction]] = []
        own = ""
        for document in self.chain:
            before, own = own, document.get("currency", own)
            exchange = document.get("exchange", [])
            for other in dict.fromkeys(entry.get("currency", before) for entry in exchange):
                entries = [one for one in exchange if one.get("currency", before) == other]
                rate = other, own, number(_in_force(entries, self.day)["rate"])
                (prices if other == before else amounts).append(rate)
        return [*prices[::-1], *amounts[::-1]]

    @property
    def currency(self) -> str:
        """The currency of the prices."""
        stated: list[str] = [document["currency"] for document in self.chain if "currency" in document]
        return stated[-1]


def _above(step: Mapping[str, Any], rate: float) -> float:
    return float(number(step["above"])) * rate


def _volume_discount(total: float, volume: Mapping[str, Any], rate: float) -> float:
    """Return the discount on a month's spend; amounts of the steps are converted at ``rate``."""
    steps = [(_above(step, rate), float(number(step["share"]))) for step in volume["steps"]]
    reached = [(above, share) for above, share in steps if total > above]
    if volume.get("retroactive"):
        return total * reached[-1][1] if reached else 0.0
    ends = [*(above for above, _ in reached[1:]), total][: len(reached)]
    return sum((end - above) * share for (above, share), end in zip(reached, ends, strict=True))


def _chain(name: str, documents: Mapping[str, Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    document = documents[name]
    if "extends" in document:
        yield from _chain(document["extends"], documents)
    yield document


def _in_force(entries: Any, day: date) -> Any:
    return [
        entry for entry in entries if "from" not in entry or date.fromisoformat(str(entry["from"])) <= day
    ][-1]


def _cards(entry: Mapping[str, Any]) -> Iterator[tuple[Fraction, dict[str, Rates]]]:
    """Yield the rates by mode above each context size, from 0."""
    below: dict[str, Rates] = {"standard": {}}
    for step in ({"tokens": 0, **entry}, *entry.get("above", [])):
        under = below["standard"]
        card = {"standard": {**{fee: under[fee] for fee in FEES if fee in under}, **_rates(step)}}
        for mode, stated in step.get("modes", {}).items():
            kept = {fee: rate for fee, rate in card["standard"].items() if fee in FEES}
            own = below.get(mode, {})
            kept |= {fee: own[fee] for fee in FEES if fee in own and own[fee] != under.get(fee)}
            card[mode] = {**kept, **_rates(stated)}
        if entry.get("cache_writes") == "input":
            for rates in card.values():
                writes = ("cache_write_5m", "cache_write_1h") if "input" in rates else ()
                rates |= {write: rates["input"] for write in writes if write not in rates}
        yield number(step["tokens"]), dict(card)
        below = dict(card)


def _rates(stated: Mapping[str, Any]) -> dict[str, float]:
    return {meter: float(number(rate)) / UNITS[meter] for meter, rate in stated.items() if meter in UNITS}


class NoRateError(Exception):
    """An amount is in a currency for which no sheet has a rate."""


class Exchange:
    """Converts amounts of a scenario into the currency of the prices."""

    def __init__(self, own: Sheet, priced: Sheet) -> None:
        self.own, self.into = own.currency, priced.currency
        self.sheets = [sheet.exchange_rates() for sheet in (priced, own)]

    def amount(self, stated: Any) -> Fraction:
        """Return an amount such as 2 or "2 EUR" in the currency of the prices."""
        written, *currency = str(stated).split()
        return number(written) * self._rate(currency[0] if currency else self.own)

    def _rate(self, currency: str) -> Fraction:
        """Return the rate that the sheet of the prices states, else the scenario's own sheet."""
        for rates in self.sheets:
            known = {self.into: Fraction(1)}
            for _ in rates:  # as few rates as possible
                reached: dict[str, Fraction] = {}
                for here, there, rate in rates:
                    if there in known and here not in known:
                        reached.setdefault(here, known[there] * rate)
                    if here in known and there not in known:
                        reached.setdefault(there, known[here] / rate)
                known.update(reached)
            if currency in known:
                return known[currency]
        raise NoRateError(currency)
