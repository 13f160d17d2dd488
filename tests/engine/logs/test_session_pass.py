"""Caches call by call: what the replaced models still have, and what they write again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.logs.cache_state import Cache, Prefix
from routecost.engine.logs.session_pass import OrderedCall
from tests.engine.logs.replays import HAIKU, OPUS, SECOND, SONNET, bounds, exactly, logged, mtok, table

TO_HAIKU = table({"a": "haiku", "b": "haiku"})


def cost(*calls: OrderedCall, tiers: dict[str, str] | None = None) -> Decimal:
    found = exactly(calls, table(tiers) if tiers else TO_HAIKU)
    assert found.cost.is_exact
    return found.cost.low


def reads(tokens: int) -> Decimal:
    return mtok("0.01", tokens)


def writes(tokens: int) -> Decimal:
    return mtok("0.125", tokens)


def test_what_a_session_wrote_is_read_again_while_it_is_warm() -> None:
    calls = logged(0, write=8000), logged(300, read=8000, write=1000), logged(600, read=9000)
    assert cost(*calls) == writes(8000) + reads(8000) + writes(1000) + reads(9000)


@pytest.mark.parametrize(
    ("seconds", "unit", "again"),
    [(300, "write", reads), (301, "write", writes), (3600, "hour", reads)],
)
def test_a_cache_lasts_five_minutes_or_an_hour_after_its_last_use(
    seconds: int, unit: str, again: object
) -> None:
    first = logged(0, write=8000) if unit == "write" else logged(0, hour=8000)
    paid = writes(8000) if unit == "write" else mtok("0.20", 8000)
    assert cost(first, logged(seconds, read=8000)) == paid + again(8000)  # type: ignore[operator]


def test_what_expired_after_an_hour_is_written_for_an_hour_again() -> None:
    calls = logged(0, hour=8000), logged(3601, read=8000), logged(7000, read=8000)
    assert cost(*calls) == mtok("0.20", 8000) + mtok("0.20", 8000) + reads(8000)


def test_a_use_begins_the_lifetime_again() -> None:
    calls = [logged(0, write=8000), *(logged(at, read=8000) for at in (250, 500, 750))]
    assert cost(*calls) == writes(8000) + 3 * reads(8000)


def test_a_prefix_of_five_minutes_after_one_of_an_hour_expires_alone() -> None:
    calls = logged(0, hour=6000, write=2000), logged(400, read=8000)
    assert cost(*calls) == mtok("0.20", 6000) + writes(2000) + reads(6000) + mtok("0.20", 2000)


def test_what_moves_is_written_with_the_lifetimes_that_it_had() -> None:
    calls = logged(0, "b", hour=6000, write=2000), logged(10, "a", read=8000)
    stays = mtok("4", 6000) + mtok("2.5", 2000)
    assert cost(*calls, tiers={"a": "haiku", "b": "sonnet"}) == stays + mtok("0.20", 6000) + writes(2000)


def test_the_first_call_on_a_model_writes_what_another_model_had_in_its_cache() -> None:
    calls = logged(0, "b", write=8000), logged(60, "a", read=8000, write=500), logged(90, "a", read=8500)
    stays = mtok("2.5", 8000)
    assert cost(*calls, tiers={"a": "haiku", "b": "sonnet"}) == stays + writes(8500) + reads(8500)


def test_a_call_that_stays_writes_what_only_calls_that_moved_had_cached() -> None:
    calls = logged(0, "b", write=8000), logged(60, "a", read=8000)
    assert cost(*calls, tiers={"a": "sonnet", "b": "haiku"}) == writes(8000) + mtok("2.5", 8000)


def test_sessions_and_agents_have_caches_of_their_own() -> None:
    first = logged(0, "b", write=8000)
    for other in ({"session": "t"}, {"agent": "reviewer"}):
        second = logged(1, "a", write=8000, **other), logged(2, "a", read=8000, **other)  # type: ignore[arg-type]
        assert cost(first, *second) == 2 * writes(8000) + reads(8000)


def test_what_the_log_read_from_other_sessions_is_warm_where_calls_of_the_type_keep_it() -> None:
    calls = [logged(at, session=f"s{at}", read=5000) for at in (0, 200, 400)]
    assert cost(*calls) == writes(5000) + 2 * reads(5000)
    apart = [logged(at, session=f"s{at}", read=5000) for at in (0, 400, 800)]
    assert cost(*apart) == 3 * writes(5000)
    assert cost(*apart, tiers={"a": "sonnet"}) == 3 * mtok("0.10", 5000)


def alternating(kind: str) -> tuple[list[OrderedCall], list[OrderedCall]]:
    """A conversation that two models take turns in, and the same one on one model."""

    def writing(tokens: int) -> dict[str, Any]:
        return {kind: tokens}

    shared = [logged(0, "b", OPUS, **writing(20_000)), logged(60, "a", SONNET, **writing(22_000))]
    alone = [logged(0, "b", **writing(20_000)), logged(60, "a", read=20_000, **writing(2000))]
    for turn in range(2, 10):
        name, model = ("a", SONNET) if turn % 2 else ("b", OPUS)
        has = 18_000 + 2000 * turn
        shared.append(logged(60 * turn, name, model, read=has - 2000, **writing(4000)))
        alone.append(logged(60 * turn, name, read=has, **writing(2000)))
    return shared, alone


@pytest.mark.parametrize("kind", ["hour", "write"])
@pytest.mark.parametrize("tier", ["haiku", "sonnet"])
def test_models_that_become_one_read_what_the_others_wrote(tier: str, kind: str) -> None:
    shared, alone = alternating(kind)
    tiers = dict.fromkeys("ab", tier)
    assert cost(*shared, tiers=tiers) == cost(*alone, tiers=tiers)
    of_one_type = [call._replace(task_type="a") for call in shared]
    found = bounds(of_one_type, table(tiers)).cost
    assert found.low <= cost(*of_one_type, tiers=tiers) <= found.high


def test_models_that_become_one_write_again_what_has_expired() -> None:
    calls = logged(0, model=OPUS, write=8000), logged(301, model=SONNET, write=8000)
    assert cost(*calls) == 2 * writes(8000)


def test_what_is_cached_for_five_minutes_is_written_for_an_hour() -> None:
    calls = logged(0, model=OPUS, write=8000), logged(9, model=SONNET, hour=8000)
    assert cost(*calls) == writes(8000) + mtok("0.20", 8000)


def test_a_call_with_another_beginning_writes_all() -> None:
    calls = [logged(0, write=8000), logged(5, model=OPUS, write=9000), logged(9, read=1000, write=3000)]
    assert cost(*calls) == writes(8000) + reads(8000) + writes(1000) + reads(1000) + writes(3000)


def test_contexts_above_a_step_are_at_its_prices() -> None:
    calls = logged(0, write=100_000), logged(1, read=100_000, input=1)
    assert cost(*calls) == writes(100_000) + mtok("0.05", 100_000) + mtok("0.5", 1)


def test_calls_with_the_same_models_keep_their_order() -> None:
    late, early = logged(10, read=8000), logged(0, write=8000)
    assert cost(late, early) == cost(early, late) == writes(8000) + reads(8000)


def test_calls_without_caches_cost_as_from_sums() -> None:
    assert cost(logged(input=1000, output=10), logged(5, model=HAIKU, input=1000)) == mtok(
        "0.1", 2000
    ) + mtok("0.5", 10)


uses = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 9), st.integers(0, 9)).map(
        lambda use: Prefix(max(use[1:]), min(use[1:]), use[0] * SECOND)
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda prefix: prefix.time))


@given(uses, st.integers(0, 4000))
def test_a_cache_forgets_nothing_that_is_still_warm(prefixes: list[Prefix], wait: int) -> None:
    cache, now = Cache(), (prefixes[-1].time if prefixes else 0) + wait * SECOND
    for prefix in prefixes:
        cache.use(prefix)
    assert cache.longest(now).warm(now) == max((prefix.warm(now) for prefix in prefixes), default=0)
