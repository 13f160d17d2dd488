"""Builds the scenario variants that claims refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from routecost.documents.scenario.scenario_file import ScenarioFile, file_of
from routecost.errors import DocumentError, RoutecostError
from routecost.model.scenario.scenario import Claim, Operand, Scenario
from routecost.problems import Finding, Position, Severity
from routecost.records import dataclass
from routecost.source import Document

MOST_WORK = 100_000
"""The maximum number of task types in all variants: each variant prices those of the scenario."""

_STRATEGIES = "strategies"
_ROLES = ("baseline", "default", "proposed")


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
    _work: int = 0
    _built: dict[tuple[object, ...], Scenario] = field(default_factory=dict)

    def claim(self, claim: Claim) -> Claim:
        return replace(claim, operands=tuple(map(self._operand, claim.operands)))

    def _operand(self, operand: Operand) -> Operand:
        if operand.scenario is not None or not operand.changed:
            return operand
        key = (operand.path.name, *((change.field, repr(change.value)) for change in operand.changed))
        if key not in self._built:
            self._work += len(self.file.scenario.workload.task_types)
            if self._work > MOST_WORK:
                self._report_too_much_work(operand)
                return operand
            variant, findings = _variant(self.file, operand)
            self.findings += findings
            if variant is None or findings:  # the findings name this claim; the next needs its own
                return replace(operand, scenario=variant)
            self._built[key] = variant
        return replace(operand, scenario=self._built[key])

    def _report_too_much_work(self, operand: Operand) -> None:
        """Report that there are too many variants, once."""
        message = f"too many claims with changes of their own; the limit is {MOST_WORK:,} task types in all"
        place = operand.changed[0].position
        if place is not None and not any(finding.message == message for finding in self.findings[-1:]):
            self.findings.append(self.file.document.places.finding_at(message, place))


def _variant(file: ScenarioFile, operand: Operand) -> tuple[Scenario | None, list[Finding]]:
    """Return the variant that an operand refers to, with only the strategies that it depends on."""
    changed = operand.changed
    wanted = None if any(change.field == _STRATEGIES for change in changed) else _wanted(file, operand)
    document = file.document if wanted is None else file.with_strategies(wanted)
    places = [change.position for change in changed if change.position is not None]
    for change, place in zip(changed, places, strict=True):
        try:
            document = document.override(tuple(change.field.split(".")), change.value, place)
        except RoutecostError as error:
            return None, [document.places.finding_at(str(error), place)]
    variant = file.variant_of(document, None if wanted is None else file.names_with(wanted))
    new = (finding for finding in variant.findings if finding not in file.known_warnings)
    return variant.scenario, [_at_changes(finding, document, places) for finding in new]


def _wanted(file: ScenarioFile, operand: Operand) -> list[str]:
    """Return the strategies that an operand names or changes, and those that a scenario names."""
    document = file.document
    named = [
        operand.path.name,
        *(document.get((role,)) for role in _ROLES),
        document.get(("budget", "strategy")),
    ]
    named += [change.value for change in operand.changed if change.field in _ROLES]
    steps = [change.field.split(".") for change in operand.changed]
    named += [path[1] for path in steps if path[0] == _STRATEGIES and len(path) > 1]
    return list(dict.fromkeys(name for name in named if isinstance(name, str)))


def _at_changes(finding: Finding, document: Document, places: Sequence[Position]) -> Finding:
    """Move a finding that changes cause elsewhere in the file to the position of the changes."""
    if finding.position.file != document.file or finding.position in places:
        return finding
    message = f"with these changes: {finding.message}"
    return document.places.finding_at(message, places[-1], finding.severity)
