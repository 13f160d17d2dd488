"""Taxonomies of task types, as documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Annotated

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.one_or_several import OneOrSeveral, several
from routecost.documents.core.scalars import (
    Context,
    Leaf,
    Name,
    Text,
    Version,
    fault,
    quoted,
    read_text,
    refers_to,
)
from routecost.model.routing.table import Level, TaskKind, Taxonomy
from routecost.problems import KeyPath, did_you_mean

_LEVELS = {level.value: level for level in Level}


def _read_level(value: object, _: Context) -> Level:
    text = read_text(value)
    if text not in _LEVELS:
        raise fault(f"unknown level {quoted(text)}{did_you_mean(text, _LEVELS)}")
    return _LEVELS[text]


LevelName = Annotated[Level, Leaf(_read_level, {"enum": list(Level)})]
ClassName = Annotated[str, refers_to("class")]


def _repeated(names: tuple[str, ...], path: KeyPath) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault(f'"{name}" is listed twice', (*path, index))


@document
class ClassDocument:
    """A class of task types."""

    title: Text


@document
class TaskKindDocument:
    """A task type: its characteristics, its admissible tiers, and what it requires of their models."""

    title: Text
    reasoning: LevelName
    ambiguity: LevelName
    stakes: LevelName
    tiers: tuple[Annotated[str, refers_to("taxonomy tier")], ...]
    task_class: Annotated[ClassName | None, Field(alias="class")] = None
    examples: tuple[Text, ...] = ()
    requires: dict[Name, OneOrSeveral] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for a task type without admissible tiers, and for repeated tiers."""
        if not self.tiers:
            yield Fault("no admissible tiers are given; expected at least one", ("tiers",))
        yield from _repeated(self.tiers, ("tiers",))
        for name, value in self.requires.items():
            if not several(value):
                yield Fault(f'"{name}" has no value; expected at least one', ("requires", name))

    def build(self, name: str) -> TaskKind:
        """Return the task type."""
        return TaskKind(
            name,
            self.title,
            self.reasoning,
            self.ambiguity,
            self.stakes,
            self.tiers,
            self.task_class,
            self.examples,
            {name: several(value) for name, value in self.requires.items()},
        )


@document
class TaxonomyDocument:
    """Task types and the tiers admissible for each; may extend another taxonomy."""

    version: Version
    task_types: dict[Name, Annotated[TaskKindDocument, Checked()]]
    tiers: tuple[Name, ...] = ()
    extends: Name | None = None
    description: Text | None = None
    source: Text | None = None
    classes: dict[Name, ClassDocument] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for missing and repeated tiers."""
        if not self.tiers and self.extends is None:
            yield Fault('"tiers" is missing; expected the tiers, low to high')
        yield from _repeated(self.tiers, ("tiers",))

    def base_faults(self, base: Taxonomy) -> Iterator[Fault]:
        """Look for tiers that inherited task types admit and ``tiers`` omits."""
        for kind in base.task_types.values() if self.tiers else ():
            omitted = [tier for tier in kind.tiers if tier not in self.tiers]
            if omitted and kind.name not in self.task_types:
                offer = did_you_mean(omitted[0], self.tiers)
                message = f'"{kind.name}" of taxonomy "{base.name}" admits "{omitted[0]}", not a tier here'
                yield Fault(message + offer, ("tiers",))

    def build(self, name: str, base: Taxonomy | None) -> Taxonomy:
        """Return the taxonomy, merged with the one that it extends."""
        kinds = {key: kind.build(key) for key, kind in self.task_types.items()}
        classes = {key: task_class.title for key, task_class in self.classes.items()}
        if base is None:
            return Taxonomy(name, self.tiers, kinds, classes)
        tiers = self.tiers or base.tiers
        return Taxonomy(name, tiers, {**base.task_types, **kinds}, {**base.classes, **classes})


TAXONOMY = DocumentKind("taxonomy", TaxonomyDocument)
