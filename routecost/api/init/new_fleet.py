"""The files of a new fleet, from answers or from logs; they are checked before they are returned."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_UP, Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from routecost.api.compare import check, compare
from routecost.api.init.answers import (
    DEFAULT_ACTION,
    DEFAULT_TASKS_PER_DAY,
    FleetAnswers,
    default_mix,
    default_tasks,
    volumes,
)
from routecost.api.init.ci_job import WORKFLOW, ci_job
from routecost.api.init.texts import (
    ROUTED,
    SCHEMAS,
    UNOBSERVED,
    Figure,
    ScenarioParts,
    editor_line,
    ignoring,
    scenario_text,
    single_tier,
    table_text,
    tail_text,
    taxonomy_text,
)
from routecost.api.logs.scenario_data import AS_LOGGED
from routecost.api.scenarios import load_pricing
from routecost.api.schemas import json_schema
from routecost.api.validate import validate
from routecost.errors import DocumentError, UsageError
from routecost.library import PathLike, argument, looks_like_path, path_from
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.logs.calibration import Calibration
from routecost.problems import Finding
from routecost.records import dataclass
from routecost.source.editing import text_yaml

SCENARIO, TABLE, TAXONOMY, EVIDENCE = "scenario.yaml", "table.yaml", "taxonomy.yaml", "evidence.yaml"
_TOLERANCE = Decimal("0.01")
_PRICING = re.compile(r"^pricing: .*$", re.MULTILINE)
_STRATEGIES = re.compile(r"^strategies:\n", re.MULTILINE)
_DIGITS = 4
"""The significant digits of a claim."""


@dataclass(frozen=True, slots=True)
class NewFleet:
    """The files of a fleet, by path in its folder, and the CI job, by path in its repository.

    ``strategy`` costs ``cost_per_month``. ``warnings`` say what `check` and `validate` find in the files.
    """

    files: Mapping[str, str]
    workflow: Mapping[str, str]
    strategy: str
    cost_per_month: Decimal
    currency: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Documents:
    """The documents of a fleet without a budget and claims; the scenario names the sheet that it is given."""

    scenario: Callable[[str, str], str]
    tasks: Mapping[str, str]
    tiers: Sequence[str]
    escalation: Sequence[str]
    strategy: str
    evidence: str | None = None

    def texts(self, pricing: str, tail: str = "") -> dict[str, str]:
        """Return the texts by file."""
        measured = (
            f"# Its evidence is in {EVIDENCE}: `routecost validate TABLE --evidence {EVIDENCE}`."
            if self.evidence is not None
            else "# No row has evidence yet: `routecost calibrate LOGS --write-evidence FILE` measures it."
        )
        evidence = {} if self.evidence is None else {EVIDENCE: editor_line("evidence") + self.evidence}
        return {
            TAXONOMY: taxonomy_text(self.tasks, self.tiers),
            TABLE: table_text(self.tasks, self.escalation, measured),
            **evidence,
            SCENARIO: self.scenario(pricing, tail),
        }


def new_fleet(
    fleet: FleetAnswers | Calibration,
    folder: PathLike,
    *,
    pricing: PathLike | None = None,
    budget: Decimal | None = None,
    action: str | None = DEFAULT_ACTION,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> NewFleet:
    """Return the files of a new fleet in ``folder``; nothing is written.

    A fleet that was learned from logs has the sheet ``pricing`` and the ``budget`` per month that are given;
    answers have their own. ``action`` is the GitHub action of the CI job, None for no job. The documents are
    loaded, compared and checked first, at the prices of ``as_of``, else of today.

    Raises UsageError for answers that make no valid fleet, and as :func:`routecost.load_pricing` does.
    """
    if isinstance(fleet, FleetAnswers):
        sheet, budget = fleet.pricing, fleet.budget
        documents = _from_answers(fleet, load_pricing(sheet, library=library), as_of)
    else:
        sheet = argument(pricing or fleet.pricing)
        documents = _from_logs(fleet, load_pricing(sheet, library=library).tier_names)
    with TemporaryDirectory(prefix="routecost-") as temporary:
        trial = _Trial(Path(temporary), documents, sheet, library)
        return trial.fleet(Path(folder), budget, action)


def _from_answers(answers: FleetAnswers, sheet: PricingSheet, as_of: date | None) -> _Documents:
    tiers = sheet.tier_names
    outputs = answers.of_efforts(sheet.efforts)
    mix = default_mix(tiers, answers.tasks) if answers.mix is None else answers.mix
    tasks = default_tasks(tiers, mix) if answers.tasks is None else answers.tasks
    stated = answers.tasks_per_day
    daily = volumes(tasks, mix, tiers, DEFAULT_TASKS_PER_DAY if stated is None else stated)
    parts = ScenarioParts("", as_of, daily, answers.tokens, outputs, tiers, answers.assumed, "")

    def scenario(pricing: str, tail: str) -> str:
        return scenario_text(replace(parts, pricing=pricing, tail=tail))

    return _Documents(scenario, tasks, tiers, tiers, ROUTED)


def _from_logs(learned: Calibration, tiers: Sequence[str]) -> _Documents:
    """Return the documents of logs: each task type is on the tier of most of its calls.

    Tasks escalate to tiers on which the scenario can run all of them: their tokens at an effort are unknown
    without logged calls.
    """
    calls: dict[str, Counter[str]] = {}
    for task in learned.tasks:
        calls.setdefault(task.task_type or task.name, Counter()).update(task.tier_calls)
    tasks = {name: max(tiers, key=lambda tier: counts[tier]) for name, counts in calls.items()}

    def scenario(pricing: str, tail: str) -> str:
        text = _PRICING.sub(lambda _: f"pricing: {text_yaml(pricing)}", learned.scenario_text, count=1)
        routed = f"strategies:\n  {ROUTED}: {{table: ./{TABLE}}}\n"
        return editor_line("scenario") + _STRATEGIES.sub(lambda _: routed, text, count=1) + tail

    usable = [tier for tier in tiers if f"\n  {text_yaml(single_tier(tier))}: " in learned.scenario_text]
    return _Documents(scenario, tasks, tiers, usable, AS_LOGGED, learned.evidence_text)


class _CheckedTable(NamedTuple):
    """The findings that a table ignores, whether its CI job has its evidence, and what to warn of."""

    ignored: Sequence[Finding]
    has_evidence: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    """Documents in a temporary folder, where they are loaded as from their files."""

    folder: Path
    documents: _Documents
    sheet: str
    library: PathLike | None

    def fleet(self, folder: Path, budget: Decimal | None, action: str | None) -> NewFleet:
        """Return the files of a fleet in ``folder``. Raises UsageError if they are at fault."""
        try:
            figure, currency, cost = self._cost()
            tail = tail_text(budget, self.documents.strategy, figure)
            scenario = self._written(tail)
            checked = self._table(scenario)
        except DocumentError as error:
            texts = dict.fromkeys(finding.message for finding in error.findings)
            raise UsageError("these answers make no valid fleet: " + "; ".join(texts)) from error
        sheet = Path(self.sheet) if looks_like_path(self.sheet) else None
        files = self.documents.texts(self.sheet if sheet is None else path_from(folder, sheet), tail)
        files[TABLE] = ignoring(files[TABLE], checked.ignored)
        kinds = [Path(name).stem for name in files]
        return NewFleet(
            {**{f"{SCHEMAS}/{kind}.json": json_schema(kind) for kind in kinds}, **files},
            {} if action is None else self._workflow(action, folder, checked.has_evidence, sheet),
            self.documents.strategy,
            cost,
            currency,
            (*self._failures(scenario), *checked.warnings),
        )

    def _cost(self) -> tuple[Figure, str, Decimal]:
        """Return the cost of the strategy that is run or proposed, as a claim, its currency, and its cost."""
        comparison = compare(self._written(""), library=self.library)
        strategy = self.documents.strategy
        cost = comparison[strategy].cost_per_month
        if not cost:
            raise UsageError(f'"{strategy}" costs nothing, so that there is nothing to plan')
        digit = Decimal(1).scaleb(min(cost.adjusted() - _DIGITS + 1, -2))
        within = (cost * _TOLERANCE).quantize(digit, ROUND_UP)
        return Figure(strategy, cost.quantize(digit), within), comparison.currency, cost

    def _failures(self, scenario: Path) -> Iterator[str]:
        """Yield what `check` finds: an exceeded budget, or a rate limit that is reached."""
        for one in check(scenario, library=self.library).claims:
            if one.status == "fails":
                amounts = "" if one.computed is None else f": {one.computed:.2f} of {one.published:f}"
                yield f"`routecost check` fails: {one.claim}: {one.why}{amounts}"

    def _table(self, scenario: Path) -> _CheckedTable:
        """Check the table with its evidence, or without it if the evidence adds findings."""
        checked = partial(validate, self.folder / TABLE, scenario=scenario, library=self.library)
        findings = checked().findings
        warnings: list[str] = []
        has_evidence = self.documents.evidence is not None
        if has_evidence:
            known = {one.message for one in findings}
            measured = checked(evidence=self.folder / EVIDENCE).findings
            added = [one for one in measured if one.code != UNOBSERVED and one.message not in known]
            warnings = [f"with {EVIDENCE}, `validate` reports {one.code}: {one.message}" for one in added]
            has_evidence = not added
            findings = measured if has_evidence else findings
        ignored = [one for one in findings if one.code != UNOBSERVED]
        warnings += [f"{TABLE} ignores {one.code}: {one.message}" for one in ignored]
        return _CheckedTable(findings, has_evidence, tuple(warnings))

    def _written(self, tail: str) -> Path:
        sheet = os.path.abspath(self.sheet) if looks_like_path(self.sheet) else self.sheet
        for name, text in self.documents.texts(sheet, tail).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        return self.folder / SCENARIO

    def _workflow(self, action: str, folder: Path, has_evidence: bool, sheet: Path | None) -> dict[str, str]:
        root = repository_of(folder)
        prefix = Path(os.path.relpath(os.path.realpath(folder), os.path.realpath(root)))
        inputs = {"table": TABLE, "scenario": SCENARIO, **({"evidence": EVIDENCE} if has_evidence else {})}
        paths = {key: (prefix / name).as_posix() for key, name in inputs.items()}
        others = [(prefix / TAXONOMY).as_posix(), *(() if sheet is None else _inside(sheet, root))]
        library = () if self.library is None else _inside(Path(self.library), root)
        return {WORKFLOW: ci_job(action, paths, others, next(iter(library), None))}


def repository_of(folder: Path) -> Path:
    """Return the folder of the git repository that has a folder; the folder itself if there is none."""
    real = Path(os.path.realpath(folder))
    return next((one for one in (real, *real.parents) if os.path.lexists(one / ".git")), folder)


def _inside(path: Path, root: Path) -> Iterator[str]:
    """Yield the path of a file in a repository; nothing for one outside."""
    real, top = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if real.is_relative_to(top):
        yield real.relative_to(top).as_posix()
