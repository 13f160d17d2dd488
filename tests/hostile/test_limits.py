"""Limits on products of counts, and work that once grew faster than its input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import routecost
from routecost.documents.scenario.scenario import FEW, MOST_PAIRS
from routecost.engine.sensitivity import tornado as engine
from routecost.ingest.prices.catalogue import Catalogue, ListedModel
from routecost.lint.facts.escalation import EscalationPath
from routecost.lint.ignore_comments import Comment, Selector
from routecost.lint.rules import rt001_unused_ignore, rt002_reasonless_ignore
from routecost.problems import Position
from tests.hostile.contract import folder, run_hostile
from tests.support.linear import growth, work

LINEAR = 2.6
HERE = Position("f.yaml", 1, 1)


def fleet(strategies: int, task_types: int) -> str:
    """Return a scenario; task type ``k0`` costs the least."""
    kinds = "".join(
        f"    k{i}: {{tasks_per_day: {i + 1}, tokens: {{input: 1, output: 1}}}}\n" for i in range(task_types)
    )
    rows = "".join(f"  s{i}: {{tier: haiku}}\n" for i in range(strategies))
    head = "version: 1\npricing: claude-2026-11\nas_of: 2026-11-22\n"
    return f"{head}workload:\n  task_types:\n{kinds}strategies:\n{rows}"


def test_a_tornado_names_what_it_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(fleet(1, 4), encoding="utf-8")
    everything = routecost.tornado(file)
    assert not everything.left_out
    monkeypatch.setattr(engine, "MOST_WORK", 4 * 7)
    tornado = routecost.tornado(file)
    kept, left_out = {one.name for one in tornado.assumptions}, set(tornado.left_out)
    assert kept | left_out == {one.name for one in everything.assumptions}
    assert not kept & left_out
    assert any(".k3." in name for name in kept)
    assert not any(".k0." in name for name in kept)
    by_name = {one.name: one for one in everything.assumptions}
    assert all(by_name[one.name] == one for one in tornado.assumptions)


def test_a_report_says_what_a_tornado_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_WORK", 0)
    with folder() as here:
        (here / "f.yaml").write_text(fleet(1, 4), encoding="utf-8")
        for command in (("sweep", "--tornado", "./f.yaml"), ("report", "./f.yaml", "--runs", "5")):
            text = " ".join(run_hostile(*command).stdout.split())
            assert "assumptions were not changed, because the scenario has too many" in text
        assert '"left_out"' in run_hostile("sweep", "--tornado", "./f.yaml", "-f", "json").stdout


@pytest.mark.slow
def test_a_tornado_of_many_task_types_is_linear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_WORK", 60)
    file = tmp_path / "f.yaml"

    def prepared(count: int) -> Callable[[], object]:
        file.write_text(fleet(1, count), encoding="utf-8")
        return lambda: routecost.tornado(file)

    assert growth(prepared, 12) < LINEAR


def test_strategies_times_task_types_have_a_limit() -> None:
    side = int(MOST_PAIRS**0.5) + 1
    with folder() as here:
        (here / "f.yaml").write_text(fleet(side, side), encoding="utf-8")
        done = run_hostile("compare", "./f.yaml")
    assert done.code == 2
    assert done.stderr.startswith(f"f.yaml:{side + 7}:3: {side} strategies times {side} task types are too")
    assert f"at most {MOST_PAIRS:,} pairs, or at most {FEW} strategies or task types" in done.stderr


def test_few_strategies_may_have_any_number_of_task_types(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(fleet(FEW, MOST_PAIRS // FEW + 1), encoding="utf-8")
    assert routecost.load_scenario(file).strategies


class Code(str):
    """A code that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Code.compared += 1
        return str.__eq__(self, str(other))

    __hash__ = str.__hash__


def test_the_codes_of_one_comment_are_compared_once() -> None:
    codes = tuple(Selector(Code(f"XY{i}")) for i in range(2_000))
    Code.compared = 0
    unused = tuple(Selector(Code(selector.text)) for selector in codes)
    comment = Comment("ignore", HERE, codes, unused=unused)
    assert not list(rt002_reasonless_ignore.check.check([comment]))
    assert Code.compared < 3 * len(codes)


def test_of_many_unused_codes_the_first_are_reported() -> None:
    most = rt001_unused_ignore.MOST_CODES
    unused = tuple(Selector(f"XY{i}") for i in range(most + 3))
    comment = Comment("ignore", HERE, unused[:1], unused=unused)
    hits = list(rt001_unused_ignore.check.check([comment]))
    assert len(hits) == most + 1
    assert hits[-1].message == "3 more codes of this comment report nothing on this line"


def test_models_of_a_source_are_found_by_an_index() -> None:
    def search(count: int) -> Callable[[], object]:
        models = {f"m-{i}": ListedModel(f"m-{i}", ()) for i in range(count)}
        catalogue = Catalogue("source", "source", models)
        return lambda: [catalogue.find(f"m-{i}-latest") for i in range(count)]

    assert growth(search, 50) < LINEAR


def test_the_steps_of_a_path_are_checked_once() -> None:
    def ask(count: int) -> Callable[[], object]:
        tiers = tuple(f"t{i}" for i in range(count))
        path = EscalationPath(("escalation",), tiers, {tier: at for at, tier in enumerate(tiers)})
        return lambda: [path.continues_from(tier) for tier in tiers]

    assert growth(ask, 50) < LINEAR


def test_the_columns_of_a_comparison_are_computed_once() -> None:
    comparison = routecost.compare("article-fleet")
    assert comparison.columns
    assert work(lambda: [comparison.columns for _ in range(100)]) < 20
