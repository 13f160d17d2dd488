"""The document type of a distribution: one of the supported kinds."""

from __future__ import annotations

from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf
from routecost.documents.core.faults import Checked
from routecost.documents.core.scalars import quoted
from routecost.documents.uncertainty.beta import BetaForm
from routecost.documents.uncertainty.parametric import LogNormalForm, NormalForm, TriangularForm, UniformForm
from routecost.documents.uncertainty.quantiles import QuantilesForm
from routecost.problems import did_you_mean

FORMS = {
    "normal": NormalForm,
    "lognormal": LogNormalForm,
    "triangular": TriangularForm,
    "uniform": UniformForm,
    "beta": BetaForm,
    "quantiles": QuantilesForm,
}


def _form(data: Any) -> str | None:
    name = data.get("uncertain") if isinstance(data, dict) else None
    return name if isinstance(name, str) and name in FORMS else None


DistributionDocument: Any = Annotated[
    Any,
    OneOf(
        "uncertain: " + ", ".join(FORMS),
        {name: Annotated[form, Checked()] for name, form in FORMS.items()},
        _form,
    ),
]


def unknown_kind(given: Any) -> str:
    """Return the message for an unknown distribution."""
    return f"unknown distribution {quoted(given)}{did_you_mean(str(given), FORMS)}"
