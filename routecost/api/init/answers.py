"""Answers from which a new fleet is written, and their defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction

from routecost.errors import UsageError
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import percent, read_number

DEFAULT_PRICING = "claude-2026-11"
DEFAULT_TASKS_PER_DAY = Decimal(500)
DEFAULT_TOKENS = Decimal(2000), Decimal(500)
DEFAULT_ACTION = "OWNER/routecost@main"
_MIXES = {1: (100,), 2: (80, 20), 3: (80, 15, 5)}
_TASKS = ("extraction", "drafting", "review")
_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[A-Za-z0-9._/-]+", re.ASCII)
_FINEST = Decimal("0.000001")
_QUANTA = (Decimal(1), Decimal("0.1"), Decimal("0.01"), Decimal("0.001"), Decimal("0.0001"), _FINEST)
_LEAST_ROUNDED = 10
"""From this volume on, tasks per day are rounded to whole tasks."""


@dataclass(frozen=True, slots=True)
class FleetAnswers:
    """What is known of a fleet: its volume, the tokens and tiers of its tasks, and its budget.

    ``tasks`` maps task types to tiers, ``mix`` is the share of the tasks for each tier from low to high;
    None stands for defaults. ``effort_output`` has the mean output tokens of a task on each tier with an
    effort; there are no defaults for them. ``budget`` is an amount per month in the currency of the sheet
    ``pricing``.
    """

    pricing: str = DEFAULT_PRICING
    tasks_per_day: Decimal | None = None
    input_tokens: Decimal | None = None
    output_tokens: Decimal | None = None
    tasks: Mapping[str, str] | None = None
    mix: Sequence[Decimal] | None = None
    budget: Decimal | None = None
    effort_output: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def tokens(self) -> tuple[Decimal, Decimal]:
        """The mean input and output tokens of a task."""
        (sent, written), usual = (self.input_tokens, self.output_tokens), DEFAULT_TOKENS
        return usual[0] if sent is None else sent, usual[1] if written is None else written

    @property
    def assumed(self) -> tuple[str, ...]:
        """What of the fleet is a default that the user did not state."""
        facts = {
            "tasks per day": self.tasks_per_day is None,
            "tokens": self.input_tokens is None or self.output_tokens is None,
            "task types": self.tasks is None,
            "shares of the tiers": self.mix is None,
        }
        return tuple(name for name, is_usual in facts.items() if is_usual)

    def of_efforts(self, efforts: Mapping[str, str]) -> Mapping[str, Decimal]:
        """Return the output tokens on tiers with an effort. Raises UsageError unless each tier has some."""
        for tier in self.effort_output:
            if tier not in efforts:
                raise UsageError(f'the pricing sheet states no effort for a tier "{tier}", which has tokens')
        if unknown := [tier for tier in efforts if tier not in self.effort_output]:
            names = ", ".join(f"{tier} (effort {efforts[tier]})" for tier in unknown)
            raise UsageError(
                f"the output tokens of a task depend on the effort, and are unknown for {names}; state those "
                f"of each, such as --effort-output {unknown[0]}=800"
            )
        return {tier: self.effort_output[tier] for tier in efforts}


def default_mix(tiers: Sequence[str], tasks: Mapping[str, str] | None = None) -> tuple[Decimal, ...]:
    """Return the share of each tier that runs tasks, 0 for the others: most on the lowest."""
    used = [tier for tier in tiers if tasks is None or tier in tasks.values()]
    even, left = divmod(100, max(len(used), 1))
    shares = _MIXES.get(len(used)) or (even + left, *(even for _ in used[1:]))
    by_tier = dict(zip(used, shares, strict=True))
    return tuple(Decimal(by_tier.get(tier, 0)).scaleb(-2) for tier in tiers)


def default_tasks(tiers: Sequence[str], mix: Sequence[Decimal] | None = None) -> dict[str, str]:
    """Return a task type for each tier that has a share of the tasks."""
    names = _TASKS if len(tiers) == len(_TASKS) else tuple(f"{tier}-tasks" for tier in tiers)
    shares = mix or default_mix(tiers)
    return {name: tier for name, tier, share in zip(names, tiers, shares, strict=True) if share}


def read_positive(text: str, what: str) -> Decimal:
    """Return a number above 0. Raises UsageError, which names ``what``."""
    number = read_number(text)
    if number is None or number.is_percent or number.value <= 0:
        raise UsageError(f'{what}: "{text}" is not valid; expected a number above 0')
    return number.value


def read_task(text: str, tiers: Sequence[str]) -> tuple[str, str]:
    """Return the task type and the tier of a text such as ``extraction=haiku``. Raises UsageError."""
    text = text.strip()
    name, equals, tier = (part.strip() for part in text.rpartition("="))
    if not (name and equals and tier):
        raise UsageError(f'task type "{text}" is not valid; expected NAME=TIER, such as review={tiers[-1]}')
    if tier not in tiers:
        hint = did_you_mean(tier, tiers) or f"; expected {', '.join(tiers)}"
        raise UsageError(f'task type "{text}": the pricing sheet has no tier "{tier}"{hint}')
    return name, tier


def read_tasks(texts: Iterable[str], tiers: Sequence[str]) -> dict[str, str]:
    """Return the tiers of task types. Raises UsageError for one that is given twice."""
    tasks: dict[str, str] = {}
    for text in texts:
        name, tier = read_task(text, tiers)
        if name in tasks:
            raise UsageError(f'the task type "{name}" is given twice; expected each once')
        tasks[name] = tier
    return tasks


def read_effort_output(texts: Iterable[str]) -> dict[str, Decimal]:
    """Return output tokens by tier, of texts such as ``high=2400``. Raises UsageError."""
    counts: dict[str, Decimal] = {}
    for text in texts:
        tier, equals, count = (part.strip() for part in text.rpartition("="))
        if not (tier and equals) or tier in counts:
            raise UsageError(f'"{text}" is not valid; expected TIER=N, such as high=2400, once for each tier')
        counts[tier] = read_positive(count, f'output tokens on "{tier}"')
    return counts


def read_action(text: str) -> str:
    """Return the name of a GitHub action with its revision. Raises UsageError."""
    if not _ACTION.fullmatch(text):
        raise UsageError(f'"{text}" is not an action; expected OWNER/REPOSITORY@COMMIT')
    return text


def volumes(
    tasks: Mapping[str, str], mix: Sequence[Decimal], tiers: Sequence[str], total: Decimal
) -> dict[str, Decimal]:
    """Return the tasks per day of each type: the share of its tier, in equal parts. They sum to ``total``.

    Raises UsageError for a share without a task type, a task type without a share, and too few tasks.
    """
    share = dict(zip(tiers, mix, strict=True))
    for tier in tiers:
        if share[tier] and tier not in tasks.values():
            raise UsageError(f'the mix sends {percent(share[tier])} to "{tier}", which no task type names')
    for name, tier in tasks.items():
        if not share[tier]:
            raise UsageError(f'the mix sends 0% to "{tier}", the tier of the task type "{name}"')
    counts = {tier: sum(other == tier for other in tasks.values()) for tier in tiers}
    ideal = {name: Fraction(total) * Fraction(share[tier]) / counts[tier] for name, tier in tasks.items()}
    return _rounded(ideal, total)


def _rounded(ideal: Mapping[str, Fraction], total: Decimal) -> dict[str, Decimal]:
    """Return volumes with few digits and the same sum, by largest remainders."""
    whole = total == total.to_integral_value() and min(ideal.values()) >= _LEAST_ROUNDED
    quantum = next(
        (
            one
            for one in _QUANTA
            if all((volume / Fraction(one)).denominator == 1 for volume in ideal.values())
        ),
        Decimal(1) if whole else _FINEST,
    )
    units = {name: volume / Fraction(quantum) for name, volume in ideal.items()}
    floors = {name: unit.__floor__() for name, unit in units.items()}
    left = (Fraction(total) / Fraction(quantum)).__round__() - sum(floors.values())
    largest = sorted(units, key=lambda name: floors[name] - units[name])[:left]
    result = {name: (floors[name] + (name in largest)) * quantum for name in units}
    if few := [name for name, volume in result.items() if not volume]:
        raise UsageError(f'{total:f} tasks a day are too few: "{few[0]}" would have none')
    return result
