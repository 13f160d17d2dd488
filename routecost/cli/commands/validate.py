"""``routecost validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from routecost.cli import options
from routecost.cli.atomic_write import write_whole
from routecost.cli.output import Output, emit, say, show_findings, write_text
from routecost.model.results.validation import FailOn

if TYPE_CHECKING:
    from routecost.lint.fix import Fixed
    from routecost.lint.subject import Subject
    from routecost.model.results.suggestions import Suggestions

Table = Annotated[str, typer.Argument(metavar="TABLE", help="Routing table, by path or name.")]
Taxonomy = Annotated[
    str | None,
    typer.Option("--taxonomy", metavar="NAME", help="Hold it against this taxonomy, not the one it names."),
]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="The fleet that is routed by it; prices are its own."),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULES", help="Only these: codes, their beginnings, names; repeatable."),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="RULES", help="Not these; repeatable.")]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="Exit 1 for findings as grave as this.")]
Fix = Annotated[bool, typer.Option("--fix", help="Mend in the file what can be mended safely.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what --fix would do; exit 1 if anything.")]
Suggest = Annotated[
    bool, typer.Option("--suggest", help="Propose a tier for each row; needs --scenario and evidence.")
]
Known = Annotated[
    Path | None,
    typer.Option("--baseline-file", metavar="FILE", help="Leave out the findings that it holds."),
]
Written = Annotated[
    Path | None,
    typer.Option("--write-baseline", metavar="FILE", help="Write all findings there; exit 0."),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, json, html, github or sarif; else by the output file, else text.",
    ),
]

_FOR_FINDINGS = ("github", "sarif")


def command(
    table: Table,
    taxonomy: Taxonomy = None,
    pricing: options.Pricing = None,
    evidence: options.Evidence = None,
    scenario: Scenario = None,
    as_of: options.AsOf = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Fail = FailOn.WARNING,
    fix: Fix = False,
    diff: Diff = False,
    suggest: Suggest = False,
    baseline_file: Known = None,
    write_baseline: Written = None,
    format: Format = None,
    output: options.Output = None,
    library: options.Library = None,
) -> None:
    """Check a routing table for mistakes; exit 1 if there are any."""
    from routecost.api import validate as lint_api
    from routecost.report.routing.validate import report

    given = {"--diff": diff, "--suggest": suggest, "--write-baseline": write_baseline}
    _refuse_beside({name for name, value in given.items() if value}, format, output)
    chosen: dict[str, Any] = {"select": select or (), "ignore": ignore or ()}
    if diff:
        fixed = lint_api.fix_table(table, taxonomy=taxonomy, library=library, **chosen)
        raise typer.Exit(_show_diff(fixed, output))
    file = lint_api.own_file(table, library) if fix else None
    subject = lint_api.load_table(
        table,
        taxonomy=taxonomy,
        pricing=pricing,
        evidence=evidence,
        scenario=scenario,
        as_of=as_of,
        config=lint_api.find_config(),
        library=library,
    )
    if file is not None:
        subject = _fix(lint_api.fix_table(subject, **chosen), file)
    made = lint_api.validate(subject, baseline=None if write_baseline else baseline_file, **chosen)
    show_findings(made.warnings)
    if write_baseline is not None:
        _write_baseline(made.findings, write_baseline)
        return
    emit(report(made, _suggestions(subject) if suggest else None), Output(format, output))
    if made.fails(fail_on):
        raise typer.Exit(1)


def _refuse_beside(wanted: set[str], format: str | None, output: Path | None) -> None:
    """Refuse what would be asked for in vain."""
    from routecost.errors import UsageError

    if len(wanted) > 1:
        raise UsageError(f"{' and '.join(sorted(wanted))} do not go together; run them one by one")
    if format is not None and wanted & {"--diff", "--write-baseline"}:
        raise UsageError(f"{wanted.pop()} writes a file of its own kind; it goes with no --format")
    if output is not None and "--write-baseline" in wanted:
        raise UsageError("--write-baseline writes to the file that it names; it goes with no --output")
    if format in _FOR_FINDINGS and "--suggest" in wanted:
        raise UsageError(f'suggestions are no findings, and cannot be written as "{format}"; try "json"')


def _suggestions(subject: Subject) -> Suggestions:
    from routecost.api import validate as lint_api
    from routecost.errors import UsageError

    if subject.scenario is None:
        raise UsageError("--suggest needs a scenario, for tokens and prices; give one with --scenario")
    return lint_api.suggest(subject)


def _write_baseline(findings: Any, file: Path) -> None:
    from routecost.lint.baseline import baseline_text

    write_whole(file, lambda sink: sink.write(baseline_text(findings)))
    say(f"{file}: {len(findings)} findings are known from now on")


def _fix(fixed: Fixed, file: Path) -> Subject:
    """Write a fixed table to its file; return the table as it is now."""
    if fixed.after != fixed.before:
        write_whole(file, lambda sink: sink.write(fixed.after))
    for left in fixed.left:
        say(left)
    if fixed.findings:
        say(f"{file}: {len(fixed.findings)} fixed")
    return fixed.subject


def _show_diff(fixed: Fixed, output: Path | None) -> int:
    for left in fixed.left:
        say(left)
    write_text(fixed.diff(), output)
    return int(fixed.after != fixed.before)
