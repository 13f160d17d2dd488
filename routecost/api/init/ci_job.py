"""The CI job of a new fleet: a workflow with the action of routecost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from routecost.errors import UsageError
from routecost.source.editing.fragments import text_yaml

WORKFLOW = ".github/workflows/routecost.yml"
_CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683   # v4.2.2"
_SPECIAL = re.compile(r"([\\*?+\[\]!])")


def ci_job(action: str, inputs: dict[str, str], others: Iterable[str], library: str | None = None) -> str:
    """Return a workflow that checks documents when one of them changes, and once a week.

    ``inputs`` are the paths of documents in the repository by input of the action, ``others`` those of
    documents that they name, and ``library`` is a folder with such documents. Raises UsageError for a path
    that is an expression of GitHub.
    """
    folder = {} if library is None else {"library": library}
    paths = [*inputs.values(), *others, *folder.values()]
    if expressions := [path for path in paths if "${{" in path]:
        raise UsageError(f'a workflow cannot name "{expressions[0]}": ${{{{ begins an expression of GitHub')
    patterns = [_SPECIAL.sub(r"\\\1", path) + ("/**" if path == library else "") for path in paths]
    watched = sorted({*patterns, WORKFLOW})
    lines = (f"          {key}: {text_yaml(path)}" for key, path in (inputs | folder).items())
    return "\n".join(
        (
            "# Checks the routing table, the claims and the budget on every pull request that changes them,",
            "# and shows what the change costs. Runs once a week too, because prices move without a change,",
            f"# and by hand for any day.{_placeholder(action)}",
            "name: routecost",
            "on:",
            "  pull_request:",
            "    paths:",
            *(f"      - {text_yaml(path)}" for path in watched),
            "  schedule:",
            '    - cron: "0 6 * * 1"',
            "  workflow_dispatch:",
            "    inputs:",
            "      as-of:",
            "        description: Day by which evidence ages and whose prices apply (YYYY-MM-DD)",
            "permissions:",
            "  contents: read",
            "  pull-requests: write   # for the comment",
            "jobs:",
            "  routecost:",
            "    runs-on: ubuntu-latest",
            "    steps:",
            f"      - uses: {_CHECKOUT}",
            f"      - uses: {action}   # pin a commit",
            "        with:",
            *lines,
            "          fail-on: warning",
            "          max-increase: 10%",
            "          as-of: ${{ inputs.as-of }}",
            "",
        )
    )


def _placeholder(action: str) -> str:
    return " Replace OWNER by the owner of routecost." if action.startswith("OWNER/") else ""
