"""Plain-text plans of planners: ``1. Extract names -> Haiku (lists are clean) x 12``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from routecost.model.results.task_plan import MOST_REPEATS, Step
from routecost.model.scenario.workload import TokenShape
from routecost.problems import Finding, Names, Position
from routecost.records import dataclass

_ARROW = re.compile(r"→|⇒|->|=>")
_NUMBERED = re.compile(r"(?P<mark>\d+[.)]|[-*•])\s+(?P<rest>.*)")
_REPEATS = re.compile(r"(?<!\s)\s*[\u00d7xX*]\s*(?P<count>\d[\d_,]*)\s*$")
_REASON = re.compile(r"(?<!\s)\s*\((?P<reason>[^()]*)\)\s*$")
_TASK = re.compile(r"(?<!\s)\s*\[(?P<task>[^\[\]]+)\]")
_EACH = re.compile(r"\beach\s+(?P<noun>\w+)", re.IGNORECASE)
_HEAD = re.compile(r"(subtasks|steps|plan)\s*(:\s*)?$", re.IGNORECASE)
_TITLE = re.compile(r"task\s*:\s*(?P<title>.+)", re.IGNORECASE)
_MOST_FINDINGS = 100
_EXPECTED = 'expected a step such as "1. Extract the names -> haiku"'


@dataclass
class PlanText:
    """Parser of a plain-text plan; ``counts`` gives the repeats of a step "for each" noun."""

    file: str
    tiers: tuple[str, ...]
    tokens: TokenShape
    counts: Mapping[str, int]
    title: str | None = None
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    has_steps: bool = False

    def read(self, text: str) -> None:
        """Read all lines; faults are added to ``findings``."""
        for number, line in enumerate(text.splitlines(), start=1):
            bare = line.strip()
            if len(self.findings) == _MOST_FINDINGS:
                self._fault(
                    "too many problems; the rest of the text was not read",
                    Position(self.file, number, 1),
                    line,
                )
                break
            if bare and not bare.startswith("#") and not _HEAD.match(bare):
                self._line(bare, Position(self.file, number, line.index(bare[0]) + 1), line)
        if not self.has_steps and self.findings:  # another file: show nothing of it
            self.findings = [Finding(f"this is not a plan; {_EXPECTED}", self.findings[0].position)]
        elif not self.has_steps:
            self._fault("no steps are given; " + _EXPECTED, Position(self.file, 1, 1), "")

    @cached_property
    def _names(self) -> Names:
        return Names(self.tiers)

    @cached_property
    def _by_lower(self) -> dict[str, str]:
        return {tier.lower(): tier for tier in self.tiers}

    def _line(self, bare: str, where: Position, line: str) -> None:
        title, numbered = _TITLE.match(bare), _NUMBERED.match(bare)
        if numbered:
            self._step(numbered["mark"], numbered["rest"], where, line)
        elif title and not self.steps:
            self.title = title["title"].strip()
        else:
            self._fault(f'"{_short(bare)}" is not a step; {_EXPECTED}', where, line)

    def _step(self, mark: str, rest: str, where: Position, line: str) -> None:
        arrows = list(_ARROW.finditer(rest))
        name = f'step "{mark} {_short(rest)}"'
        self.has_steps = self.has_steps or bool(arrows)
        if not arrows:
            self._fault(f"{name} has no tier; {_EXPECTED}", where, line)
            return
        description, target = rest[: arrows[-1].start()], rest[arrows[-1].end() :]
        target, count = _repeats(target)
        reason = _REASON.search(target)
        target = target[: reason.start()] if reason else target
        if count is None:
            target, count = _repeats(target)
        if count is None:
            description, count = _repeats(description)
        task = _TASK.search(description)
        repeats = self._count(description, count, name, where, line)
        tier = self._tier(target.strip(), name, where, line)
        if tier is None or repeats is None:
            return
        self.steps.append(
            Step(
                _TASK.sub("", description).strip(),
                tier,
                self.tokens,
                repeats,
                task["task"].strip() if task else None,
                reason["reason"].strip() if reason else None,
                where,
            )
        )

    def _tier(self, text: str, name: str, where: Position, line: str) -> str | None:
        if text.lower() in self._by_lower:
            return self._by_lower[text.lower()]
        offer = self._names.suggestion(text)
        self._fault(f'unknown tier "{_short(text)}" of {name}{offer}', where, line)
        return None

    def _count(
        self, description: str, count: int | None, name: str, where: Position, line: str
    ) -> int | None:
        """Return the repeats of a step; a step "for each" noun needs the count of that noun."""
        if count is not None:
            if 1 <= count <= MOST_REPEATS:
                return count
            self._fault(f"{count} repeats of {name}; expected 1 to {MOST_REPEATS:,}", where, line)
            return None
        match = _EACH.search(description)
        if match is None:
            return 1
        noun = match["noun"].lower()
        if noun in self.counts:
            return self.counts[noun]
        message = f'{name} repeats for each {noun}, but the number is not given; expected "x 12" after'
        self._fault(f"{message} it, or --each {noun}=12", where, line)
        return None

    def _fault(self, message: str, where: Position, line: str) -> None:
        self.findings.append(Finding(message, where, source_line=line))


def _repeats(text: str) -> tuple[str, int | None]:
    """Split a trailing count such as ``x 12`` from a text."""
    match = _REPEATS.search(text)
    if match is None:
        return text, None
    digits = match["count"].replace("_", "").replace(",", "")
    return text[: match.start()], int(digits[:12])


def _short(text: str) -> str:
    return text if len(text) <= 50 else text[:49].rstrip() + "…"
