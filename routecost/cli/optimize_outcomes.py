"""``optimize --outcomes``: learn policies from outcomes, write them, and check them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from routecost.cli.output import Output, emit, say_notes, show_findings, write_text
from routecost.cli.output_files import claim, claim_unnamed
from routecost.errors import UsageError

if TYPE_CHECKING:
    from routecost.api.outcomes import Prices
    from routecost.cli.atomic_write import Writing
    from routecost.ingest.outcomes import Read
    from routecost.optimize.outcomes.export.table import LearnedTable
    from routecost.optimize.outcomes.learn.learned import Learned, LearnOptions

Given = Mapping[str, Any]
"""The value of each option of the command, by its name; None and False are not given."""

READING = (
    *("column", "where", "model", "priced_as", "model_cost", "feature"),
    *("score_range", "missing", "split_by", "held_out"),
)
LEARNING = (
    *(
        "budget",
        "min_quality",
        "risk",
        "margin",
        "reference",
        "families",
        "controller",
        "longest",
        "transform",
    ),
    *("write_policy", "write_table", "write_scenario", "taxonomy", "export"),
    *("chart", "reliability", "size", "theme"),
)
_CHOICE = frozenset(LEARNING[1:9])
OF_OUTCOMES = (*READING, *_CHOICE, "seed", "write_policy", "check", "export", *LEARNING[-4:])
"""LearnOptions that need ``--outcomes``."""

_HELD_OUT, _CALIBRATION = 0.3, 0.2
_OF_MODELS = ("--priced-as", "--model-cost")
"""Options with MODEL=VALUE: a model may be called ``debate/critic=haiku+solver=opus``."""


def refuse(given: Given, names: Iterable[str], why: str) -> None:
    """Raise UsageError if one of these options is given."""
    for name in names:
        value = given.get(name)
        if value is not None and value is not False:
            option = "SCENARIO" if name == "scenario" else f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} {why}")


def run(given: Given) -> None:
    """Learn from outcomes, or check a policy on them."""
    refuse(given, ("scenario", "min_success"), "does not apply to --outcomes")
    if given["check"] is not None:
        refuse(given, LEARNING, "does not apply to --check")
        _check(given)
        return
    _refuse_partial(given)
    target = _claimed(given)
    options = _options(given)
    prices = _prices(given)
    read = _read(given, prices, with_risk=options.risk is not None)
    from routecost.api.outcomes import learn_policies
    from routecost.cli.atomic_write import write_together
    from routecost.report.outcomes.learned import report

    learned = learn_policies(read.outcomes, options)
    table = _table(given, learned, prices)
    files = [*_files(given, learned, prices, table)]
    result = report(learned, Path(given["outcomes"]).name, table)
    if target is None:
        write_together([*files, *_exported(given, learned, prices)])
        say_notes(result)
    else:
        emit(result, target, with_notes=True, beside=files)


def _claimed(given: Given) -> Output | None:
    """Claim all files that will be written; return the output of the report, None for an export."""
    force, drawn = given["force"], given["reliability"] is None or given["chart"] is not None
    for name in ("reliability", "write_policy", "write_table", "write_scenario"):
        claim(given[name], f"--{name.replace('_', '-')}", force=force)
    if given["export"] is None:
        size, theme = (given[name] if drawn else None for name in ("size", "theme"))
        return Output(given["format"], given["output"], given["chart"], size, theme, force)
    from routecost.optimize.outcomes.export.configs import IN_FOLDERS, known_target

    folder = given["output"]
    if known_target(given["export"]) not in IN_FOLDERS:
        claim(folder, "--output", force=force)
    elif folder is None or not os.path.isdir(folder):
        refused = "" if folder is None else f', and "{folder}" is none'
        raise UsageError(
            f"--export {given['export']} writes a file for each category into a folder{refused}; expected an "
            "existing one, as in --output .claude/agents"
        )
    return None


def _exported(given: Given, learned: Learned, prices: Prices | None) -> Iterable[Writing]:
    """Yield the files of an export; print it if it is one, and no output is named."""
    from routecost.api.outcomes import export_policy
    from routecost.optimize.outcomes.export.configs import IN_FOLDERS

    named, output = pairs("--priced-as", given["priced_as"]), given["output"]
    files = export_policy(learned, given["export"], prices, priced_as=named)
    for name, text in files.items():
        if given["export"] in IN_FOLDERS:
            claim_unnamed(output / name, "--output", force=given["force"])
            yield _writing(output / name, text)
        elif output is None:
            write_text(text, None)
        else:
            yield _writing(output, text)


def _writing(file: Path, text: str) -> Writing:
    from routecost.cli.atomic_write import Writing

    return Writing(file, lambda sink: sink.write(text))


def _refuse_partial(given: Given) -> None:
    if given["write_table"] is not None and given["taxonomy"] is None:
        raise UsageError("--write-table needs --taxonomy, which the table is checked against")
    if given["taxonomy"] is not None and given["write_table"] is None:
        raise UsageError("--taxonomy requires --write-table with --outcomes")
    if given["risk"] is None:
        refuse(given, ("margin",), "requires --risk")
    if given["write_scenario"] is not None and given["pricing"] is None:
        raise UsageError("--write-scenario requires --pricing, by which the scenario is priced")
    if given["pricing"] is None and given["write_table"] is None:
        refuse(given, ("as_of",), "requires --pricing")
    if given["split_by"] is not None:
        refuse(given, ("held_out",), "does not apply to --split-by, which has the parts")
    if given["chart"] is None and given["reliability"] is None:
        refuse(given, ("size", "theme"), "requires --chart FILE or --reliability FILE")
    if given["export"] is not None:
        refuse(given, ("format", "chart"), "does not apply to --export")


def _check(given: Given) -> None:
    """Report whether the promises of a policy hold; the exit code is 1 if one is broken."""
    from routecost.api.outcomes import check_policy
    from routecost.report.outcomes.check import report

    target = Output(given["format"], given["output"], force=given["force"])
    read = _read(given, _prices(given), with_risk=False)
    result = check_policy(given["check"], read.outcomes, seed=given["seed"] or 0)
    emit(report(result, given["check"].name, Path(given["outcomes"]).name), target, with_notes=True)
    if not result.holds:
        raise typer.Exit(1)


def _prices(given: Given) -> Prices | None:
    from routecost.api.outcomes import Prices

    if given["pricing"] is None:
        return None
    return Prices.load(given["pricing"], given["as_of"], given["library"])


def _read(given: Given, prices: Prices | None, *, with_risk: bool) -> Read:
    from routecost.api.outcomes import read_outcomes
    from routecost.ingest.outcomes import Columns, Missing, SplitRule
    from routecost.problems import did_you_mean

    rule = given["missing"] or "drop"
    if rule not in list(Missing):
        raise UsageError(f'no rule for missing outcomes named "{rule}"{did_you_mean(rule, list(Missing))}')
    names = pairs("--column", given["column"])
    split_by = given["split_by"]
    held_out = _HELD_OUT if given["held_out"] is None else _share("--held-out", given["held_out"])
    calibration = min(_CALIBRATION, (1 - held_out) / 2) if with_risk else 0.0
    columns = Columns(
        names={**names, **({} if split_by is None else {"split": split_by})},
        where=pairs("--where", given["where"]),
        models=tuple(given["model"]) if given["model"] else None,
        priced_as=pairs("--priced-as", given["priced_as"]),
        costs={
            model: _amount("--model-cost", cost)
            for model, cost in pairs("--model-cost", given["model_cost"]).items()
        },
        features=tuple(given["feature"]) if given["feature"] else None,
    )
    split = SplitRule(1 - held_out - calibration, calibration, given["seed"] or 0, True if split_by else None)
    read = read_outcomes(
        given["outcomes"],
        columns,
        prices=prices,
        split=split,
        missing=Missing(rule),
        score_range=_range(given["score_range"]),
    )
    show_findings(read.findings)
    return read


def _options(given: Given) -> LearnOptions:
    from routecost.optimize.outcomes.calibration import TRANSFORMS
    from routecost.optimize.outcomes.learn.families import known_family
    from routecost.optimize.outcomes.learn.learned import LearnOptions
    from routecost.problems import did_you_mean

    families = [name.strip() for name in (given["families"] or "").split(",") if name.strip()]
    numbers: dict[str, Any] = {
        name: _share(f"--{name.replace('_', '-')}", given[name])
        for name in ("min_quality", "risk", "margin")
        if given[name] is not None
    }
    if given["budget"] is not None:
        numbers["budget"] = _amount("--budget", given["budget"])
    if given["controller"] is not None:
        if "systems" not in families:
            raise UsageError("--controller requires --families systems")
        numbers["controller"] = _amount("--controller", given["controller"])
    if "risk" in numbers and not 0 < numbers["risk"] < 1:
        raise UsageError(f'--risk "{given["risk"]}" is out of range; expected a share between 0% and 100%')
    others = {
        name: given[name] for name in ("reference", "longest", "transform", "seed") if given[name] is not None
    }
    if given["transform"] not in (None, *TRANSFORMS):
        hint = did_you_mean(given["transform"], TRANSFORMS)
        raise UsageError(f'no transform named "{given["transform"]}"{hint}')
    return LearnOptions(**numbers, **others, families=tuple(known_family(name) for name in families))


def _table(given: Given, learned: Learned, prices: Prices | None) -> LearnedTable | None:
    """Return the routing table to write."""
    if given["write_table"] is None:
        return None
    from routecost.api.outcomes import find_table

    return find_table(
        learned,
        given["taxonomy"],
        evaluated=given["as_of"],
        prices=prices,
        priced_as=pairs("--priced-as", given["priced_as"]),
        library=given["library"],
        folder=folder_of(given["write_table"]),
    )


def _files(
    given: Given, learned: Learned, prices: Prices | None, table: LearnedTable | None
) -> Iterable[Writing]:
    """Yield the files to write beside the result."""
    from routecost.api import outcomes as api
    from routecost.source.editing.yaml_writer import block_yaml

    outcomes, named = Path(given["outcomes"]).name, pairs("--priced-as", given["priced_as"])
    if given["write_policy"] is not None:
        policy = api.learned_policy(learned, outcomes, prices, priced_as=named)
        as_json = given["write_policy"].suffix == ".json"
        yield _writing(given["write_policy"], api.policy_text(policy, as_json=as_json))
    if table is not None:
        yield _writing(given["write_table"], block_yaml(table.data))
    if given["write_scenario"] is not None:
        folder = folder_of(given["write_scenario"])
        text = api.learned_scenario(learned, prices, priced_as=named, folder=folder)
        yield _writing(given["write_scenario"], text)
    if given["reliability"] is not None:
        yield _reliability(given, learned, outcomes)


def _reliability(given: Given, learned: Learned, outcomes: str) -> Writing:
    """Return the chart of the reliability of confidences."""
    from routecost.cli.atomic_write import Writing
    from routecost.render import charts
    from routecost.report.outcomes.reliability import figure

    file, drawn = given["reliability"], figure(learned, outcomes)
    look = {"size": given["size"] or "doc", "theme": given["theme"] or "light"}
    draw = partial(charts.draw, drawn, kind=charts.chart_format(file), **look)
    return Writing(file, draw, binary=True)


def folder_of(file: Path) -> Path:
    """Return the folder of a file to write; for a pipe or a device, the working directory."""
    from routecost.cli.atomic_write import is_stream

    return Path() if is_stream(file) else file.parent


def pairs(option: str, texts: Sequence[str] | None) -> dict[str, str]:
    """Return NAME=VALUE of a repeatable option by name. Raises UsageError for other texts."""
    values = {}
    for text in texts or ():
        key, sign, value = text.rpartition("=") if option in _OF_MODELS else text.partition("=")
        if not (key and sign and value):
            raise UsageError(f'{option} "{text}" has no name and value; expected NAME=VALUE')
        if key in values:
            raise UsageError(f'{option} states "{key}" twice')
        values[key] = value
    return values


def _range(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    low, _, high = text.partition(":")
    try:
        ends = (float(low), float(high))
    except ValueError:
        ends = (0.0, 0.0)
    if not ends[0] < ends[1]:
        raise UsageError(f'--score-range "{text}" is no range; expected LOW:HIGH, such as 1:5')
    return ends


def _share(option: str, text: str) -> float:
    from routecost.model.results.mix_sweep import read_share

    try:
        return float(read_share(text))
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from error


def _amount(option: str, text: str) -> float:
    from routecost.model.results.breakeven import read_amount

    return float(read_amount(option, text, per_query=True))
