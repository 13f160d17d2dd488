"""Notes on the bound of risk."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.optimize.outcomes.learn.learned import Learned


def risk_notes(learned: Learned) -> Iterator[Note]:
    """Yield the bound that was asked for, how many policies keep it, and which ones were not tested."""
    options = learned.options
    if options.risk is None:
        return
    bound = (
        f"the probability that a policy passes whose quality is below that of {learned.reference} by ",
        "more than ",
        Quantity(options.margin, Unit.SHARE),
        " is at most ",
        Quantity(options.risk, Unit.SHARE),
    )
    passed, untested = learned.verdicts.count(True), learned.verdicts.count(None)
    tested = len(learned.verdicts) - untested
    rest = (
        f" The tests end at the first policy that fails: {untested} with a lower expected quality were not "
        "tested."
        if untested
        else ""
    )
    if learned.fell_back:
        yield Note.of(
            "No policy is known to keep the bound of risk (",
            *bound,
            "): the reference model is chosen. The policy with the best expected quality is tested first, "
            f"and fails.{rest} More calibration queries or a greater margin may help.",
            warning=True,
        )
    else:
        yield Note.of(
            "Bound of risk: ",
            *bound,
            f". The policies on the frontier of expected quality are tested, from the best down: {passed} of "
            f"{tested} tested pass.{rest}",
        )
    yield Note.of(
        f"The choices of families other than {learned.chosen.name} keep the margin on train only, without "
        "the bound of risk."
    )
