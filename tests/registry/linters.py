"""The two linters of workflows, as `make test` has them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ACTIONLINT = ROOT / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"


def lint_workflows(folder: Path) -> None:
    """Assert that no linter finds anything in the workflows of a folder, nor leaves one out."""
    zizmor = Path(sys.executable).with_name("zizmor")
    strict = ("--offline", "--no-progress", "--persona", "pedantic", "--no-config")
    command = [str(zizmor), *strict, str(folder)]
    audited = subprocess.run(command, capture_output=True, text=True)
    assert audited.returncode == 0, audited.stdout + audited.stderr
    texts = {path: path.read_text("utf-8") for path in sorted(folder.rglob("*.yml"))}
    for path, text in texts.items():
        path.write_text(re.sub("@[0-9a-f]{40}", "@main", text), encoding="utf-8")
        if path.read_text("utf-8") != text:
            assert subprocess.run(command, capture_output=True).returncode != 0, path.name
        path.write_text(text, encoding="utf-8")
    _actionlint(folder / ".github" / "workflows")


def _actionlint(folder: Path) -> None:
    node = shutil.which("node")
    if node is None or not ACTIONLINT.is_file():
        pytest.skip("zizmor found nothing; actionlint is not here: `make test` installs it by npm")
    count = len(list(folder.glob("*.yml")))
    command = [node, str(ACTIONLINT), "*.yml"]
    read = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert read.returncode == 0, read.stdout + read.stderr
    assert f"Checking {count} workflow" in read.stdout
    some = min(folder.glob("*.yml"))
    some.write_text(some.read_text("utf-8").replace("runs-on", "run-on"), encoding="utf-8")
    spoilt = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert "run-on" in spoilt.stdout
    assert spoilt.returncode == 1
