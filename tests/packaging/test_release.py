"""What a release promises: one version, a README without dead links, and workflows with few rights."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import routecost

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
}
RELATIVE = re.compile(r"\]\((?!\w+://)")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_version_is_stated_once_and_the_changelog_leads_with_it() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", routecost.__version__)
    assert "version" not in PROJECT["project"]
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"] == {"path": "routecost/__init__.py"}
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert headings[0] == "Unreleased" or headings[0].split()[0] == routecost.__version__
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", heading) for heading in released)
    assert not released or released[0].split()[0] == routecost.__version__


def test_the_readme_of_the_package_has_no_relative_link() -> None:
    packaged = script("package_readme").packaged
    plain = packaged(README, None, "v1.2.3")
    assert RELATIVE.search(README)
    assert not RELATIVE.search(plain)
    assert "*Bars of the spend per month" in plain
    linked = packaged(README, "https://example.org/a/routecost/", "v1.2.3")
    assert not RELATIVE.search(linked)
    assert "](https://example.org/a/routecost/blob/v1.2.3/docs/compare.md)" in linked
    assert "](https://example.org/a/routecost/raw/v1.2.3/docs/images/article-fleet.svg)" in linked
    code = "```python\n>>> a[0](x)\n```\n[a](https://b.org) [c](#d)\n"
    assert packaged(code, None, "v1") == code.replace("[c](#d)", "c")


def test_every_extra_for_users_has_a_purpose_a_size_and_a_date() -> None:
    sizes = script("extra_sizes")
    rows = {
        row["name"]: row for row in sizes.ROW.finditer((ROOT / "docs/install.md").read_text(encoding="utf-8"))
    }
    assert rows.keys() - {"extra", "---"} == {sizes.NONE, *sizes.extras()}
    for name in (sizes.NONE, *sizes.extras()):
        assert rows[name]["purpose"]
        assert re.fullmatch(r"[\d,]+ MB", rows[name]["size"]), f".ci/extra_sizes.py {name} measures it"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows[name]["day"])


def steps() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{name} {job}", step)
        for name, workflow in WORKFLOWS.items()
        for job, body in workflow["jobs"].items()
        for step in body["steps"]
    ]


def test_every_action_is_pinned_by_its_full_hash_with_its_version() -> None:
    assert {"ci.yml", "release.yml"} <= WORKFLOWS.keys()
    used = [step["uses"] for _, step in steps() if "uses" in step]
    assert len(used) >= 8
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", name) for name in used)
    for name in WORKFLOWS:
        text = (ROOT / ".github/workflows" / name).read_text(encoding="utf-8")
        for line in text.splitlines():
            assert "uses:" not in line or re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


ALLOWED = {
    "ci.yml": {"contents": {"read"}},
    "release.yml": {"contents": {"read", "write"}, "id-token": {"write"}, "attestations": {"write"}},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_workflows_have_no_more_rights_than_they_need(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {}, "jobs state their own"
    for body in workflow["jobs"].values():
        assert body["timeout-minutes"] <= 120
        for right, level in body["permissions"].items():
            assert level in ALLOWED[name].get(right, set())
        for step in body["steps"]:
            assert "secrets." not in str(step)
            assert "${{" not in step.get("run", ""), "an expression in a script is run as code"
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_only_the_job_that_publishes_can_publish_and_it_runs_no_code_of_the_repository() -> None:
    jobs = WORKFLOWS["release.yml"]["jobs"]
    assert WORKFLOWS["release.yml"][True] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    assert "id-token" not in jobs["build"]["permissions"]
    assert jobs["publish"]["environment"] == "release"
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert all("run" not in step for step in jobs["publish"]["steps"])
    publish = jobs["publish"]["steps"][-1]
    assert publish["uses"].startswith("pypa/gh-action-pypi-publish@")
    assert "password" not in publish["with"]
    assert jobs["publish"]["needs"] == "attest"
    assert jobs["attest"]["needs"] == "build"
    run = " ".join(step.get("run", "") for step in jobs["build"]["steps"])
    for part in ("make sbom", "-m build", "twine check --strict", "wheel-check"):
        assert part in run
