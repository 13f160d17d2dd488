"""Scenarios with uncertain fields, written down in a line or two."""

from __future__ import annotations

from pathlib import Path

HEAD = """version: 1
pricing: {pricing}
as_of: 2026-02-01
workload:
  tasks_per_day: {tasks}
  tokens: {{input: {input}, output: {output}}}
strategies:
  all-haiku: {{tier: haiku}}
  routed: {{mix: {{haiku: 80%, sonnet: 15%, opus: 5%}}}}
  all-opus: {{tier: opus}}
{rest}
"""


def written(  # each field as in the document
    folder: Path,
    *,
    tasks: str = "500",
    tokens_in: str = "2000",
    tokens_out: str = "500",
    pricing: str = "claude-article",
    rest: str = "",
) -> Path:
    """Write a small fleet and return the path of its scenario."""
    path = folder / "fleet.yaml"
    path.write_text(HEAD.format(tasks=tasks, input=tokens_in, output=tokens_out, pricing=pricing, rest=rest))
    return path
