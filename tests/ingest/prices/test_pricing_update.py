"""A sheet is brought up to date in one step: prices are added, none is edited, and the effects are shown."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost import load_pricing
from routecost.api.pricing import PriceSource, update_pricing
from routecost.cli.app import run
from routecost.errors import UsageError
from routecost.model.pricing.hours import Hours

DAY = date(2026, 11, 28)
SHEET = """\
# Ours; ask Ada.
version: 1
currency: USD
source: by hand   # kept
tiers: {small: m, large: n}
models:
  # the small one
  m:
    - checked: 2026-08-01    # by Ada
      input: 1   # as agreed
      output: 4
  n: [{from: 2026-01-01, input: 5, output: 20}]
  own: [{input: 1}]
# the end
"""
CONTRACT = "version: 1\nextends: ./ours.yaml\nsource: a contract\ndiscounts: [{share: 50%}]\n"
FLEET = """\
version: 1
pricing: ./contract.yaml
workload: {tasks_per_day: 1000, tokens: {input: 1000, output: 100}}
strategies: {all-small: {tier: small}, all-large: {tier: large}}
"""


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"ours": SHEET, "contract": CONTRACT, "fleet": FLEET}.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")


def prices(**models: dict[str, Any]) -> None:
    Path("map.json").write_text(json.dumps(models), encoding="utf-8")


def price(input_: float, output: float, **more: Any) -> dict[str, Any]:
    return {"input_cost_per_token": input_ / 1e6, "output_cost_per_token": output / 1e6, **more}


def update(*arguments: str, code: int = 0) -> tuple[str, str]:
    """Run the command; return what it prints, and what it says."""
    stdout, stderr = io.StringIO(), io.StringIO()
    command = ["pricing", "update", "ours.yaml", "--litellm", "map.json", "--checked", str(DAY), *arguments]
    assert run(command, stdout=stdout, stderr=stderr) == code, stderr.getvalue()
    return stdout.getvalue(), stderr.getvalue()


def test_a_changed_price_is_a_new_entry_from_the_day_on_and_the_text_stays() -> None:
    prices(m=price(2, 4), n=price(5, 20))
    _, said = update()
    assert "ours.yaml: 0 new models, 1 new price, 1 price confirmed, 0 skipped\nmodels with losses: 0" in said
    first, second = load_pricing("./ours.yaml").models["m"]
    assert (first.start, first.checked, str(first.card.standard["input"])) == (None, date(2026, 8, 1), "1")
    assert (second.start, second.checked, str(second.card.standard["input"])) == (DAY, DAY, "2")
    lines = iter(Path("ours.yaml").read_text(encoding="utf-8").splitlines())
    kept = SHEET.replace("output: 20}", "output: 20, checked: 2026-11-28}").splitlines()
    assert all(line in lines for line in kept), "every line is there, in its order"


def test_a_second_run_changes_nothing_and_says_so() -> None:
    prices(m=price(2, 4), n=price(5, 20))
    update()
    text = Path("ours.yaml").read_text(encoding="utf-8")
    printed, said = update()
    assert Path("ours.yaml").read_text(encoding="utf-8") == text
    assert "no changes" in said
    assert "0 rates differ, 5 are unchanged." in printed
    assert "Not compared, in none of the sources: own." in printed


def test_the_effect_on_scenarios_is_shown_also_below_a_contract() -> None:
    """By hand: 30 MTok x 1 USD + 3 x 4 = 42 and 30 x 2 + 3 x 4 = 72 a month; half of that by contract."""
    prices(m=price(2, 4), n=price(5, 20))
    source = PriceSource(litellm=Path("map.json"))
    result = update_pricing("ours.yaml", source, scenarios=["./fleet.yaml"], checked=DAY)
    (effect,) = result.scenarios
    costs = {row.strategy: (int(row.cost_per_month_before), row.change) for row in effect.changes}
    assert costs == {"all-small": (21, Decimal(15)), "all-large": (105, Decimal(0))}
    printed, _ = update("--scenario", "./fleet.yaml", "--format", "json")
    data = json.loads(printed)
    assert data["schema"] == "routecost.pricing update/1"
    assert (data["is_changed"], data["new_prices"], data["confirmed"]) == (True, 1, 1)
    assert [(row["meter"], row["before"], row["after"]) for row in data["prices"]] == [("input", 1, 2)]
    assert [row["change"] for row in data["changes"]] == [15, 0]


def test_a_dry_run_and_a_faulty_scenario_write_nothing() -> None:
    prices(m=price(2, 4))
    _, said = update("--dry-run")
    assert "1 new price, 0 prices confirmed, 0 skipped; nothing written" in said
    Path("fleet.yaml").write_text(FLEET.replace("small}", "smal}"), encoding="utf-8")
    update("--scenario", "./fleet.yaml", code=2)
    assert Path("ours.yaml").read_text(encoding="utf-8") == SHEET


@pytest.mark.parametrize(
    "sheet",
    [
        SHEET.replace("output: 4\n", "output: 4\n      web_search: 10\n"),
        SHEET.replace("      input: 1 ", "      from: 2026-11-28\n      input: 1 "),
        SHEET.replace("  n: [", "    - {from: 2027-01-01, input: 3, output: 4}\n  n: ["),
    ],
)
def test_what_needs_a_decision_is_a_finding(sheet: str) -> None:
    """A rate that the source does not know, a price of the same day, and one that is dated later."""
    Path("ours.yaml").write_text(sheet, encoding="utf-8")
    prices(m=price(2, 4))
    _, said = update(code=1)
    assert "is 1 in the sheet and 2 in the source" in said
    assert len(load_pricing("./ours.yaml").models["m"]) == sheet.count("output: 4")


def test_entries_that_are_over_may_differ_from_a_source_without_history() -> None:
    prices(m=price(2, 4))
    update()
    prices(m=price(3, 4))
    _, said = update("--checked", "2026-12-15")
    assert "1 new price" in said
    entries = load_pricing("./ours.yaml").models["m"]
    assert [str(entry.card.standard["input"]) for entry in entries] == ["1", "2", "3"]
    assert [str(entry.checked) for entry in entries] == ["2026-08-01", "2026-11-28", "2026-12-15"]


def test_only_rows_that_are_compared_in_full_are_confirmed() -> None:
    sheet = SHEET.replace("output: 4\n", "output: 4\n      web_search: 10\n")
    Path("ours.yaml").write_text(sheet, encoding="utf-8")
    prices(m=price(1, 4), n=price(5, 20))
    _, said = update()
    assert 'not confirmed: "m"; the source has no price of web_search' in said
    entries = load_pricing("./ours.yaml").models
    assert (entries["m"][0].checked, entries["n"][0].checked) == (date(2026, 8, 1), DAY)


def test_other_hours_of_a_mode_are_another_price() -> None:
    night = {"hours_utc": "22:00-06:00", "input_cost_per_token": 5e-07, "output_cost_per_token": 2e-06}
    prices(m=price(1, 4, off_peak_pricing=night))
    rates = "{input: 0.5, output: 2, hours: {from: '21:00', to: '06:00', time_zone: UTC}}"
    Path("ours.yaml").write_text(
        SHEET.replace("output: 4\n", f"output: 4\n      modes: {{off_peak: {rates}}}\n"), encoding="utf-8"
    )
    update()
    assert [entry.hours["off_peak"] for entry in load_pricing("./ours.yaml").models["m"]] == [
        (Hours(21 * 60, 6 * 60, "UTC"),),
        (Hours(22 * 60, 6 * 60, "UTC"),),
    ]


def test_losses_are_counted_and_strict_fails() -> None:
    prices(m=price(1, 4, novelty=3), n=price(5, 20), other=price(1, 1, novelty=3))
    _, said = update("--strict", code=1)
    assert said.endswith("models with losses: 1\n")
    assert 'skipped "novelty" of "m"' in said


def test_prices_that_begin_later_are_named() -> None:
    pytest.importorskip("genai_prices", reason="prices are imported from it")
    sheet = SHEET.replace("tiers: {small: m, large: n}", "tiers: {small: claude-haiku-5-5}").replace(
        "  m:\n", "  claude-haiku-5-5:\n"
    )
    Path("ours.yaml").write_text(
        sheet.replace("input: 1 ", "input: 0.1 ").replace("output: 4", "output: 0.5")
    )
    result = update_pricing("ours.yaml", checked=date(2026, 9, 1))
    assert result.later == (("claude-haiku-5-5", date(2026, 10, 14)),)
    assert result.unknown == ("n", "own")


def test_prices_of_several_vendors_are_refreshed_in_one_step() -> None:
    pytest.importorskip("genai_prices", reason="prices are imported from it")
    Path("ours.yaml").write_text(
        "version: 1\ncurrency: USD\nsource: by hand\ntiers: {a: claude-haiku-5-5, b: gpt-5}\nmodels:\n"
        "  claude-haiku-5-5:\n    - {input: 9, output: 0.5}\n"
        "  gpt-5:\n    - {input: 1.25, output: 10, provider: openai}\n"
    )
    result = update_pricing("ours.yaml", checked=DAY)
    Path("ours.yaml").write_text(result.text)
    models = load_pricing("./ours.yaml").models
    assert [model[-1].provider for model in models.values()] == ["anthropic", "openai"]
    assert models["claude-haiku-5-5"][-1].card.standard["input"] == Decimal("0.1")
    assert update_pricing("ours.yaml", checked=DAY).text == ""


def test_two_days_of_a_sheet_are_compared() -> None:
    """By hand: 30 MTok at 1 and 3 at 4 are 42 a month, at 2 and 4 they are 72."""
    dated = SHEET.replace("  n: [", "    - {from: 2026-10-01, input: 2, output: 4}\n  n: [")
    Path("ours.yaml").write_text(dated, encoding="utf-8")
    Path("fleet.yaml").write_text(FLEET.replace("contract", "ours"), encoding="utf-8")
    since, until = date(2026, 9, 1), date(2026, 10, 1)
    diff = routecost.diff_pricing(Path("ours.yaml"), since=since, as_of=until, scenario="./fleet.yaml")
    (row,) = diff.prices
    assert (row.tier, row.meter, str(row.before), str(row.after)) == ("small", "input", "1", "2")
    costs = [(int(row.cost_per_month_before), int(row.cost_per_month_after)) for row in diff.changes]
    assert costs == [(42, 72), (210, 210)]
    assert diff.sides == ("on 2026-09-01", "on 2026-10-01")
    with pytest.raises(UsageError, match="leave out the second"):
        routecost.diff_pricing(Path("ours.yaml"), Path("ours.yaml"), since=since)
    with pytest.raises(UsageError, match="expected a second sheet, or --from"):
        routecost.diff_pricing(Path("ours.yaml"))
    with pytest.raises(UsageError, match="is not before"):
        routecost.diff_pricing(Path("ours.yaml"), since=until, as_of=until)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--to", "2026-10-01"], "--to requires --from"),
        (
            ["--from", "2026-09-01", "--to", "2026-10-01", "--as-of", "2026-10-01"],
            "cannot be used with --as-of",
        ),
    ],
)
def test_days_of_a_diff_belong_together(arguments: list[str], complaint: str) -> None:
    stderr = io.StringIO()
    assert run(["pricing", "diff", "ours.yaml", *arguments], stdout=io.StringIO(), stderr=stderr) == 2
    assert complaint in stderr.getvalue()


def test_a_sheet_without_models_of_its_own_is_refused() -> None:
    prices(m=price(2, 4))
    with pytest.raises(UsageError, match="no models of its own; update the sheet that it extends"):
        update_pricing("contract.yaml", PriceSource(litellm=Path("map.json")), checked=DAY)
