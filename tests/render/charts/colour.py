"""Colours as eyes and grey print see them."""

from __future__ import annotations

from typing import Any

import numpy as np

Vector = np.ndarray[Any, np.dtype[np.float64]]

EYES: dict[str, Vector] = {
    "all cones": np.eye(3),
    "no long cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no middle cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no short cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Linear RGB -> linear RGB as seen, at full severity: Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, table 1."""

_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(color: str) -> Vector:
    """Return a colour such as #aabbcc as linear RGB (IEC 61966-2-1)."""
    given = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)


def lab(light: Vector) -> Vector:
    """Return linear RGB as CIE L*a*b* under D65 (ISO/CIE 11664-4)."""
    ratio = (_XYZ @ np.clip(light, 0, 1)) / _WHITE
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def lightness(color: str) -> float:
    """Return L*, from 0 for black to 100 for white: what is left in grey print."""
    return float(lab(linear(color))[0])


def apart(one: str, other: str) -> float:
    """Return the least distance of two colours in L*a*b* that any kind of eyes sees."""
    first, second = linear(one), linear(other)
    return min(float(np.linalg.norm(lab(seen @ first) - lab(seen @ second))) for seen in EYES.values())


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2: from 1 for the same to 21 for black on white."""
    low, high = sorted(float(_XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)
