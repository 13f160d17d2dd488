"""Builds the scenario variants that claims refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from routecost.documents.scenario.scenario_file import ScenarioFile, file_of
from routecost.errors import DocumentError, RoutecostError
from routecost.model.scenario.scenario import Claim, FieldChange, Operand, Scenario
from routecost.problems import Finding, Position, Severity
from routecost.records import dataclass
from routecost.source import Document

MOST_WORK = 100_000
"""The maximum number of task types in all variants: each variant prices those of the scenario."""

Changes = tuple[tuple[str, str], ...]
"""The fields that a claim changes, each with its value as text."""

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
    variants = _Variants(file, _strategies_by_changes(scenario.claims))
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


def _strategies_by_changes(claims: Iterable[Claim]) -> dict[Changes, list[str | None]]:
    """Return the names of the strategies that claims with the same changes depend on."""
    names: dict[Changes, list[str | None]] = {}
    for operand in (operand for claim in claims for operand in claim.operands if operand.changed):
        names.setdefault(_key(operand), []).append(operand.path.name)
    return names


def _key(operand: Operand) -> Changes:
    return tuple((change.field, repr(change.value)) for change in operand.changed)


@dataclass
class _Variants:
    """Builds each variant once and collects the findings of all of them."""

    file: ScenarioFile
    names: dict[Changes, list[str | None]]
    findings: list[Finding] = field(default_factory=list)
    _work: int = 0
    _built: dict[Changes, Scenario] = field(default_factory=dict)

    def claim(self, claim: Claim) -> Claim:
        """Return the claim with its variants, and with the currency of the scenario's own sheet."""
        own = self.file.own_sheet if claim.is_money and claim.currency is None else None
        currency = claim.currency if own is None else claim.operands[0].path.currency(own)
        return replace(claim, operands=tuple(map(self._operand, claim.operands)), currency=currency)

    def _operand(self, operand: Operand) -> Operand:
        if operand.scenario is not None or not operand.changed:
            return operand
        key = _key(operand)
        if key not in self._built:
            self._work += len(self.file.scenario.workload.task_types)
            if self._work > MOST_WORK:
                self._report_too_much_work(operand)
                return operand
            variant, findings = _variant(self.file, operand.changed, self.names[key])
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


def _variant(
    file: ScenarioFile, changed: Sequence[FieldChange], names: Sequence[str | None]
) -> tuple[Scenario | None, list[Finding]]:
    """Return the variant with these changes, and only the strategies that claims on it depend on."""
    is_whole = any(change.field == _STRATEGIES for change in changed)
    wanted = None if is_whole else _wanted(file, changed, names)
    document = file.document if wanted is None else file.with_strategies(wanted)
    places = [change.position for change in changed if change.position is not None]
    for change, place in zip(changed, places, strict=True):
        try:
            document = document.override(document.path_of(change.field), change.value, place)
        except RoutecostError as error:
            return None, [document.places.finding_at(str(error), place)]
    variant = file.variant_of(document, None if wanted is None else file.names_with(wanted))
    new = (finding for finding in variant.findings if finding not in file.known_warnings)
    return variant.scenario, [_at_changes(finding, document, places) for finding in new]


def _wanted(file: ScenarioFile, changed: Sequence[FieldChange], names: Sequence[str | None]) -> list[str]:
    """Return the strategies that claims name or change, and those that the scenario names."""
    document = file.document
    wanted = [*names, *(document.get((role,)) for role in _ROLES), document.get(("budget", "strategy"))]
    wanted += [change.value for change in changed if change.field in _ROLES]
    paths = [document.path_of(change.field) for change in changed]
    wanted += [path[1] for path in paths if path[0] == _STRATEGIES and len(path) > 1]
    return list(dict.fromkeys(name for name in wanted if isinstance(name, str)))


def _at_changes(finding: Finding, document: Document, places: Sequence[Position]) -> Finding:
    """Move a finding that changes cause elsewhere in the file to the position of the changes."""
    if finding.position.file != document.file or finding.position in places:
        return finding
    message = f"with these changes: {finding.message}"
    return document.places.finding_at(message, places[-1], finding.severity)
