"""A fleet of three owners, on a sheet of two vendors."""

from __future__ import annotations

from pathlib import Path

SHEET = """\
version: 1
currency: USD
source: made up for this test
tiers: {small: m-small, large: m-large}
models:
  m-small: [{input: 1, output: 5, provider: acme}]
  m-large: [{input: 3, output: 15, provisioned_hour: 0.1, provider: bolt}]
TERMS
"""

FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload:
  task_types:
    chat: {tasks_per_day: 100, tokens: {input: 1000, output: 200}, owner: support, tags: {product: web}}
    mail: {tasks_per_day: 50, tokens: {input: 1000, output: 200}, owner: support, tags: {product: mail}}
    code: {tasks_per_day: 40, tokens: {input: 5000, output: 1000}, owner: platform}
    misc: {tasks_per_day: 10, tokens: {input: 1000, output: 200}}
strategies:
  all-small: {tier: small}
  mixed: {mix: {small: 50%, large: 50%}}
baseline: all-small
default: mixed
proposed: all-small
EXTRA
"""
"""A task of chat, mail and misc costs 0.002 on small and 0.006 on large, one of code 0.010 and 0.030."""


def written(folder: Path, extra: str = "", terms: str = "", fleet: str = FLEET) -> Path:
    """Write the fleet and its sheet; return the fleet's path."""
    (folder / "sheet.yaml").write_text(SHEET.replace("TERMS", terms), encoding="utf-8")
    path = folder / "fleet.yaml"
    path.write_text(fleet.replace("EXTRA", extra), encoding="utf-8")
    return path
