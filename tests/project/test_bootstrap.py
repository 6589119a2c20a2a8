"""`./gadfly` itself, on a small stand-in project whose two packages lie in a folder: no network is asked."""

import base64
import csv
import fcntl
import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "cat", "cksum", "readlink", "sed", "awk", "tail", "head", "rm", "mkdir", "mv", "sleep")
PYTHON = Path(getattr(sys, "_base_executable", "") or sys.executable)
UV = Path(sys.executable).with_name("uv")

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "gadfly"
version = "0"
requires-python = ">=3.11"
"""

# A build backend of a few lines: an editable wheel that points to its own folder.
BACKEND = """\
import os, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    files = {
        "gadfly.pth": os.getcwd(),
        "gadfly-0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: gadfly\\nVersion: 0\\n",
        "gadfly-0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "gadfly-0.dist-info/entry_points.txt": "[console_scripts]\\ngadfly = program:main\\n",
    }
    files["gadfly-0.dist-info/RECORD"] = "".join(f"{name},,\\n" for name in files)
    with zipfile.ZipFile(os.path.join(wheel_directory, "gadfly-0-py3-none-any.whl"), "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "gadfly-0-py3-none-any.whl"
"""

PROGRAM = """\
import importlib.util, sys, small

def main():
    extra = importlib.util.find_spec("extra") is not None
    print(small.__name__, extra, sys.argv[1:], repr(sys.stdin.read()))
    return 7
"""


def wheel(folder: Path, name: str) -> str:
    """Makes a wheel of one empty module; its line in a lock."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = io.StringIO()
    rows = csv.writer(record)
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.writerow([path, f"sha256={digest}", len(text)])
    rows.writerow([f"{info}/RECORD", "", ""])
    built = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(built, "w") as archive:
        for inner, text in {**files, f"{info}/RECORD": record.getvalue()}.items():
            archive.writestr(inner, text)
    return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(built.read_bytes()).hexdigest()}\n"


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Tree:
    """A checkout of the stand-in project, in a folder with spaces, and a machine with few commands."""

    root: Path
    bin: Path
    wheels: Path

    @property
    def gadfly(self) -> Path:
        return self.root / "gadfly"

    @property
    def state(self) -> Path:
        return self.root / ".venv" / ".gadfly"

    @property
    def environ(self) -> dict[str, str]:
        """Nothing from outside, and no HOME."""
        return {
            "PATH": str(self.bin),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "UV_OFFLINE": "1",
            "UV_NO_INDEX": "1",
            "UV_FIND_LINKS": str(self.wheels),
        }

    def command(self, name: str, target: Path | str) -> None:
        """A command of this machine: another's, or a script of its own."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        if isinstance(target, Path):
            path.symlink_to(target)
        else:
            path.write_text(f"#!/bin/sh\n{target}\n")
            path.chmod(0o755)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.gadfly, *arguments],
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self, *arguments: str, said: str = "", called: Path | str | None = None, cwd: Path | None = None
    ) -> Done:
        done = subprocess.run(
            [called or self.gadfly, *arguments],
            env=self.environ,
            input=said,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def pretend_installed(self, kind: str = "run") -> None:
        """A .venv as an install leaves it, with a shell script for a program."""
        self.state.mkdir(parents=True)
        scripts = self.root / ".venv" / "bin"
        scripts.mkdir()
        (scripts / "gadfly").write_text('#!/bin/sh\nprintf "<%s>" "$@"\ncat\nexit 7\n')
        (scripts / "python").write_text("#!/bin/sh\nexit 99\n")
        for script in scripts.iterdir():
            script.chmod(0o755)
        data = b"".join((self.root / name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))
        sum_ = subprocess.run(["cksum"], input=data, capture_output=True, check=True).stdout.decode().strip()
        (self.state / "stamp").write_text(f"{kind} {sum_} {self.root}\n")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """The project before its first run, on a machine with Python and uv."""
    root = tmp_path.resolve() / "a check out"
    made = Tree(root=root, bin=root.parent / "bin", wheels=root.parent / "wheels")
    for folder in (root / ".ci", made.bin, made.wheels):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "gadfly", made.gadfly)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "program.py").write_text(PROGRAM)
    (root / "requirements.lock").write_text(
        f"{wheel(made.wheels, 'small')}# For the tests only:\n{wheel(made.wheels, 'extra')}"
    )
    (root / ".ci" / "gates").write_text('#!/bin/sh\nprintf "gates"\nprintf "<%s>" "$@"\n')
    (root / ".ci" / "gates").chmod(0o755)
    for tool in TOOLS:
        made.command(tool, Path(shutil.which(tool) or tool))
    made.command("python3", PYTHON)
    made.command("uv", UV)
    return made


# A script on PATH for a Python: the bootstrap asks for its version and the name to call it by.
BY_ITS_OWN_NAME = 'case "$*" in *_base_executable*) echo 3 12 "$0"; exit;; esac'

PLAYED = Done(7, "small False ['play', 'a b'] 'hello'\n", "")


def test_the_first_run_installs_and_plays_and_the_next_only_plays(tree: Tree) -> None:
    first = tree.run("play", "a b", said="hello")
    assert (first.code, first.out) == (PLAYED.code, PLAYED.out)
    assert first.err.startswith("gadfly: first run: ")
    assert first.err.count("\n") == 1
    assert tree.run("play", "a b", said="hello") == PLAYED


def test_a_machine_without_uv_or_a_way_to_fetch_it_is_served_by_pip(tree: Tree) -> None:
    (tree.bin / "uv").unlink()
    first = tree.run("play", "a b", said="hello")
    assert (first.code, first.out) == (PLAYED.code, PLAYED.out), first.err
    assert first.err.count("\n") == 1


def test_uv_that_does_not_work_is_passed_over(tree: Tree) -> None:
    tree.command("uv", "exit 127")
    tree.pretend_installed()
    (tree.state / "stamp").unlink()
    (tree.root / ".venv" / "bin" / "uv").symlink_to(UV)
    shutil.copy(PYTHON, tree.root / ".venv" / "bin" / "python")
    assert "another" not in tree.run().err
    assert f"+ {tree.root}/.venv/bin/uv pip install" in (tree.state / "log").read_text()


def test_a_warm_run_starts_no_python_and_takes_no_time(tree: Tree) -> None:
    tree.pretend_installed()
    (tree.bin / "python3").unlink()

    def seconds() -> float:
        begun = time.perf_counter()
        assert tree.run("a b", "", said="hello") == Done(7, "<a b><>hello", "")
        return time.perf_counter() - begun

    assert any(seconds() < 0.1 for _ in range(20))


def test_it_works_through_links_and_from_any_folder(tree: Tree) -> None:
    tree.pretend_installed()
    other = tree.root.parent / "other place"
    other.mkdir()
    (other / "far").symlink_to(tree.gadfly)
    (other / "near").symlink_to("far")
    played = Done(7, "<x>", "")
    assert tree.run("x", called=other / "near", cwd=Path("/")) == played
    assert tree.run("x", called="./near", cwd=other) == played
    assert tree.run("near", "x", called="sh", cwd=other) == played
    assert tree.run("../gadfly", "x", called="sh", cwd=tree.root / ".ci") == played


def test_test_runs_the_gates_with_the_rest_of_the_arguments(tree: Tree) -> None:
    tree.pretend_installed("test")
    assert tree.run("test", "-k", "a b") == Done(0, "gates<-k><a b>", "")
    assert tree.run("x") == Done(7, "<x>", "")


def test_the_tests_tools_come_with_the_first_test(tree: Tree) -> None:
    assert tree.run("play").out.startswith("small False")
    done = tree.run("test")
    assert (done.code, done.out) == (0, "gates<>")
    assert done.err == "gadfly: installing what the tests need into .venv ...\n"
    assert tree.run("play") == Done(7, "small True ['play'] ''\n", "")


def test_a_changed_lock_is_installed_and_the_tests_tools_stay(tree: Tree) -> None:
    assert tree.run("test").code == 0
    lock = tree.root / "requirements.lock"
    run, mark, tests = lock.read_text().partition("# For")
    lock.write_text(f"{run}{wheel(tree.wheels, 'third')}{mark}{tests}")
    done = tree.run("play")
    assert done.out.startswith("small True")
    assert done.err == "gadfly: bringing .venv up to date ...\n"
    assert list(tree.root.glob(".venv/lib/*/site-packages/third.py"))


def test_a_tampered_file_is_not_installed(tree: Tree) -> None:
    with zipfile.ZipFile(tree.wheels / "small-1.0-py3-none-any.whl", "a") as archive:
        archive.writestr("evil.py", "")
    tree.command(
        "python3", f'{BY_ITS_OWN_NAME}\ncase "$*" in "-m venv "*) exit 1;; esac\nexec "{PYTHON}" "$@"'
    )
    done = tree.run("play")
    assert (done.code, done.out) == (1, "")
    assert "Hash mismatch" in (tree.state / "log").read_text()
    assert "run ./gadfly to try again" in done.err
    assert not (tree.state / "stamp").exists()


def test_a_moved_folder_is_set_up_again(tree: Tree) -> None:
    assert tree.run("play").code == 7
    tree.root.rename(tree.root.parent / "moved")
    moved = Tree(tree.root.parent / "moved", tree.bin, tree.wheels)
    assert moved.run("play").out.startswith("small")
    assert str(tree.root) not in (moved.root / ".venv" / "bin" / "gadfly").read_text()


def test_a_python_that_went_away_is_replaced(tree: Tree) -> None:
    assert tree.run("play").code == 7
    python = tree.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(tree.root / "gone")
    assert tree.run("play").out.startswith("small")


def slow_uv(tree: Tree, word: str) -> None:
    """A uv that hangs at the command with this word."""
    tree.command(
        "uv",
        f'case "$*" in *"{word}"*) echo there >"{tree.bin}/reached"; exec sleep 60;; esac\nexec "{UV}" "$@"',
    )


def reached(tree: Tree) -> None:
    deadline = time.monotonic() + 20
    while not (tree.bin / "reached").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stopped(tree: Tree, run: subprocess.Popen[str], how: signal.Signals) -> Done:
    """Ends it and all that it started."""
    reached(tree)
    os.killpg(run.pid, how)
    out, err = run.communicate(timeout=20)
    tree.command("uv", UV)
    return Done(run.returncode, out, err)


@pytest.mark.parametrize("word", ["venv --allow", "--require-hashes", "-e ."])
def test_an_install_that_was_killed_is_done_again(tree: Tree, word: str) -> None:
    slow_uv(tree, word)
    assert stopped(tree, tree.start("play"), signal.SIGKILL).code == -signal.SIGKILL
    assert tree.run("play").out.startswith("small")
    assert not (tree.state / "installing").exists()


def test_an_update_that_was_killed_is_mended_and_keeps_what_is_not_ours(tree: Tree) -> None:
    assert tree.run("play").code == 7
    (tree.root / ".venv" / "mine").touch()
    with (tree.root / "pyproject.toml").open("a") as file:
        file.write("\n")
    slow_uv(tree, "-e .")
    stopped(tree, tree.start("play"), signal.SIGKILL)
    (small,) = tree.root.glob(".venv/lib/*/site-packages/small.py")
    small.unlink()
    assert tree.run("play").out.startswith("small")
    assert (tree.root / ".venv" / "mine").exists()


def test_ctrl_c_in_an_install_ends_it_with_a_line(tree: Tree) -> None:
    slow_uv(tree, "--require-hashes")
    done = stopped(tree, tree.start("play"), signal.SIGINT)
    assert done.code == 130
    assert done.err.splitlines()[1:] == ["gadfly: stopped; run ./gadfly to go on"]
    assert tree.run("play").out.startswith("small")


def test_the_second_of_two_waits_for_the_first(tree: Tree) -> None:
    with (tree.root / "requirements.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = tree.start("play")
        assert run.stderr is not None
        assert run.stderr.readline() == "gadfly: another ./gadfly is installing here; waiting for it\n"
        tree.pretend_installed()  # by the first
    assert run.communicate(timeout=20) == ("<play>", "")


def test_two_at_once_install_once(tree: Tree) -> None:
    runs = [tree.start("play") for _ in range(3)]
    done = [run.communicate(timeout=60) for run in runs]
    assert [out.startswith("small False ['play']") for out, _ in done] == [True] * 3
    assert sum(err.count("first run") for _, err in done) == 1


def test_no_python_at_all(tree: Tree) -> None:
    (tree.bin / "python3").unlink()
    done = tree.run("play")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "gadfly: needs Python 3.11 or newer, and found no python3 (Debian, Ubuntu: apt install python3-venv)\n"
    )


def test_only_an_old_python(tree: Tree) -> None:
    tree.command("python3", "echo 3 10 /usr/bin/python3.10")
    tree.command("python", "echo Python 2.7.18; exit 2")
    done = tree.run("play")
    assert (done.code, done.err) == (2, "gadfly: needs Python 3.11 or newer; found only Python 3.10\n")


def test_an_old_python_is_passed_over_for_a_newer_one(tree: Tree) -> None:
    tree.command("python3", "echo 3 9 /usr/bin/python3.9")
    tree.command("python3.12", PYTHON)
    assert tree.run("play").out.startswith("small")


def test_a_python_newer_than_the_wheels_is_the_last_choice(tree: Tree) -> None:
    tree.command("python3", "echo 3 15 /nowhere/python3.15")
    tree.command("python3.11", PYTHON)
    assert tree.run("play").out.startswith("small")


def test_a_python_without_pip_names_the_package_to_install(tree: Tree) -> None:
    (tree.bin / "uv").unlink()
    tree.command("python3", f'{BY_ITS_OWN_NAME}\ncase "$*" in *flock*) ;; *) exit 1;; esac')
    done = tree.run("play")
    assert done.code == 2
    assert done.err.splitlines()[1:] == [
        "gadfly: Python 3.12 has no pip and cannot make one; install it and try again "
        "(Debian, Ubuntu: apt install python3.12-venv)"
    ]
    assert not (tree.root / ".venv").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(tree: Tree) -> None:
    tree.root.chmod(0o555)
    done = tree.run("play")
    tree.root.chmod(0o755)
    assert done.code == 1
    assert "cannot write to" in done.err
