"""What is installed is what was tested: the wheel carries everything and works alone."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def run(*words: object, cwd: Path) -> str:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GITHUB_")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=clean, capture_output=True, text=True
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


def test_the_wheel_alone_builds_a_site(wheel: Path, tmp_path: Path) -> None:
    """In a fresh environment, far from the checkout, the demo runs from start to site."""
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    constraints = ("-c", ROOT / "constraints.txt")
    run(python, "-m", "pip", "install", "-q", *constraints, f"{wheel}[demo]", cwd=tmp_path)
    said = run(scripts / "aggregator", "demo", cwd=tmp_path)
    assert "output" in said
    assert (tmp_path / "output" / "index.html").is_file()
    assert len(list((tmp_path / "output" / "projects").glob("*/*/index.html"))) > 20
