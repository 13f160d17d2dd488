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

Rates = Mapping[str, float]


class UnpricedError(Exception):
    """Something is billed that the sheet has no rate for."""


class Sheet:
    """A pricing sheet with all that it extends, on a day."""

    def __init__(self, name: str, documents: Mapping[str, Mapping[str, Any]], day: date) -> None:
        self.chain = list(_chain(name, documents))
        self.day = day
        self.tiers: dict[str, str] = {}
        self.entries: dict[str, Mapping[str, Any]] = {}
        for document in self.chain:
            for tier, model in document.get("tiers", {}).items():
                self.tiers[tier] = model if isinstance(model, str) else str(_in_force(model, day)["model"])
            for model, entries in document.get("models", {}).items():
                self.entries[model] = _in_force(entries, day)
        self.cards = {model: dict(_cards(entry)) for model, entry in self.entries.items()}

    def scaling(self, model: str, measured_on: str | None) -> Fraction:
        """Return how many tokens a model counts for one that was measured."""
        versus = self.entries[model].get("tokens_vs")
        if versus is None or versus["reference"] != measured_on:
            return Fraction(1)
        return number(versus["factor"])

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

    def month(self, per_model: Mapping[str, float]) -> float:
        """Return what a month costs, from its list price per model."""
        spend, into_own = dict(per_model), 1.0
        volumes = []
        for document in self.chain:
            for term in [*document.get("discounts", []), *document.get("multipliers", [])]:
                factor = float(number(term["factor"]) if "factor" in term else 1 - number(term["share"]))
                for model in spend:
                    if term.get("models") is None or model in term["models"]:
                        spend[model] *= factor
            if document.get("exchange"):
                rate = float(number(_in_force(document["exchange"], self.day)["rate"]))
                spend = {model: amount * rate for model, amount in spend.items()}
                into_own *= rate
            if document.get("volume_discounts"):
                volumes.append((document["volume_discounts"], into_own))
        total = sum(spend.values())
        for volume, before in volumes:
            total -= _volume_discount(total, volume, into_own / before)
        return total


def _volume_discount(total: float, volume: Mapping[str, Any], rate: float) -> float:
    """Return the discount on a month's spend; amounts of the steps are converted at ``rate``."""
    steps = [(float(number(step["above"])) * rate, float(number(step["share"]))) for step in volume["steps"]]
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
    below: Rates = {}
    for step in ({"tokens": 0, **entry}, *entry.get("above", [])):
        standard = {**{fee: below[fee] for fee in FEES if fee in below}, **_rates(step)}
        kept = {fee: standard[fee] for fee in FEES if fee in standard}
        modes = {mode: {**kept, **_rates(rates)} for mode, rates in step.get("modes", {}).items()}
        yield number(step["tokens"]), {"standard": standard, **modes}
        below = standard


def _rates(stated: Mapping[str, Any]) -> dict[str, float]:
    return {meter: float(number(rate)) / UNITS[meter] for meter, rate in stated.items() if meter in UNITS}
