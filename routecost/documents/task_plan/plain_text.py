"""Plain-text plans of planners: ``1. Extract names -> Haiku (lists are clean) x 12``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from routecost.documents.task_plan.each import counted_words, each_of, number_of
from routecost.documents.task_plan.plan_items import ARROW, EXPECTED, Item, PlanItems, groups
from routecost.documents.task_plan.tier_text import Tiers, TierText, split_count, unwrapped
from routecost.model.results.task_plan import MOST_REPEATS, Step
from routecost.model.scenario.workload import TokenShape
from routecost.problems import Finding, Position
from routecost.records import dataclass

_TASK = re.compile(r"(?<!\s)\s?\[(?P<task>[^\[\]]+)\]")
_SUFFIX = re.compile(r" [\u2010-\u2015-]+ |[\u2013\u2014]|: | - ")
_PREFIX_END = re.compile("[]:\u2013\u2014]:?| -")
_YAML_LIST = re.compile(
    r"^[ \t]*-[ \t]+(?:\{[^\n]*\}[ \t]*$|(?:do|step|task|tier)[ \t]*:[^\n]*\n[ \t]+[a-z_]+[ \t]*:)",
    re.MULTILINE,
)
_YAML = re.compile(r"^(?:version|steps) *:[ \t]*(?:[0-9]+[ \t]*)?$", re.MULTILINE)
_MOST_FINDINGS = 100

YAML_LIST = 'this is a list in YAML; expected a mapping with "version", "pricing" and this list as "steps"'


@dataclass
class PlanText:
    """Parser of a plain-text plan; ``counts`` gives the repeats of a step "for each" noun.

    ``asides`` are the lines that were read as remarks, ``used`` the nouns whose counts were used, and
    ``each_words`` all words that name what steps repeat for.
    """

    file: str
    tiers: tuple[str, ...]
    tokens: TokenShape
    counts: Mapping[str, int]
    title: str | None = None
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    has_steps: bool = False
    asides: list[Position] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    each_words: set[str] = field(default_factory=set)

    def read(self, text: str) -> None:
        """Read all lines; faults are added to ``findings``."""
        yaml = yaml_fault(text)
        if yaml:
            self.findings = [Finding(yaml, Position(self.file, 1, 1))]
            return
        lines = PlanItems(self.file)
        lines.read(text)
        self.title, self.findings = lines.title, lines.findings
        heads = {id(item) for item in groups(lines.items)}
        stated = [(item, *self._parts(item)) for item in lines.items]
        firsts = [
            at for at, (item, _, target) in enumerate(stated) if target or (target == "" and not item.is_row)
        ]
        self.has_steps = bool(firsts)
        for item, description, target in stated:
            if target is None and id(item) in heads:
                self.asides.append(item.where)
            else:
                self._step(item, description, target)
        for at, stray in lines.strays:
            if firsts and (at <= firsts[0] or at > firsts[-1]):
                self.asides.append(stray.position)
            else:
                self.findings.append(stray)
        self.asides = sorted([*self.asides, *lines.asides], key=lambda where: where.line)
        self._close()

    def _close(self) -> None:
        self.findings = sorted(self.findings, key=Finding.sort_key)
        if not self.has_steps and self.findings:  # another file: show nothing of it
            self.findings = [Finding(f"this is not a plan; {EXPECTED}", self.findings[0].position)]
        elif not self.has_steps:
            self.findings = [Finding("no steps are given; " + EXPECTED, Position(self.file, 1, 1))]
        elif len(self.findings) > _MOST_FINDINGS:
            where = self.findings[_MOST_FINDINGS].position
            more = Finding("too many problems; the others are not shown", Position(self.file, where.line, 1))
            self.findings = [*self.findings[:_MOST_FINDINGS], more]

    @cached_property
    def _tiers(self) -> Tiers:
        return Tiers(self.tiers)

    def _parts(self, item: Item) -> tuple[str, str | None]:
        """Return the description of an item, and the text that names its tier; None if nothing does."""
        text = item.text
        if "tier" in item.fields:
            return text, item.fields["tier"] or (None if not item.is_row else "")
        arrows = list(ARROW.finditer(text))
        if arrows:
            return text[: arrows[-1].start()].strip(), text[arrows[-1].end() :].strip()
        for suffix in reversed(list(_SUFFIX.finditer(text))):
            if self._tiers.read(text[suffix.end() :]).fault is None:
                return text[: suffix.start()].strip(), text[suffix.end() :].strip()
        before, _, last = text.rpartition("(") if text.endswith(")") else text.rpartition("[")
        if before.strip() and last[-1:] in (")", "]") and self._tiers.read(last[:-1]).fault is None:
            return before.strip(), last[:-1]
        prefix = _PREFIX_END.search(text)
        tier = text[: prefix.start()].strip(" [(\"'") if prefix else ""
        if prefix and self._tiers.exact(tier):
            return text[prefix.end() :].strip(), tier
        return text, None

    def _step(self, item: Item, description: str, target: str | None) -> None:
        if not target:
            self._fault(f"{item.name} has no tier; {EXPECTED}", item)
            return
        tier_text = self._tiers.read(target)
        if tier_text.fault is not None:
            self._fault(
                tier_text.fault.format(f" of {item.name}") if "{}" in tier_text.fault else tier_text.fault,
                item,
            )
        if self._names_tier_before(item, description):
            self._fault(f"{item.name} names two tiers; expected a step for each call", item)
        tasks = _TASK.findall(description)
        title, repeats = self._repeats(item, _TASK.sub("", description).strip(), tier_text)
        task = item.fields.get("task", tasks[0] if tasks else None)
        if len(tasks) + ("task" in item.fields) > 1:
            self._fault(f"{item.name} names more than one task type; expected one", item)
        if not title:
            self._fault(f"{item.name} has no description; {EXPECTED}", item)
        because = "; ".join(part for part in (tier_text.because, item.fields.get("because")) if part) or None
        if tier_text.tier is None or repeats is None or not title:
            return
        task = unwrapped(task.strip()) if task else None
        self.steps.append(Step(title, tier_text.tier, self.tokens, repeats, task, because, item.where))

    def _names_tier_before(self, item: Item, description: str) -> bool:
        """Return whether a description names a tier of its own, by an arrow or beside a field."""
        arrows = list(ARROW.finditer(description))
        if arrows:
            return self._tiers.read(description[arrows[-1].end() :].strip()).fault is None
        return "tier" in item.fields and self._parts(Item("", description, 0, item.where, ""))[1] is not None

    def _repeats(self, item: Item, description: str, tier_text: TierText) -> tuple[str, int | None]:
        """Return a description without its repeats, and the repeats; None if they are invalid."""
        title, count, fault = split_count(description)
        counts = [one for one in (tier_text.count, count) if one is not None]
        if "count" in item.fields:
            stated, wrong = number_of(item.fields["count"])
            counts += [] if stated is None else [stated]
            fault = fault or wrong
        if fault is None and len(counts) > 1:
            fault = "two numbers of repeats{}; expected one"
        if fault is not None:
            self._fault(fault.format(f" of {item.name}"), item)
            return title, None
        if counts and not 1 <= counts[0] <= MOST_REPEATS:
            self._fault(f"{counts[0]} repeats of {item.name}; expected 1 to {MOST_REPEATS:,}", item)
            return title, None
        return title, counts[0] if counts else self._each(item, title, tier_text.because or "")

    def _each(self, item: Item, title: str, because: str) -> int | None:
        """Return the repeats of a step; a step "for each" noun needs the count of that noun."""
        repeats, is_complete = 1, True
        for phrase in each_of(f"{title}; {because}"):
            words = counted_words(phrase, self.counts)
            self.each_words.update(phrase.words)
            if words:
                self.used.add(words[-1])
                repeats *= self.counts[words[-1]]
                continue
            is_complete, noun = False, phrase.noun
            message = f'{item.name} repeats for each {noun}, but the number is not given; expected "x 12"'
            self._fault(f"{message} after it, or --each {noun}=12", item)
        if not is_complete:
            return None
        if repeats > MOST_REPEATS:
            self._fault(f"{repeats} repeats of {item.name}; expected 1 to {MOST_REPEATS:,}", item)
            return None
        return repeats

    def _fault(self, message: str, item: Item) -> None:
        self.findings.append(Finding(message, item.where, source_line=item.line))


def yaml_fault(text: str) -> str | None:
    """Return a message about a text that is YAML, but no document of a plan; None for other texts."""
    if _YAML_LIST.search(text) and not ARROW.search(text):
        return YAML_LIST
    if len(set(_YAML.findall(text))) > 1:
        return 'this is a plan in YAML; expected a file whose name ends in ".yaml"'
    return None
