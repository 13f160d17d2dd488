"""The README and the docs cannot go stale: their commands run, and print what they show.

- ``console`` and ``sh`` blocks: ``routecost`` commands run in a folder that holds the built-ins,
  and must print what the text shows, ``...`` standing for any lines. Where nothing is shown they
  must succeed. ``make X`` must name a target. Commands that install or fetch are left alone.
- ``yaml`` blocks that are whole documents must load; ``# contract.yaml`` in the first line names the file
  for the commands that follow, and ``# contract.yaml, at the end`` adds the block to that file.
- ``python`` blocks run in order, in one namespace per file; with ``>>>`` their output must hold.
- ``<!-- not executed: why -->`` on the line before a block leaves it alone.
"""

from __future__ import annotations

import doctest
import io
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer

import routecost
from routecost.cli.app import app, run
from routecost.documents.core.loader import Loader
from routecost.documents.routing.load import load_table, load_taxonomy
from routecost.documents.scenario.claim_variants import with_variants
from routecost.ingest.logs.mapping import load_mapping
from routecost.ingest.logs.task_types import task_types_from
from routecost.library import open_library
from tests.docs.blocks import Block, Shown, blocks, commands, matches
from tests.docs.pages import NAMES, ROOT
from tests.support.evidence import load_evidence

SLOW = {
    *(f"docs/{name}.md" for name in ("calibrate", "outcomes", "report", "subscriptions", "systems")),
    *("docs/tutorial.md", "docs/uncertainty.md"),
    *(f"docs/guides/{name}.md" for name in ("cascade-thresholds", "logs-to-plan", "spark")),
}
"""Pages whose commands take seconds; a quick test looks whether their options exist, and the golden cases
have reports and learned policies too."""
DOCUMENTS = [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in NAMES]
BUILT_IN = ("pricing", "tables", "scenarios", "plans", "schemas")
LEFT_ALONE = ("cd", "git", "pip", "pipx", "python", "python3", "uv", "uvx")
A_BUG = 3
ADDED = re.compile(r"# ([\w-]+\.yaml), at the end\n")


def _loader_of(kind: str) -> Callable[[Path], object]:
    loads = {"taxonomy": load_taxonomy, "table": load_table, "evidence": load_evidence}

    def load(file: Path) -> object:
        if kind == "plan":
            return routecost.plan(file)
        loader = Loader(open_library(None))
        return loader.finish(loads[kind](loader, file))

    return load


LOADERS: dict[str, Callable[[Path], object]] = {
    "mapping": load_mapping,
    "task_type_rules": lambda file: task_types_from(f"rules:{file}"),
    "task_types": _loader_of("taxonomy"),
    "scenarios": routecost.load_portfolio,
    "extends": routecost.load_pricing,
    "steps": _loader_of("plan"),
    "workload": lambda file: with_variants(routecost.load_scenario(file)),
    "models": routecost.load_pricing,
    "routes": _loader_of("table"),
    "evidence": _loader_of("evidence"),
    "months": lambda file: routecost.project("article-fleet", actuals=file),
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_hold(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay_out_built_ins(tmp_path)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    faults: list[str] = []
    for block in blocks((ROOT / document).read_text(encoding="utf-8")):
        if block.executed and block.language in {"console", "sh"}:
            faults += [f"{document}:{fault}" for shown in commands(block) if (fault := fault_of(shown))]
        elif block.executed and block.language == "python":
            faults += _python_faults(block, document, namespace)
        elif block.executed and block.language == "yaml" and (added := ADDED.match(block.text)):
            whole = (tmp_path / added[1]).read_text(encoding="utf-8") + block.text
            faults += _yaml_faults(replace(block, text=whole), tmp_path / added[1])
        elif block.executed and block.language == "yaml" and "version: 1" in block.text:
            faults += _yaml_faults(block, tmp_path / _file_name(block, document))
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize("document", NAMES)
def test_options_exist_where_commands_are_not_executed(document: str) -> None:
    shown = [
        command
        for block in blocks((ROOT / document).read_text(encoding="utf-8"))
        if block.language in {"console", "sh"} and (document in SLOW or not block.executed)
        for command in commands(block)
        if command.command.startswith("routecost ")
    ]
    assert shown or document not in SLOW
    assert [fault for command in shown if (fault := option_fault(command))] == []


def test_a_stale_option_is_a_fault() -> None:
    assert option_fault(Shown("routecost compare x -o y --mix 80/20 # --z", 3, None)) is None
    assert option_fault(Shown("routecost pricing update x --dry-run", 3, None)) is None
    assert option_fault(Shown("routecost compare --mixture 80/20", 3, None)) == "3: no option --mixture"
    assert option_fault(Shown("routecost pricing upgrade --dry-run", 3, None)) == "3: no option --dry-run"


def option_fault(shown: Shown) -> str | None:
    """Return an option of a documented command that does not exist, or None."""
    words = shlex.split(shown.command, comments=True)
    command = typer.main.get_command(app)
    for word in words[1:3]:
        command = getattr(command, "commands", {}).get(word, command)
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    named = [word.partition("=")[0] for word in words if word.startswith("-")]
    return next((f"{shown.line}: no option {name}" for name in named if name not in known), None)


@pytest.mark.parametrize(
    ("command", "output", "fault"),
    [
        ("make test", None, None),
        ("make coffee", None, "Makefile has no target coffee"),
        ("cat scenario.yaml", None, "nothing checks this command"),
        ("routecost compare article-fleet | head", None, "a pipe or redirection is not run"),
        ("routecost compare no-such-fleet", None, "exit code 2"),
        ("routecost compare no-such-fleet", ["error: ..."], "instead of what is shown"),
        ("routecost compare article-fleet", ["..."], None),
    ],
)
def test_a_stale_example_is_a_fault(command: str, output: list[str] | None, fault: str | None) -> None:
    message = fault_of(Shown(command, 7, output))
    assert (message is None) if fault is None else (message is not None and fault in message)


def fault_of(shown: Shown) -> str | None:
    """Return what is wrong with a documented command, or None."""
    words = shlex.split(shown.command, comments=True)
    match words[0]:
        case "routecost" if {"|", ">", "<", "&&", ";"} & set(words):
            return f"{shown.line}: a pipe or redirection is not run here: {shown.command}"
        case "routecost":
            return _routecost_fault(shown, words[1:])
        case "make":
            missing = [word for word in words[1:] if "=" not in word and word not in _targets()]
            return f"{shown.line}: the Makefile has no target {missing[0]}" if missing else None
        case word if word in LEFT_ALONE:
            return None
    return f"{shown.line}: nothing checks this command; say why it is not executed: {shown.command}"


def _routecost_fault(shown: Shown, arguments: list[str]) -> str | None:
    terminal = io.StringIO()
    code = run(arguments, stdout=terminal, stderr=terminal)
    printed = terminal.getvalue()
    if code >= A_BUG or (shown.output is None and code != 0):
        return f"{shown.line}: exit code {code} from {shown.command}\n{printed}"
    if shown.output is not None and not matches(shown.output, printed.rstrip("\n").split("\n")):
        return f"{shown.line}: {shown.command} prints this instead of what is shown:\n{printed}"
    return None


def _python_faults(block: Block, document: str, namespace: dict[str, object]) -> list[str]:
    if ">>>" not in block.text:
        # The blank lines put the block's own line number into a traceback.
        exec(compile("\n" * (block.line - 1) + block.text, document, "exec"), namespace)
        return []
    report = io.StringIO()
    parser = doctest.DocTestParser()
    example = parser.get_doctest(block.text + "\n", namespace, document, document, block.line - 1)
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    failed = runner.run(example, out=report.write, clear_globs=False).failed
    namespace.update(example.globs)
    return [report.getvalue()] if failed else []


def _file_name(block: Block, document: str) -> str:
    """Return the name that a text gives its file in a first line, ``# contract.yaml``, or one of ours."""
    named = re.match(r"# ([\w-]+\.yaml)\n", block.text)
    return named.group(1) if named else f"{document.replace('/', '-')}-{block.line}.yaml"


def _yaml_faults(block: Block, file: Path) -> list[str]:
    """A whole document that the text shows must load; its keys tell which kind it is."""
    file.write_text(block.text + "\n", encoding="utf-8")
    load = next(loader for key, loader in LOADERS.items() if f"\n{key}:" in f"\n{block.text}")
    try:
        load(file)
    except routecost.DocumentError as error:
        return [f"line {block.line}: {error}"]
    return []


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def _lay_out_built_ins(folder: Path) -> None:
    for name in BUILT_IN:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
