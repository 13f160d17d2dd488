"""Packages may offer rules, which run if the package is named; what goes wrong names the package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import pytest

from routecost import validate
from routecost.errors import EnvironmentFailure, UnknownNameError, UsageError
from routecost.lint import registry
from routecost.lint.registry import built_in, rules
from routecost.lint.rule_docs import EXAMPLES, parse
from routecost.lint.subject import Subject
from tests.docs.blocks import blocks
from tests.lint.worlds import DAY

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "evidence.md"


ACME = ("acme-rules",)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages are installed in; rules are looked up anew before and after."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "site_folders", lambda: (tmp_path,))
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
    assert rules() == built_in(), "nothing is loaded without being named"
    (made,) = [rule for rule in rules(ACME) if rule not in built_in()]
    assert made.code == "ACME101"
    table, judged = packages / "table.yaml", partial(validate, as_of=DAY, library=EXAMPLES)
    for shown, expected in ((made.docs.example, ["ACME101"]), (made.docs.instead, [])):
        (packages / "table.yaml").write_text(shown.table)
        assert judged(table).findings == ()
        findings = judged(table, rules_from=ACME).findings
        assert [finding.code for finding in findings] == expected
    (packages / "table.yaml").write_text(made.docs.example.table)
    assert judged(table, ignore=["ACME"], rules_from=ACME).findings == ()
    (packages / "table.yaml").write_text(f"{made.docs.example.table}# routecost: ignore[ACME102] a slip\n")
    (finding,) = judged(table, ignore=["ACME"], rules_from=ACME).findings
    assert finding.message == 'no rule has the code "ACME102"; did you mean "ACME101"?'


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


def environment(folder: Path) -> Path:
    """Create an environment that also has the packages of this one; return its Python."""
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    return folder / "bin" / "python"


@pytest.mark.slow  # an environment of its own; the same rules are run above
def test_the_example_of_the_docs_can_be_installed_and_used(tmp_path: Path) -> None:
    python = environment(tmp_path / "environment")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, str(wheel(tmp_path, *example()))], check=True, capture_output=True)

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [str(python), "-P", "-m", "routecost", *arguments]
        kept = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        return subprocess.run(command, cwd=tmp_path, env=kept, capture_output=True, text=True, check=False)

    page = run("rules", "ACME101", "--rules-from", "Acme_Rules")
    assert (page.returncode, page.stderr) == (0, "")
    assert "ACME101 approval-below-top" in page.stdout
    table = tmp_path / "table.yaml"
    table.write_text(shown())
    arguments = ("validate", str(table), "--library", str(EXAMPLES), "--select", "ACME")
    done = run(*arguments, "--rules-from", "acme-rules")
    assert (done.returncode, 'ACME101 "approve" goes to "sonnet"' in done.stdout) == (1, True)
    assert run(*arguments).returncode == 2, "the package is installed, and is not named"
    (tmp_path / "acme_rules.py").write_text("open('executed', 'w')")
    hidden = run(*arguments, "--rules-from", "acme-rules", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert (hidden.returncode, (tmp_path / "executed").exists()) == (3, False)
    assert 'hides the module "acme_rules" of the package' in hidden.stderr


def test_a_package_that_is_not_installed_or_has_no_rules_is_refused(packages: Path) -> None:
    install(packages, "", "[console_scripts]\nacme = acme_rules:main\n")
    with pytest.raises(UsageError, match='the package "acme-rules" has no rules'):
        rules(ACME)
    for name in ("acme", "", "acme-rules,", "../acme-rules"):
        with pytest.raises((UnknownNameError, UsageError), match=r"no package \".*\" is|has no rules"):
            rules((name,))


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
        rules(ACME)


def test_a_code_that_is_taken_is_refused(packages: Path) -> None:
    source = "from routecost.lint.registry import built_in\ncheck = built_in()[3]\n"
    install(packages, source, "[routecost.rules]\nacme = acme_rules:check\n")
    with pytest.raises(EnvironmentFailure, match="has the same code as"):
        rules(ACME)


def test_what_a_rule_may_use_is_documented() -> None:
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    rows = page.partition("| attribute | meaning |")[2].partition("\n\n")[0].splitlines()
    names = {name for row in rows[2:] for name in re.findall(r"`(\w+)", row.split("|")[1])}
    public = {name for name in dir(Subject) if not name.startswith("_")} | {
        field.name for field in fields(Subject)
    }
    assert names == public


def test_a_rule_that_fails_is_named_with_its_failure(packages: Path) -> None:
    module, points = example()
    install(packages, module.replace("in subject.below_top():", "in subject.no_such_thing:"), points)
    with pytest.raises(
        EnvironmentFailure, match=r'rule "ACME101 approval-below-top" .* failed: AttributeError'
    ):
        validate("article", rules_from=ACME)
