"""What a person read as the start command of each real README, and what is found today.

`tests/cases/starts.jsonl` holds one reading a line: the repository, the file and the beginning of
its SHA-256, whether it was set aside while rules were written (`is_set_aside`), the command that a
person would pass on, and the verdict: `right` where that is what is shown, `missed` where nothing
is. READMEs without such a command are not in it.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.readme.readme import Readme, ReadmeSource
from aggregator.readme.rendering import render
from tests.conftest import ROOT

READINGS = ROOT / "tests" / "cases" / "starts.jsonl"
_COMMIT = "0" * 40


@dataclass(frozen=True)
class Reading:
    """One README: what somebody read in it, and what is shown of it."""

    name: str
    expected: str | None
    verdict: str
    shown: str | None

    @property
    def is_right(self) -> bool:
        """Whether what is shown is what a person would pass on."""
        return self.shown is not None and self.verdict == "right" and self.shown == self.expected

    @property
    def is_unread(self) -> bool:
        """Whether something is shown that nobody has read and found right."""
        return self.shown is not None and not self.is_right


def is_set_aside(repository: str, path: str) -> bool:
    """Tell which half a README is in: set aside where a hash of its name begins with an odd digit.

    The rules were written with the other half before this one was looked at.
    """
    digest = hashlib.sha256(f"{repository}/{path}".encode()).hexdigest()
    return int(digest[0], 16) % 2 == 1


def read_all(corpus: Path) -> Iterator[tuple[bool, Reading]]:
    """Render every real README: whether it was set aside, and how it fares."""
    known = {}
    for line in READINGS.read_text("utf-8").splitlines():
        told = json.loads(line)
        known[told["repository"], told["path"], told["sum"]] = told
    for source in sources(corpus):
        key = (source.repository, source.path, hashlib.sha256(source.data).hexdigest()[:12])
        told = known.get(key, {})
        shown = _start_of(render(source))
        expected = "\n".join(told["command"]) if told else None
        reading = Reading("/".join(key), expected, told.get("verdict", "none"), shown)
        yield is_set_aside(source.repository, source.path), reading


def sources(corpus: Path) -> Iterator[ReadmeSource]:
    """Give every real README of the folder beside the project, those of odd formats too."""
    for line in (corpus / "repositories.jsonl").read_text("utf-8").splitlines():
        facts = json.loads(line)
        if facts["readme_file"]:
            yield _source(corpus, facts["readme_file"], facts["full_name"], facts["readme_path"])
    for odd in json.loads((corpus / "readmes_odd.json").read_text("utf-8")):
        yield _source(corpus, odd["file"], odd["repo"], odd["path"])


def _source(corpus: Path, file: Any, repository: str, path: str) -> ReadmeSource:
    data = gzip.decompress((corpus / file).read_bytes())
    return ReadmeSource(data, path, repository, _COMMIT, "main")


def _start_of(readme: Readme) -> str | None:
    return readme.start.code if readme.start else None
