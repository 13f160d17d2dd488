"""SARIF 2.1.0: every object has what the standard requires, and nothing that it does not know."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from routecost import validate
from routecost.model.blocks import FindingList
from routecost.model.report import Report
from routecost.problems import Finding, Position, Severity
from routecost.render import sarif


def an(required: str = "", **known: Any) -> dict[str, Any]:
    """Return the schema of an object: the standard allows no property that it does not name."""
    return {
        "type": "object",
        "properties": known,
        "required": required.split(),
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
FROM_ONE, FROM_ZERO = {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = {**an(text=TEXT, markdown=TEXT, id=TEXT), "anyOf": [{"required": ["text"]}, {"required": ["id"]}]}
REGION = an(startLine=FROM_ONE, startColumn=FROM_ONE, endLine=FROM_ONE, endColumn=FROM_ONE)
# A reference to a file is a valid URI reference: no blank, no bare bracket, no backslash.
URI = {"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"}
PLACE = an("artifactLocation", artifactLocation=an(uri=URI, uriBaseId=TEXT), region=REGION)
RULE = an(
    "id", id=TEXT, name=TEXT, shortDescription=an("text", text=TEXT, markdown=TEXT),
    fullDescription=an("text", text=TEXT, markdown=TEXT), help=an("text", text=TEXT, markdown=TEXT),
    helpUri=URI, defaultConfiguration=an(level=LEVEL, enabled={"type": "boolean"}),
)  # fmt: skip
DRIVER = an(
    "name",
    name=TEXT,
    version=TEXT,
    semanticVersion=TEXT,
    informationUri=URI,
    rules={"type": "array", "items": RULE},
)
RESULT = an(
    "message", message=MESSAGE, ruleId=TEXT, ruleIndex=FROM_ZERO, level=LEVEL,
    locations={"type": "array", "items": an(physicalLocation=PLACE)},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    suppressions={"type": "array"}, fixes={"type": "array"}, properties={"type": "object"},
)  # fmt: skip
RUN = an(
    "tool", tool=an("driver", driver=DRIVER), results={"type": "array", "items": RESULT},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
)  # fmt: skip
LOG = an(
    "version runs",
    **{"$schema": URI, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}},
)


RULES = validate("article", pricing="claude-article").rules


def rendered(*findings: Finding) -> dict[str, Any]:
    listed = FindingList(findings, RULES)
    sink = io.StringIO()
    sarif.render(Report("validate", "t", {}, (listed,), "USD"), sink)
    made: dict[str, Any] = json.loads(sink.getvalue())
    return made


def finding(file: str = "table.yaml", message: str = "wrong", severity: Severity = Severity.ERROR) -> Finding:
    return Finding(message, Position(file, 3, 5), severity, "RT201", "under-routed", "")


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
    Draft7Validator.check_schema(LOG)
    assert [error.message for error in Draft7Validator(LOG).iter_errors(log)] == []
    run = log["runs"][0]
    assert len(run["results"]) == len(findings)
    known = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(known)) == len(known)
    for result in run["results"]:
        assert "ruleIndex" not in result or known[result["ruleIndex"]] == result["ruleId"]


def test_the_check_can_fail() -> None:
    log = rendered(finding())
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    log["runs"][0]["tool"]["driver"]["invented"] = "x"
    assert len(list(Draft7Validator(LOG).iter_errors(log))) == 2


def test_every_rule_says_what_it_is_about() -> None:
    for rule in rendered()["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in LEVEL["enum"]
