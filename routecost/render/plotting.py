"""Import of matplotlib, without the settings of the working directory."""

from __future__ import annotations

import os
import sys
from contextlib import chdir
from importlib import import_module
from pathlib import Path
from typing import Any


def import_matplotlib() -> Any:
    """Return matplotlib.

    It reads a file ``matplotlibrc`` of the working directory when it is first imported. Such a file may
    come from a stranger, and may be a link to a device. If there is one, it is imported elsewhere.
    """
    if "matplotlib" in sys.modules or not os.path.lexists("matplotlibrc"):
        return import_module("matplotlib")
    with chdir(Path(__file__).parent):
        return import_module("matplotlib")
