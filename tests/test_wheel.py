"""What is installed is what was tested: the wheel carries everything and works alone."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from aggregator import __version__
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
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both packages, built as a release builds them: the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("packages")
    run(sys.executable, "-m", "build", "--no-isolation", "-o", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(packages: Path) -> Path:
    """The wheel."""
    (built,) = packages.glob("*.whl")
    return built


def installed(folder: Path, package: Path) -> Path:
    """Install a package into an environment of its own, and give where its programs are."""
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (uv, "pip", "install", "--quiet", "--python", scripts / "python")
    run(*pip, "-c", ROOT / "constraints.txt", f"{package}[demo]", cwd=folder)
    return scripts


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
    scripts = installed(tmp_path, wheel)
    said = run(scripts / "aggregator", "demo", cwd=tmp_path, PYTHONHASHSEED="2")
    assert f"Look at {tmp_path / 'output' / 'index.html'}" in said
    assert files(tmp_path / "output") == files(demo / "output")


def test_the_source_package_alone_makes_a_site(packages: Path, tmp_path: Path) -> None:
    """It is installed from its own text, under both names of the command, and begins a folder."""
    (source,) = packages.glob("*.tar.gz")
    scripts = installed(tmp_path, source)
    assert __version__ in run(scripts / "community-showcase", "--version", cwd=tmp_path)
    run(scripts / "aggregator", "demo", cwd=tmp_path)
    assert (tmp_path / "output" / "index.html").stat().st_size
    run(scripts / "aggregator", "init", "made", "--title", "Made in a moment", cwd=tmp_path)
    run(scripts / "aggregator", "check", "--registry", "made/registry.yaml", cwd=tmp_path)


def test_packages_carry_the_name_and_the_version_of_the_one_place(packages: Path) -> None:
    """PyPI gets what the package says of itself; neither file holds what only tests need."""
    names = {path.name for path in packages.iterdir()}
    stem = f"community_showcase-{__version__}"
    assert names == {f"{stem}.tar.gz", f"{stem}-py3-none-any.whl"}
    with tarfile.open(packages / f"{stem}.tar.gz") as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"aggregator", "site_templates", "hatch_build.py", "CHANGELOG.md", "LICENSE"} <= tops
    assert tops.isdisjoint({"tests", "node_modules", ".venv", "build"})


def test_the_image_is_given_all_that_its_build_reads(tmp_path: Path) -> None:
    """What the Dockerfile copies, and .dockerignore lets through, makes the package."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    first = text.partition("RUN ")[0]
    copied = [words.split()[:-1] for words in re.findall(r"^COPY (.*)$", first, re.MULTILINE)]
    for name in {Path(word).name for words in copied for word in words}:
        assert f"!{name}" in let_through
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    build = ("-m", "build", "--wheel", "--no-isolation", "-o", tmp_path / "dist", tmp_path)
    run(sys.executable, *build, cwd=tmp_path)
    assert list((tmp_path / "dist").glob("*.whl"))
