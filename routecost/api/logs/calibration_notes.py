"""What a scenario that was learned from logs is based on, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.api.call_log import CallLog
from routecost.api.logs.scenario_data import line_names
from routecost.engine.logs.calibration.figures import NAMED
from routecost.engine.logs.calibration.lines import TOLERANCE
from routecost.engine.logs.calibration.tasks import LineOfTasks
from routecost.model.logs.cells import Cell
from routecost.model.results.logs.calibration import CalibratedTask
from routecost.units import ZERO, listed

MICROS_PER_HOUR = 3_600_000_000
LEAST_HOURS, LEAST_HOURS_PER_DAY = 6, 21
"""The least hours that the calls of a day, and of each further day, must span; else a note says so."""


def about(log: CallLog, day_count: int, cells: Sequence[Cell], tasks: Sequence[LineOfTasks]) -> Iterator[str]:
    """Yield what the task types of a scenario are based on."""
    named = dict(zip(line_names([task.line for task in tasks]), tasks, strict=True))
    days = f"{day_count} day{'s'[: day_count - 1]}"
    yield (
        f"Volumes are means of {days}; tokens are means of calls of similar context; where "
        "shares that a scenario takes as independent would change the cost of a task type by more than "
        f"{TOLERANCE:.1%}, it is split by tier, mode or price step"
    )
    if log.first is not None and log.last is not None:
        hours = (log.last - log.first) / MICROS_PER_HOUR
        if hours < max(LEAST_HOURS, LEAST_HOURS_PER_DAY * (day_count - 1)):
            yield (
                f"The calls span {hours:.3g} hours of {days}, so that a whole day may have more of them; "
                "--since and --until choose whole days"
            )
    without = [name for name, task in named.items() if task.length is None]
    if without:
        yield (
            "Each call is a task where tasks are unknown or have calls in several of these task types: "
            + listed(without, NAMED)
        )
    for name, task in named.items():
        if task.length is not None and task.length.mean > 1:
            text = f"{name}: {task.length.tasks:,} tasks of {task.length.mean:.2f} calls"
            growth = task.growth
            added = growth and f"{growth.input + growth.output:,.0f} tokens"
            yield text + (
                f"; each call adds {added} to the context" if added else "; no steady growth of contexts"
            )
    sums = sum(cell.calls for cell in cells if cell.is_sum)
    if sums:
        yield f"The sizes of {sums:,} calls are not known: each has the mean of its task type, model and mode"


def commented(
    description: str, tasks: Sequence[CalibratedTask], statements: Sequence[str], currency: str
) -> str:
    """Return the comment at the top of a scenario."""
    total = sum((task.logged.low for task in tasks), ZERO)
    cost = f"their cost at the prices of their days is {total:.6g} {currency}"
    text = [f"Written by routecost calibrate: {description}; {cost}.", *(f"- {one}" for one in statements)]
    return "".join(f"# {' '.join(line.split())}\n" for line in text)
