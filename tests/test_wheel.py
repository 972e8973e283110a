"""What is installed is what was tested: the wheel carries everything and works alone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.program import ROOT, files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def run(*words: object, cwd: Path, **variables: str) -> str:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GITHUB_")}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=clean | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the tree as `pip install .` would build it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_every_template_is_in_the_wheel(wheel: Path) -> None:
    """Nothing that pages are made from is missing from, or extra in, the installed package."""
    templates = ROOT / "site_templates"
    here = {
        path.relative_to(templates).as_posix() for path in templates.rglob("*") if path.is_file()
    }
    prefix = "aggregator/site_templates/"
    packed = {
        name.removeprefix(prefix) for name in zipfile.ZipFile(wheel).namelist() if prefix in name
    }
    assert packed == here


def test_every_data_file_is_in_the_wheel(wheel: Path) -> None:
    """Queries, schemas and the sample community travel with the code."""
    package = ROOT / "aggregator"
    here = {
        f"aggregator/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_alone_builds_the_same_site(wheel: Path, demo: Path, tmp_path: Path) -> None:
    """In a fresh environment, far from the checkout, the demo differs in no byte from ours.

    It is another process, too, in which sets have an order of their own.
    """
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (uv, "pip", "install", "--quiet", "--python", scripts / "python")
    run(*pip, "-c", ROOT / "constraints.txt", f"{wheel}[demo]", cwd=tmp_path)
    said = run(scripts / "aggregator", "demo", cwd=tmp_path, PYTHONHASHSEED="2")
    assert f"Look at {tmp_path / 'output' / 'index.html'}" in said
    assert files(tmp_path / "output") == files(demo / "output")
