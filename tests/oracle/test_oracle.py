"""`routecost compare` agrees with an independent implementation on random scenarios."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import FEWER_EXAMPLES
from tests.oracle.agreement import disagreements
from tests.oracle.writing import Writer


@FEWER_EXAMPLES
@given(st.integers(0, 2**40))
def test_compare_agrees_with_the_oracle(seed: int) -> None:
    documents = Writer(seed).documents()
    differences = disagreements(documents)
    about = json.dumps([documents.options, documents.scenario, documents.sheets])
    assert not differences, "\n".join([*differences, about])
