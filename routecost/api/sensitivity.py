"""Sensitivity of results to assumptions: sweeps of fields, and tornado analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from itertools import product
from math import prod
from typing import Generic, TypeVar

from routecost.api.compare import compare
from routecost.api.scenarios import day_of, open_file, sheet_path
from routecost.documents.core.field_paths import Field
from routecost.documents.scenario.assumptions import Lever, levers, nearest_whole
from routecost.documents.scenario.named_fields import GROWTH, affects_plan, named_field, value_of, with_growth
from routecost.documents.scenario.scenario_file import Changes, ScenarioFile
from routecost.documents.workload.mix_shares import no_room_faults, with_rescaled_shares
from routecost.engine.sensitivity import tornado as _tornado
from routecost.engine.sensitivity.field_sweep import sweep_fields
from routecost.errors import DocumentError, UnpricedError, UsageError, known_strategy
from routecost.library import Library, PathLike, open_library
from routecost.model.results.comparison import Comparison
from routecost.model.results.projection import Projection
from routecost.model.results.sensitivity import (
    Axis,
    FieldSweep,
    Parameter,
    ParameterKind,
    Value,
    read_axes,
    read_change,
)
from routecost.model.results.tornado import Tornado
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding, KeyPath
from routecost.records import dataclass
from routecost.units import ONE, exact

Progress = Callable[[int, int], None]
"""Callback with the number of finished points and the number of all points."""

Priced = TypeVar("Priced", Comparison, Projection)

_PRICING, _AS_OF = ("pricing",), ("as_of",)


def sweep_over(  # noqa: PLR0913  the options of a sweep
    scenario: PathLike,
    over: Sequence[str],
    *,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    baseline: str | None = None,
    strategies: Sequence[str] = (),
    library: PathLike | None = None,
    progress: Progress | None = None,
) -> FieldSweep:
    """Price every strategy of a scenario at all combinations of values of up to three fields.

    ``over`` has texts such as ``"tokens.input=1000:9000:1000"`` and ``"pricing=ours,theirs"``: a
    field by its path, or by the last keys of a path in the workload. The other shares of a mix are
    rescaled. Every point is validated like the scenario's file.

    Raises as :func:`routecost.compare` does; also raises DocumentError with the findings of invalid
    points, UnknownNameError for an unknown field, and UsageError for invalid values.
    """
    axes = read_axes(over)
    file = open_file(scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategies)
    fields = fields_of(file, axes)
    planned = next(filter(affects_plan, fields), None)
    if planned is not None:
        raise UsageError(f'"{planned.name}" affects projections only; use routecost.sweep_plan')
    check_distinct(axes, fields, pricing, as_of)
    files = open_library(library)
    texts = tuple(texts_of(files, *pair) for pair in zip(axes, fields, strict=True))
    grid = Grid(file, axes, fields, texts, partial(_priced, names=strategies, baseline=baseline))
    sweep = sweep_fields(grid.parameters(), grid.compared(progress), grid.compare_at)
    swept = names_of(fields)
    at_means = tuple(name for name in file.at_means if name not in swept)
    return replace(
        sweep,
        warnings=tuple(dict.fromkeys((*file.warnings, *grid.warnings))),
        left_out=tuple(grid.left_out),
        at_means=at_means,
    )


def fields_of(file: ScenarioFile, axes: Sequence[Axis]) -> tuple[Field, ...]:
    """Return the fields that axes name. Raises UnknownNameError and UsageError as a sweep does."""
    known = with_growth(file.fields, file.document.get(GROWTH))
    return tuple(named_field(known, axis.field) for axis in axes)


def names_of(fields: Sequence[Field]) -> set[str]:
    """Return the names of the fields that a sweep changes: for one of all task types, those of each."""
    return {".".join(map(str, path)) for field in fields for path in field.changes("1")}


def tornado(
    scenario: PathLike,
    *,
    by: str = "20%",
    strategy: str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Tornado:
    """Change each assumption of a strategy down and up by a share of itself, one at a time.

    Assumptions are the numbers of the workload and of the strategy, the volume and the cached share of all
    task types together, shares of a mix (the others are rescaled in proportion), and the rates of each
    model. No share exceeds 100%. ``strategy`` defaults to the proposed one, else the first.

    Raises as :func:`routecost.compare` does, and UsageError for a change outside (0%, 100%].
    """
    share = read_change(by)
    chosen = () if strategy is None else (strategy,)
    file = open_file(scenario, pricing=pricing, as_of=as_of, library=library, strategies=chosen)
    return tornado_of(file, share, strategy)


def tornado_of(file: ScenarioFile, share: Decimal, strategy: str | None = None) -> Tornado:
    """Run :func:`tornado` on a loaded scenario file."""
    base = file.scenario
    name = known_strategy(strategy or base.proposed or next(iter(base.strategies)), base.strategies)

    moved, left_out = _most_important(file, name)
    assumed = (_assumed(file, lever, share) for lever in moved)
    result = _tornado.tornado(base, name, share, day_of(base), assumed)
    names = (*(lever.name for lever in left_out), *result.left_out)
    return replace(result, left_out=names, warnings=base.warnings, at_means=file.at_means)


def _most_important(file: ScenarioFile, strategy: str) -> tuple[list[Lever], list[Lever]]:
    """Return the assumptions to move and the others: those of the task types that cost the least."""
    scenario, all_levers = file.scenario, list(levers(file, strategy))
    most = _tornado.most_moved(scenario)
    if len(all_levers) <= most:
        return all_levers, []
    costs = _tornado.cost_by_task(scenario, strategy, day_of(scenario))

    def cost(lever: Lever) -> Decimal:
        """Return the cost of the task type that an assumption is about; infinite if it is about all."""
        about = (costs[step] for step in lever.path if isinstance(step, str) and step in costs)
        return max(about, default=Decimal("Infinity"))

    ranked = sorted(all_levers, key=cost, reverse=True)
    return ranked[:most], ranked[most:]


@exact
def _assumed(file: ScenarioFile, lever: Lever, by: Decimal) -> _tornado.Assumed:
    down, up = (_moved(file, lever, factor) for factor in (1 - by, 1 + by))
    return _tornado.Assumed(lever.name, lever.value, down, up, lever.is_share)


def _moved(file: ScenarioFile, lever: Lever, factor: Decimal) -> _tornado.Moved:
    value = None if lever.value is None else lever.value * factor
    is_limited = lever.is_share and value is not None and value > 1
    value = ONE if is_limited else value
    changes = lever.changes(factor)
    variant = file.variant(changes)
    if variant.scenario is not None:
        return _tornado.Moved(value, variant.scenario, is_limited=is_limited)
    whole = lever.changes(factor, whole=True)
    instead = None if whole == changes else file.variant(whole).scenario
    if instead is None:
        return _tornado.Moved(value, None, variant.faults[0].message)
    nearest = None if lever.value is None else nearest_whole(lever.value, factor)
    return _tornado.Moved(nearest, instead, is_whole=True)


@dataclass(frozen=True)
class Grid(Generic[Priced]):
    """The points of a sweep: their scenarios, comparisons and findings.

    ``texts`` has, for each field, its values and their text in a document.
    """

    file: ScenarioFile
    axes: tuple[Axis, ...]
    fields: tuple[Field, ...]
    texts: tuple[dict[Value, str], ...]
    compare: Callable[[Scenario], Priced]
    faults: dict[Finding, list[str]] = field(default_factory=dict)
    warnings: dict[Finding, None] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the swept fields with their values."""
        return tuple(map(_parameter, self.axes, self.fields, self.texts))

    def compared(self, progress: Progress | None) -> Iterator[tuple[tuple[Value, ...], Priced]]:
        """Yield every point with its comparison. Raises DocumentError after the last if any is invalid."""
        count = prod(map(len, self.texts))
        for done, values in enumerate(product(*self.texts), start=1):
            scenario = self._scenario(values)
            if scenario is not None and not self.faults:
                yield values, self._compared(scenario, values)
            if progress is not None:
                progress(done, count)
        if self.faults:
            raise DocumentError([_with_labels(finding, at) for finding, at in self.faults.items()])

    def compare_at(self, values: tuple[Value, ...]) -> Priced:
        """Return the comparison at a point, which need not be on the grid."""
        scenario = self._scenario_between(values)
        if scenario is None:
            raise DocumentError([_with_labels(finding, at) for finding, at in self.faults.items()])
        return self._compared(scenario, values)

    def _scenario_between(self, values: tuple[Value, ...]) -> Scenario | None:
        """Return the scenario at a point between two of the grid.

        If a field takes whole numbers only, its value is that of the whole number below.
        """
        known = dict(self.faults)
        scenario = self._scenario(values)
        below = tuple(
            value.to_integral_value(ROUND_FLOOR)
            if isinstance(value, Decimal) and value not in texts
            else value
            for texts, value in zip(self.texts, values, strict=True)
        )
        if scenario is not None or below == values:
            return scenario
        at_whole = self.file.variant(self._changes(below)).scenario
        if at_whole is not None:
            self.faults.clear()
            self.faults.update(known)
        return at_whole

    def _changes(self, values: tuple[Value, ...]) -> Changes:
        changes: dict[KeyPath, str] = {}
        for swept, texts, value in zip(self.fields, self.texts, values, strict=True):
            changes |= swept.changes(texts.get(value) or f"{value:f}")
        return with_rescaled_shares(self.file.document, changes)

    def _scenario(self, values: tuple[Value, ...]) -> Scenario | None:
        changes = self._changes(values)
        variant = self.file.variant(changes)
        for finding in tuple(no_room_faults(self.file.document, changes)) or variant.faults:
            self.faults.setdefault(finding, []).append(self._label(values))
        self.warnings.update(dict.fromkeys(variant.warnings))
        return variant.scenario

    def _compared(self, scenario: Scenario, values: tuple[Value, ...]) -> Priced:
        try:
            comparison = self.compare(scenario)
        except (UnpricedError, UsageError) as error:
            label = self._label(values)
            at_point = type(error)(f"at {label}: {error}")
            at_point.findings = tuple(_with_labels(finding, [label]) for finding in error.findings)
            raise at_point from error
        self.left_out.update(dict.fromkeys(comparison.left_out))
        return comparison

    def _label(self, values: tuple[Value, ...]) -> str:
        named = zip(self.axes, self.texts, values, strict=True)
        return ", ".join(f"{axis.field} = {_as_written(axis, texts, value)}" for axis, texts, value in named)


def _as_written(axis: Axis, texts: dict[Value, str], value: Value) -> str:
    """Return a value as the user wrote it."""
    at = list(texts).index(value) if value in texts else None
    return f"{value}" if at is None else axis.values[at]


def _parameter(axis: Axis, swept: Field, texts: dict[Value, str]) -> Parameter:
    current = None if not isinstance(swept.raw, str) else value_of(swept.raw, swept.kind)
    is_number = all(isinstance(value, Decimal) for value in texts)
    # Amounts such as "2 EUR" are shown as they are written.
    kind = swept.kind if is_number or swept.kind is ParameterKind.DAY else ParameterKind.NAME
    return Parameter(axis.field, swept.name, kind, tuple(texts), current, axis.beyond)


def texts_of(files: Library, axis: Axis, swept: Field) -> dict[Value, str]:
    """Return the values of an axis and their texts. Raises UsageError for duplicates."""
    texts: dict[Value, str] = {}
    for text in axis.values:
        value = value_of(text, swept.kind)
        if value in texts:
            raise UsageError(f'"{text}" is given twice for {axis.field}; expected each value once')
        texts[value] = sheet_path(files, text) if swept.path == _PRICING else text
    return texts


def check_distinct(
    axes: Sequence[Axis], fields: Sequence[Field], pricing: PathLike | None, as_of: date | None
) -> None:
    """Raise UsageError for a field that is swept twice, or also set by an option."""
    paths = [swept.path for swept in fields]
    for index, axis in enumerate(axes):
        if names_of(fields[index : index + 1]) & names_of(fields[:index]):
            raise UsageError(f'"{axis.field}" is swept twice; expected each field once')
    for path, option, given in ((_PRICING, "pricing", pricing), (_AS_OF, "as-of", as_of)):
        if given is not None and path in paths:
            raise UsageError(f"--{option} cannot be used with a sweep over {path[0]}")


def _priced(scenario: Scenario, names: Sequence[str], baseline: str | None) -> Comparison:
    return compare(scenario, baseline=baseline, strategies=names)


def _with_labels(finding: Finding, labels: Sequence[str]) -> Finding:
    more = "" if len(labels) == 1 else f" and {len(labels) - 1:,} more point{'s' * (len(labels) > 2)}"
    return replace(finding, message=f"at {labels[0]}{more}: {finding.message}")
