"""The charts in the docs show what the commands draw now."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.running import routecost
from tests.examples import one_in

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHOWN = ("all-sonnet", "routed-80-15-5", "all-haiku")
COMMANDS = {
    "article-fleet.svg": ["compare", "article-fleet"],
    "article-fleet-mixes.svg": ["sweep", "article-fleet", "--mix"],
    "growth-plan.svg": ["project", "growth-plan"],
    "uncertain-fleet.svg": [
        *["project", "uncertain-fleet", "--strategy", "all-sonnet"],
        *["--strategy", "routed-80-15-5", "--runs", "100000"],
    ],
    "uncertain-fleet-dark.svg": [
        *["project", "uncertain-fleet", "--runs", "20000", "--theme", "dark"],
        *(word for name in SHOWN for word in ("--strategy", name)),
    ],
}
"""File -> the command that draws it; ``--chart docs/images/FILE`` draws it anew."""


@pytest.mark.parametrize("name", one_in(len(COMMANDS), COMMANDS))
def test_images_are_those_of_their_commands(name: str, tmp_path: Path) -> None:
    done = routecost(*COMMANDS[name], "--chart", str(tmp_path / name), "--format", "csv")
    assert done.code == 0
    assert _told(IMAGES / name) == _told(tmp_path / name)


def test_every_image_has_a_command() -> None:
    assert {file.name for file in IMAGES.iterdir()} == set(COMMANDS)


def _told(file: Path) -> list[str | None]:
    """Return the title, the words and the size of a chart: its paths differ between versions of fonts."""
    root = ElementTree.fromstring(file.read_bytes())
    return [root[0].text, root[1].text, root.get("viewBox")]
