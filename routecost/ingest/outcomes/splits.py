"""The parts of the data that queries belong to."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routecost.ingest.outcomes.checks import line_of, text_of_queries
from routecost.ingest.outcomes.finding_list import FindingList, quoted
from routecost.ingest.outcomes.options import PART_NAMES, SPLIT, SplitRule
from routecost.ingest.outcomes.table import Table
from routecost.optimize.outcomes.data import Split
from routecost.problems import did_you_mean

_STEPS = 2**64


def splits(table: Table, rule: SplitRule, log: FindingList) -> NDArray[Any]:
    """Return the part of each query; reports names that are unknown and queries in two parts."""
    if rule.by_column is False or (rule.by_column is None and SPLIT not in table.texts):
        return by_share(table.queries, rule)
    code = text_of_queries(table, SPLIT, log)
    if code is None:
        log.report(f'no column "{SPLIT}"; expected one of that name, or shares')
        return by_share(table.queries, rule)
    column, raw, names = table.roles.shared[SPLIT][0], table.texts[SPLIT], table.names[SPLIT]
    known = {part.value: part for part in Split}
    parts = [known.get(name, Split.TRAIN) for name in names]
    unknown = [at for at, name in enumerate(names) if name and name not in known]

    *most, last = (f'"{part}"' for part in known)
    shown = f"{', '.join(most)} or {last}"

    def say(at: int) -> tuple[str, int, str | None]:
        close = did_you_mean(names[at], (*known, *PART_NAMES))
        hint = close if close.startswith("; did") else ""
        return f"no part named {quoted(names[at])}; expected {shown}{hint}", line_of(table, raw, at), column

    log.each(unknown, say, len(unknown))
    for query in np.flatnonzero(code < 0)[:1]:
        count = int((code < 0).sum())
        line = int(table.line[np.argmax(table.query == query)])
        more = f", and of {count - 1:,} more" if count > 1 else ""
        log.report(f"the split of query {quoted(table.queries[query])}{more} is missing", line, column)
    return np.array([*parts, Split.TRAIN], object)[code]


def by_share(queries: Sequence[str], rule: SplitRule) -> NDArray[Any]:
    """Return the part of each query by a hash of seed and query."""
    keys = (f"{rule.seed}/{query}".encode("utf-8", "replace") for query in queries)
    digests = b"".join(blake2b(key, digest_size=8).digest() for key in keys)
    places = np.frombuffer(digests, ">u8") / _STEPS
    parts = np.array([Split.TRAIN, Split.CALIBRATION, Split.TEST], object)
    return parts[np.searchsorted([rule.train, rule.train + rule.calibration], places, "right")]
