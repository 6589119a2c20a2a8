"""requirements.lock answers pyproject.toml, by hashes and without addresses. Asks no network."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / ".ci" / "lock.py"))
problems: Callable[[str, str], list[str]] = TOOL["problems"]
pins: Callable[[str], dict[str, list[tuple[str, int]]]] = TOOL["pins"]

PYPROJECT = (ROOT / "pyproject.toml").read_text()
LOCK = (ROOT / "requirements.lock").read_text()


def test_the_lock_is_fresh() -> None:
    assert problems(PYPROJECT, LOCK) == [], "write it anew: .venv/bin/python .ci/lock.py"


def test_what_runs_needs_neither_the_tests_tools_nor_torch() -> None:
    run, _, tests = LOCK.partition(TOOL["TESTS_ONLY"])
    assert "hatchling" in pins(run), "the bootstrap builds the project without build isolation"
    assert {"pytest", "uv"} <= pins(tests).keys()
    assert not {"pytest", "uv"} & pins(run).keys()
    assert not [name for name in pins(LOCK) if name.startswith(("torch", "nvidia", "onnx-", "safetensors"))]
    assert "onnx" not in pins(run)


def test_the_bootstrap_finds_uv_by_its_line() -> None:
    block = LOCK[LOCK.index("\nuv==") + 1 :]
    assert block.splitlines()[0].endswith("\\")
    assert "--hash=sha256:" in block.splitlines()[1]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"PyYAML>=6"', '"PyYAML>=99"', "have changed since"),
        ('"PyYAML>=6"', '"PyYAML>=99"', "PyYAML>=99 (run) is locked at"),
        ('"PyYAML>=6"', '"nowhere-to-be-found>=6"', "nowhere-to-be-found>=6 (run) is not in the lock"),
        ('"pytest>=8"', '"nowhere-to-be-found"', "nowhere-to-be-found (test) is not in the lock"),
        ('requires-python = ">=3.11"', 'requires-python = ">=3.12"', "have changed since"),
    ],
)
def test_a_changed_requirement_is_noticed(old: str, new: str, problem: str) -> None:
    assert old in PYPROJECT
    assert problem in "\n".join(problems(PYPROJECT.replace(old, new), LOCK))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url somewhere",
        "--find-links /somewhere",
        "-e .",
        "tiny @ file:tiny.whl",
        "# from https://example.invalid/simple",
    ],
)
def test_an_address_is_noticed(line: str) -> None:
    assert problems(PYPROJECT, f"{LOCK}{line}\n") == [f"an address or an option: {line}"]


def test_a_package_without_a_hash_is_noticed() -> None:
    assert problems(PYPROJECT, f"{LOCK}tiny==1.0\n") == ["tiny==1.0 has no hash"]
