"""Lines as text: first and last value, and a peak or trough in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.cells import Amount, Range, ends
from routecost.model.report.line_figure import LineFigure, LinePanelsFigure, Points, Series
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.page.amounts import amount_texts


def line_summaries(figure: LineFigure | LinePanelsFigure, lines: Sequence[Series | Points]) -> Iterator[str]:
    """Yield a description of each line, with common decimals."""
    values = [value for line in lines for value in _extremes(line.values)]
    texts = iter(amount_texts(values, figure.unit, figure.currency))
    for line in lines:
        first, last, lowest, highest = (next(texts) for _ in _extremes(line.values))
        if len(across.places(figure.across)) == 1:
            yield last
            continue
        between = _between(figure, line, "lowest", lowest) + _between(figure, line, "highest", highest)
        is_ranged = isinstance(line.values[0], Range) or isinstance(line.values[-1], Range)
        yield (f"from {first}, to {last}" if is_ranged else f"{first} to {last}") + between


def _extremes(values: Sequence[Amount]) -> tuple[Amount, Amount, Amount, Amount]:
    return values[0], values[-1], _extreme(values, -1), _extreme(values, 1)


def _extreme(values: Sequence[Amount], way: int) -> Amount:
    """Return the value with the lowest low end (``way`` -1) or the highest one; None if all are unknown."""
    least = {at: low for at, value in enumerate(values) if (low := ends(value)[0]) is not None}
    return values[max(least, key=lambda at: way * least[at])] if least else None


def _between(figure: LineFigure | LinePanelsFigure, line: Series | Points, name: str, text: str) -> str:
    """Return the text of an extreme of a line; empty if it is at an end."""
    extreme = _extreme(line.values, -1 if name == "lowest" else 1)
    if extreme in (line.values[0], line.values[-1]):
        return ""
    start = line.start if isinstance(line, Series) else 0
    return f", {name} {text} {across.where(figure.across, start + line.values.index(extreme))}"
