"""Real data with published results, which are not in this repository: next to the checkout."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from routecost.optimize.outcomes.data import Floats, Outcomes

SHARED = Path(os.environ.get("ROUTECOST_SHARED_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
LLAMA = ("llama3.2-1b", "llama3.2-3b", "llama3.1-8b", "llama3.1-70b", "llama3.1-405b")
"""The models of the published records, by their numbers there."""
PER_MTOK = {name: rate for name, rate in zip(LLAMA, (0.1, 0.1, 0.2, 0.9, 3.0), strict=True)}


def shared(name: str) -> Path:
    """Return the path of a file, or skip the test where it is absent."""
    if not (SHARED / name).is_file():
        pytest.skip(f"{SHARED / name} is absent (set ROUTECOST_SHARED_DATA to the folder of these files)")
    return SHARED / name


@cache
def rational_cascades() -> pd.DataFrame:
    return pd.read_csv(shared("outcomes_rational_cascades.csv"))


@cache
def llama_outcomes(benchmark: str) -> Outcomes:
    """Return a benchmark's outcomes of the Llama chain; costs in 1e-6 USD are tokens x the list price."""
    rows = rational_cascades().query("chain == 'llama' and dataset == @benchmark")

    def table(values: str) -> Floats:
        return rows.pivot(index=["split", "query_id"], columns="model", values=values)[list(LLAMA)].to_numpy(
            float
        )

    first = rows[rows.model == LLAMA[0]].sort_values(["split", "query_id"])
    tokens = {"input": table("input_tokens"), "output": table("output_tokens")}
    return Outcomes(
        tuple(first.split + "-" + first.query_id.astype(str)),
        LLAMA,
        table("score"),
        (tokens["input"] + tokens["output"]) * np.array(list(PER_MTOK.values())),
        first.split.to_numpy(object),
        table("raw_logprob_conf"),
        tuple(first.category.fillna("").astype(str)),
        {"length": tokens["input"][:, 0]},
        tokens,
    )
