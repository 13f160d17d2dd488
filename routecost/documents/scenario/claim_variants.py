"""Builds the scenario variants that claims refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from routecost.documents.scenario.scenario_file import ScenarioFile, file_of
from routecost.errors import DocumentError, RoutecostError
from routecost.model.scenario.scenario import Claim, FieldChange, Operand, Scenario
from routecost.problems import Finding, Position, Severity
from routecost.records import dataclass
from routecost.source import Document


def with_variants(scenario: Scenario) -> Scenario:
    """Return the scenario with the variants that its claims refer to, and their warnings.

    Each variant is validated as the file was, except for the parts that it shares with the file.
    Raises DocumentError with all findings if any is an error.
    """
    file = file_of(scenario)
    if file is None:
        return scenario
    variants = _Variants(file)
    claims = tuple(variants.claim(claim) for claim in scenario.claims)
    findings = tuple(dict.fromkeys((*scenario.warnings, *variants.findings)))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DocumentError(findings)
    return replace(scenario, claims=claims, warnings=findings)


@dataclass
class _Variants:
    """Builds each variant once and collects the findings of all of them."""

    file: ScenarioFile
    findings: list[Finding] = field(default_factory=list)
    _built: dict[tuple[tuple[str, str], ...], Scenario] = field(default_factory=dict)

    def claim(self, claim: Claim) -> Claim:
        return replace(claim, operands=tuple(map(self._operand, claim.operands)))

    def _operand(self, operand: Operand) -> Operand:
        if operand.scenario is not None or not operand.changed:
            return operand
        key = tuple((change.field, repr(change.value)) for change in operand.changed)
        if key not in self._built:
            variant, findings = _variant(self.file, operand.changed)
            self.findings += findings
            if variant is None or findings:  # the findings name this claim; the next needs its own
                return replace(operand, scenario=variant)
            self._built[key] = variant
        return replace(operand, scenario=self._built[key])


def _variant(file: ScenarioFile, changed: Sequence[FieldChange]) -> tuple[Scenario | None, list[Finding]]:
    document = file.document
    places = [change.position for change in changed if change.position is not None]
    for change, place in zip(changed, places, strict=True):
        try:
            document = document.override(tuple(change.field.split(".")), change.value, place)
        except RoutecostError as error:
            return None, [document.places.finding_at(str(error), place)]
    variant = file.variant_of(document)
    new = (finding for finding in variant.findings if finding not in file.warnings)
    return variant.scenario, [_at_changes(finding, document, places) for finding in new]


def _at_changes(finding: Finding, document: Document, places: Sequence[Position]) -> Finding:
    """Move a finding that changes cause elsewhere in the file to the position of the changes."""
    if finding.position.file != document.file or finding.position in places:
        return finding
    message = f"with these changes: {finding.message}"
    return document.places.finding_at(message, places[-1], finding.severity)
