"""Write docs/rules.md from the docstrings of the lint rules."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from routecost.lint.registry import built_in
from routecost.lint.rule_docs import EXAMPLES
from routecost.render import write
from routecost.report.routing import rules as reports

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"

HEAD = """\
# Rules of `routecost validate`

<!-- Generated from the docstrings of the rules by `make docs`; a test fails if the two differ. -->

[linting.md](linting.md) describes how to select rules and suppress findings. Tests run every example below:
it violates its own rule and no other, and the replacement has no findings.

| block | rules about |
|---|---|
| RT0xx | the linter's own comments in a table |
| RT1xx | coverage: task types, routes, tiers and prices that are missing or unknown |
| RT2xx | the choice of a tier |
| RT3xx | escalation and review |
| RT4xx | the evidence behind the routes ([evidence.md](evidence.md)) |
| RT5xx | whether to route at all |

"""

FOOT = """\
## Files that the examples use
"""


def page() -> str:
    """Return the text of the page."""
    sink = StringIO()
    sink.write(HEAD)
    for rule in built_in():
        write(reports.page(rule), "markdown", sink)
        sink.write("\n")
    sink.write(FOOT)
    for file in sorted(EXAMPLES.glob("*/*.yaml"), reverse=True):
        text = file.read_text(encoding="utf-8")
        # A scenario names a sheet of the examples, which is missing where the page's blocks are run.
        note = "<!-- not executed: needs the sheets above -->\n" if file.parent.name == "scenarios" else ""
        sink.write(f"\n`{file.relative_to(EXAMPLES).as_posix()}`:\n\n{note}```yaml\n{text}```\n")
    return sink.getvalue()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
