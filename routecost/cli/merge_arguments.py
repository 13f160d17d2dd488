"""The arguments that the ``pricing`` commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Sheet = Annotated[str, typer.Argument(metavar="SHEET", help="Pricing sheet, by path or name.")]
