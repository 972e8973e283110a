"""The browser's modules pass their own tests, which read the same cases as Python's."""

import os
import shutil
import subprocess

import pytest

from tests.conftest import ROOT
from tests.search.shared_cases import FILE, cases, text_of

NODE = shutil.which("node")


def test_the_cases_that_both_halves_read_are_what_python_answers() -> None:
    """The browser's modules are held to the answers of today, not of some earlier version."""
    assert FILE.read_text(encoding="utf-8") == text_of(cases()), (
        "if the rule was changed on purpose: python -m tests.search.shared_cases"
    )


@pytest.mark.skipif(
    NODE is None and not os.environ.get("CI"), reason="there is no node to run the scripts' tests"
)
def test_the_modules_of_the_browser_pass_their_tests() -> None:
    """Each module alone, and all together, answer as Python does."""
    assert NODE, "CI must have node"
    command = [NODE, "--test", *map(str, sorted((ROOT / "tests" / "browser").glob("*.test.mjs")))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout
