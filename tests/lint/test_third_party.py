"""Packages may offer rules; the example of the docs is one, and what goes wrong names the package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from routecost import validate
from routecost.errors import EnvironmentFailure
from routecost.lint.registry import built_in, rules
from routecost.lint.rule_docs import EXAMPLES, parse
from tests.cli.running import finish, start
from tests.docs.blocks import blocks
from tests.lint.worlds import DAY

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "evidence.md"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for packages; rules are looked up anew before and after."""
    monkeypatch.syspath_prepend(str(tmp_path))
    rules.cache_clear()
    yield tmp_path
    rules.cache_clear()
    sys.modules.pop("acme_rules", None)


def install(folder: Path, module: str, points: str) -> None:
    """Lay out a package as an installer would."""
    (folder / "acme_rules.py").write_text(module)
    info = folder / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(points)


def example() -> tuple[str, str]:
    """Return the module and the entry points that the docs show."""
    shown = list(blocks(DOCS.read_text(encoding="utf-8")))
    module = next(block.text for block in shown if block.language == "python" and "ACME101" in block.text)
    toml = next(block.text for block in shown if "routecost.rules" in block.text and block.language == "toml")
    (name, value), *_ = re.findall(r'^(\w+) = "([\w.:]+)"$', toml, re.MULTILINE)
    return module, f"[routecost.rules]\n{name} = {value}\n"


def test_the_example_of_the_docs_is_found_and_run(packages: Path) -> None:
    install(packages, *example())
    assert {rule.code for rule in rules()} - {rule.code for rule in built_in()} == {"ACME101"}
    (made,) = [rule for rule in rules() if rule.code == "ACME101"]
    for shown, expected in ((made.docs.example, ["ACME101"]), (made.docs.instead, [])):
        (packages / "table.yaml").write_text(shown.table)
        findings = validate(packages / "table.yaml", as_of=DAY, library=EXAMPLES).findings
        assert [finding.code for finding in findings] == expected
    (packages / "table.yaml").write_text(made.docs.example.table)
    assert validate(packages / "table.yaml", ignore=["ACME"], as_of=DAY, library=EXAMPLES).findings == ()


def shown() -> str:
    """Return the table that the example of the docs finds fault with."""
    module, _ = example()
    docstring = module.split('"""')[1]
    return parse(docstring).example.table


def wheel(folder: Path, module: str, points: str) -> Path:
    """Build a wheel as build backends do."""
    name, info = "acme_rules-1.0", "acme_rules-1.0.dist-info"
    content = {
        "acme_rules.py": module,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": points,
    }
    content[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*content, f"{info}/RECORD"))
    file = folder / f"{name}-py3-none-any.whl"
    with ZipFile(file, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return file


def test_the_example_of_the_docs_can_be_installed_and_used(tmp_path: Path) -> None:
    site = tmp_path / "site"
    options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", str(site)]
    pip = [sys.executable, "-m", "pip", "install", *options, str(wheel(tmp_path, *example()))]
    subprocess.run(pip, check=True, capture_output=True)
    there = {"env": {"PYTHONPATH": f"{site}{os.pathsep}{ROOT}"}}
    page = finish(start("rules", "ACME101", **there))
    assert (page.code, page.stderr) == (0, "")
    assert "ACME101 approval-below-top" in page.stdout
    table = tmp_path / "table.yaml"
    table.write_text(shown())
    arguments = ("validate", str(table), "--library", str(EXAMPLES), "--select", "ACME")
    done = finish(start(*arguments, **there))
    assert (done.code, 'ACME101 "approve" goes to "sonnet"' in done.stdout) == (1, True)
    assert finish(start(*arguments)).code == 2, "without the package there is no such rule"


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("raise OSError('no disk')", "cannot load the rule .*no disk"),
        ("check = 3", "cannot load the rule|is not a rule"),
        ("", "cannot load the rule"),
    ],
)
def test_what_is_no_rule_is_named(packages: Path, module: str, message: str) -> None:
    install(packages, module, "[routecost.rules]\nacme = acme_rules:check\n")
    with pytest.raises(EnvironmentFailure, match=message):
        rules()


def test_a_code_that_is_taken_is_refused(packages: Path) -> None:
    source = "from routecost.lint.registry import built_in\ncheck = built_in()[3]\n"
    install(packages, source, "[routecost.rules]\nacme = acme_rules:check\n")
    with pytest.raises(EnvironmentFailure, match="has the same code as"):
        rules()


def test_a_rule_that_fails_is_named_with_its_failure(packages: Path) -> None:
    module, points = example()
    install(packages, module.replace("in subject.below_top():", "in subject.no_such_thing:"), points)
    with pytest.raises(
        EnvironmentFailure, match=r'rule "ACME101 approval-below-top" .* failed: AttributeError'
    ):
        validate("article")
