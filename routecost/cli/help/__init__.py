"""Help of a command: whole words, options in groups, and examples.

This module is imported when help is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from typer._click.formatting import HelpFormatter

_HYPHEN = "\u2011"
"""Stands for hyphens while text is wrapped, so that no name is broken at one."""
_TYPE = re.compile(r" <[\w\[\]]+>$")
_OUTPUT = {"--format", "--output", "--chart", "--size", "--theme", "--reliability", "--force"}
_GENERAL = {"--library", "--help"}

EXAMPLES: dict[str, tuple[str, ...]] = {
    "breakeven": ("breakeven article-fleet --engineering 5000 --within 6",),
    "calibrate": ("calibrate logs/ --pricing claude-2026-11 --output scenario.yaml",),
    "check": ("check article-fleet",),
    "compare": (
        "compare article-fleet --mix 60/30/10",
        "compare scenario.yaml --pricing claude-2026-11 --chart fleet.svg",
    ),
    "diff": (
        "diff before.yaml after.yaml",
        "diff --since main --max-increase 10%",
    ),
    "init": (
        "init fleet --yes --tasks-per-day 1000 --budget 100",
        "init fleet --from-logs 'logs/*.jsonl'",
    ),
    "mcp": ("mcp fleet/",),
    "optimize": (
        "optimize article-fleet --taxonomy agent-fleet",
        "optimize --outcomes outcomes.csv --min-quality 0.9",
    ),
    "plan": ("plan eight-subtasks", "plan plan.txt --tokens input=2000,output=500"),
    "pricing diff": ("pricing diff claude-article claude-2026-11 --scenario article-fleet",),
    "pricing import": ("pricing import anthropic --models 'claude-*' --output sheet.yaml",),
    "pricing price": (
        "pricing price claude-2026-11 input=2000 output=500 --calls 15000",
        "pricing price claude-2026-11 input=3e8 output=5e7 --summed",
    ),
    "pricing show": ("pricing show claude-2026-11 --model claude-opus-5-5",),
    "project": ("project article-fleet --months 6 --growth 5% --chart spend.svg",),
    "replay": ("replay logs/ --pricing claude-2026-11 --table article",),
    "report": ("report article-fleet --output plan.html",),
    "rules": ("rules RT301",),
    "schema": ("schema scenario --output scenario.json",),
    "sweep": (
        "sweep article-fleet --mix --hold opus=5%",
        "sweep article-fleet --over tokens.input=1000:9000:1000",
        "sweep article-fleet --tornado --by 30%",
    ),
    "table": ("table article --pricing claude-2026-11",),
    "usage": (
        "usage logs/ --pricing claude-2026-11 --by task-type --by tier",
        "usage logs/ --pricing claude-2026-11 --compare 2026-W45 2026-W46",
    ),
    "validate": ("validate article --scenario article-fleet", "validate table.yaml --fix"),
}
"""Examples of commands, without the name of the program."""


def help_text(command: Any, context: Any) -> str:
    """Return the help of a command."""
    formatter = _Formatter(width=context.terminal_width, max_width=context.max_content_width)
    command.format_usage(context, formatter)
    command.format_help_text(context, formatter)
    records = [(one, one.get_help_record(context)) for one in command.get_params(context)]
    shown = [(one, (_TYPE.sub("", record[0]), record[1])) for one, record in records if record is not None]
    _section(formatter, "Arguments", [record for one, record in shown if one.param_type_name == "argument"])
    options = [(set(one.opts), record) for one, record in shown if one.param_type_name == "option"]
    others = [record for names, record in options if not names & (_OUTPUT | _GENERAL)]
    _section(formatter, "Options", others)
    _section(formatter, "Output options", [record for names, record in options if names & _OUTPUT])
    _section(formatter, "General options", [record for names, record in options if names & _GENERAL])
    examples = EXAMPLES.get(context.command_path.partition(" ")[2])
    if examples:
        with formatter.section("Examples"):
            for example in examples:
                formatter.write(f"  {context.find_root().info_name} {example}\n")
    return formatter.getvalue().rstrip("\n")


def _section(formatter: HelpFormatter, title: str, records: Sequence[tuple[str, str]]) -> None:
    if records:
        with formatter.section(title):
            formatter.write_dl(records)


class _Formatter(HelpFormatter):
    """A formatter that breaks lines at spaces only."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage with required arguments as they are, optional ones in brackets."""
        super().write_usage(prog, re.sub(r"\{([^}]+)\}", r"\1", args).replace("-", _HYPHEN), prefix)

    def write_text(self, text: str) -> None:
        super().write_text(text.replace("-", _HYPHEN))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        joined = [(first, second.replace("-", _HYPHEN)) for first, second in rows]
        super().write_dl(joined, col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_HYPHEN, "-")
