"""The wheel: all that Gadfly needs is inside, nothing that only its makers need, and it works from there."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]
UNSHIPPED = {ROOT / "bot" / "reading" / "training"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder / "dist"), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files(folder: Path) -> set[Path]:
    """All files below, but for what Python leaves behind."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder) for path in found}


@pytest.mark.parametrize("package", ["adapters", "bot", "content"])
def test_the_packages_are_whole(wheel: Path, package: str) -> None:
    wanted = {path for path in files(ROOT / package) if not UNSHIPPED & set((ROOT / package / path).parents)}
    shipped = {path for path in files(wheel / package) if path.parts[0] != "seeds"}
    assert shipped == wanted


def test_data_files_are_inside(wheel: Path) -> None:
    names = {path.as_posix() for path in files(wheel)}
    for pattern in (
        "bot/reading/model/*.onnx",
        "bot/reading/model/tokenizer.json",
        "bot/reading/model/heads.npz",
        "bot/reading/model/LICENSE",
        "bot/reading/stored/*.heads.npz",
        "bot/rubrics/*.json",
        "bot/store/migrations/versions/v*.py",
        "content/deck.schema.json",
        "content/decks/*.yaml",
    ):
        assert [name for name in names if Path(name).match(pattern)], pattern
    assert {name for name in names if name.startswith("content/seeds/")} == {
        f"content/seeds/{path.name}" for path in (ROOT / "seeds").iterdir()
    }


def test_what_only_the_makers_need_is_not_inside(wheel: Path) -> None:
    assert {path.parts[0] for path in files(wheel)} == {
        "adapters",
        "bot",
        "content",
        "gadfly-0.1.0.dist-info",
    }
    assert not [path for path in files(wheel) if "training" in path.parts or path.suffix in (".txt~", ".pyc")]


def test_the_licences_go_with_it(wheel: Path) -> None:
    (info,) = wheel.glob("*.dist-info")
    assert {path.as_posix() for path in files(info / "licenses")} == {
        "LICENSE",
        "bot/reading/model/LICENSE",
        "bot/reading/model/LICENSE-base",
    }
    assert "gadfly = adapters.__main__:main" in (info / "entry_points.txt").read_text()


def test_the_decks_load_from_it_and_not_from_the_checkout(wheel: Path) -> None:
    program = (
        "import content.library as library; found = library.Library.open();"
        "print(library.__file__, found.problems, len(found.decks), sep='\\n')"
    )
    environ = {**os.environ, "PYTHONPATH": str(wheel), "PYTHONDONTWRITEBYTECODE": "1"}
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=wheel.parent,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    decks = len(list((ROOT / "content" / "decks").glob("*.yaml")))
    assert shown == [str(wheel / "content" / "library.py"), "()", str(decks)]
