"""A wheel knows where its action is when its build was told, and carries what an upgrade tells."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.adopting.conftest import PIN
from tests.conftest import ROOT


def built(folder: Path, told: str) -> subprocess.CompletedProcess[str]:
    """Build a wheel into a folder, with what its build is told."""
    words = ("-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT))
    variables = os.environ | {"AGGREGATOR_ACTION": told}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=variables, capture_output=True, text=True
    )


@pytest.mark.timeout(300)
def test_a_wheel_carries_what_its_build_was_told(tmp_path: Path) -> None:
    """Whoever installs a release gets workflows that are pinned to the commit of that release."""
    done = built(tmp_path, PIN)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = map(zipfile.ZipFile, tmp_path.glob("*.whl"))
    assert wheel.read("aggregator/adopting/action.txt").decode() == f"{PIN}\n"
    assert wheel.read("aggregator/CHANGELOG.md") == (ROOT / "CHANGELOG.md").read_bytes()
    assert not (ROOT / "aggregator" / "adopting" / "action.txt").exists()


def test_a_build_that_was_told_a_branch_stops(tmp_path: Path) -> None:
    """A pin that can be moved is no pin, and no wheel comes of it."""
    done = built(tmp_path, "example/aggregator@main")
    assert done.returncode != 0
    assert "40 digits" in done.stdout + done.stderr
    assert list(tmp_path.glob("*.whl")) == []
