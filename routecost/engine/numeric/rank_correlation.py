"""Rank correlations, and the correlations of normal scores that have them."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sin, sqrt

_ROUNDING = 1e-9

Matrix = Sequence[Sequence[float]]


def of_scores(rank: float) -> float:
    """Return the correlation of two normal scores whose ranks have Spearman's correlation ``rank``.

    For a bivariate normal distribution, rho = 2 sin(pi / 6 x rank) (Kruskal, "Ordinal measures of
    association", Journal of the American Statistical Association 53, 1958).
    """
    return 2 * sin(pi * rank / 6)


def factor(matrix: Matrix) -> list[list[float]] | None:
    """Return the lower triangular L with L L' = ``matrix``; None unless that is positive semi-definite."""
    rows: list[list[float]] = []
    for at, given in enumerate(matrix):
        row: list[float] = []
        for column in range(at):
            other = rows[column]
            rest = given[column] - sum(one * two for one, two in zip(row, other, strict=False))
            if other[column] > _ROUNDING:
                row.append(rest / other[column])
            elif abs(rest) <= _ROUNDING:
                row.append(0.0)
            else:
                return None
        left = given[at] - sum(one * one for one in row)
        if left < -_ROUNDING:
            return None
        rows.append([*row, sqrt(left) if left > _ROUNDING else 0.0])
    return rows


def correlations_of(names: Sequence[str], ranks: Sequence[tuple[str, str, float]]) -> list[list[float]]:
    """Return the matrix of the scores of variables; others than the given ones are 0."""
    index = {name: at for at, name in enumerate(names)}
    matrix = [[float(row == column) for column in range(len(names))] for row in range(len(names))]
    for one, other, rank in ranks:
        row, column = index[one], index[other]
        matrix[row][column] = matrix[column][row] = of_scores(rank)
    return matrix
