"""Random pricing sheets, written as documents; a seed repeats one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

TIERS = ("haiku", "sonnet", "opus")
KINDS_OF_TASK = ("extraction", "summarization", "code-generation")
RATED = (
    "input",
    "output",
    "cache_read",
    "cache_write_5m",
    "cache_write_1h",
    "input_audio",
    "output_reasoning",
    "web_search",
    "input_character",
    "audio_hour",
)
FEES = ("web_search", "request", "input_character", "audio_hour")
METERS = ("input_audio", "output_reasoning", "web_search", "input_character", "audio_hour")
AS_OF, OTHER_DAYS = "2026-06-15", ("2026-05-20", "2026-07-15", "2026-08-15")


class SheetWriter:
    """Draws pricing sheets; a seed repeats them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.one_by_one = self.perhaps(0.2)
        self.by_hour = self.perhaps(0.25)

    def perhaps(self, chance: float) -> bool:
        """Return True that often."""
        return self.random.random() < chance

    def one_of(self, choices: Sequence[Any]) -> Any:
        """Return one of the choices."""
        return self.random.choice(choices)

    def count(self, low: int, high: int) -> int:
        """Return a whole number."""
        return self.random.randint(low, high)

    def share(self) -> str:
        """Return a share; often one of the ends."""
        return "0%" if self.perhaps(0.05) else "100%" if self.perhaps(0.05) else f"{self.count(1, 999) / 10}%"

    def shares(self, count: int) -> list[str]:
        """Return shares that sum to 1."""
        cuts = sorted(self.count(0, 100) for _ in range(count - 1))
        return [f"{high - low}%" for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]

    def sheets(self) -> dict[str, Any]:
        """Return a sheet, and perhaps contracts that extend it."""
        names = ["model-a", "model-b", "model-c"]
        models = (
            [*names] if self.perhaps(0.7) else ["model-a", self.one_of(["model-a", "model-b"]), "model-b"]
        )
        base: dict[str, Any] = {
            "version": 1,
            "currency": "USD",
            "source": "invented",
            "tiers": dict(zip(TIERS, models, strict=True)),
            "models": {name: self.entries(scaled=name != "model-a") for name in names},
        }
        if self.perhaps(0.3):
            base["tiers"]["sonnet"] = [
                {"from": "2026-01-01", "model": "model-c"},
                {"from": "2026-03-01", "model": models[1]},
                {"from": "2026-09-01", "model": "model-c"},
            ]
        sheets: dict[str, Any] = {"base.yaml": base}
        if self.perhaps(0.3):
            base.update(self.terms())
        if self.perhaps(0.3):
            base["allowances"] = self.allowances()
        for at in range(self.one_of([0, 0, 1, 1, 2])):
            last = next(reversed(sheets))
            extension: dict[str, Any] = {
                "version": 1,
                "extends": f"./{last}",
                "source": "contract",
                **self.terms(),
            }
            if at == 0 and "volume_discounts" not in base and self.perhaps(0.5):
                extension["currency"] = "EUR"
                named = {"currency": "USD"} if self.perhaps(0.3) else {}
                extension["exchange"] = [
                    {"from": "2026-01-01", "rate": "0.92", **named},
                    {"from": "2026-07-01", "rate": "0.5", **named},
                ]
            if self.perhaps(0.2):
                extension["models"] = {"model-b": self.entries()}
            sheets[f"contract{at}.yaml"] = extension
        for sheet in sheets.values():
            if self.perhaps(0.4):
                sheet["exchange"] = [*sheet.get("exchange", []), *self.amounts_only(sheet)]
        return sheets

    def amounts_only(self, sheet: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return exchange rates for amounts of money; those of an extended sheet would change prices."""
        is_own = "extends" not in sheet
        other = self.one_of(["EUR", "GBP"] if is_own else ["GBP", "CHF"])
        return [
            {"currency": other, "from": day, "rate": f"{self.count(1, 300) / 100}"}
            for day in ("2026-01-01", "2026-07-01")
        ]

    def terms(self) -> dict[str, Any]:
        """Return contract terms."""
        terms: dict[str, Any] = {}
        limited: dict[str, Any] = {}
        if self.perhaps(0.7):
            limited["models"] = self.random.sample(["model-a", "model-b", "model-c"], 2)
        if self.perhaps(0.4):
            limited["meters"] = self.random.sample(["input", "output", "cache_read", "web_search"], 2)
        if self.perhaps(0.5):
            terms["discounts"] = [
                {"share": self.share(), **(limited if self.perhaps(0.5) else {})}
                for _ in range(self.count(1, 2))
            ]
        if self.perhaps(0.4):
            terms["multipliers"] = [
                {"name": "region", "factor": "1.1", **(limited if self.perhaps(0.5) else {})}
            ]
        if self.perhaps(0.4):
            amounts = sorted({self.count(0, 9) * 10 ** self.count(1, 5) for _ in range(3)})
            terms["volume_discounts"] = {
                "retroactive": self.perhaps(0.5),
                "steps": [{"above": above, "share": self.share()} for above in amounts],
            }
            if self.perhaps(0.3):
                terms["volume_discounts"] |= limited
        return terms

    def allowances(self) -> list[dict[str, Any]]:
        """Return free and graduated units."""
        first = {"meter": "web_search", "per": "day", "free": 10 ** self.count(1, 5)}
        above = [10 ** self.count(1, 4), 10 ** self.count(5, 8)]
        steps = [{"above": units, "share": self.share()} for units in above]
        second = {"meter": "output", "per": self.one_of(["day", "month"]), "steps": steps}
        return [first, {**second, "models": ["model-a", "model-b"]} if self.perhaps(0.5) else second]

    def entries(self, scaled: bool = True) -> list[dict[str, Any]]:
        """Return the dated prices of a model; one is in force on the day of the scenarios."""
        modes = ("batch", "flex", "off_peak") if self.by_hour else ("batch", "flex")
        entry = {**self.rates(), "modes": {mode: self.rates() for mode in modes}}
        steps, below = [], entry
        for edge in sorted(self.random.sample((500, 3000, 20_000, 100_000), self.count(0, 2))):
            below = self.above(below)
            step = {"tokens": edge, **below}
            left_out = [fee for fee in FEES if self.perhaps(0.3)]
            if all(step.get(fee) == entry.get(fee) for fee in left_out):
                step = {meter: rate for meter, rate in step.items() if meter not in left_out}
            steps.append(step)
        entry |= {"above": steps, "provisioned_hour": "0.7"}
        if self.by_hour and self.perhaps(0.6):
            entry["modes"]["off_peak"]["hours"] = self.one_of([self.hours(), [self.hours()]])
        if scaled and self.perhaps(0.4):
            factor = self.one_of(["1.3", "0.9", "2"])
            entry["tokens_vs"] = {"reference": "model-a", "factor": factor, "source": "counted"}
        if self.perhaps(0.8):
            return [entry]
        dated = {**entry, "from": "2026-05-01"}
        others = [{**self.rates(), "modes": {mode: self.rates() for mode in modes}} for _ in range(2)]
        return [others[0], dated, {**others[1], "from": "2026-08-01", "provisioned_hour": "0.9"}]

    def hours(self) -> dict[str, Any]:
        """Return hours of the day in a time zone."""
        start, length = self.count(0, 95) * 15, self.count(1, 80) * 15
        end = (start + length) % (24 * 60)
        times = [f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end)]
        zone = self.one_of(["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "+05:30"])
        days = self.one_of(["all", "all", "working", "weekend", ["mon", "sun"]])
        return {"from": times[0], "to": times[1], "time_zone": zone, "days": days}

    def arrivals(self) -> dict[str, Any]:
        """Return when calls arrive."""
        hours = self.hours()
        if self.perhaps(0.6):
            return hours
        by_hour = [self.count(0, 4) for _ in range(23)]
        return {"time_zone": hours["time_zone"], "days": hours["days"], "by_hour": [*by_hour, 1]}

    def rates(self) -> dict[str, Any]:
        """Return a rate for each meter that workloads use, and perhaps one for each call."""
        rates = {meter: f"{self.count(0, 300) / 10}" for meter in RATED}
        return {**rates, "request": f"{self.count(0, 50) / 10}"} if self.perhaps(0.5) else rates

    def above(self, below: Mapping[str, Any]) -> dict[str, Any]:
        """Return rates that are not lower; fees are often the same."""
        rates = {
            meter: str(Decimal(rate) * self.one_of([1] if meter in FEES and self.perhaps(0.5) else [1, 2, 5]))
            for meter, rate in below.items()
            if meter != "modes"
        }
        modes = {mode: self.above(under) for mode, under in below.get("modes", {}).items()}
        return {**rates, "modes": modes} if modes else rates

    # Workloads
