"""Scenario files: loaded and validated once, with variants built from the same document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.documents.core.loader import Loader, names_in
from routecost.documents.scenario.loading import CheckedScenario, ScenarioLoading
from routecost.documents.scenario.scenario import SCENARIO
from routecost.documents.scenario.selection import with_strategies, without_faulty
from routecost.documents.uncertainty.at_means import at_means
from routecost.documents.workload.volume import VOLUMES
from routecost.errors import DocumentError
from routecost.model.scenario.scenario import Scenario, Uncertainty
from routecost.problems import Finding, KeyPath, Names, Severity
from routecost.records import dataclass
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.documents.core.field_paths import Field
    from routecost.library import Library
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.scenario.uncertain_field import RankCorrelation, UncertainField
    from routecost.source import Document

_STRATEGIES = ("strategies",)
_FIXED = (("version",), ("description",))

Changes = Mapping[Any, Any]
"""The path of a field, as a tuple -> its raw value."""


class Variant(NamedTuple):
    """A scenario with fields changed, or None if the changes are invalid, and its findings."""

    scenario: Scenario | None
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The errors among the findings."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that are not errors."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.ERROR)


@dataclass(frozen=True, eq=False, repr=False)
class ScenarioFile:
    """A valid scenario file.

    ``read`` is the document of the file, ``written`` the same with the overrides, ``checked`` that one
    at the means of its distributions; ``uncertain`` has the fields with distributions, ``correlations``
    those stated between them, ``warnings`` the findings that are not errors.
    If strategies are ``selected``, others that are at fault are left out.
    """

    loading: ScenarioLoading
    read: Document
    written: Document
    checked: CheckedScenario
    uncertain: tuple[UncertainField, ...] = ()
    correlations: tuple[RankCorrelation, ...] = ()
    warnings: tuple[Finding, ...] = ()
    selected: tuple[str, ...] = ()

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario, without the variants that its claims refer to."""
        return self._build()

    @property
    def document(self) -> Document:
        """The document at its means."""
        return self.checked.document

    @property
    def own_sheet(self) -> PricingSheet | None:
        """The sheet that the file names, whatever sheet it is priced with; None if that is invalid."""
        is_own = self.document.get(("pricing",)) == self.loading.own_pricing
        return self.checked.sheet if is_own else self.loading.own_sheet()

    @property
    def at_means(self) -> tuple[str, ...]:
        """The names of the fields with distributions, which are at their means."""
        return tuple(field.name for field in self.uncertain)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All single-value fields, including absent optional ones, except those of claims.

        Of the four ways to state a volume only the stated one is a field.
        """
        from routecost.documents.core.field_paths import fields

        all_fields = fields(SCENARIO.root, _without_claims(self.document).data)
        return tuple(
            field
            for field in all_fields
            if field.path not in _FIXED and (field.raw is not None or field.path[-1] not in VOLUMES)
        )

    def with_what_if(self, changes: Collection[str]) -> ScenarioFile:
        """Return the file with prices changed in its variants."""
        texts = (*self.loading.what_if, *changes)
        return replace(self, loading=replace(self.loading, what_if=texts, _changed={}, _parts=[]))

    def variant(self, changes: Changes) -> Variant:
        """Return the scenario with these values."""
        document = self.document
        for path, value in changes.items():
            document = document.override(path, value, None)
        return self.variant_of(document)

    def with_strategies(self, names: Iterable[str]) -> Document:
        """Return the document with only these strategies, or with its first if it has none of these."""
        return with_strategies(self.document, names)

    def names_with(self, names: Iterable[str]) -> Names:
        """Return the names of the strategies, and these: the same object if none is new."""
        new = [name for name in names if name not in self._names]
        return Names((*self._names, *new)) if new else self._names

    @cached_property
    def _names(self) -> Names:
        return names_in(self.document, *_STRATEGIES)

    @cached_property
    def known_warnings(self) -> frozenset[Finding]:
        """The warnings about this document, for fast look-up."""
        return frozenset(self.warnings)

    @exact
    def variant_of(self, document: Document, strategies: Names | None = None) -> Variant:
        """Return the scenario of a variant of this document, without its claims.

        ``strategies`` has the names that it may refer to, if the document lacks some of these.
        """
        variant = self._variant(document, strategies)
        if variant.scenario is not None or not self.selected:
            return variant
        names = self._names if strategies is None else strategies
        left_out: tuple[Finding, ...] = ()
        rest = variant
        while rest.scenario is None:
            kept = without_faulty(document, rest.findings, self.selected)
            if kept is None:
                return variant
            document, left_out = kept[0], (*left_out, *kept[1])
            rest = self._variant(document, names)
        return rest._replace(findings=(*rest.findings, *left_out))

    def _variant(self, document: Document, strategies: Names | None) -> Variant:
        loader = self.loading.loader
        loader.findings = []
        checked = self.loading.check(_without_claims(document), strategies)
        scenario = None if checked is None or loader.failed else self._built(checked)
        return Variant(scenario, tuple(loader.findings))

    def _built(self, checked: CheckedScenario) -> Scenario:
        """Return the scenario, without what refers to strategies that are left out."""
        built = checked.build(self.loading.path.stem)
        if not self.selected:
            return built
        from routecost.engine.compare.unpriced import only

        return only(built, built.strategies)

    def resample(self, numbers: Mapping[KeyPath, Any]) -> Scenario:
        """Return the scenario with these numbers (Decimal or Decimal-like) in its uncertain fields.

        Raises DocumentError if the result is not a valid scenario.
        """
        from routecost.documents.uncertainty.uncertain_fields import changes

        variant = self.variant(dict(changes(self.document, numbers)))
        if variant.scenario is None:
            raise DocumentError(variant.faults)
        return variant.scenario

    @exact
    def _build(self) -> Scenario:
        claims = enumerate(self.checked.parsed.claims)
        built = self._built(self.checked)
        unused: Iterable[Finding] = ()
        impossible: Iterable[Finding] = ()
        if self.uncertain and "success_after" in self.read.text:
            from routecost.documents.scenario.possible_range import possible_ranges

            impossible = possible_ranges(
                self.uncertain, self.written, lambda path, value: self.variant({path: value}).faults
            )
        aged: Iterable[Finding] = ()
        if built.as_of is not None:
            from routecost.engine.pricing.price_age import price_age

            aged = price_age(built)
        if built.has_terms_on_totals:
            from routecost.engine.compare.unused import unused_terms  # few scenarios have such terms

            unused = unused_terms(built, built.as_of or date.today())
        retiring: Iterable[Finding] = ()
        if built.plan is not None and any(map(built.pricing.last_day, built.pricing.models)):
            from routecost.engine.compare.retiring import retiring_models  # few models have a last day

            retiring = retiring_models(built, built.as_of or date.today())
        return replace(
            built,
            claims=tuple(claim.build(self.document, index) for index, claim in claims),
            uncertainty=Uncertainty(self.uncertain, self.correlations) if self.uncertain else None,
            warnings=(*self.warnings, *impossible, *unused, *aged, *retiring),
            origin=self,
        )


@exact
def open_scenario(
    argument: str,
    library: Library,
    overrides: Changes | None = None,
    selected: Collection[str] = (),
    what_if: Collection[str] = (),
) -> ScenarioFile:
    """Load and validate a scenario by name or path, with the files that it refers to.

    ``overrides`` maps paths of fields to values that replace the file's own, and ``what_if`` changes
    prices. If strategies are ``selected``, others that are at fault are left out, with a warning, unless
    something refers to them.
    Raises DocumentError with every finding of every file.
    """
    loader = Loader(library)
    path = library.find("scenarios", argument)
    read = loader.read(path)
    if read is None:
        return loader.finish(None)
    written, own_pricing = read, read.get(("pricing",))
    for place, value in (overrides or {}).items() if isinstance(read.data, dict) else ():
        written = written.override(place, value, None)
    names = names_in(read, *_STRATEGIES) if selected else None
    first: DocumentError | None = None
    left_out: tuple[Finding, ...] = ()
    while True:
        loading = ScenarioLoading(Loader(library, list(loader.findings)), path, own_pricing, tuple(what_if))
        means = at_means(written, SCENARIO.root)
        loading.loader.findings += means.findings
        try:
            checked = loading.loader.finish(loading.check(means.document, names))
        except DocumentError as error:
            first = first or error
            kept = without_faulty(written, error.findings, selected) if selected else None
            if kept is None:
                raise first from None
            written, left_out = kept[0], (*left_out, *kept[1])
            continue
        warnings = (*loading.loader.findings, *left_out)
        uncertain = means.fields, means.correlations
        return ScenarioFile(loading, read, written, checked, *uncertain, warnings, tuple(selected))


def load_scenario(argument: str, library: Library, overrides: Changes | None = None) -> Scenario:
    """Load a scenario as :func:`open_scenario` does."""
    return open_scenario(argument, library, overrides).scenario


def file_of(scenario: Scenario) -> ScenarioFile | None:
    """Return the file that a scenario was read from, or None if it was not."""
    return scenario.origin if isinstance(scenario.origin, ScenarioFile) else None


def _without_claims(document: Document) -> Document:
    return document.override(("claims",), [], None)
