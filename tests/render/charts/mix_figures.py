"""Plain figures of mixes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from routecost.model.report.line_figure import Reference
from routecost.model.report.mix_figures import MixPanel, MixPanelsFigure, MixPoint, TernaryFigure
from tests.render.charts.about import ABOUT

MAP = TernaryFigure(
    title="Which mixes cost less than all-sonnet?",
    subtitle="43 of 231 mixes of haiku, sonnet and opus in steps of 5%",
    alt="Map of the spend per month of mixes.",
    tiers=("haiku", "sonnet", "opus"),
    corners=(54.0, 202.5, 1012.5),
    bounds=((0.0, 1.0), (0.0, 1.0), (0.0, 1.0)),
    points=(
        MixPoint("all-haiku", (1, 0, 0), 54.0),
        MixPoint("all-opus", (0, 0, 1), 1012.5),
        MixPoint("routed", (0.8, 0.15, 0.05), 124.2, emphasis=True),
    ),
    reference=Reference("all-sonnet", 202.5),
    **ABOUT,
)
SHARES = tuple(at / 20 for at in range(21))
TWO_TIERS = MixPanelsFigure(
    title="Which mixes cost less than half?",
    subtitle="10 of 21 mixes of small and large in steps of 5%",
    alt="Line of the spend per month of mixes.",
    panels=(
        MixPanel(
            "share of large, the rest to small",
            SHARES,
            tuple(67.5 + 270 * share for share in SHARES),
            tuple(67.5 + 270 * share for share in SHARES),
            (MixPoint("half", (0.5,), 202.5, emphasis=True), MixPoint("all-large", (1.0,), 337.5)),
        ),
    ),
    reference=Reference("half", 202.5),
    **ABOUT,
)


def _panel(name: str, rates: Sequence[float], at: int) -> MixPanel:
    """Return the panel of one of several tiers: all else goes to the cheapest, or to the costliest, other."""
    others = [rate for other, rate in enumerate(rates) if other != at]
    low, high = (
        tuple(share * rates[at] + (1 - share) * end for share in SHARES) for end in (min(others), max(others))
    )
    return MixPanel(
        f"share of {name}", SHARES, low, high, (MixPoint("routed", (0.2,), 100.0, emphasis=True),)
    )


def tiers(count: int, name: str = "tier") -> MixPanelsFigure:
    """Return the figure of the mixes of so many tiers."""
    rates = [10.0 * 3**at for at in range(count)]
    panels = tuple(_panel(f"{name}-{at}", rates, at) for at in range(count))
    return dataclasses.replace(TWO_TIERS, panels=panels, reference=Reference("default", 90.0))
