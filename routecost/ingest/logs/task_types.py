"""Where the task types of logged calls come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from routecost.documents.core.loader import Loader
from routecost.documents.logs.patterns import search
from routecost.documents.logs.rules import TASK_RULES, TaskRulesDocument
from routecost.errors import UsageError
from routecost.ingest.logs.call import Call
from routecost.ingest.logs.mapping import COLUMN, TAG
from routecost.library import Library
from routecost.model.logs.efforts import of_effort
from routecost.problems import did_you_mean
from routecost.records import dataclass

LABELS = ("workflow", "skill", "agent", "name", "project", "service", "tag")
"""The labels that a task type can be taken from by their name alone."""

TASK_TAGS = ("task_type", "task-type", "tasktype", "task")
"""The tags that name task types, in the order in which they are looked for; upper case is the same."""

SOURCES = (*LABELS, f"{COLUMN}NAME", f"{TAG}NAME", "rules:FILE", "=NAME")
_ORDER = ("tag", "workflow", "skill", "agent", "name", "project")
_RULES = "rules:"
_MOST_KEPT = 100_000

TaskTypes = Callable[[Call], str | None]
"""Returns the task type of a call."""


def default_task_type(call: Call) -> str | None:
    """Return the first that a call has: a task type, a tag for it, or another of ``_ORDER``.

    What these are in a dialect is in its documentation: in transcripts of Claude Code, the skill, else the
    agent ("main" or "subagent" without a name).
    """
    if call.task_type is not None or not call.labels:
        return call.task_type
    labels = call.labels
    for name in labels:
        if name.startswith(TAG):
            tags = {name.lower(): value for name, value in labels.items() if name.startswith(TAG)}
            if label := next(filter(None, (tags.get(TAG + name) for name in TASK_TAGS)), None):
                return label
            break
    for name in _ORDER:
        if label := labels.get(name):
            return label
    return None


def task_types_from(source: str) -> TaskTypes:
    """Return the function for a source: a label, column:NAME, tag:NAME, rules:FILE, or =NAME for all calls.

    Raises UsageError for an unknown source, and DocumentError for a file of rules with faults.
    """
    kind, _, name = source.partition(":")
    if source in LABELS or (kind in {"column", "tag"} and name):
        return _OfLabel(source)
    if source.startswith(_RULES) and name:
        return _ByRules(_load(Path(name)))
    if source.startswith("=") and source[1:].strip():
        return _Constant(source[1:].strip())
    expected = ", ".join(SOURCES)
    raise UsageError(f'no task types from "{source}"; expected one of {expected}{_hint(source)}')


def _hint(source: str) -> str:
    near = did_you_mean(source.partition(":")[0], (*LABELS, "column", "tag", "rules"))
    return near if "did you mean" in near else ""


def _load(path: Path) -> TaskRulesDocument:
    loader = Loader(Library())
    document = loader.read(path)
    return loader.finish(None if document is None else loader.check(document, TASK_RULES, {}))


def label_of(call: Call, name: str) -> str | None:
    """Return a label of a call; its agent, model, provider and session also count as labels."""
    labels = call.labels or {}
    label = labels.get(name)
    if label is None and name in {"agent", "model", "provider", "session"}:
        label = of_effort(call.model)[0] if name == "model" else getattr(call, name)
    if label is None and name.startswith(TAG):
        label = next((value for key, value in labels.items() if key.lower() == name.lower()), None)
    return label


@dataclass(frozen=True, slots=True)
class _OfLabel:
    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of logs that are needed."""
        return (self.name.removeprefix(COLUMN),) if self.name.startswith(COLUMN) else ()

    def __call__(self, call: Call) -> str | None:
        return label_of(call, self.name)


@dataclass(frozen=True, slots=True)
class _Constant:
    name: str

    def __call__(self, _: Call) -> str | None:
        return self.name


@dataclass
class _ByRules:
    """Applies the first rule that matches; the result is kept for equal labels."""

    rules: TaskRulesDocument
    columns: tuple[str, ...] = ()
    _names: tuple[str, ...] = ()
    _known: dict[tuple[str | None, ...], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = tuple(dict.fromkeys(rule.label for rule in self.rules.task_type_rules))
        self.columns = tuple(name.removeprefix(COLUMN) for name in self._names if name.startswith(COLUMN))

    def __call__(self, call: Call) -> str | None:
        values = tuple(label_of(call, name) for name in self._names)
        if values not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[values] = self._found(dict(zip(self._names, values, strict=True)))
        return self._known[values]

    def _found(self, labels: dict[str, str | None]) -> str | None:
        for rule in self.rules.task_type_rules:
            text = labels[rule.label]
            if text is not None and search(rule.matches, text):
                return rule.task_type
        return None
