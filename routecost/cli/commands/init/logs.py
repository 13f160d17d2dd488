"""Logs from which ``routecost init`` learns a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from routecost.api.init.answers import DEFAULT_PRICING
from routecost.api.logs.calibrate import calibrate
from routecost.cli.commands.init.questions import Given
from routecost.cli.log_options import Rejected, listing_unpriced, log_source
from routecost.cli.progress import reading
from routecost.model.results.logs.calibration import Calibration
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class LogOptions:
    """The options for reading logs."""

    dialect: str
    task_type: str | None
    success: str | None
    model_name: Sequence[str] | None
    time_zone: str
    since: date | None
    until: date | None
    max_rejects: int


@dataclass(frozen=True, slots=True)
class Logged:
    """What is learned from logs; ``exceeds`` is true if too many lines were rejected."""

    calibration: Calibration
    exceeds: bool


def learned_from(logs: Sequence[str], stated: LogOptions, given: Given, as_of: date | None) -> Logged:
    """Return the fleet that logs show. Raises UsageError as :func:`routecost.calibrate` does."""
    given.refuse_with_logs()
    rejected = Rejected()
    with reading() as progress, listing_unpriced(", or extend the pricing sheet"):
        source = log_source(
            logs,
            rejected,
            progress,
            dialect=stated.dialect,
            task_type=stated.task_type,
            success=stated.success,
            time_zone=stated.time_zone,
            since=stated.since,
            until=stated.until,
            model_name=stated.model_name,
        )
        sheet = given.pricing or DEFAULT_PRICING
        learned = calibrate(source, pricing=sheet, as_of=as_of, library=given.library)
    return Logged(learned, rejected.exceed(None, stated.max_rejects))
