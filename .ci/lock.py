"""Writes requirements.lock from pyproject.toml, or says with --check (offline) what is stale in it.

    .venv/bin/python .ci/lock.py [--upgrade | --check]

One file in two parts: what Gadfly and its build need to run, then what only the tests need on top. The
bootstrap installs the first part or the whole. Every file is named by its hash, none by its address. The
`train` extra stays out: it is for making the model, not for running it.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
TESTS_ONLY = "# For the tests only"
UV = [
    *["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"],
    *["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-config"],
]
HEADER = """\
# What Gadfly installs, each file by its hash. Written by .ci/lock.py from pyproject.toml; do not edit.
# pyproject: sha256:{digest}
"""


def wanted(pyproject: str) -> dict[str, list[str]]:
    """The requirements that the lock answers: for running (with the build's) and for the tests."""
    table = tomllib.loads(pyproject)
    project = table["project"]
    return {
        "python": [project["requires-python"]],
        "run": [
            *project["dependencies"],
            *project["optional-dependencies"]["discord"],
            *project["optional-dependencies"]["slack"],
            *table["build-system"]["requires"],
        ],
        "test": project["optional-dependencies"]["test"],
    }


def digest(pyproject: str) -> str:
    """The sha256 of the requirements, whatever their order."""
    table = {part: sorted(lines) for part, lines in wanted(pyproject).items()}
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def pins(part: str) -> dict[str, list[tuple[str, int]]]:
    """Per package the versions that this part of a lock pins, each with the number of its hashes."""
    found: dict[str, list[tuple[str, int]]] = {}
    for block in re.split(r"\n(?=\S)", part):
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", block):
            hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block))
            found.setdefault(canonicalize_name(match[1]), []).append((match[2], hashes))
    return found


def problems(pyproject: str, lock: str) -> list[str]:
    """What is wrong with this lock for this pyproject.toml; nothing when it is fresh."""
    found = []
    if f"# pyproject: sha256:{digest(pyproject)}\n" not in lock:
        found.append("the requirements in pyproject.toml have changed since the lock was written")
    run, mark, _tests = lock.partition(TESTS_ONLY)
    if not mark:
        found.append(f"the line {TESTS_ONLY!r} is missing")
    pinned = {"run": pins(run), "test": pins(lock)}
    found += [
        f"{name}=={version} has no hash"
        for name, versions in pinned["test"].items()
        for version, hashes in versions
        if not hashes
    ]
    for part, lines in wanted(pyproject).items():
        for requirement in map(Requirement, lines if part in pinned else []):
            versions = [version for version, _ in pinned[part].get(canonicalize_name(requirement.name), [])]
            if not versions:
                found.append(f"{requirement} ({part}) is not in the lock")
            found += [
                f"{requirement} ({part}) is locked at {version}"
                for version in versions
                if not requirement.specifier.contains(version, prereleases=True)
            ]
    found += [f"an address or an option: {line}" for line in lock.splitlines() if "://" in line]
    found += [f"an address or an option: {line}" for line in lock.splitlines() if re.match(r"-|.* @ ", line)]
    return found


def compiled(lines: list[str], kept: str) -> str:
    """What uv makes of these requirements, keeping the versions in `kept` where they still fit."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "lock")
        output.write_text(kept)
        subprocess.run(
            [*UV, "--output-file", str(output), "-"],
            input="\n".join(lines),
            text=True,
            check=True,
            cwd=folder,
        )
        return output.read_text()


def written(pyproject: str, kept: str) -> str:
    """A fresh lock for this pyproject.toml."""
    requirements = wanted(pyproject)
    run = compiled(requirements["run"], kept)
    both = compiled([*requirements["run"], *requirements["test"]], run if kept == "" else kept)
    known = pins(run)
    blocks = [block for block in re.split(r"\n(?=\S)", both.strip()) if pins(block).keys() - known.keys()]
    if drift := {
        name: (known[name], pinned)
        for name, pinned in pins(both).items()
        if known.get(name, pinned) != pinned
    }:
        raise SystemExit(f"the tests need other versions than Gadfly itself: {drift}")
    lock = HEADER.format(digest=digest(pyproject)) + run + f"{TESTS_ONLY}:\n" + "\n".join(blocks) + "\n"
    return re.sub(r"# via -r -\n", "# via gadfly\n", re.sub(r"#   -r -\n", "#   gadfly\n", lock))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the lock is stale")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    chosen = parser.parse_args()
    pyproject = (ROOT / "pyproject.toml").read_text()
    path = ROOT / "requirements.lock"
    old = path.read_text() if path.exists() else ""
    if not chosen.check:
        path.write_text(written(pyproject, "" if chosen.upgrade else old))
    found = problems(pyproject, path.read_text())
    print("\n".join(found) or "requirements.lock is fresh")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
