"""Conversations: the context grows, and another model must read all of it again."""

from __future__ import annotations

from decimal import Decimal

from routecost.engine.strategies.conversation import Conversation, Turns
from tests.support.build import cost, entry, mtok, sheet, task, tokens, workload

SHEET = sheet(
    low=entry(input=1, output=5, cache_read="0.1", cache_write_5m="1.25"),
    high=entry(input=10, output=50, cache_read=1, cache_write_5m="12.5"),
)
WORK = workload(task(1, tokens(100, 50)))


def test_without_a_cache_every_turn_pays_for_all_that_was_said() -> None:
    three = Conversation((Turns("low", 3),), system=Decimal(1_000), cached=False)
    # 1,100 at first; then 100 more from each side's 100 and 50
    assert cost(three, WORK, SHEET) == mtok(1, 1_100 + 1_250 + 1_400) + 3 * mtok(5, 50)


def test_a_cached_turn_reads_what_the_turn_before_wrote() -> None:
    two = Conversation((Turns("low", 2),), system=Decimal(1_000))
    first = mtok("1.25", 1_100)
    second = mtok("0.1", 1_100) + mtok("1.25", 150)
    assert cost(two, WORK, SHEET) == first + second + 2 * mtok(5, 50)


def test_switching_writes_everything_again_also_on_the_way_back() -> None:
    there_and_back = Conversation((Turns("low", 1), Turns("high", 1), Turns("low", 1)), system=Decimal(1_000))
    low_again = mtok("1.25", 1_100) + mtok("1.25", 1_400) + 2 * mtok(5, 50)
    assert cost(there_and_back, WORK, SHEET) == low_again + mtok("12.5", 1_250) + mtok(50, 50)


def test_one_tier_in_parts_is_one_tier() -> None:
    parts = Conversation((Turns("low", 2), Turns("low", 3)))
    assert cost(parts, WORK, SHEET) == cost(Conversation((Turns("low", 5),)), WORK, SHEET)
