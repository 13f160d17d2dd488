"""Policies learned from measured outcomes, their files and exports, and checks of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from routecost.api import scenarios as api
from routecost.api.frames import Frame, table_file
from routecost.documents.core.loader import Loader
from routecost.documents.policy.load import load_policy as _load_policy
from routecost.documents.policy.text import policy_json, policy_yaml
from routecost.documents.routing.load import load_taxonomy
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import UsageError
from routecost.library import PathLike, argument, looks_like_path, open_library, path_from
from routecost.model.outcomes.promises import LearnedPolicy
from routecost.records import dataclass
from routecost.source.editing.yaml_writer import block_yaml

if TYPE_CHECKING:
    from routecost.ingest.outcomes import Columns, Missing, Read, SplitRule
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.optimize.outcomes.data import Outcomes
    from routecost.optimize.outcomes.export.table import LearnedTable
    from routecost.optimize.outcomes.learn.check import PolicyCheck
    from routecost.optimize.outcomes.learn.learned import Learned, LearnOptions


_NO_SHEET = "a scenario needs the pricing sheet of the outcomes, by --pricing"


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """The pricing sheet of outcomes, by the name that documents write, and the day of its prices."""

    name: str
    sheet: PricingSheet
    day: date

    @classmethod
    def load(cls, name: PathLike, as_of: date | None, library: PathLike | None) -> Prices:
        """Load a sheet; the day is today without ``as_of``. Raises as :func:`routecost.load_pricing`."""
        return cls(argument(name), api.load_pricing(name, library=library), as_of or date.today())

    @property
    def tiers(self) -> dict[str, str]:
        """The tier of each model, and of each tier itself."""
        models = tier_models(self.sheet, self.day).models
        return {**{model: tier for tier, model in models.items()}, **{tier: tier for tier in models}}


def read_outcomes(
    file: PathLike | Frame,
    columns: Columns | None = None,
    *,
    prices: Prices | None = None,
    split: SplitRule | None = None,
    missing: Missing | None = None,
    score_range: tuple[float, float] | None = None,
) -> Read:
    """Read measured outcomes from CSV, JSON lines, Parquet or a frame of pandas or Polars.

    There is one row per query and model, or per query. ``columns`` maps the columns, ``missing`` is the rule
    for missing outcomes, ``split`` that for the parts of the data. With ``prices``, costs are those of the
    tokens by the sheet. Scores in a ``score_range`` other than 0 to 1 are scaled. Raises DocumentError with
    all errors of the file.
    """
    from routecost.ingest import outcomes as ingest

    with table_file(file, "outcomes") as table:
        read = ingest.read_outcomes(
            table.path,
            columns or ingest.Columns(),
            sheet=None if prices is None else prices.sheet,
            as_of=None if prices is None else prices.day,
            split=split or ingest.SplitRule(),
            missing=missing or ingest.Missing.DROP,
            score_range=score_range or (0.0, 1.0),
        )
        return replace(read, findings=table.placed(read.findings))


def learn_policies(outcomes: Outcomes, options: LearnOptions | None = None) -> Learned:
    """Learn the best policies that outcomes support.

    Each family is fitted on the train part and reported on the test part, with bootstrap intervals; a bound
    of risk is tested on the calibration part. Raises UsageError if a part has no queries, or no policy is
    within the limits of ``options``.
    """
    from routecost.optimize.outcomes.learn.fit import learn

    return learn(outcomes, options)


def cascade_curve(
    outcomes: Outcomes, chain: Sequence[str], *, transform: str = "identity", quantiles: int = 40
) -> list[tuple[float, float]]:
    """Return cost and quality on the test part of a chain tuned as published, cheapest first.

    The method is the grid search of Rational Tuning of LLM Cascades (Zellinger and Thomson 2025): thresholds
    that no others beat in what calibrated confidences promise on the train part, and calls at the mean cost
    of their model. Raises ValueError for a model whose confidence cannot be calibrated.
    """
    from routecost.optimize.outcomes.cascades import fit_chain
    from routecost.optimize.outcomes.data import Split
    from routecost.optimize.outcomes.execute import execute

    policies = fit_chain(outcomes.part(Split.TRAIN), chain, quantiles, transform=transform)
    test = outcomes.part(Split.TEST)
    costs = test.cost.mean(axis=0)
    runs = [execute(policy, test) for policy in policies]
    return sorted((float(run.calls.mean(axis=0) @ costs), run.quality) for run in runs)


def learned_policy(
    learned: Learned,
    name: str,
    prices: Prices | None = None,
    *,
    priced_as: Mapping[str, str] | None = None,
) -> LearnedPolicy:
    """Return the chosen policy with its promises, as its file holds it.

    ``name`` is that of the outcomes. With ``prices``, the strategy has the tiers of the sheet, by the names
    of ``priced_as`` or of the models; else tiers called as the models.
    """
    from routecost.optimize.outcomes.data import Split
    from routecost.optimize.outcomes.export.scenario import obstacle
    from routecost.optimize.outcomes.export.strategy import inexact, strategy_of

    test = learned.outcomes.part(Split.TEST)
    policy, currency = learned.chosen.policy, learned.outcomes.currency
    tiers = _tiers(learned, prices, priced_as)
    strategy = strategy_of(policy, test, tiers)
    note = inexact(policy, test)
    if note is not None:
        why = _NO_SHEET if prices is None else obstacle(policy, test, tiers)
        exact = "the scenario that --write-scenario writes has the measured tokens"
        note += f"; {exact if why is None else f'only the promises have the measured cost: {why}'}"
    return LearnedPolicy(policy, learned.promises, currency, name, strategy, note)


def policy_text(policy: LearnedPolicy, *, as_json: bool = False) -> str:
    """Return the text of a policy file, as YAML or JSON."""
    return policy_json(policy) if as_json else policy_yaml(policy)


def load_policy(file: PathLike) -> LearnedPolicy:
    """Load a policy file. Raises DocumentError with every finding."""
    loader = Loader(open_library(None))
    return loader.finish(_load_policy(loader, Path(os.fspath(file)))).policy


def check_policy(policy: PathLike | LearnedPolicy, outcomes: Outcomes, *, seed: int = 0) -> PolicyCheck:
    """Check whether the promises of a policy hold on all queries of new outcomes.

    Raises DocumentError for an invalid file, and UsageError for outcomes that the policy cannot run on.
    """
    from routecost.optimize.outcomes.learn.check import check
    from routecost.optimize.outcomes.learn.learned import LearnOptions

    known = policy if isinstance(policy, LearnedPolicy) else load_policy(policy)
    return check(known, outcomes, LearnOptions(seed=seed))


def learned_table(
    learned: Learned,
    taxonomy: PathLike,
    *,
    evaluated: date | None = None,
    prices: Prices | None = None,
    priced_as: Mapping[str, str] | None = None,
    library: PathLike | None = None,
    folder: PathLike | None = None,
) -> str:
    """Return the text of the best routing table by category, with held-out evidence.

    It uses tiers that the taxonomy allows, within the limits of the options. ``evaluated`` is the day of the
    evaluation (default: today); ``priced_as`` has the names of models in the sheet; ``folder`` is that of the
    file to write, relative to which a taxonomy given by path is named. Raises UsageError if the categories
    are not the task types of the taxonomy, or no table is within the limits.
    """
    table = find_table(
        learned,
        taxonomy,
        evaluated=evaluated,
        prices=prices,
        priced_as=priced_as,
        library=library,
        folder=folder,
    )
    return block_yaml(table.data)


def find_table(
    learned: Learned,
    taxonomy: PathLike,
    *,
    evaluated: date | None,
    prices: Prices | None,
    priced_as: Mapping[str, str] | None = None,
    library: PathLike | None,
    folder: PathLike | None,
) -> LearnedTable:
    """Return the table that :func:`learned_table` writes, with its results."""
    from routecost.optimize.outcomes.export.table import learned_table as find

    loader = Loader(open_library(library))
    path = loader.library.find("tables", argument(taxonomy))
    known = loader.finish(load_taxonomy(loader, path))
    table = find(learned, known, _tiers(learned, prices, priced_as), evaluated or date.today())
    table.data["taxonomy"] = _named_from(folder, argument(taxonomy))
    return table


def learned_scenario(
    learned: Learned,
    prices: Prices | None,
    *,
    priced_as: Mapping[str, str] | None = None,
    folder: PathLike | None = None,
) -> str:
    """Return the text of a scenario with the measured success rates of the models and the chosen policy.

    ``folder`` is that of the file to write, relative to which a sheet given by path is named; ``priced_as``
    has the names of models in the sheet. Raises UsageError without ``prices`` or tokens, and for policies
    that no strategy states.
    """
    from routecost.optimize.outcomes.data import Split
    from routecost.optimize.outcomes.export.scenario import scenario_data

    if prices is None:
        raise UsageError(_NO_SHEET)
    data = scenario_data(
        learned.chosen.policy,
        learned.outcomes.part(Split.TEST),
        learned.reference,
        _tiers(learned, prices, priced_as),
        pricing=_named_from(folder, prices.name),
        as_of=prices.day,
    )
    return block_yaml(data)


def export_policy(
    learned: Learned,
    target: str,
    prices: Prices | None = None,
    *,
    priced_as: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """Return the chosen policy as the configuration of ``target``: the names of files, with their texts.

    The target is "litellm" (one file) or "claude-code" (a file per category). The ids of models are those
    of the sheet of ``prices``, or of ``priced_as``. Raises UnknownNameError for another target, and
    UsageError if its format cannot state the policy or the id of a model is unknown.
    """
    from routecost.optimize.outcomes.export.configs import exported

    named = {model: (priced_as or {}).get(model, model) for model in learned.outcomes.models}
    if prices is None:
        ids = dict(priced_as or {})
    else:
        known = {
            **tier_models(prices.sheet, prices.day).models,
            **{name: name for name in prices.sheet.models},
        }
        ids = {model: known[name] for model, name in named.items() if name in known}
    return exported(learned.chosen.policy, target, ids)


def _tiers(learned: Learned, prices: Prices | None, priced_as: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return the tier of each model; models that share a tier have none."""
    models = learned.outcomes.models
    if prices is None:
        return {model: model for model in models}
    known, named = prices.tiers, priced_as or {}
    tier_of = {model: known[name] for model in models if (name := named.get(model, model)) in known}
    counts = [*tier_of.values()]
    return {model: tier for model, tier in tier_of.items() if counts.count(tier) == 1}


def _named_from(folder: PathLike | None, name: str) -> str:
    return path_from(folder, name) if folder is not None and looks_like_path(name) else name
