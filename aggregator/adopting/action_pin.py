"""At which address and commit the composite action of this program is, for workflows to use.

That is a setting of the build: a wheel is told with AGGREGATOR_ACTION and carries it in
`action.txt` (`hatch_build.py`), and pip notes it of what it installs from a repository (PEP 610,
https://packaging.python.org/en/latest/specifications/direct-url/). Where neither is so, nobody
knows, and that is said: nothing here guesses.
"""

import json
import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError
from importlib.resources import files
from typing import Self

from aggregator.words.addresses import split_address
from aggregator.words.errors import UsageError
from aggregator.words.names import RepoName, meant_repo

BUILT_WITH = "action.txt"
PACKAGE = "community-showcase"  # as PyPI knows this program
_FORM = re.compile(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40})", re.ASCII)
_USED = re.compile(r"uses: +(?!actions/)([\w.-]+/[\w.-]+@[0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ActionPin:
    """The composite action: its repository on GitHub, and the commit of it."""

    repository: RepoName
    commit: str

    @classmethod
    def unknown(cls) -> Self:
        """Give one that stands for any, for whoever only asks which files there would be."""
        return cls(RepoName("owner", "name"), "0" * 40)

    def __str__(self) -> str:
        return f"{self.repository}@{self.commit}"


def read_pin(text: str) -> ActionPin:
    """Read OWNER/NAME@COMMIT, as somebody types it.

    Raises:
        UsageError: It is something else; a branch or a tag, which can be moved, included.
    """
    match = _FORM.fullmatch(text.strip())
    try:
        return ActionPin(RepoName.parse(match[1] if match else ""), match[2] if match else "")
    except ValueError:
        cure = "write OWNER/NAME@COMMIT, with all 40 digits of the commit"
        raise UsageError("--action", f"{text[:120]!r} names no commit of an action", cure) from None


def built_pin() -> ActionPin | None:
    """Say what this copy of the program was built with; None when it was not told."""
    told = files("aggregator.adopting") / BUILT_WITH
    if told.is_file():
        return read_pin(told.read_text("utf-8"))
    try:
        noted = Distribution.from_name(PACKAGE).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return installed_from(noted or "{}")


def installed_from(noted: str) -> ActionPin | None:
    """Read what pip noted of where a package came from; None unless that is a commit on GitHub."""
    origin = json.loads(noted)
    version = origin.get("vcs_info", {})
    address = split_address(str(origin.get("url", "")))
    if version.get("vcs") != "git" or address is None or address.hostname != "github.com":
        return None
    repository = meant_repo(f"https://github.com{address.path}")
    commit = str(version.get("commit_id", ""))
    is_commit = _FORM.fullmatch(f"a/b@{commit}") is not None
    return ActionPin(repository, commit) if repository and is_commit else None


def pin_in(workflow: str) -> ActionPin | None:
    """Find the action of this program in a workflow that was written for a community."""
    match = _USED.search(workflow)
    return read_pin(match[1]) if match else None
