"""What is committed beside the code: no file names a machine, scripts parse, and the tables agree."""

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Spelled so that this file does not name them itself.
HOSTS = tuple(
    ".".join(name)
    for name in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("download", "pytorch", "org"),
    )
)
MACHINE = re.compile(rb"(?<![\w.~$}-])/(?:root|work|home|Users|opt/wheels|opt/pypi)/[\w.]")


@cache
def committed() -> tuple[Path, ...]:
    """The files that git knows or would take."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    found = []
    for path in committed():
        data = path.read_bytes()
        found += [f"{path.relative_to(ROOT)}: {host}" for host in HOSTS if host.encode() in data]
        if b"\0" not in data:
            found += [f"{path.relative_to(ROOT)}: {place.decode()}" for place in MACHINE.findall(data)]
    assert found == []


def test_nothing_is_committed_that_a_tool_made() -> None:
    made = ("__pycache__", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "dist")
    assert [path for path in committed() if set(path.relative_to(ROOT).parts) & set(made)] == []
    assert [path for path in committed() if path.name in (".env", "uv.lock", ".python-version")] == []


@pytest.mark.parametrize("script", ["gadfly", ".ci/gates", ".ci/run"])
def test_a_script_parses_and_may_be_run(script: str) -> None:
    path = ROOT / script
    first = path.read_text().splitlines()[0]
    shell = {"#!/bin/sh": "sh", "#!/usr/bin/env bash": "bash"}[first]
    assert os.access(path, os.X_OK)
    subprocess.run([shell, "-n", str(path)], check=True)


def test_every_essay_is_as_it_came_and_has_its_row() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (ROOT / "seeds/README.md").read_text(), re.M
    )
    essays = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in ROOT.glob("seeds/*.txt")}
    assert dict(rows) == essays


def test_the_changelog_tells_of_what_is_to_come() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == "Unreleased"


def test_every_place_that_the_guide_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`((?:content|seeds|bot|adapters|tests|\.ci)/?[\w./]*)`", text))
    assert named
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_image_is_built_from_what_the_wheel_needs() -> None:
    sources = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    dockerfile = (ROOT / "Dockerfile").read_text()
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    for name in [*sources["packages"], *sources["force-include"]]:
        assert f"COPY {name} {name}" in dockerfile
        assert f"!{name}" in allowed
    final = dockerfile.rpartition("FROM ")[2]
    assert "USER gadfly" in final
    assert 'CMD ["gadfly"]' in final.splitlines()[-1]
