"""CPU time of validating routing tables of 10,000 rows, against parsing their YAML, in the same run."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from routecost.documents.core.loader import Loader
from routecost.documents.routing.table import TABLE
from routecost.library import Library
from routecost.lint.load import Sources, load
from routecost.lint.registry import rules
from routecost.lint.run import lint
from routecost.lint.subject import Subject
from routecost.source import Document, read_file

ROWS = 10_000
RUNS = 15
LIMIT = 2.0
LIMIT_MEASURED = 4.0
DAY = date(2026, 11, 22)
TIERS = ("haiku", "sonnet", "opus")


def main() -> int:
    """Print the times and their ratios; return 1 if a validation alone is above its limit."""
    plain = compare("a table", "", LIMIT)
    evidence = ", evidence: {successes: 990, trials: 1000, evaluated: 2026-11-01}"
    return plain or compare("one with evidence on each row", evidence, LIMIT_MEASURED)


def compare(what: str, more: str, limit: float) -> int:
    """Compare validating a table, with ``more`` on each row, with parsing it; return 1 above the limit."""
    with tempfile.TemporaryDirectory() as folder:
        table, taxonomy = _write(Path(folder), more)
        sources = Sources(str(table), Library())
        subject = load(sources, DAY)
        parse = fastest(lambda: parsed(subject.document.text))
        validate = fastest(lambda: validated(subject))
        read = fastest(lambda: [read_file(file) for file in (table, taxonomy)])
        whole = fastest(lambda: lint(load(sources, DAY), rules()))
    print(f"{what}, {ROWS:,} rows")
    _print("  parse it", parse)
    _print("  check and lint it, once read", validate)
    print(f"  ratio                          {validate / parse:6.2f}    limit {limit}")
    _print("  read it and its taxonomy", read)
    _print("  read, check and lint them", whole)
    print(f"  ratio                          {whole / read:6.2f}    no limit")
    return int(validate / parse > limit)


def parsed(text: str) -> None:
    """Let the C parser produce all events of a text, and nothing else."""
    parser: Any = yaml.CSafeLoader(text)
    for _ in iter(parser.get_event, None):
        pass


def validated(subject: Subject) -> None:
    """Do all that follows the reading of a table: check it, make its objects, run every rule."""
    document: Document = subject.document
    loader = Loader(Library())
    table_document = loader.finish(loader.check(document, TABLE, {}))
    fresh = Subject(document, table_document.build(subject.table.name), subject.taxonomy, DAY)
    if lint(fresh, rules()).findings:
        raise AssertionError("the table was meant to be clean")


def fastest(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest run: what disturbs a run only ever makes it slower."""
    return min(_seconds(work) for _ in range(RUNS))


def _print(what: str, seconds: float) -> None:
    print(f"{what:<32} {seconds * 1000:6.1f} ms of CPU, fastest of {RUNS}")


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _write(folder: Path, more: str) -> tuple[Path, Path]:
    table, taxonomy = folder / "table.yaml", folder / "taxonomy.yaml"
    kind = "title: a task, reasoning: low, ambiguity: low, stakes: low"
    kinds = (f"  task-{at:05d}: {{{kind}, tiers: [{TIERS[at % 3]}]}}\n" for at in range(ROWS))
    rows = (
        f"  - {{task: task-{at:05d}, tier: {TIERS[at % 3]}, confidence: required{more}}}\n"
        for at in range(ROWS)
    )
    path = ", ".join(TIERS)
    taxonomy.write_text(f"version: 1\ntiers: [{path}]\ntask_types:\n{''.join(kinds)}", encoding="utf-8")
    head = f"version: 1\ntaxonomy: ./taxonomy.yaml\nescalation: [{path}]\nroutes:\n"
    table.write_text(head + "".join(rows), encoding="utf-8")
    return table, taxonomy


if __name__ == "__main__":
    sys.exit(main())
