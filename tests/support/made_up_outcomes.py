"""Made-up outcomes of three models on three categories of queries, drawn with a seed."""

from __future__ import annotations

import numpy as np

from routecost.optimize.outcomes.data import Outcomes

MODELS = ("haiku", "sonnet", "opus")
DIFFICULTY = {"extraction": -1.5, "summarization": -0.3, "code-generation": 1.2}
PRICES = np.array([[1.0, 5.0], [3.0, 15.0], [5.0, 25.0]])
"""USD per MTok of input and output of each model."""


def made_up(count: int = 900, seed: int = 1, harder: float = 0.0, useless: bool = False) -> Outcomes:
    """Return outcomes of models that differ by skill; a ``useless`` confidence is unrelated to scores."""
    draw = np.random.default_rng(seed)
    categories = draw.choice(list(DIFFICULTY), size=count, p=[0.5, 0.3, 0.2])
    hard = np.array([DIFFICULTY[name] for name in categories]) + draw.normal(size=count) + harder
    odds = 1.6 * (np.array([0.0, 1.2, 2.2]) - hard[:, None])
    score = (draw.random((count, 3)) < 1 / (1 + np.exp(-odds))).astype(float)
    signal = draw.normal(size=(count, 3)) + (0 if useless else odds)
    input_tokens = np.repeat(draw.integers(500, 3000, size=count).astype(float)[:, None], 3, axis=1)
    output = np.round(draw.gamma(2, 150, size=(count, 3)) * (1 + 0.2 * np.clip(hard, 0, None))[:, None])
    return Outcomes(
        queries=tuple(f"q{at}" for at in range(count)),
        models=MODELS,
        score=score,
        cost=(input_tokens * PRICES[:, 0] + output * PRICES[:, 1]) / 1e6,
        splits=np.array(["train", "calibration", "test"])[draw.choice(3, size=count, p=[0.5, 0.2, 0.3])],
        confidence=1 / (1 + np.exp(-signal)),
        categories=tuple(categories.tolist()),
        features={"length": input_tokens[:, 0]},
        tokens={"input": input_tokens, "output": output},
    )
