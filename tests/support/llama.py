"""Outcomes of the Llama chain of Rational Tuning of LLM Cascades, from the shared data."""

from __future__ import annotations

from functools import cache

import numpy as np

from routecost.optimize.outcomes.data import Floats, Outcomes
from tests.support.shared_data import rows

LLAMA = ("llama3.2-1b", "llama3.2-3b", "llama3.1-8b", "llama3.1-70b", "llama3.1-405b")
"""The models of the published records, by their numbers there."""
USD_PER_MTOK = (0.1, 0.1, 0.2, 0.9, 3.0)


@cache
def llama_outcomes(benchmark: str) -> Outcomes:
    """Return a benchmark's outcomes; costs in 1e-6 USD are all tokens x the list price, as published."""
    of_query: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in rows("outcomes_rational_cascades.csv"):
        if (row["dataset"], row["chain"]) == (benchmark, "llama"):
            of_query.setdefault((row["split"], row["query_id"]), {})[row["model"]] = row

    def table(column: str) -> Floats:
        return np.array(
            [[float(by_model[model][column]) for model in LLAMA] for by_model in of_query.values()]
        )

    tokens = {"input": table("input_tokens"), "output": table("output_tokens")}
    return Outcomes(
        tuple("-".join(query) for query in of_query),
        LLAMA,
        table("score"),
        (tokens["input"] + tokens["output"]) * np.array(USD_PER_MTOK),
        np.array([split for split, _ in of_query], dtype=object),
        table("raw_logprob_conf"),
        tuple(by_model[LLAMA[0]]["category"] for by_model in of_query.values()),
        {"length": tokens["input"][:, 0]},
        tokens,
    )
