"""What the calls of logs would have cost under other tables, strategies and price sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal

from routecost.api.call_log import CallLog
from routecost.api.logs.source import (
    Logs,
    LogSource,
    as_source,
    facts_of,
    opened,
    refuse_no_calls,
    refuse_unpriced,
    sheet_pricer,
)
from routecost.api.scenarios import load_pricing, load_scenario
from routecost.documents.core.loader import Loader
from routecost.documents.routing.load import load_table
from routecost.engine.logs import usage as _usage
from routecost.engine.logs.escalations import Escalation, added, escalations
from routecost.engine.logs.moves import Mover, scaled_edges
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.replay import TASK_TYPE, Replayer, by_type
from routecost.engine.logs.session_pass import (
    OrderedCall,
    SessionPass,
    part_costs,
    run_passes,
    with_costs,
    with_price,
)
from routecost.engine.logs.targets import AS_LOGGED, LOGGED, Target, strategy_target, table_target
from routecost.errors import CurrencyError, UsageError, known_strategy
from routecost.library import Library, PathLike, argument, open_library
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.logs.replay import Replay, TableReplay, UnroutedCallsError
from routecost.model.routing.table import RoutingTable
from routecost.model.scenario.scenario import Scenario
from routecost.problems import did_you_mean
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How calls are replayed.

    ``default_tier`` is the tier of task types that a table does not have; "as-logged" keeps their models.
    With ``by_session``, caches are followed call by call. ``output_factors`` has the length of the answers
    of models, relative to those of the models that they replace.
    """

    default_tier: str | None = None
    by_session: bool = False
    output_factors: Mapping[str, Decimal] = field(default_factory=dict)


def replay(
    logs: Logs,
    *,
    tables: Sequence[PathLike | RoutingTable] = (),
    scenario: PathLike | Scenario | None = None,
    strategies: Sequence[str] = (),
    pricing: Sequence[PathLike | PricingSheet] = (),
    options: ReplayOptions | None = None,
    library: PathLike | None = None,
) -> Replay:
    """Return what logged calls would have cost under routing tables, strategies and price sheets.

    The first sheet of ``pricing`` (else the scenario's) has the prices at which the calls ran; further ones
    reprice them. ``strategies`` are those of the scenario: tiers, mixes, tables, and assignments of these;
    without names, all that can be replayed.

    Raises UsageError, UnknownNameError, DocumentError; UnpricedCallsError and UnroutedCallsError with all
    calls that have no price or no tier; CurrencyError; EnvironmentFailure without the extra ``logs``.
    """
    chosen, files = options or ReplayOptions(), open_library(library)
    plan = None if scenario is None else _scenario(scenario, strategies, library)
    source = as_source(logs)
    pricers = _pricers(source, pricing, plan, library)
    loaded = _tables(tables, files)
    targets = [table_target(table, name, chosen.default_tier) for name, table in loaded]
    paths = {name: escalations(table) for name, table in loaded}
    planned, refused = _strategies(plan, strategies, chosen.default_tier)
    targets += planned
    if not targets and len(pricers) == 1:
        raise UsageError("nothing to replay; add --table TABLE, --strategy NAME or a second --pricing SHEET")
    for pricer in pricers:
        _check(targets, chosen, pricer.sheet)
    with opened(source) as (source, log):
        result = replayed(log, source, pricers, targets, chosen, paths=paths)
    return replace(result, refused=refused)


def replayed(
    log: CallLog,
    source: LogSource,
    pricers: Sequence[CellPricer],
    targets: Sequence[Target],
    options: ReplayOptions,
    *,
    paths: Mapping[str, Mapping[str, Escalation]] | None = None,
) -> Replay:
    """Return the replays of a log that is open; the first pricer has the prices at which it ran.

    ``paths`` has the escalations of tables by their names.
    """
    sheets = [pricer.sheet for pricer in pricers]
    actual, edges = pricers[0], scaled_edges(sheets)
    cells = log.cells([TASK_TYPE], sheets, edges)
    refuse_no_calls(cells, log, source)
    missing = refuse_unpriced(log, cells, actual, source)
    priced = _usage.priced(cells, actual)
    types = by_type(priced)
    movers = [Mover(actual, pricer, options.output_factors) for pricer in pricers]
    repriced = [(mover, [*targets, LOGGED] if mover.is_repriced else targets) for mover in movers]
    replayers = [(Replayer(types, mover), every) for mover, every in repriced]
    tables = list(_tables_of(replayers))
    loose = 0
    if options.by_session:
        cells = log.without_order().cells([TASK_TYPE], sheets, edges)
        rest = by_type(_usage.priced(cells, actual))
        loose = sum(one.cell.calls for group in rest.values() for one in group)
        calls = log.in_order(sheets)
        calls = with_price(calls, actual) if missing else calls
        tables = _by_session(
            calls, tables, [(Replayer(rest, mover, types), every) for mover, every in repriced]
        )
    return Replay(
        facts=facts_of(log, source),
        pricing=actual.sheet.name,
        currency=actual.sheet.currency,
        calls=sum(row.calls for row in tables[0].rows),
        actual=tables[0].stages.actual,
        tables=tuple(tables),
        reconciliation=tuple(_usage.reconciled(priced, actual)),
        tokens=tuple(dict.fromkeys(one for mover in movers for one in mover.tokens)),
        modes=tuple(dict.fromkeys(one for mover in movers for one in mover.modes)),
        unpriced=missing,
        is_counted=all(one.cell.calls for one in priced),
        partial=frozenset(_usage.task_type_of(one.cell) for one in priced if one.cost is None),
        has_terms=any(sheet.terms for sheet in sheets),
        by_session=options.by_session,
        loose=loose,
        escalations=added(replayers[0][0], paths or {}),
    )


def _tables_of(replays: Sequence[tuple[Replayer, Sequence[Target]]]) -> Iterator[TableReplay]:
    """Yield all replays. Raises UnroutedCallsError with the calls that any of them cannot replay."""
    lines: list[str] = []
    is_routable = False
    for replayer, targets in replays:
        for target in targets:
            try:
                yield replayer.table(target)
            except UnroutedCallsError as error:
                lines += error.lines
                is_routable |= error.is_routable
    if lines:
        raise UnroutedCallsError(list(dict.fromkeys(lines)), is_routable=is_routable)


def _by_session(
    calls: Iterable[OrderedCall],
    tables: Sequence[TableReplay],
    replays: Sequence[tuple[Replayer, Sequence[Target]]],
) -> list[TableReplay]:
    """Return replays with the costs of one ordered pass in place of bounds, but for calls without order."""
    runs = [(replayer, target) for replayer, targets in replays for target in targets]
    passes = [[SessionPass(part, replayer.mover) for part in target.parts] for replayer, target in runs]
    run_passes(calls, [one for of_run in passes for one in of_run])
    return [
        with_costs(table, [*part_costs(of_run), *replayer.table(target).costs()])
        for table, (replayer, target), of_run in zip(tables, runs, passes, strict=True)
    ]


def _pricers(
    source: LogSource,
    pricing: Sequence[PathLike | PricingSheet],
    scenario: Scenario | None,
    library: PathLike | None,
) -> list[CellPricer]:
    """Return the pricer of the calls as they ran, and those of other sheets."""
    first = pricing[0] if pricing else None if scenario is None else scenario.pricing
    pricers = [sheet_pricer(source, first, library)]
    for sheet in pricing[1:]:
        loaded = sheet if isinstance(sheet, PricingSheet) else load_pricing(sheet, library=library)
        if loaded.currency != pricers[0].sheet.currency:
            raise CurrencyError(
                f'pricing sheet "{loaded.name}" is in {loaded.currency}, and "{pricers[0].sheet.name}" in '
                f"{pricers[0].sheet.currency}; they cannot be compared"
            )
        names = {logged: model for logged, model in source.models.items() if model in loaded.models}
        pricers.append(CellPricer(loaded, names))
    repeated = _repeated([pricer.sheet.name for pricer in pricers])
    if repeated:
        raise UsageError(f'pricing sheet "{repeated}" is given twice; expected different ones')
    return pricers


def _repeated(names: Sequence[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)


def _tables(tables: Sequence[PathLike | RoutingTable], files: Library) -> list[tuple[str, RoutingTable]]:
    """Return tables with different names; the faults of all files are raised at once."""
    loader = Loader(files)
    loaded: list[tuple[str, RoutingTable | None]] = []
    for table in tables:
        if isinstance(table, RoutingTable):
            loaded.append((table.name, table))
        else:
            path = files.find("tables", argument(table))
            loaded.append((str(table), load_table(loader, path)))
    tables_by_text = [(text, loader.finish(table)) for text, table in loaded]
    if again := _repeated([text for text, _ in tables_by_text]):
        raise UsageError(f'table "{again}" is given twice; expected different tables')
    names = [table.name for _, table in tables_by_text]
    return [(text if names.count(table.name) > 1 else table.name, table) for text, table in tables_by_text]


def _scenario(scenario: PathLike | Scenario, strategies: Sequence[str], library: PathLike | None) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    return load_scenario(scenario, library=library, strategies=strategies)


def _strategies(
    scenario: Scenario | None, names: Sequence[str], default: str | None
) -> tuple[list[Target], dict[str, str]]:
    """Return the strategies to replay, and why others cannot be. Raises UsageError if one is named."""
    if scenario is None:
        if names:
            raise UsageError(f'strategy "{names[0]}" needs a scenario; add --scenario SCENARIO')
        return [], {}
    targets, refused = [], {}
    for name in dict.fromkeys(names) or scenario.strategies:
        known_strategy(name, scenario.strategies)
        try:
            targets.append(strategy_target(name, scenario.strategies[name], default, scenario.workload))
        except UsageError as error:
            if names:
                raise UsageError(f'strategy "{name}" cannot be replayed: {error}') from error
            refused[name] = str(error)
    return targets, refused


def _check(targets: Sequence[Target], options: ReplayOptions, sheet: PricingSheet) -> None:
    """Raise UnroutedCallsError with all tiers and models that a sheet does not have."""
    known, lines = [*sheet.tier_names, AS_LOGGED], []
    lacking = f'pricing sheet "{sheet.name}" does not have'
    if options.default_tier is not None and options.default_tier not in known:
        suggestion = did_you_mean(options.default_tier, known)
        lines.append(f'the default tier is "{options.default_tier}", which {lacking}{suggestion}')
    for model, factor in options.output_factors.items():
        if model not in (*sheet.models, *sheet.tier_names):
            suggestion = did_you_mean(model, (*sheet.models, *sheet.tier_names))
            lines.append(f'an output factor is for model "{model}", which {lacking}{suggestion}')
        if not factor.is_finite() or factor <= 0:
            raise UsageError(f"the output factor of {model} is {factor}; expected a number above 0")
    for target in targets:
        for tier, task in target.tiers.items():
            if tier not in known and tier != options.default_tier:
                of = "" if task is None else f' for "{task}"'
                suggestion = did_you_mean(tier, known)
                lines.append(
                    f'{target.kind} "{target.name}" has tier "{tier}"{of}, which {lacking}{suggestion}'
                )
    if lines:
        raise UnroutedCallsError(lines)
