"""Several vendors in one sheet: what can be imported, tiers at their places, and rows that stay apart."""

from __future__ import annotations

import io
import json
from contextlib import chdir
from datetime import date
from pathlib import Path

import pytest

import routecost
from routecost.cli.app import run
from routecost.errors import UnknownNameError, UnpricedError
from routecost.ingest.prices.new_tiers import NewTier, placed, read_new_tier
from routecost.ingest.prices.sources.vendors import cache_sources, of_vendor
from routecost.report.pricing.models import models_report, providers_report
from routecost.report.pricing.show import report as shown
from tests.support.build import entry
from tests.support.reports import text_of

CHECKED = "2026-11-22"
DAY = date(2026, 11, 22)
CACHED = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-11-22
workload: {tasks_per_day: 100, tokens: {input: 500, output: 100}}
strategies:
  one: {conversation: [{tier: sonnet, turns: 5}], system: 4000}
  other: {conversation: [{tier: gpt5, turns: 5}], system: 4000}
"""


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def pricing(*arguments: str, code: int = 0) -> str:
    """Run a command on prices; return what it says on stderr, or else prints."""
    stdout, stderr = io.StringIO(), io.StringIO()
    assert run(["pricing", *arguments], stdout=stdout, stderr=stderr) == code, stderr.getvalue()
    return stderr.getvalue() or stdout.getvalue()


def add(vendor: str, *arguments: str, code: int = 0) -> str:
    return pricing("import", vendor, "-o", "sheet.yaml", "--checked", CHECKED, *arguments, code=code)


def tiers(*texts: str) -> list[str]:
    return [argument for text in texts for argument in ("--tier", text)]


@pytest.fixture(scope="module")
def sheet_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the text of a sheet with three vendors."""
    pytest.importorskip("genai_prices", reason="prices are imported from it")
    with chdir(tmp_path_factory.mktemp("three")):
        add(
            "anthropic",
            *("--models", "claude-haiku-5-5,claude-sonnet-5-5"),
            *("--tiers", "haiku=claude-haiku-5-5,sonnet=claude-sonnet-5-5"),
        )
        said = add("openai", *tiers("gpt5=gpt-5 above haiku", "nano=gpt-5-nano below haiku"))
        assert "2 new models, 6 new prices, 0 prices confirmed, 0 skipped" in said
        assert "tiers, low to high: nano, haiku, gpt5, sonnet" in said
        add("google", *tiers("pro=gemini-2.5-pro"))
        return Path("sheet.yaml").read_text()


class TestWithGenaiPrices:
    """What needs the package with the prices of vendors."""

    @pytest.fixture(autouse=True)
    def needs_prices(self) -> None:
        pytest.importorskip("genai_prices", reason="prices are imported from it")

    @pytest.fixture
    def three(self, sheet_text: str) -> str:
        """Write the sheet with three vendors."""
        Path("sheet.yaml").write_text(sheet_text)
        return sheet_text

    @pytest.mark.usefixtures("three")
    def test_three_vendors_are_in_one_sheet(self) -> None:
        sheet = routecost.load_pricing("./sheet.yaml")
        assert sheet.tier_names == ("nano", "haiku", "gpt5", "sonnet", "pro")
        rows = {model: entries[-1] for model, entries in sheet.models.items()}
        assert {model: row.provider for model, row in rows.items()} == {
            "claude-haiku-5-5": "anthropic",
            "claude-sonnet-5-5": "anthropic",
            "gpt-5": "openai",
            "gpt-5-nano": "openai",
            "gemini-2.5-pro": "google",
        }
        for model, row in rows.items():
            assert row.checked == DAY
            assert row.source is not None
            assert row.source.endswith(f"{row.provider}/{model}")

    def test_title_comments_and_heading_name_all_vendors(self, three: str) -> None:
        sheet = routecost.load_pricing("./sheet.yaml")
        names = ["anthropic", "openai", "google"]
        assert [part.rpartition(" ")[2] for part in sheet.source.split("; ")] == names
        header = three.partition("\nversion: 1")[0]
        assert [line.rpartition(" ")[2] for line in header.splitlines() if "Prices from" in line] == [
            f"{name}." for name in names
        ]
        assert all(line.startswith("# ") for line in header.splitlines())
        text = text_of(shown(routecost.show_pricing("./sheet.yaml", as_of=DAY)))
        assert text.startswith("sheet: prices of openai, anthropic and google as of 2026-11-22, in USD")

    def test_a_second_run_changes_nothing(self, three: str) -> None:
        assert "no changes" in add("openai", *tiers("gpt5=gpt-5 above haiku"))
        assert "no changes" in add("google", *tiers("pro=gemini-2.5-pro"))
        assert Path("sheet.yaml").read_text() == three

    def test_rows_of_one_vendor_are_not_compared_with_another(self, three: str) -> None:
        """Google lists models of Anthropic at prices of its own."""
        Path("sheet.yaml").write_text(three.replace("input: 0.1\n", "input: 0.12\n", 1))
        assert "no changes" in add("google")
        for more in ((), ("--models", "claude-haiku-5-5")):
            assert 'skipped "claude-haiku-5-5": the sheet has that of anthropic' in add("google", *more)
        assert "is 0.12 in the sheet and 0.1 in the source" in add("anthropic", code=1)

    def test_a_fresh_sheet_prices_the_caches_of_all_vendors(self, three: str) -> None:
        assert "https://developers.openai.com/api/docs/guides/prompt-caching" in three
        Path("fleet.yaml").write_text(CACHED)
        comparison = routecost.compare("./fleet.yaml")
        assert comparison["other"].cost_per_month > 0
        writes = [line for line in comparison["other"].bill.lines if line.key.meter == "cache_write_5m"]
        assert {str(line.rate) for line in writes} == {"1.25"}

    def test_the_remedy_for_a_cache_without_a_rate_works_as_printed(self, three: str) -> None:
        Path("sheet.yaml").write_text(three.replace("      cache_writes: input\n", ""))
        Path("fleet.yaml").write_text(CACHED)
        with pytest.raises(UnpricedError) as raised:
            routecost.compare("./fleet.yaml")
        (finding,) = raised.value.findings
        assert (finding.position.line, finding.position.file) == (7, "fleet.yaml")
        remedy, _, place = finding.message.partition('set "')[2].partition('" on its prices at ')
        file, line, column = place.split(":")
        assert (file, remedy) == ("sheet.yaml", "cache_writes: input")
        lines = Path("sheet.yaml").read_text().splitlines()
        lines[int(line) - 1] = f"    - {remedy}\n{' ' * (int(column) - 1)}{lines[int(line) - 1].lstrip(' -')}"
        Path("sheet.yaml").write_text("\n".join(lines) + "\n")
        assert routecost.compare("./fleet.yaml")["other"].cost_per_month > 0

    def test_an_import_adds_what_a_row_lacks_about_caches(self, three: str) -> None:
        Path("sheet.yaml").write_text(three.replace("      cache_writes: input\n", ""))
        assert "cache_writes: input added to" in add("openai")
        assert routecost.load_pricing("./sheet.yaml").models["gpt-5"][-1].cache_writes == "input"
        assert "no changes" in add("openai")

    def test_block_style_and_own_comments_are_kept(self) -> None:
        Path("sheet.yaml").write_text(
            "# Ours.\nversion: 1\nsource: by hand   # of Ada\ncurrency: USD\n"
            "tiers:\n  low: m   # small\n  high: m\nmodels:\n  m: [{input: 1, output: 2}]\n"
        )
        add("openai", *tiers("first=gpt-5-nano below low", "mid=gpt-5 above low", "next=gpt-5 above mid"))
        text = Path("sheet.yaml").read_text()
        order = ["first: gpt-5-nano", "low: m   # small", "mid: gpt-5", "next: gpt-5", "high: m"]
        assert "\n  ".join(["tiers:", *order]) in text
        assert text.startswith("# Ours.\n# Prices from genai-prices")
        assert 'provider openai"   # of Ada' in text
        assert 'source: "by hand; genai-prices' in text

    def test_a_sheet_that_extends_gets_tiers_above_those_below_it(self) -> None:
        Path("sheet.yaml").write_text(
            "version: 1\nextends: claude-2026-11\nsource: ours\nmodels:\n  m: [{input: 1}]\n"
        )
        add("openai", *tiers("gpt5=gpt-5"))
        assert routecost.load_pricing("./sheet.yaml").tier_names == ("haiku", "sonnet", "opus", "gpt5")
        assert "new tiers can only be above them" in add("openai", *tiers("x=gpt-5 below opus"), code=2)

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("gpt5", '"gpt5" is not a tier; expected TIER=MODEL, or "TIER=MODEL above TIER"'),
            ("=gpt-5", '"=gpt-5" is not a tier'),
            ("x=gpt-5 above haik", 'no tier "haik" in the sheet; did you mean "haiku"?'),
            ("x=gpt-55", 'no model "gpt-55" in openai; did you mean "gpt-5.5"'),
            (
                "haiku=gpt-5",
                'the tier "haiku" is "claude-haiku-5-5" in "sheet.yaml"; an import does not',
            ),
        ],
    )
    def test_bad_tiers_are_explained(self, three: str, text: str, complaint: str) -> None:
        assert complaint in add("openai", *tiers(text), code=2)
        assert Path("sheet.yaml").read_text() == three

    def test_tiers_make_a_new_sheet(self) -> None:
        add("openai", "--models", "gpt-5", *tiers("high=gpt-5", "low=gpt-5-nano below high"))
        sheet = routecost.load_pricing("./sheet.yaml")
        assert (sheet.tier_names, list(sheet.models)) == (("low", "high"), ["gpt-5", "gpt-5-nano"])

    def test_a_tier_is_given_once(self) -> None:
        arguments = ("--models", "gpt-5", "--tiers", "a=gpt-5", *tiers("a=gpt-5"))
        assert 'the tier "a" is given twice' in add("openai", *arguments, code=2)
        add("openai", *arguments[:4])
        assert 'the tier "b" is given twice' in add("openai", *tiers("b=o3", "b=o4-mini"), code=2)

    def test_models_are_listed_as_they_can_be_imported(self) -> None:
        listing = routecost.list_models("google", models=["gemini-2.5-pro"], as_of=DAY)
        (model,) = listing.models
        assert (model.model, model.name, model.provider) == ("gemini-2.5-pro", "Gemini 2.5 Pro", "google")
        assert (str(model.rates["input"]), model.above_tokens) == ("1.25", (200_000,))
        text = text_of(models_report(listing))
        assert "200,000 1.25 10 0.125 1.25 batch" in text
        with pytest.raises(UnknownNameError, match='no model "gemini-9" in google'):
            routecost.list_models("google", models=["gemini-9"])
        with pytest.raises(UnknownNameError, match='did you mean "google"'):
            routecost.list_models("gogle")

    def test_machines_get_all_models_and_what_is_left_out(self) -> None:
        listing = json.loads(pricing("models", "google", "--format", "json"))
        sheet = routecost.list_models("google")
        assert [model["model"] for model in listing["models"]] == [model.model for model in sheet.models]
        assert {"context", "is_deprecated", "cache_write_1h", "from"} <= listing["models"][0].keys()
        assert "it has no price" in {one["reason"] for one in listing["left_out"]}

    def test_providers_are_listed_without_one(self) -> None:
        providers = {one.provider: one for one in routecost.list_providers()}
        assert {"anthropic", "openai", "google"} <= providers.keys()
        assert providers["openai"].models >= len(routecost.list_models("openai").models)
        assert text_of(providers_report(list(providers.values()))) in " ".join(pricing("models").split())


def test_places_of_tiers() -> None:
    assert read_new_tier("a = vendor/m:free@1") == NewTier("a", "vendor/m:free@1")
    assert read_new_tier("a=m  below  b") == NewTier("a", "m", False, "b")
    new = [NewTier("x", "m", True, "a"), NewTier("y", "m", False, "x"), NewTier("z", "m")]
    assert placed(["a", "b"], new) == ["a", "y", "x", "b", "z"]


def test_vendors_without_a_premium_and_the_models_that_have_one() -> None:
    """From GPT-5.6 on, OpenAI bills cache writes: a source without that price does not say how much."""
    price = entry(input=2, output=8, cache_read="0.2")

    def writes(provider: str | None, model: str) -> str | None:
        return of_vendor(price, provider, model).cache_writes

    free = [writes("openai", name) for name in ("gpt-5.5", "o3", "gpt-5.5-2026-01-01", "gpt-4o")]
    assert {*free, writes("google", "gemini-3-pro")} == {"input"}
    assert {writes("openai", name) for name in ("gpt-5.6-sol", "gpt-6", "openai/gpt-6.1-terra")} == {None}
    assert {writes(vendor, "m") for vendor in ("anthropic", "minimax", None)} == {None}
    stated = entry(input=2, output=8, cache_read="0.2", cache_write_5m=3)
    assert of_vendor(stated, "openai", "gpt-5").cache_writes is None
    assert list(cache_sources([of_vendor(stated, "openai", "gpt-5")])) == []
    (text,) = cache_sources([of_vendor(price, "deepseek", "m")] * 2)
    assert text.endswith("Ref: https://api-docs.deepseek.com/guides/kv_cache")


def test_other_sources_list_context_and_names() -> None:
    prices = {"prompt": "1e-6", "completion": "2e-6"}
    model = {"id": "acme/big", "name": "Acme: Big", "context_length": 64000, "pricing": prices}
    Path("or.json").write_text(json.dumps({"data": [model]}))
    text = pricing("models", "--openrouter", "or.json", "-f", "csv")
    assert text.splitlines()[1].startswith("acme/big,Acme: Big,acme,64000,")
    about = {"litellm_provider": "acme", "max_input_tokens": 32000, "input_cost_per_token": 1e-6}
    Path("llm.json").write_text(json.dumps({"m": about}))
    text = pricing("models", "--litellm", "llm.json", "-f", "csv")
    assert text.splitlines()[1].startswith("m,,acme,32000,")
