"""docs/quickstart.md does what it says: every command block is run, one after the other."""

import os
import re
import resource
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.adopting.conftest import PIN
from tests.conftest import ROOT
from tests.program import asking, clean_environment
from tests.stand_in.server import Server

pytestmark = pytest.mark.timeout(300)

PAGE = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
# `gh` as it is after logging in: it keeps what it is told, and makes the repository asked for.
GH = """#!/bin/bash
echo "$*" >> "$GH_LOG"
if [[ "$1 $2" == "repo create" ]]; then
  git init --quiet --bare "$GH_HOME/$3.git"
  git remote add origin "$GH_HOME/$3.git"
  git push --quiet origin HEAD
fi
"""
SECONDS = 60  # from the first command to an open site, on a machine that does nothing else


def seconds_of_work() -> float:
    """Say what the programs that ended so far took of a processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@dataclass
class Newcomer:
    """Somebody at a shell in an empty folder, who goes through the page from top to bottom."""

    folder: Path
    variables: dict[str, str]
    said: list[str] = field(default_factory=list)

    def types(self, block: str) -> None:
        """Run a block in the folder that the last one ended in."""
        where = self.folder.parent / "where"
        script = f"{block}\npwd > '{where}'\n"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        self.said.append(done.stdout)
        self.folder = Path(where.read_text(encoding="utf-8").strip())

    def looks(self, block: str) -> str:
        """Run a block that serves, open what it serves, and end it as Ctrl-C does."""
        words = [sys.executable, "-m", *block.split(), "--port", "0"]
        where = {"cwd": self.folder, "env": self.variables}
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, **where) as process:  # type: ignore[call-overload]
            try:
                for line in process.stdout or ():
                    if address := re.search(r"http://[\w.:]+/", line):
                        with urllib.request.urlopen(address[0], timeout=20) as page:
                            return str(page.read().decode())
            finally:
                process.send_signal(signal.SIGINT)
        raise AssertionError("nothing was served")


@pytest.fixture
def newcomer(tmp_path: Path, climate: Server) -> Newcomer:
    """Somebody with the program, git and GitHub's own program."""
    programs, folder = tmp_path / "bin", tmp_path / "empty"
    for made in (programs, folder, tmp_path / "github"):
        made.mkdir()
    (programs / "gh").write_text(GH, encoding="utf-8")
    program = f'#!/bin/bash\nexec "{sys.executable}" -m aggregator "$@"\n'
    (programs / "aggregator").write_text(program, encoding="utf-8")
    for name in ("gh", "aggregator"):
        (programs / name).chmod(0o755)
    who = {
        f"GIT_{role}_{part}": "a@b.cd"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    variables = clean_environment() | asking(climate) | who
    variables["PATH"] = f"{programs}:{variables['PATH']}"
    variables |= {"HOME": str(tmp_path), "GH_LOG": str(tmp_path / "gh.log")}
    variables |= {"GH_HOME": str(tmp_path / "github"), "GIT_CONFIG_SYSTEM": os.devnull}
    return Newcomer(folder, variables)


def test_every_command_of_the_page_works_from_an_empty_folder(newcomer: Newcomer) -> None:
    """From one link to a site on GitHub, and the site is open within a minute."""
    begun = seconds_of_work()
    start = newcomer.folder
    served = []
    for block in BLOCKS:
        if block.strip() == "aggregator serve":
            served.append(newcomer.looks(block))
            assert seconds_of_work() - begun < SECONDS
        else:
            newcomer.types(block)
    assert len(served) == 1
    assert "Open Climate Tools" in served[0]
    showcase = start / "showcase"
    assert newcomer.folder == showcase
    assert "tidewatch-collective/saltmarsh-counts" in (showcase / "registry.yaml").read_text(
        "utf-8"
    )
    assert 'title: "Climate tools of the coast"' in (start / "climate/registry.yaml").read_text(
        "utf-8"
    )
    workflow = yaml.safe_load((showcase / ".github/workflows/showcase.yml").read_bytes())
    used = {step["uses"] for job in workflow["jobs"].values() for step in job["steps"]}
    assert any(re.fullmatch(r"[\w-]+/aggregator@[0-9a-f]{40}", one) for one in used)
    pushed = start.parent / "github" / "open-climate-tools" / "showcase.git"
    listed = subprocess.run(
        ["git", "-C", pushed, "ls-tree", "-r", "--name-only", "main"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "registry.yaml" in listed
    assert not [name for name in listed if name.startswith(("output/", ".aggregator"))]
    told = (start.parent / "gh.log").read_text(encoding="utf-8")
    assert "build_type=workflow" in told
    assert "can_approve_pull_request_reviews=true" in told


def test_the_page_says_every_way_and_every_command_is_in_a_block() -> None:
    """No form of list is missing from the page, and no command stands outside what is tested."""
    forms = ("topic:", "stars:", "awesome", "projects.yaml", "software/", "_data/projects/", ".csv")
    assert [word for word in forms if word not in PAGE] == []
    assert len(BLOCKS) >= 6
    assert {"init", "run", "serve", "check", "upgrade"} <= set(
        re.findall(r"^aggregator ([a-z-]+)", "".join(BLOCKS), re.MULTILINE)
    )
    assert "```" not in re.sub(r"^```sh\n.*?^```", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert PIN.partition("@")[2] in PAGE
