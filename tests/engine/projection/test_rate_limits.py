"""Rate limits: what each strategy needs in its busiest minute, and the month in which it reaches a limit.

The fleet has 6,000 tasks a day from 8:00 to 18:00 UTC, 10 a minute, of 1,000 and 200 tokens.
"""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.cli.app import run
from routecost.model.results.claim_check import ClaimResult
from routecost.model.results.projection import LimitUse, Projection
from routecost.report.compare.claims import tally
from routecost.report.projection.project import report
from tests.support.reports import text_of

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {small: s-1, large: [{model: l-1}, {from: 2027-03-01, model: l-2}]}
models:
  s-1: [{input: 1, output: 5, cache_read: 0.1, cache_write_5m: 1.25, modes: {batch: {input: 0.5, output: 2}}}]
  l-1: [{input: 3, output: 15}]
  l-2: [{input: 2, output: 10}]
"""
DAY = 'arrivals: {time_zone: UTC, from: "08:00", to: "18:00"}'
SCENARIO = """\
version: 1
pricing: ./sheet.yaml
as_of: 2027-01-01
workload: {{tasks_per_day: 6000, tokens: {{input: 1000, output: 200}}{work}}}
strategies: {{{strategies}}}
"""


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def projected(
    limits: str = "",
    own: str = "",
    work: str = f", {DAY}",
    strategies: str = "all-small: {tier: small}",
    more: str = "",
    **options: Any,
) -> Projection:
    """Project a fleet with limits of its sheet, and of its own."""
    Path("sheet.yaml").write_text(SHEET + (f"rate_limits: [{limits}]\n" if limits else ""))
    text = SCENARIO.format(work=work, strategies=strategies) + more
    Path("fleet.yaml").write_text(text + (f"rate_limits: [{own}]\n" if own else ""))
    return routecost.project("./fleet.yaml", **{"months": 3, **options})


def peaks(projection: Projection) -> dict[tuple[str, str], float]:
    return {(use.strategy, use.unit): float(use.peak) for use in projection.limits}


def only(projection: Projection) -> LimitUse:
    (use,) = projection.limits
    return use


ALL = (
    "{models: [s-1], requests_per_minute: 20, input_tokens_per_minute: 20000, "
    "output_tokens_per_minute: 5000, tokens_per_minute: 12000}"
)


def test_calls_and_tokens_of_the_busiest_minute() -> None:
    projection = projected(ALL)
    assert peaks(projection) == {
        ("all-small", "requests_per_minute"): 10,
        ("all-small", "input_tokens_per_minute"): 10 * 1000,
        ("all-small", "output_tokens_per_minute"): 10 * 200,
        ("all-small", "tokens_per_minute"): 10 * 1200,
    }
    shares = {use.unit: use.share for use in projection.limits}
    assert shares["requests_per_minute"] == Decimal("0.5")
    assert [use.unit for use in projection.limits if use.reached] == ["tokens_per_minute"]
    assert not any(use.is_least for use in projection.limits)


def test_growth_and_seasons_reach_a_limit_in_a_month() -> None:
    """10 a minute in January, 11 in February, 12.1 x 2 in March."""
    plan = "plan: {start: 2027-01, growth: 10%, seasonality: {march: 2}}\n"
    use = only(projected("{tiers: [small], requests_per_minute: 11.5}", more=plan, months=4))
    assert (use.peak, use.month, use.reached) == (Decimal("24.2"), "2027-03", "2027-03")
    use = only(projected("{tiers: [small], requests_per_minute: 11}", more=plan, months=4))
    assert use.reached == "2027-02", "a limit is reached if nothing is left of it"
    assert only(projected("{tiers: [small], requests_per_minute: 25}", more=plan)).reached is None


def test_escalations_judges_and_rework_are_counted() -> None:
    """30% of 10 a minute go on to the large model; a judge on it reads every output of the small one."""
    judge = "judge: {tier: large, tokens: {input: 300, output: 10}}"
    cascade = f"c: {{cascade: [small, large], accept: {{small: 70%}}, {judge}}}"
    on_large = "{models: [l-1], requests_per_minute: 20, tokens_per_minute: 9e4}"
    assert peaks(projected(on_large, strategies=cascade, months=1)) == {
        ("c", "requests_per_minute"): 3 + 10,
        ("c", "tokens_per_minute"): 3 * 1200 + 10 * 310,
    }
    rework = f", {DAY}, success: {{small: 80%}}, rework: {{noticed: 50%, tier: large}}"
    assert peaks(projected(on_large, work=rework, months=1))["all-small", "requests_per_minute"] == 1


def test_calls_of_a_task_are_counted() -> None:
    use = only(projected("{models: [s-1], requests_per_minute: 99}", work=f", {DAY}, calls: {{per_task: 4}}"))
    assert use.peak == 40


def test_batches_do_not_count_and_cache_reads_may_not() -> None:
    batch = f", {DAY}, batch_tolerant: true, batch: 40%"
    assert only(projected("{models: [s-1], requests_per_minute: 99}", work=batch)).peak == 6
    cached = f", {DAY}, cache: {{read: 60%, write_5m: 10%}}"
    units = "input_tokens_per_minute: 20000, output_tokens_per_minute: 5000"
    assert list(peaks(projected(f"{{models: [s-1], {units}}}", work=cached)).values()) == [10000, 2000]
    free = f"{{models: [s-1], {units}, counts_cache_reads: false}}"
    assert list(peaks(projected(free, work=cached)).values()) == [4000, 2000]


def test_a_limit_of_a_tier_is_on_the_model_that_it_is_then() -> None:
    """From March on, tier large is another model, of which the limit on l-1 knows nothing."""
    limits = "{tiers: [large], requests_per_minute: 40}, {models: [l-1], requests_per_minute: 30}"
    plan = "plan: {start: 2027-01, growth: 100%}\n"
    uses = projected(limits, strategies="all-large: {tier: large}", more=plan).limits
    assert [(use.limit.subject, float(use.peak), use.month, use.reached) for use in uses] == [
        ("tier large", 40, "2027-03", "2027-03"),
        ("l-1", 20, "2027-02", None),
    ]


def test_models_may_share_a_limit() -> None:
    shared = "{models: [s-1, l-1], requests_per_minute: 10}"
    assert only(projected(shared, strategies="half: {mix: {small: 50%, large: 50%}}", months=1)).peak == 10


def test_the_scenario_replaces_the_limits_of_the_sheet_on_its_models_by_unit() -> None:
    sheet = "{models: [s-1, l-1], requests_per_minute: 12, tokens_per_minute: 20000}"
    uses = projected(sheet, own="{tiers: [small], requests_per_minute: 100, source: our account}").limits
    assert [(use.unit, use.share, use.limit.source) for use in uses] == [
        ("requests_per_minute", Decimal("0.1"), "our account"),
        ("tokens_per_minute", Decimal("0.6"), None),
    ]
    own = "{tiers: [small], requests_per_minute: 100}"
    rest = projected(sheet, own, strategies="all-large: {tier: large}", months=1).limits[0]
    assert (rest.unit, rest.limit.subject, float(rest.peak)) == ("requests_per_minute", "l-1", 10)


def test_a_sheet_replaces_the_limits_of_the_one_that_it_extends() -> None:
    projected("{models: [s-1], requests_per_minute: 12, tokens_per_minute: 20000}")
    Path("ours.yaml").write_text(
        "version: 1\nextends: ./sheet.yaml\nsource: ours\n"
        "rate_limits: [{models: [s-1], requests_per_minute: 50}]\n"
    )
    uses = routecost.project("./fleet.yaml", pricing="./ours.yaml", months=1).limits
    assert [use.share for use in uses] == [Decimal("0.2"), Decimal("0.6")]


def test_launches_steps_and_migrations_are_on_the_days_on_which_they_are() -> None:
    """From 15 February on, a second fleet has 5 a minute, from 12:00; the first has 80% from March on."""
    plan = """\
plan:
  start: 2027-01
  volume: [{from: 2027-03-01, factor: 80%}]
  launches:
    chat:
      from: 2027-02-15
      workload:
        tasks_per_day: 1800
        tokens: {input: 10, output: 10}
        arrivals: {time_zone: UTC, from: "12:00", to: "18:00"}
  migrations: {move: [{strategy: all-small}, {from: 2027-02-20, strategy: all-large}]}
"""
    projection = projected(
        "{models: [s-1], requests_per_minute: 12.5}",
        strategies="all-small: {tier: small}, all-large: {tier: large}",
        more=plan,
    )
    assert [(use.strategy, float(use.peak), use.month, use.reached) for use in projection.limits] == [
        ("all-small", 15, "2027-02", "2027-02"),
        ("move", 15, "2027-02", "2027-02"),
    ]
    assert [use.strategy for use in projection.only(["move"]).limits] == ["move"]


def test_working_days_have_the_work_of_the_week() -> None:
    plan = "plan: {start: 2027-01, days: working}\n"
    working = ', arrivals: {time_zone: UTC, from: "08:00", to: "18:00", days: working}'
    limit = "{models: [s-1], requests_per_minute: 99}"
    assert only(projected(limit, work=working, more=plan)).peak == 10
    assert only(projected(limit, work=working)).peak == 14, "7 days of work come on 5"


def test_unknown_arrivals_are_a_bound_that_says_so() -> None:
    projection = projected("{models: [s-1], requests_per_minute: 99}", work="")
    use = only(projection)
    assert round(use.peak, 9) == round(Decimal(6000) / 1440, 9)
    assert (use.is_least, use.unprofiled) == (True, ("tasks",))
    text = text_of(report(projection))
    assert "at least 4.2% 2027-01 possibly" in text
    assert 'The arrivals of "tasks" are unknown: the mean over a day is the least that a peak can be.' in text


def test_calls_of_unknown_number_are_a_bound() -> None:
    Path("table.yaml").write_text(
        "version: 1\ntaxonomy: ./kinds.yaml\nescalation: [small, large]\nroutes: [{task: t, tier: small}]\n"
    )
    Path("kinds.yaml").write_text(
        "version: 1\ntiers: [small, large]\ntask_types: {t: {title: t, reasoning: low, ambiguity: low, "
        "stakes: low, tiers: [small]}}\n"
    )
    Path("sheet.yaml").write_text(SHEET + "rate_limits: [{models: [s-1, l-1], requests_per_minute: 99}]\n")
    Path("fleet.yaml").write_text(
        "version: 1\npricing: ./sheet.yaml\nas_of: 2027-01-01\nstrategies: {routed: {table: ./table.yaml}}\n"
        f"workload: {{task_types: {{t: {{tasks_per_day: 6000, tokens: {{input: 9, output: 9}}, {DAY}}}}}}}\n"
    )
    projection = routecost.project("./fleet.yaml", months=1)
    assert (float(only(projection).peak), only(projection).is_least) == (10, True)
    assert "Peaks do not include calls of unknown number" in text_of(report(projection))


def test_harder_rework_may_reach_more() -> None:
    """How well the large tier does what the small one failed is not stated; what fails again is redone."""
    cascade = "c: {cascade: [small, large], detection: {wrong_rejected: 100%, right_rejected: 0%}}"
    work = f", {DAY}, success: {{small: 60%, large: 80%}}, rework: {{noticed: 100%, tier: small}}"
    limit = "{models: [s-1], requests_per_minute: 99}"
    projection = projected(limit, work=work, strategies=cascade, months=1)
    assert projection.worst is not None
    assert projection.worst.limits[0].peak > only(projection).peak
    assert only(projection).is_least


def test_reached_limits_are_warnings_and_close_shares_have_digits() -> None:
    limits = "{models: [s-1], requests_per_minute: 10.001}, {models: [s-1], tokens_per_minute: 12000}"
    text = text_of(report(projected(limits)))
    warning = (
        "warning: all-small reaches the limit of 12,000 tokens a minute on s-1 in 2027-01: 100% of it in"
    )
    assert warning in text
    assert "99.99% 2027-01 no" in text


def test_without_limits_there_is_nothing() -> None:
    projection = projected()
    assert projection.limits == ()
    assert "Rate limits" not in text_of(report(projection))


def test_a_cache_whose_hits_follow_from_the_volume_is_counted_at_each_volume() -> None:
    """A prefix of 600 tokens is read or written: both count, as 10 calls of 1,000 tokens, and twice that."""
    work = f", {DAY}, cache: {{prefix: 600, window: 5m}}"
    limits = "{models: [s-1], requests_per_minute: 99, input_tokens_per_minute: 1e6}"
    plan = "plan: {start: 2027-01, growth: 100%}\n"
    projection = projected(limits, work=work, more=plan, months=2)
    assert list(peaks(projection).values()) == pytest.approx([20, 20_000])
    unread = limits.replace("1e6", "1e6, counts_cache_reads: false")
    fresh = projected(unread, work=work, more=plan, months=2).limits[1].peak
    assert 20 * 400 < fresh < 20 * 410, "nearly all of the calls read the prefix"


def test_only_so_many_limits_name_a_model() -> None:
    many = ", ".join(["{models: [s-1, l-1], requests_per_minute: 9}"] * 21)
    with pytest.raises(routecost.DocumentError) as raised:
        projected(many)
    messages = [finding.message for finding in raised.value.findings]
    assert '"s-1" has more than 20 limits; expected at most so many' in messages


def test_the_command_fails_if_a_limit_is_reached() -> None:
    def code(*arguments: str) -> int:
        command = ["project", "./fleet.yaml", "--months", "1", *arguments]
        return run(command, stdout=StringIO(), stderr=StringIO())

    projected("{models: [s-1], requests_per_minute: 10}", strategies="a: {tier: small}, b: {tier: large}")
    assert (code(), code("--fail-over-limits")) == (0, 1)
    assert code("--fail-over-limits", "--strategy", "b") == 0
    projected()
    assert code("--fail-over-limits") == 2


LIMITED = "{tiers: [small], requests_per_minute: 12}"


def checked(own: str = LIMITED, **options: Any) -> list[ClaimResult]:
    """Check the limits of a fleet that has 10 calls a minute in its first month, on small."""
    projected(own=own, **options)
    return list(routecost.check("./fleet.yaml").claims)


@pytest.mark.parametrize(
    ("plan", "month", "reached", "peak"),
    [
        ("growth: 10%", "2027-12", "2027-03", 10 * 1.1**11),  # 11 in February, 12.1 in March
        ("seasonality: {june: 130%}", "2027-06", "2027-06", 13),
        ("launches: {more: {from: 2027-05-01, factor: 25%}}", "2027-05", "2027-05", 12.5),
        ("growth: 1%", "2027-12", None, 10 * 1.01**11),
    ],
)
def test_a_check_names_the_month_in_which_a_limit_is_reached(
    plan: str, month: str, reached: str | None, peak: float
) -> None:
    names = "default: all-small\n"
    (claim,) = checked(
        strategies="all-small: {tier: small}, all-large: {tier: large}", more=f"{names}plan: {{{plan}}}\n"
    )
    assert claim.claim == f"limit of calls a minute on tier small for all-small, in {month}"
    assert claim.computed is not None
    assert abs(float(claim.computed) - peak) < 1e-9
    assert claim.published == 12
    assert claim.holds == (reached is None)
    assert claim.is_limit
    assert claim.why == (None if reached is None else f"the limit is reached in {reached}")


def test_a_check_is_about_the_proposal() -> None:
    strategies = "all-small: {tier: small}, all-large: {tier: large}"
    roles = "default: all-small\nproposed: all-large\nplan: {growth: 10%}\n"
    assert not checked(strategies=strategies, more=roles)  # no call of all-large is limited
    both = "{tiers: [small, large], requests_per_minute: 12}"
    phases = "[{strategy: all-small}, {strategy: all-large, from: 2027-02-01}]"
    move = roles.replace("growth: 10%", f"proposed: m, migrations: {{m: {phases}}}, growth: 10%")
    (claim,) = checked(both, strategies=strategies, more=move)
    assert claim.claim.endswith("for m, in 2027-12")
    (unnamed,) = {claim.claim.split(" for ")[0] for claim in checked(both, strategies=strategies)}
    assert unnamed == "limit of calls a minute on tier small, tier large"


def test_a_peak_that_may_be_higher_is_said_in_a_check() -> None:
    (claim,) = checked(work="")  # 6,000 tasks in 1,440 minutes
    assert (claim.status, claim.why) == ("holds", "the peak is at least this: arrivals or calls are unknown")


def test_the_command_fails_on_a_reached_limit() -> None:
    checked(more="default: all-small\nplan: {growth: 10%}\n")
    out = StringIO()
    assert run(["check", "./fleet.yaml"], stdout=out) == 1
    assert "1 of 1 rate limits is reached." in " ".join(out.getvalue().split())


def test_a_limit_that_is_possibly_reached_is_counted_apart() -> None:
    (said,) = tally(tuple(checked(work=""))).parts
    assert said == "0 of 1 rate limits are reached. 1 may be: the peak is known as a lower bound only."


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("12", "all-small reaches the limit of 12 calls a minute on tier small in 2027-03"),
        (
            "20",
            "No rate limit is reached: all-small needs 60.5% of the calls a minute on tier small in",
        ),
    ],
)
def test_the_summary_of_a_report_has_the_limits(limit: str, text: str) -> None:
    projected(own=LIMITED.replace("12", limit), more="default: all-small\nplan: {growth: 10%}\n")
    planning = routecost.planning("./fleet.yaml", months=3)
    from routecost.report.planning_document.document import report as document

    summary = text_of(document(planning)).split("At the stated volume")[0]
    assert text in summary
