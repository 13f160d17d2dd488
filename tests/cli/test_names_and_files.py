"""An argument that names a document: a file by its suffix, else a name of the library, in every command."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import routecost as api
from routecost.library import KINDS, NameClashWarning, built_in_root
from tests.cli.running import routecost
from tests.hostile.test_options import ARGUMENTS, COMMANDS

OTHERS = {"--taxonomy": "article-taxonomy", "--scenario": "article-fleet", "--plan": "article-fleet"}
BEFORE = {
    "--scenario": {("usage",): "", ("replay",): "log.jsonl", ("validate",): "article"},
    "--plan": {("usage",): "log.jsonl"},
}
EXTRA = {
    ("pricing", "check"): "",
}
