"""Example documents: a file is a case, found by walking the folders.

``positive/`` loads, ``negative/`` does not. What is said about ``case.yaml`` stands in
``case.findings``, as a user would read it; no such file means that nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from routecost import DocumentError, Finding, load_portfolio, load_pricing, load_scenario
from routecost.documents.actuals.load import load_actuals
from routecost.documents.core.loader import Loader
from routecost.documents.policy.load import load_policy
from routecost.documents.routing.load import load_table, load_taxonomy
from routecost.documents.scenario.claim_variants import with_variants
from routecost.library import Library
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.render.findings import excerpt
from tests.support.evidence import load_evidence

HERE = Path(__file__).parent


def cases(folder: str) -> list[str]:
    """Return the cases of a folder: ``scenarios/dates.yaml``."""
    root = HERE / folder
    return sorted(path.relative_to(root).as_posix() for path in root.glob("*/*.yaml"))


def load(case: str) -> object:  # noqa: PLR0911  one per kind
    """Load a case, relative to the working folder; its folder says what it is."""
    kind, path = case.partition("/")[0], Path(case)
    loader = Loader(Library())
    match kind:
        case "pricing":
            return load_pricing(path)
        case "actuals":
            horizon = Horizon(date(2026, 2, 1), 12)
            return load_actuals(path, load_scenario("article-fleet"), horizon, date(2026, 11, 26))
        case "scenarios":
            return with_variants(load_scenario(path))
        case "tables":
            return loader.finish(load_table(loader, path))
        case "portfolios":
            return load_portfolio(path)
        case "policies":
            return loader.finish(load_policy(loader, path))
        case "taxonomies":
            return loader.finish(load_taxonomy(loader, path))
        case _:
            return loader.finish(load_evidence(loader, path))


def findings(case: str) -> tuple[Finding, ...]:
    """Return what is said about a case, errors or warnings."""
    try:
        loaded = load(case)
    except DocumentError as error:
        return error.findings
    return loaded.warnings if isinstance(loaded, Scenario) else ()


def as_text(found: Iterable[Finding]) -> str:
    """Return findings as a user reads them."""
    return "".join(f"{excerpt(finding)}\n" for finding in found)


def expected(path: Path) -> str:
    """Return what is expected to be said about the document at ``path``."""
    stored = path.with_suffix(".findings")
    return stored.read_text(encoding="utf-8") if stored.exists() else ""


def accept(path: Path, found: str) -> None:
    """Make ``found`` what is expected to be said."""
    stored = path.with_suffix(".findings")
    if found:
        stored.write_text(found, encoding="utf-8", newline="\n")
    else:
        stored.unlink(missing_ok=True)
