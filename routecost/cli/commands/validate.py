"""``routecost validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from routecost.cli import options
from routecost.cli.atomic_write import write_whole
from routecost.cli.output import Output, emit, say, show_findings, write_text
from routecost.cli.output_files import claim
from routecost.model.results.validation import FailOn

if TYPE_CHECKING:
    from routecost.lint.fix import Fixed
    from routecost.lint.subject import Subject
    from routecost.model.results.validation import Suggestions

Table = Annotated[str, typer.Argument(metavar="TABLE", help="Routing table, by path or name.")]
Taxonomy = Annotated[
    str | None,
    typer.Option(
        "--taxonomy", metavar="NAME", help="Check against this taxonomy instead of the one the table names."
    ),
]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="Scenario that uses the table; its prices apply."),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="RULES", help="Run only these rules (code, code prefix or name); repeatable."
    ),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="RULES", help="Skip these rules; repeatable.")
]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="Exit 1 if any finding has at least this severity.")]
Fix = Annotated[bool, typer.Option("--fix", help="Apply safe fixes to the file.")]
Diff = Annotated[
    bool, typer.Option("--diff", help="Show what --fix would change; exit 1 if it would change anything.")
]
Suggest = Annotated[
    bool, typer.Option("--suggest", help="Suggest a tier for each row; needs --scenario and evidence.")
]
Known = Annotated[
    Path | None,
    typer.Option("--baseline-file", metavar="FILE", help="Ignore findings recorded in this file."),
]
Written = Annotated[
    Path | None,
    typer.Option("--write-baseline", metavar="FILE", help="Record all findings in this file; exit 0."),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, xlsx, json, html, github or sarif; default: by output file, else text.",
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
    rules_from: options.RulesFrom = None,
    fail_on: Fail = FailOn.WARNING,
    fix: Fix = False,
    diff: Diff = False,
    suggest: Suggest = False,
    baseline_file: Known = None,
    write_baseline: Written = None,
    format: Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Lint a routing table; exit 1 if there are findings."""
    from routecost.api import validate as lint_api
    from routecost.report.routing.validate import report

    given = {"--diff": diff, "--suggest": suggest, "--write-baseline": write_baseline}
    _refuse_beside({name for name, value in given.items() if value}, format, output)
    file = lint_api.own_file(table, library) if fix and not diff else None
    claim(file, "--fix", force=force, updates=True)
    claim(write_baseline, "--write-baseline", force=force)
    style = "text" if diff and format is None else format
    target = Output(style, output, force=force, has_findings=True)
    chosen: dict[str, Any] = {"select": select or (), "ignore": ignore or (), "rules_from": rules_from or ()}
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
    if diff:
        raise typer.Exit(_show_diff(lint_api.fix_table(subject, **chosen), output))
    if file is not None:
        subject = _fix(lint_api.fix_table(subject, **chosen), file)
    validation = lint_api.validate(subject, baseline=None if write_baseline else baseline_file, **chosen)
    show_findings(validation.warnings)
    if write_baseline is not None:
        _write_baseline(validation.findings, write_baseline)
        return
    emit(report(validation, _suggestions(subject) if suggest else None), target)
    if validation.fails(fail_on):
        raise typer.Exit(1)


def _refuse_beside(wanted: set[str], format: str | None, output: Path | None) -> None:
    """Raise UsageError for options that cannot be combined."""
    from routecost.errors import UsageError

    if len(wanted) > 1:
        raise UsageError(f"{' and '.join(sorted(wanted))} cannot be combined; run them separately")
    if format is not None and wanted & {"--diff", "--write-baseline"}:
        raise UsageError(f"{wanted.pop()} cannot be used with --format")
    if output is not None and "--write-baseline" in wanted:
        raise UsageError("--write-baseline names its own file; it cannot be used with --output")
    if format in _FOR_FINDINGS and "--suggest" in wanted:
        raise UsageError(f'--suggest cannot be written as "{format}"; try "json"')


def _suggestions(subject: Subject) -> Suggestions:
    from routecost.api import validate as lint_api
    from routecost.errors import UsageError

    if subject.scenario is None:
        raise UsageError("--suggest needs a scenario for tokens and prices; add --scenario NAME")
    return lint_api.suggest(subject)


def _write_baseline(findings: Any, file: Path) -> None:
    from routecost.lint.baseline import baseline_text

    write_whole(file, lambda sink: sink.write(baseline_text(findings)))
    say(f"wrote {len(findings)} finding{'' if len(findings) == 1 else 's'} to {file}")


def _fix(fixed: Fixed, file: Path) -> Subject:
    """Write a fixed table to its file; return the table as it is now."""
    if fixed.after != fixed.before:
        write_whole(file, lambda sink: sink.write(fixed.after))
    for reason in fixed.not_fixed:
        say(reason)
    if fixed.findings:
        say(f"{file}: {len(fixed.findings)} fixed")
    return fixed.subject


def _show_diff(fixed: Fixed, output: Path | None) -> int:
    for reason in fixed.not_fixed:
        say(reason)
    write_text(fixed.diff(), output)
    return int(fixed.after != fixed.before)
