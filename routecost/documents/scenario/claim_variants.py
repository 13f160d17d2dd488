"""Builds the scenario variants that claims refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    variants.findings += _without_currency(file, claims)
    findings = tuple(dict.fromkeys((*scenario.warnings, *variants.findings)))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DocumentError(findings)
    return replace(scenario, claims=claims, warnings=findings)


def _without_currency(file: ScenarioFile, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Yield the claims of amounts whose currency is unknown, because the scenario's own sheet is."""
    for claim in claims:
        if claim.is_money and claim.currency is None and claim.position is not None:
            message = (
                "the published amount states no currency, and the scenario's pricing sheet cannot be read; "
                'expected a currency, such as "124 USD"'
            )
            yield file.document.places.finding_at(message, claim.position)


@dataclass
class _Variants:
    """Builds each variant once and collects the findings of all of them."""

    file: ScenarioFile
    findings: list[Finding] = field(default_factory=list)
    _built: dict[tuple[tuple[str, str], ...], Scenario] = field(default_factory=dict)

    def claim(self, claim: Claim) -> Claim:
        """Return the claim with its variants, and with the currency of the scenario's own sheet."""
        own = self.file.own_sheet if claim.is_money and claim.currency is None else None
        currency = claim.currency if own is None else claim.operands[0].path.currency(own)
        return replace(claim, operands=tuple(map(self._operand, claim.operands)), currency=currency)

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
            document = document.override(document.path_of(change.field), change.value, place)
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
