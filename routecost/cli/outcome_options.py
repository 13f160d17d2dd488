"""Options of ``optimize --outcomes``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Outcomes = Annotated[
    Path | None,
    typer.Option(
        "--outcomes",
        metavar="FILE",
        help="Learn policies from these measured outcomes: CSV, JSONL or Parquet; without SCENARIO.",
    ),
]
Column = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="KEY=NAME", help="Read KEY from the column NAME; repeatable."),
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="COLUMN=VALUE", help="Read only rows with this value; repeatable."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="Read only this model; repeatable."),
]
PricedAs = Annotated[
    list[str] | None,
    typer.Option(
        "--priced-as", metavar="MODEL=NAME", help="Name of a model in the pricing sheet; repeatable."
    ),
]
ModelCost = Annotated[
    list[str] | None,
    typer.Option("--model-cost", metavar="MODEL=AMOUNT", help="Cost of a model per query; repeatable."),
]
Feature = Annotated[
    list[str] | None,
    typer.Option("--feature", metavar="COLUMN", help="Estimate quality from this column only; repeatable."),
]
ScoreRange = Annotated[
    str | None,
    typer.Option("--score-range", metavar="LOW:HIGH", help="Scale scores from this range to 0 to 1."),
]
MissingCells = Annotated[
    str | None,
    typer.Option(
        "--missing",
        metavar="RULE",
        help="For missing outcomes, drop the query, drop the model, or fail (drop).",
    ),
]
SplitBy = Annotated[
    str | None,
    typer.Option(
        "--split-by", metavar="COLUMN", help="Column with the part of a query: train, calibration or test."
    ),
]
HeldOut = Annotated[
    str | None, typer.Option("--held-out", metavar="SHARE", help="Share of the queries to hold out (30%).")
]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Seed of the split and of the bootstrap (0).")
]
MinQuality = Annotated[
    str | None, typer.Option("--min-quality", metavar="SCORE", help="Least expected quality, 0 to 1.")
]
Risk = Annotated[
    str | None,
    typer.Option(
        "--risk",
        metavar="SHARE",
        help="Greatest probability that quality falls short of the reference by more than the margin.",
    ),
]
Margin = Annotated[str | None, typer.Option("--margin", metavar="SCORE", help="Margin of --risk (0).")]
Reference = Annotated[
    str | None,
    typer.Option("--reference", metavar="MODEL", help="Model to compare with (the best on train)."),
]
Families = Annotated[
    str | None,
    typer.Option(
        "--families",
        metavar="NAMES",
        help="Only these policies: single, mixture, category, estimated, cascade, cascade-routing, systems.",
    ),
]
Controller = Annotated[
    str | None,
    typer.Option(
        "--controller", metavar="AMOUNT", help="Cost per query of choosing in the family systems (0)."
    ),
]
Longest = Annotated[
    int | None, typer.Option("--longest", metavar="N", min=2, help="Most models of a cascade (3).")
]
Transform = Annotated[
    str | None,
    typer.Option(
        "--transform", metavar="NAME", help="Transform of confidences: identity, one-sided or two-sided."
    ),
]
WritePolicy = Annotated[
    Path | None,
    typer.Option("--write-policy", metavar="FILE", help="Write the chosen policy, as YAML or JSON."),
]
Check = Annotated[
    Path | None,
    typer.Option(
        "--check", metavar="POLICY", help="Check the promises of this policy; exit code 1 if broken."
    ),
]
Export = Annotated[
    str | None,
    typer.Option(
        "--export",
        metavar="TARGET",
        help="Print the policy as configuration of litellm, or write that of claude-code into the folder "
        "--output.",
    ),
]
Reliability = Annotated[
    Path | None,
    typer.Option(
        "--reliability",
        metavar="FILE",
        help="Write the reliability diagram of confidences to a .svg, .png or .pdf file.",
    ),
]
