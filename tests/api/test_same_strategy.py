"""A proposal that is the default has no savings, and says so."""

from __future__ import annotations

from dataclasses import replace

import routecost
from routecost.model.report.report import Note, Report
from routecost.report.compare.compare import report as compare_report
from routecost.report.projection.project import report as project_report

SAME = "all-sonnet is both the proposed and the default strategy, so there are no savings."


def notes(report: Report) -> list[str]:
    return ["".join(map(str, block.parts)) for block in report.blocks if isinstance(block, Note)]


def test_a_proposal_that_is_the_default_saves_nothing() -> None:
    fleet = replace(routecost.load_scenario("article-fleet"), proposed="all-sonnet", budget=None)
    comparison = routecost.compare(fleet)
    assert comparison.savings is not None
    for report in (compare_report(comparison), project_report(routecost.project(fleet, months=2))):
        assert SAME in notes(report)
        assert not any("saves" in note for note in notes(report))
