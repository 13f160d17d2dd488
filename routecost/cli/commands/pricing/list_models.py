"""``routecost pricing models``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.commands.pricing.import_sheet import LiteLLM, OpenRouter, Provider
from routecost.cli.output import Output, emit
from routecost.cli.output_files import refuse_outputs

Models = Annotated[
    list[str] | None,
    typer.Option(
        "--models", metavar="a,b,c*", help="List only these models (names or patterns); repeatable."
    ),
]


def command(
    provider: Provider = None,
    models: Models = None,
    as_of: options.AsOf = None,
    openrouter: OpenRouter = None,
    litellm: LiteLLM = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """List providers, or the models of one that can be imported."""
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.models import models_report, providers_report

    target = Output(format, output, force=force)
    refuse_outputs(openrouter, litellm)
    if provider is None and openrouter is None and litellm is None:
        emit(providers_report(pricing_api.list_providers()), target)
        return
    source = pricing_api.PriceSource(provider, openrouter, litellm)
    names = [part.strip() for text in models or () for part in text.split(",")]
    emit(models_report(pricing_api.list_models(source, models=names, as_of=as_of)), target)
