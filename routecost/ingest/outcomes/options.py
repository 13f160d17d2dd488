"""What users state about a file of outcomes: its columns, missing cells and parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from routecost.errors import UsageError
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import METERS, TOKEN_METERS

QUERY, MODEL, SCORE, COST, CONFIDENCE = "query", "model", "score", "cost", "confidence"
CATEGORY, SPLIT = "category", "split"
OF_ANSWER = (SCORE, COST, CONFIDENCE, *METERS)
"""The fields with a value per query and model."""
FIELDS = (QUERY, MODEL, SCORE, COST, CONFIDENCE, CATEGORY, SPLIT, *METERS)

ALIASES = {f"{meter}_tokens": meter for meter in TOKEN_METERS} | {"query_id": QUERY}
"""Other names of columns that are read without a mapping."""


PART_NAMES = {
    "training": "train",
    **dict.fromkeys(("calib", "validation", "valid", "val", "dev"), "calibration"),
    "testing": "test",
}
"""Other names of the parts of the data."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a file are read.

    ``names`` maps a field to the name of its column: ``{"query": "split+query_id"}`` joins two columns,
    ``{"score": "*_correct"}`` is the wide form with ``*`` for the model, and so is
    ``{"score.strong": "gpt4_correct"}`` for one model. Fields that are not mapped are read from columns of
    their own name; in the wide form, from ``FIELD.MODEL``. ``where`` keeps the rows that have these values,
    ``models`` these models. ``priced_as`` has the names of models in the pricing sheet, ``costs`` costs per
    query of models. ``features`` are the further columns to keep; None keeps all that are numeric.
    ``currency`` is that of the costs of the file.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    models: tuple[str, ...] | None = None
    priced_as: Mapping[str, str] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    features: tuple[str, ...] | None = None
    currency: str = "USD"

    def __post_init__(self) -> None:
        for name in self.names:
            known = field_of(name)[0]
            if known not in FIELDS:
                raise UsageError(f'no field named "{known}"{did_you_mean(known, FIELDS)}')
            if "." in name and known not in OF_ANSWER:
                raise UsageError(f'"{name}": "{known}" has one column for all models')
        for model, cost in self.costs.items():
            if not 0 <= cost < float("inf"):
                raise UsageError(f'the cost of "{model}" is {cost}; expected an amount of 0 or more')


def field_of(name: str) -> tuple[str, str | None]:
    """Return the field and the model of ``score.MODEL``; None is the model of a field alone."""
    base, dot, model = name.partition(".")
    return ALIASES.get(base, base), model if dot else None


class Missing(StrEnum):
    """What is done about a query and model without an outcome."""

    DROP = "drop"
    """Leave the query out."""
    MODEL = "model"
    """Leave the model out."""
    FAIL = "fail"
    """It is an error."""


@dataclass(frozen=True, slots=True)
class SplitRule:
    """The parts of the queries: by the file's column ``split`` if it has one, else by share.

    A share decides by a hash of seed and query, so that the order of rows and further rows change nothing.
    ``by_column`` False ignores the column; True requires it.
    """

    train: float = 0.5
    calibration: float = 0.2
    seed: int = 0
    by_column: bool | None = None

    def __post_init__(self) -> None:
        if not (self.train > 0 and self.calibration >= 0 and self.train + self.calibration < 1):
            raise UsageError(
                f"shares of {self.train:g} for training and {self.calibration:g} for calibration leave none "
                "for testing; expected a share above 0 for training, and a sum below 1"
            )


BY_NAME = Columns()
"""Columns that have the names of their fields."""

BY_DEFAULT = SplitRule()
"""Parts by the column ``split``, else by the default shares."""
