"""Answers to the questions of ``routecost init``: from options, from a terminal, or defaults."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from routecost.api.compare import read_mix
from routecost.api.init.answers import (
    DEFAULT_ACTION,
    DEFAULT_PRICING,
    FleetAnswers,
    default_mix,
    default_tasks,
    read_action,
    read_positive,
    read_tasks,
)
from routecost.api.scenarios import load_pricing
from routecost.cli import options
from routecost.cli.output import say
from routecost.errors import RoutecostError, UsageError
from routecost.library import open_library
from routecost.model.pricing.sheet import PricingSheet
from routecost.records import dataclass
from routecost.render.escape import sanitize
from routecost.units import percent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """The options of the command that answer its questions, as texts."""

    pricing: str | None
    tasks_per_day: str | None
    tokens: str | None
    tasks: Sequence[str] | None
    mix: str | None
    budget: str | None
    action: str | None
    no_ci: bool
    library: Path | None

    def refuse_with_logs(self) -> None:
        """Raise UsageError for options whose answers are in the logs."""
        measured = {
            "--tasks-per-day": self.tasks_per_day,
            "--tokens": self.tokens,
            "--task": self.tasks,
            "--mix": self.mix,
        }
        if stated := [option for option, value in measured.items() if value]:
            raise UsageError(f"{' and '.join(stated)} cannot be used with --from-logs, which measures it")


@dataclass(frozen=True, slots=True)
class Answers:
    """A fleet, and the action of its CI job; None for no job."""

    fleet: FleetAnswers
    action: str | None


def on_terminal() -> bool:
    """Return whether questions can be asked: their answers and their texts are on a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def answers_of(given: Given, *, asks: bool) -> Answers:
    """Return the answers: those of options, and others from the terminal or the defaults.

    Raises UsageError for an invalid option, or if the input ends before the last answer.
    """
    ask = _ask if asks and on_terminal() else _default
    if ask is _ask:
        names = ", ".join(open_library(given.library).names("pricing"))
        say("Press Enter to accept a default. Nothing is written before the last answer.")
        say(f"Pricing sheets: {names}, or the path of your own.")
    sheet_name, sheet = ask("Pricing sheet", given.pricing, DEFAULT_PRICING, _sheet(given)) or _usual(given)
    tiers = sheet.tier_names
    usual = FleetAnswers()
    daily = ask("Tasks per day", given.tasks_per_day, "500", _positive("tasks per day"))
    tokens = ask("Mean tokens of a task", given.tokens, "input=2000,output=500", options.token_counts)
    shown = ", ".join(f"{name}={tier}" for name, tier in default_tasks(tiers).items())
    tasks = (
        read_tasks(given.tasks, tiers)
        if given.tasks
        else ask("Task types and their tiers", None, shown, lambda text: read_tasks(text.split(","), tiers))
    )
    percentages = "/".join(percent(share).removesuffix("%") for share in default_mix(tiers, tasks))
    what = f"Percentages of the tasks for {', '.join(tiers)}"
    mix = ask(what, given.mix, percentages, lambda text: [*read_mix(text, sheet).shares.values()])
    budget = ask(f"Budget of a month in {sheet.currency}", given.budget, "none", _budget)
    action = DEFAULT_ACTION
    if not given.no_ci:
        action = ask("GitHub action for the CI job", given.action, DEFAULT_ACTION, read_action) or action
    fleet = FleetAnswers(
        sheet_name,
        usual.tasks_per_day if daily is None else daily,
        *((usual.input_tokens, usual.output_tokens) if tokens is None else tokens),
        tasks,
        mix,
        budget,
    )
    return Answers(fleet, None if given.no_ci else action)


def _sheet(given: Given) -> Callable[[str], tuple[str, PricingSheet]]:
    return lambda text: (text, load_pricing(text, library=given.library))


def _usual(given: Given) -> tuple[str, PricingSheet]:
    return DEFAULT_PRICING, load_pricing(DEFAULT_PRICING, library=given.library)


def _positive(what: str) -> Callable[[str], Decimal]:
    return lambda text: read_positive(text, what)


def _budget(text: str) -> Decimal | None:
    return None if text == "none" else read_positive(text, "budget")


def _default(_: str, given: str | None, __: str, read: Callable[[str], T]) -> T | None:
    """Return the answer of an option; None for the default."""
    return None if given is None else read(given)


def _ask(question: str, given: str | None, default: str, read: Callable[[str], T]) -> T | None:
    """Ask until an answer is valid; None for the default. An option answers without a question."""
    while given is None:
        sys.stderr.write(f"{sanitize(question)} [{sanitize(default)}]: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the input ended before the last answer; nothing is written")
        answer = line.strip()
        if not answer:
            return None
        try:
            return read(answer)
        except RoutecostError as error:
            say(f"error: {error}")
    return read(given)
