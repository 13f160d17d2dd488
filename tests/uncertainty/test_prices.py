"""Uncertain prices: of a model's meter, a tier or a vendor, in agreement with the prices by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

import routecost
from routecost.errors import DocumentError, UsageError
from routecost.model.results.outlook import StrategyOutlook
from routecost.report.projection.project import report
from tests.support.reports import text_of
from tests.uncertainty.scenarios import written

RUNS = 20_000
P90 = NormalDist().inv_cdf(0.9)

SHEET = """version: 1
currency: USD
source: made up
tiers: {low: small, high: large}
models:
  small: [{provider: acme, input: 1, output: 4, modes: {batch: {input: 0.5, output: 2}},
           above: [{tokens: 1000, input: 2, output: 6, modes: {batch: {input: 1, output: 3}}}]}]
  large: [{provider: globex, input: 3, output: 15}]
"""


def fleet(folder: Path, changes: str, tokens: str = "{input: 2000, output: 500}", more: str = "") -> Path:
    (folder / "sheet.yaml").write_text(SHEET)
    path = folder / "fleet.yaml"
    path.write_text(f"""version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {{tasks_per_day: 1000, tokens: {tokens}}}
strategies:
  cheap: {{tier: low}}
  strong: {{tier: high}}
default: strong
proposed: cheap
price_changes:
  {changes}
{more}
""")
    return path


def outlook(path: Path, strategy: str = "cheap", months: int = 1, runs: int = RUNS) -> StrategyOutlook:
    projection = routecost.project(path, months=months, runs=runs, strategies=[strategy])
    assert projection.outlook is not None
    return projection.outlook[strategy]


def test_a_certain_change_is_that_of_the_option(tmp_path: Path) -> None:
    path = fleet(tmp_path, "cut: {of: acme, meter: input, change: -20%, from: 2026-02-15}")
    stated = routecost.project(path, months=3)
    path.write_text(path.read_text().split("price_changes")[0])
    option = routecost.project(path, months=3, what_if=["acme input -20% from 2026-02-15"])
    assert [spend.total for spend in stated.strategies] == [spend.total for spend in option.strategies]
    assert "price_changes.cut" in text_of(report(stated))


@pytest.mark.parametrize(
    ("tokens", "card"), [("{input: 900, output: 500}", (1, 4)), ("{input: 2000, output: 500}", (2, 6))]
)
def test_a_price_scales_every_step(tmp_path: Path, tokens: str, card: tuple[int, int]) -> None:
    """A uniform factor from 0.5 to 1.5 makes a cost that is uniform too, below and above the step."""
    path = fleet(tmp_path, "any: {of: small, change: {uncertain: uniform, low: -50%, high: 50%}}", tokens)
    size = 900 if "900" in tokens else 2000
    month = 30 * 1000 * (size * card[0] + 500 * card[1]) / 1e6
    total = outlook(path).total
    assert [float(total.p10), float(total.p90)] == pytest.approx([0.6 * month, 1.4 * month], rel=0.01)


def test_a_new_rate_scales_steps_and_modes(tmp_path: Path) -> None:
    """The rate of input goes from 1 to 1 or 3: above the step in batches that is from 1 to 1 or 3 too."""
    tokens = "{input: 2000, output: 0}"
    path = fleet(
        tmp_path, "new: {of: small, meter: input, rate: {uncertain: uniform, low: 1, high: 3}}", tokens
    )
    path.write_text(path.read_text().replace("tokens: {", "batch_tolerant: true, batch: 100%, tokens: {"))
    total = outlook(path).total
    batch = 30 * 1000 * 2000 / 1e6
    assert [float(total.p10), float(total.p90)] == pytest.approx([1.2 * batch, 2.8 * batch], rel=0.01)


def test_prices_with_a_common_driver_move_together(tmp_path: Path) -> None:
    """Both vendors' factors are normal: with one driver the mix has the sum of their deviations."""
    change = "change: {uncertain: normal, mean: 0, sd: 10%, driver: war}"
    path = fleet(tmp_path, f"a: {{of: acme, {change}}}\n  g: {{of: globex, {change}}}")
    text = path.read_text().replace("strategies:", "strategies:\n  mixed: {mix: {low: 50%, high: 50%}}")
    path.write_text(text)
    low, high = 30 * 500 * (4000 + 3000) / 1e6, 30 * 500 * (6000 + 7500) / 1e6
    for driver, sd in ((True, 0.1 * (low + high)), (False, 0.1 * (low**2 + high**2) ** 0.5)):
        path.write_text(text if driver else text.replace(", driver: war", ""))
        total = outlook(path, "mixed", runs=100_000).total
        assert float(total.p90 - total.p50) == pytest.approx(P90 * sd, rel=0.02)


def test_a_rank_correlation_names_the_field_of_a_price(tmp_path: Path) -> None:
    more = "correlations: [{between: [price_changes.a.change, workload.tasks_per_day], rank: -1}]"
    path = fleet(tmp_path, "a: {of: acme, change: {uncertain: uniform, low: -50%, high: 50%}}", more=more)
    tasks = "{uncertain: uniform, low: 500, high: 1500}"
    path.write_text(path.read_text().replace("tasks_per_day: 1000", f"tasks_per_day: {tasks}"))
    # (1 + u) x (1 - u) of the month, with u uniform from -0.5 to 0.5: 1 - u^2
    total, month = outlook(path).total, 30 * 1000 * 7000 / 1e6
    expected = [month * (1 - u**2) for u in (0.45, 0.25, 0.05)]
    assert [float(getattr(total, name)) for name in ("p10", "p50", "p90")] == pytest.approx(
        expected, rel=0.01
    )


def test_commitments_follow_the_drawn_prices(tmp_path: Path) -> None:
    month = Decimal(30 * 1000 * 7000) / 1_000_000
    plan = f"plan: {{commitments: [{{amount: {month}, from: 2026-02}}]}}"
    path = fleet(tmp_path, "a: {of: acme, change: {uncertain: uniform, low: -50%, high: 50%}}", more=plan)
    total = outlook(path).total
    assert total.p10 == month
    assert float(total.p90) == pytest.approx(1.4 * float(month), rel=0.01)


def test_a_change_from_a_day_has_no_effect_before(tmp_path: Path) -> None:
    change = "change: {uncertain: uniform, low: -50%, high: 50%}, from: 2026-03-01"
    bands = outlook(fleet(tmp_path, f"a: {{of: acme, {change}}}"), months=2).months
    assert bands[0].p10 == bands[0].p90 == bands[0].p50
    assert bands[1].p10 < bands[1].p50 < bands[1].p90


def test_the_chance_of_savings_counts_prices(tmp_path: Path) -> None:
    """cheap costs 7 x (1 + u) a thousand tasks, strong 13.5: cheaper if u < 13/14, of -1 to 2."""
    path = fleet(tmp_path, "a: {of: acme, change: {uncertain: uniform, low: -100%, high: 200%}}")
    expected = (13.5 / 7 - 1 + 1) / 3
    verdict, savings = routecost.compare(path).verdict, routecost.project(path, months=2).savings
    assert verdict is not None
    assert savings is not None
    for known in (verdict.probability, savings.probability):
        assert known is not None
        assert known.inputs == ("price_changes.a.change",)
        assert float(known.value or 0) == pytest.approx(expected, abs=0.01)


def test_one_run_alone_is_the_sheet_with_these_prices(tmp_path: Path) -> None:
    path = fleet(tmp_path, "a: {of: acme, change: {uncertain: triangular, low: -20%, mode: 0, high: 50%}}")
    projection = routecost.project(path, months=1, runs=1, seed=3)
    assert projection.outlook is not None
    factor = float(projection.outlook["cheap"].total.p50) / (30 * 1000 * 7000 / 1e6)
    assert 0.8 < factor < 1.5
    change = f"a: {{of: acme, change: {factor - 1:.12f}}}"
    stated = routecost.compare(fleet(tmp_path, change), strategies=["cheap"])["cheap"].cost_per_month
    assert float(stated) == pytest.approx(float(projection.outlook["cheap"].total.p50), rel=1e-9)


@pytest.mark.parametrize("rate", ["0", "{uncertain: uniform, low: 0, high: 0}"])
def test_a_price_of_zero_costs_nothing(tmp_path: Path, rate: str) -> None:
    path = fleet(tmp_path, f"free: {{of: large, meter: input, rate: {rate}}}")
    assert routecost.project(path, months=1)["strong"].total == Decimal(30 * 1000 * 7500) / 1_000_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{of: haikoo, change: 5%}", r':9:11: no model, tier or provider "haikoo".*did you mean "haiku"'),
        ("{of: haiku, meter: web_search, change: 5%}", r':9:25: .* has no rate for "web_search"'),
        ("{of: haiku}", ':9:6: neither of "change" and "rate" given'),
        ("{of: haiku, change: 5%, meter: input, rate: 5}", ':9:6: both of "change" and "rate" given'),
        ("{of: haiku, rate: 5}", ':9:18: a new rate needs a "meter"'),
        ("{of: haiku, change: -120%}", r':9:26: "-120%" is out of range; expected a change from -100%'),
        (
            "{of: haiku, change: {uncertain: normal, mean: 0, sd: 0.9}}",
            "13.33% of its distribution is below -1",
        ),
        (
            "{of: haiku, change: {uncertain: uniform, low: 5%, high: -5%}}",
            "low of 0.05 is above high of -0.05",
        ),
        ("{of: haiku, meter: input, rate: {uncertain: uniform, low: -1, high: 2}}", '"-1" is out of range'),
        ("{of: haiku, meter: input, rate: nan}", '"nan" is not a rate'),
        ("{of: haiku, change: 5%, from: 2026-05-01, until: 2026-04-01}", "2026-04-01 is before 2026-05-01"),
        ("{of: haiku, change: {uncertain: normal, mean: 0, sd: 5%, driver: x}}", "only .* has the driver"),
    ],
)
def test_faults_have_their_place(tmp_path: Path, change: str, message: str) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(
        "version: 1\npricing: claude-article\nas_of: 2026-02-01\nworkload: {tasks_per_day: 500, "
        "tokens: {input: 2000, output: 500}}\nstrategies:\n  all: {tier: haiku}\n\nprice_changes:\n"
        f"  a: {change}\n"
    )
    with pytest.raises(DocumentError, match=message):
        routecost.compare(path)


def test_a_loaded_scenario_takes_no_other_sheet(tmp_path: Path) -> None:
    path = fleet(tmp_path, "a: {of: low, change: 5%}")
    with pytest.raises(UsageError, match="price_changes"):
        routecost.compare(routecost.load_scenario(path), pricing="claude-article")


def test_other_commands_use_the_mean_price(tmp_path: Path) -> None:
    path = fleet(tmp_path, "a: {of: acme, change: {uncertain: uniform, low: 0%, high: 20%}}")
    assert routecost.compare(path)["cheap"].cost_per_month == Decimal("1.1") * 30 * 7
    assert routecost.load_scenario(path).pricing.models["small"][0].card.standard["input"] == Decimal("1.1")


def test_the_mean_is_that_of_the_draws(tmp_path: Path) -> None:
    path = written(
        tmp_path, rest="price_changes:\n  a: {of: opus, change: {uncertain: lognormal, mean: 10%, sd: 40%}}"
    )
    costs = outlook(path, "all-opus").total
    base = 30 * 500 * (2000 * 15 + 500 * 75) / 1e6
    shares = np.log(1 + (0.4 / 0.1) ** 2)
    median = 1 + 0.1 * np.exp(-shares / 2)
    assert float(costs.p50) == pytest.approx(base * median, rel=0.01)
    assert routecost.compare(path, as_of=date(2026, 2, 1))["all-opus"].cost_per_month == Decimal(
        "1.1"
    ) * Decimal(str(base))


def test_too_many_changes_are_refused(tmp_path: Path) -> None:
    many = "\n  ".join(f"a{at}: {{of: acme, change: 1%}}" for at in range(201))
    with pytest.raises(DocumentError, match=":10:1: 201 changes of prices are stated; expected at most 200"):
        routecost.compare(fleet(tmp_path, many))
