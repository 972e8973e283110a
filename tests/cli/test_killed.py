"""A process that dies while it builds leaves a whole site, the old one or the new one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import clean_environment, files

# Spread over a build, which spends its last third on writing and swapping.
SECONDS = (0.9, 1.1, 1.3, 1.5, 1.7, 1.9, 2.1, 2.3)


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with facts and a site built from them."""
    return Path(shutil.copytree(sample, tmp_path_factory.mktemp("killed"), dirs_exist_ok=True))


@pytest.mark.parametrize("seconds", SECONDS)
def test_readers_never_see_half_a_site(folder: Path, seconds: float) -> None:
    """Whenever a build is killed, each page of the site is still there and still the same."""
    whole = files(folder / "output")
    build = [sys.executable, "-m", "aggregator", "build"]
    process = subprocess.Popen(
        build, cwd=folder, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    assert files(folder / "output") == whole
