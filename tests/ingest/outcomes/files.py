"""Files of outcomes in every form."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routecost.errors import DocumentError
from routecost.ingest.outcomes import Columns, Read, SplitRule, read_outcomes
from routecost.optimize.outcomes.data import Outcomes

Row = Mapping[str, Any]

BOTH = SplitRule(train=0.5, calibration=0)
HEADER = "query,model,score,cost,split"


def write(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows to a file of the format of its suffix; None is an empty cell."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.table({name: [row.get(name) for row in rows] for name in names}), path)
    else:
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def wide(rows: Sequence[Row], shared: Sequence[str]) -> list[Row]:
    """Return rows of the long form as rows of the wide form."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        query = found.setdefault(row["query"], {name: row[name] for name in ("query", *shared)})
        for name, value in row.items():
            if name not in ("query", "model", *shared):
                query[f"{name}.{row['model']}"] = value
    return list(found.values())


def read_text(folder: Path, *lines: str, suffix: str = ".csv", **options: Any) -> Read:
    path = folder / f"outcomes{suffix}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_outcomes(path, options.pop("columns", Columns()), **options)


def errors(folder: Path, *lines: str, **options: Any) -> list[str]:
    """Return the errors of a text as ``LINE:COLUMN: message``."""
    with pytest.raises(DocumentError) as raised:
        read_text(folder, *lines, **options)
    return [
        f"{found.position.line}:{found.position.column}: {found.message}" for found in raised.value.findings
    ]


def messages(read: Read) -> list[str]:
    """Return warnings and notes as ``severity LINE:COLUMN: message``."""
    return [
        f"{found.severity} {found.position.line}:{found.position.column}: {found.message}"
        for found in read.findings
    ]


def equal(one: Outcomes, other: Outcomes) -> bool:
    """Return whether two outcomes are exactly the same."""
    return (
        (one.queries, one.models, one.categories, one.currency)
        == (other.queries, other.models, other.categories, other.currency)
        and list(one.splits) == list(other.splits)
        and _same(one.score, other.score)
        and _same(one.cost, other.cost)
        and _same(one.confidence, other.confidence)
        and _all_same(one.features, other.features)
        and _all_same(one.tokens, other.tokens)
    )


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=True)


def _all_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return list(one) == list(other) and all(_same(one[name], other[name]) for name in one)
