"""Answers to the questions of ``routecost init``: from options, from a terminal, or defaults."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from routecost.api.compare import read_mix
from routecost.api.init.answers import (
    DEFAULT_ACTION,
    DEFAULT_PRICING,
    DEFAULT_TASKS_PER_DAY,
    FleetAnswers,
    default_mix,
    default_tasks,
    read_action,
    read_effort_output,
    read_positive,
    read_tasks,
    volumes,
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
    effort_output: Sequence[str] | None
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
            "--effort-output": self.effort_output,
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
    daily = ask("Tasks per day", given.tasks_per_day, "500", _positive("tasks per day"))
    tokens = ask("Mean tokens of a task", given.tokens, "input=2000,output=500", options.token_counts)
    outputs = _effort_output(given, sheet, asks=ask is _ask)
    shown = ", ".join(f"{name}={tier}" for name, tier in default_tasks(tiers).items())
    tasks = (
        read_tasks(given.tasks, tiers)
        if given.tasks
        else ask("Task types and their tiers", None, shown, lambda text: read_tasks(text.split(","), tiers))
    )
    percentages = "/".join(percent(share).removesuffix("%") for share in default_mix(tiers, tasks))
    what = f"Percentages of the tasks for {', '.join(tiers)}"
    mix = ask(what, given.mix, percentages, _shares(sheet, tasks, daily or DEFAULT_TASKS_PER_DAY))
    budget = ask(f"Budget of a month in {sheet.currency}", given.budget, "none", _budget)
    action = DEFAULT_ACTION
    if not given.no_ci:
        action = ask("GitHub action for the CI job", given.action, DEFAULT_ACTION, read_action) or action
    sent, written = (None, None) if tokens is None else tokens
    fleet = FleetAnswers(sheet_name, daily, sent, written, tasks, mix, budget, outputs)
    return Answers(fleet, None if given.no_ci else action)


def _effort_output(given: Given, sheet: PricingSheet, *, asks: bool) -> dict[str, Decimal]:
    """Return the output tokens on tiers with an effort, as far as they are stated or asked for."""
    outputs = read_effort_output(given.effort_output or ())
    for tier, effort in sheet.efforts.items() if asks else ():
        what = f"Mean output tokens of a task on {tier} (effort {effort})"
        count = None if tier in outputs else _ask(what, None, "", _positive("output tokens"))
        outputs |= {} if count is None else {tier: count}
    return outputs


def _shares(
    sheet: PricingSheet, tasks: Mapping[str, str] | None, daily: Decimal
) -> Callable[[str], Sequence[Decimal]]:
    """Return what reads the shares of the tiers, and refuses those that do not fit the task types."""

    def read(text: str) -> Sequence[Decimal]:
        mix = [*read_mix(text, sheet).shares.values()]
        volumes(tasks or default_tasks(sheet.tier_names, mix), mix, sheet.tier_names, daily)
        return mix

    return read


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
        sys.stderr.write(f"{sanitize(question)}{f' [{sanitize(default)}]' if default else ''}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the input ended before the last answer; nothing is written")
        answer = line.strip()
        if default and not answer:
            return None
        try:
            return read(answer)
        except RoutecostError as error:
            say(f"error: {error}")
    return read(given)
