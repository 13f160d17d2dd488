"""How results depend on assumptions: sweeps of a scenario's fields, and what moves its total most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import product
from math import prod

from routecost.api.compare import compare
from routecost.api.scenarios import day_of, open_file, sheet_path, with_strategies
from routecost.documents.core.field_paths import Field
from routecost.documents.scenario.assumptions import Lever, levers
from routecost.documents.scenario.named_fields import named_field, value_of
from routecost.documents.scenario.scenario_file import ScenarioFile
from routecost.documents.workload.mix_shares import with_room
from routecost.engine.sensitivity import tornado as _tornado
from routecost.engine.sensitivity.field_sweep import sweep_fields
from routecost.errors import DocumentError, UnknownNameError, UnpricedError, UsageError
from routecost.library import Library, PathLike, open_library
from routecost.model.results.comparison import Comparison
from routecost.model.results.mix_grid import percent
from routecost.model.results.sensitivity import FieldSweep, Parameter, Tornado, Value
from routecost.model.results.sweep_axis import Axis, read_axes, read_change
from routecost.model.scenario.scenario import Scenario
from routecost.problems import Finding, did_you_mean
from routecost.units import exact

Progress = Callable[[int, int], None]
"""Is told how many of how many points are done."""

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
    """Price every strategy of a scenario at each value of up to three of its fields, in all combinations.

    ``over`` has texts such as ``"tokens.input=1000:9000:1000"`` and ``"pricing=ours,theirs"``: a
    field by its path, or by the end of one below the workload. The other shares of a mix make room
    for those that are swept. Every point is checked as the scenario's file itself would be.

    Raises as :func:`routecost.compare` does; DocumentError also with what is wrong at which points,
    UnknownNameError for a field that is not there, and UsageError for values that make no sense.
    """
    file = open_file(scenario, pricing=pricing, as_of=as_of, library=library)
    axes = read_axes(over)
    fields = tuple(named_field(file.fields, axis.field) for axis in axes)
    _refuse_twice(axes, fields, pricing, as_of)
    where = open_library(library)
    texts = tuple(_texts(where, *axis) for axis in zip(axes, fields, strict=True))
    grid = _Grid(file, axes, fields, texts, partial(_priced, names=strategies, baseline=baseline))
    made = sweep_fields(grid.parameters(), grid.compared(progress), grid.compare_at)
    swept = {field.name for field in fields}
    at_means = tuple(name for name in file.at_means if name not in swept)
    return replace(made, warnings=tuple(grid.warnings), at_means=at_means)


def tornado(
    scenario: PathLike,
    *,
    by: str = "20%",
    strategy: str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Tornado:
    """Move each assumption behind a strategy down and up by a share of itself, one at a time.

    Assumptions are the numbers of the workload and of the strategy, shares of a mix (the others
    make room in proportion), and the rates of each model. ``strategy`` is the proposed one if left
    out, else the first.

    Raises as :func:`routecost.compare` does, and UsageError for a change that is not in (0%, 100%].
    """
    share = read_change(by)
    return tornado_of(open_file(scenario, pricing=pricing, as_of=as_of, library=library), share, strategy)


def tornado_of(file: ScenarioFile, share: Decimal, strategy: str | None = None) -> Tornado:
    """Move each assumption of a scenario's file as :func:`tornado` does."""
    base = file.scenario
    name = strategy or base.proposed or next(iter(base.strategies))
    if name not in base.strategies:
        raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, base.strategies)}')

    assumed = (_assumed(file, lever, share) for lever in levers(file, name))
    made = _tornado.tornado(base, name, share, day_of(base), assumed)
    return replace(made, warnings=base.warnings, at_means=file.at_means)


@exact
def _assumed(file: ScenarioFile, lever: Lever, by: Decimal) -> _tornado.Assumed:
    down, up = (_moved(file, lever, factor) for factor in (1 - by, 1 + by))
    return _tornado.Assumed(lever.name, lever.value, down, up, lever.is_share)


def _moved(file: ScenarioFile, lever: Lever, factor: Decimal) -> _tornado.Moved:
    value = None if lever.value is None else lever.value * factor
    if value is not None and lever.is_share and value > 1:
        return _tornado.Moved(value, None, f"a share of {percent(value)} is more than the whole")
    made = file.variant(lever.changes(factor))
    why = None if made.scenario is not None else made.faults[0].message
    return _tornado.Moved(value, made.scenario, why)


@dataclass(frozen=True)
class _Grid:
    """The points of a sweep: makes their scenarios, compares them, gathers what is wrong with them.

    ``texts`` has, for each field, its values with the texts that a document holds for them.
    """

    file: ScenarioFile
    axes: tuple[Axis, ...]
    fields: tuple[Field, ...]
    texts: tuple[dict[Value, str], ...]
    compare: Callable[[Scenario], Comparison]
    faults: dict[Finding, list[str]] = field(default_factory=dict)
    warnings: dict[Finding, None] = field(default_factory=dict)

    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(map(_parameter, self.axes, self.fields, self.texts))

    def compared(self, progress: Progress | None) -> Iterator[tuple[tuple[Value, ...], Comparison]]:
        """Yield every point with its comparison; after the last, raise what was wrong with any."""
        count = prod(map(len, self.texts))
        for done, values in enumerate(product(*self.texts), start=1):
            scenario = self._scenario(values)
            if scenario is not None and not self.faults:
                yield values, self._compared(scenario, values)
            if progress is not None:
                progress(done, count)
        if self.faults:
            raise DocumentError([_blamed(finding, at) for finding, at in self.faults.items()])

    def compare_at(self, values: tuple[Value, ...]) -> Comparison:
        """Return the comparison at a point that may lie between those of the grid."""
        scenario = self._scenario(values)
        if scenario is None:
            raise DocumentError([_blamed(finding, at) for finding, at in self.faults.items()])
        return self._compared(scenario, values)

    def _scenario(self, values: tuple[Value, ...]) -> Scenario | None:
        changes = {
            each.path: texts.get(value) or f"{value:f}"
            for each, texts, value in zip(self.fields, self.texts, values, strict=True)
        }
        made = self.file.variant(with_room(self.file.document, changes))
        for finding in made.faults:
            self.faults.setdefault(finding, []).append(self._label(values))
        self.warnings.update(dict.fromkeys(made.warnings))
        return made.scenario

    def _compared(self, scenario: Scenario, values: tuple[Value, ...]) -> Comparison:
        try:
            return self.compare(scenario)
        except UnpricedError as error:
            raise UnpricedError(f"at {self._label(values)}: {error}") from error

    def _label(self, values: tuple[Value, ...]) -> str:
        named = zip(self.axes, self.texts, values, strict=True)
        return ", ".join(f"{axis.field} = {_spoken(axis, texts, value)}" for axis, texts, value in named)


def _spoken(axis: Axis, texts: dict[Value, str], value: Value) -> str:
    """Return a value as the user wrote it."""
    at = list(texts).index(value) if value in texts else None
    return f"{value}" if at is None else axis.values[at]


def _parameter(axis: Axis, found: Field, texts: dict[Value, str]) -> Parameter:
    current = None if not isinstance(found.raw, str) else value_of(found.raw, found.kind)
    return Parameter(axis.field, found.name, found.kind, tuple(texts), current, axis.beyond)


def _texts(where: Library, axis: Axis, found: Field) -> dict[Value, str]:
    """Return the values of an axis with the texts for them; UsageError for one that comes twice."""
    made: dict[Value, str] = {}
    for text in axis.values:
        value = value_of(text, found.kind)
        if value in made:
            raise UsageError(f'"{text}" is given twice for {axis.field}; expected each value once')
        made[value] = sheet_path(where, text) if found.path == _PRICING else text
    return made


def _refuse_twice(
    axes: Sequence[Axis], fields: Sequence[Field], pricing: PathLike | None, as_of: date | None
) -> None:
    paths = [each.path for each in fields]
    for at, axis in enumerate(axes):
        if paths[at] in paths[:at]:
            raise UsageError(f'"{axis.field}" is swept twice; expected each field once')
    for path, option, given in ((_PRICING, "pricing", pricing), (_AS_OF, "as-of", as_of)):
        if given is not None and path in paths:
            raise UsageError(f"{path[0]} is swept; expected no --{option} beside it")


def _priced(scenario: Scenario, names: Sequence[str], baseline: str | None) -> Comparison:
    return compare(with_strategies(scenario, names, baseline)).only(names)


def _blamed(finding: Finding, labels: Sequence[str]) -> Finding:
    more = "" if len(labels) == 1 else f" and {len(labels) - 1:,} more point{'s' * (len(labels) > 2)}"
    return replace(finding, message=f"at {labels[0]}{more}: {finding.message}")
