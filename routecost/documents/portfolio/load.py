"""Loads portfolios with the scenarios that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from routecost.documents.core.loader import Loader
from routecost.documents.portfolio.portfolio import PORTFOLIO, MemberDocument, PortfolioDocument
from routecost.documents.scenario.scenario_file import load_scenario
from routecost.engine.breakdown.cells import tasks_of
from routecost.errors import DocumentError
from routecost.library import Library, argument
from routecost.model.results.portfolio.portfolio import Member, Portfolio
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.problems import KeyPath, did_you_mean
from routecost.source import Document


def load_portfolio(name: str, library: Library, as_of: date | None = None) -> Portfolio:
    """Load the portfolio of a file, with its scenarios; ``as_of`` overrides their dates.

    Raises DocumentError with every finding of every file.
    """
    loader = Loader(library)
    path = Path(name)
    document = loader.read(path)
    parsed = None if document is None else loader.check(document, PORTFOLIO, {})
    if document is None:
        return loader.finish(None)
    stated = document.get(("scenarios",))
    count = len(stated) if isinstance(stated, list) else 0
    scenarios = [_scenario(loader, document, path, at, as_of) for at in range(count)]
    if parsed is None:
        return loader.finish(None)
    members = []
    for at, (member, scenario) in enumerate(zip(parsed.scenarios, scenarios, strict=True)):
        chosen = None if scenario is None else _member(loader, document, at, member, scenario)
        if chosen is not None:
            members.append(chosen)
    portfolio = Portfolio(
        name=path.stem,
        members=tuple(members),
        currency=parsed.currency or (members[0].scenario.pricing.currency if members else ""),
        exchange=tuple(rate.build("") for rate in parsed.exchange),
        start=parsed.start,
        year_starts=parsed.fiscal_year_starts,
        commitments=tuple(commitment.build() for commitment in parsed.commitments),
        volume=None if parsed.volume_discounts is None else parsed.volume_discounts.build(),
        budget=None if parsed.budget is None else parsed.budget.build(),
        warnings=tuple(finding for member in members for finding in member.scenario.warnings),
    )
    if len(members) == len(parsed.scenarios):
        for place, message in (*_twice(members), *_unknown(portfolio, parsed)):
            loader.findings.append(document.finding(message, place))
    return loader.finish(portfolio)


def _scenario(loader: Loader, document: Document, path: Path, at: int, as_of: date | None) -> Scenario | None:
    """Load the scenario of a member; None, with findings, if it or its strategy is at fault."""
    file = loader.refer(document, path, ("scenarios", at, "scenario"), "scenarios")
    if file is None:
        return None
    overrides: dict[KeyPath, str] = {} if as_of is None else {("as_of",): as_of.isoformat()}
    try:
        scenario = load_scenario(argument(file), loader.library, overrides)
    except DocumentError as error:
        known = set(loader.findings)
        loader.findings += [finding for finding in error.findings if finding not in known]
        return None
    place = ("scenarios", at, "strategy")
    strategy, rows = document.get(place), (*scenario.strategies, *(scenario.plan or NO_PLAN).migrations)
    if isinstance(strategy, str) and strategy not in rows:
        message = f'no strategy named "{strategy}" in {scenario.name}{did_you_mean(strategy, rows)}'
        loader.findings.append(document.finding(message, place))
        return None
    return scenario


def _member(
    loader: Loader, document: Document, at: int, stated: MemberDocument, scenario: Scenario
) -> Member | None:
    """Return the member; None, with a finding, if it names no strategy."""
    plan = scenario.plan or NO_PLAN
    proposed = stated.strategy or plan.proposed or scenario.proposed or scenario.default
    if proposed is None:
        message = f'{scenario.name} names no "default" and no "proposed" strategy; expected "strategy" here'
        loader.findings.append(document.finding(message, ("scenarios", at)))
        return None
    default = scenario.default or proposed
    chosen = replace(
        scenario, default=default, proposed=proposed if proposed in scenario.strategies else None
    )
    return Member(stated.name or scenario.name, chosen, default, proposed, stated.owner)


def _twice(members: Sequence[Member]) -> Iterator[tuple[KeyPath, str]]:
    names = [member.name for member in members]
    for at, name in enumerate(names):
        if name in names[:at]:
            message = f'another scenario is called "{name}"; expected another "name"'
            yield ("scenarios", at), message


def _unknown_owners(portfolio: Portfolio, parsed: PortfolioDocument) -> Iterator[tuple[KeyPath, str]]:
    """Yield the owners of budgets and commitments without a task type."""
    owners = dict.fromkeys(owner for member in portfolio.members for owner in _owners(member))
    stated: list[tuple[KeyPath, Iterable[str]]] = [
        (("commitments", at, "allot"), one.shares) for at, one in enumerate(parsed.commitments)
    ]
    if parsed.budget is not None:
        stated.append((("budget", "owners"), parsed.budget.owners))
    for place, names in stated:
        for name in names:
            if name not in owners:
                yield (*place, name), f'no scenario has the owner "{name}"{did_you_mean(name, owners)}'


def _owners(member: Member) -> Iterator[str]:
    """Yield the owners of the task types of a member."""
    for task in tasks_of(member.scenario).values():
        owner = task.owner or member.owner
        if owner is not None:
            yield owner


def _unknown(portfolio: Portfolio, parsed: PortfolioDocument) -> Iterator[tuple[KeyPath, str]]:
    """Yield the currencies without a rate, and the owners and names that no scenario has."""
    sheets = [member.scenario.pricing for member in portfolio.members]
    rated = {portfolio.currency, *(rate.currency for rate in portfolio.exchange)}
    for at, member in enumerate(portfolio.members):
        currency = member.scenario.pricing.currency
        if currency not in rated:
            message = (
                f'{member.name} is in {currency}; expected its rate in {portfolio.currency} in "exchange"'
            )
            yield ("scenarios", at), message
    yield from _unknown_owners(portfolio, parsed)
    known = {
        "models": dict.fromkeys(model for sheet in sheets for model in sheet.models),
        "providers": dict.fromkeys(name for sheet in sheets for name in sheet.providers),
    }
    contracts = [(("commitments", at), one) for at, one in enumerate(parsed.commitments)]
    for place, contract in (*contracts, (("volume_discounts",), parsed.volume_discounts)):
        for key, names in known.items():
            for at, name in enumerate(getattr(contract, key, None) or ()):
                if name not in names:
                    hint = did_you_mean(name, names) if names else "; no sheet of a scenario states any"
                    yield (*place, key, at), f'unknown {key.removesuffix("s")} "{name}"{hint}'
