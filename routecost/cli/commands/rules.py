"""``routecost rules``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, write_text

Name = Annotated[
    str | None, typer.Argument(metavar="RULE", help="Code or name of one rule.", show_default=False)
]
Prompt = Annotated[
    str | None,
    typer.Option(
        "--prompt", metavar="TABLE", help="Write this routing table as a section of a planner prompt."
    ),
]

Taxonomy = Annotated[
    str | None,
    typer.Option(
        "--taxonomy",
        metavar="NAME",
        help="With --prompt: use this taxonomy instead of the one the table names.",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", metavar="DATE", parser=options.day, help="With --prompt: judge evidence on this date."
    ),
]


def command(
    rule: Name = None,
    prompt: Prompt = None,
    taxonomy: Taxonomy = None,
    evidence: options.Evidence = None,
    as_of: AsOf = None,
    rules_from: options.RulesFrom = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """List lint rules, explain one, or write a table as a prompt."""
    from routecost.errors import UsageError

    if prompt is not None and (rule is not None or format is not None):
        raise UsageError("--prompt cannot be combined with a rule or --format")
    if prompt is not None and rules_from:
        raise UsageError("--prompt cannot be combined with --rules-from")
    if prompt is None and (taxonomy is not None or evidence is not None or as_of is not None):
        raise UsageError("--taxonomy, --evidence and --as-of require --prompt TABLE")
    target = Output(format if prompt is None else "text", output, force=force)
    if prompt is not None:
        write_text(_prompt(prompt, taxonomy, evidence, as_of, library), output)
        return
    from routecost.lint.registry import find, rules
    from routecost.report.routing.rules import page, report

    packages = tuple(rules_from or ())
    emit(report(rules(packages)) if rule is None else page(find(rule, packages)), target)


def _prompt(
    table: str, taxonomy: str | None, evidence: Path | None, as_of: date | None, library: Path | None
) -> str:
    from routecost.api import validate as lint_api

    config = lint_api.find_config()
    return lint_api.planner_prompt(
        table, taxonomy=taxonomy, evidence=evidence, as_of=as_of, config=config, library=library
    )
