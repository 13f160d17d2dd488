"""The variants of a scenario that its claims speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from routecost.documents.scenario.scenario_file import ScenarioFile, file_of
from routecost.errors import DocumentError, RoutecostError
from routecost.model.scenario.scenario import Claim, FieldChange, Operand, Scenario
from routecost.problems import Finding, Position, Severity
from routecost.source import Document


def with_variants(scenario: Scenario) -> Scenario:
    """Return the scenario with the variants that its claims speak of, and what is odd about them.

    Raises DocumentError with what is wrong with any. Each variant is checked as the file was, but for
    the parts in which they are alike.
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
    """Makes each variant once, and gathers what is found about all of them."""

    file: ScenarioFile
    findings: list[Finding] = field(default_factory=list)
    _made: dict[tuple[tuple[str, str], ...], Scenario] = field(default_factory=dict)

    def claim(self, claim: Claim) -> Claim:
        return replace(claim, operands=tuple(map(self._operand, claim.operands)))

    def _operand(self, operand: Operand) -> Operand:
        if operand.scenario is not None or not operand.changed:
            return operand
        key = tuple((change.field, repr(change.value)) for change in operand.changed)
        if key not in self._made:
            made, found = _variant(self.file, operand.changed)
            self.findings += found
            if made is None or found:  # what is found names its claim: the next one needs its own
                return replace(operand, scenario=made)
            self._made[key] = made
        return replace(operand, scenario=self._made[key])


def _variant(file: ScenarioFile, changed: Sequence[FieldChange]) -> tuple[Scenario | None, list[Finding]]:
    document = file.document
    places = [change.position for change in changed if change.position is not None]
    for change, place in zip(changed, places, strict=True):
        try:
            document = document.override(tuple(change.field.split(".")), change.value, place)
        except RoutecostError as error:
            return None, [document.places.finding_at(str(error), place)]
    made = file.variant_of(document)
    found = (finding for finding in made.findings if finding not in file.warnings)
    return made.scenario, [_blamed(finding, document, places) for finding in found]


def _blamed(finding: Finding, document: Document, places: Sequence[Position]) -> Finding:
    """Put what changes break elsewhere in a sound scenario where the changes stand."""
    if finding.position.file != document.file or finding.position in places:
        return finding
    message = f"with these changes: {finding.message}"
    return document.places.finding_at(message, places[-1], finding.severity)
