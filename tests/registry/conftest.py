"""A registry on disk, in a git checkout when a test wants one."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

REGISTRY = """\
showcase:
  title: Our projects   # shown on top
  stages: [idea, in use]

organisations:
  - slug: example-trust
    name: Example Community NHS Foundation Trust
    acronym: ECT
    github: [example-trust]

projects:
  # the first ones
  - octo/alpha
  - repo: octo/gamma   # a favourite
    title: 'Gamma'
    tags: [x,  y]

  # later
  - octo/omega
"""


@dataclass
class Checkout:
    """A folder with a registry, under git."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where registry.yaml is."""
        return self.folder / "registry.yaml"

    def git(self, *words: str) -> None:
        """Run git here."""
        command = ["git", "-C", str(self.folder), "-c", "user.name=A", "-c", "user.email=a@b.cd"]
        subprocess.run([*command, *words], check=True, capture_output=True)

    def shown(self, what: str) -> str:
        """Read a file as it is on a branch."""
        command = ["git", "-C", str(self.folder), "show", what]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(self, text: str | None = None) -> None:
        """Write registry.yaml, when a text is given, and commit everything."""
        if text is not None:
            self.path.write_text(text, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")


@pytest.fixture
def registry_file(tmp_path: Path) -> Path:
    """A registry on disk."""
    path = tmp_path / "registry.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A registry committed on main, with a branch for a change checked out."""
    made = Checkout(tmp_path)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit(REGISTRY)
    made.git("switch", "--quiet", "--create", "change")
    return made
