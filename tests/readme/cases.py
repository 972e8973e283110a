"""Finds the cases: a README beside what must come of it, and sometimes where it stands."""

import json
from dataclasses import dataclass
from pathlib import Path

from aggregator.readme.readme import ReadmeSource
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "readme"
EXPECTED = frozenset({".html", ".json", ".txt"})
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def source_of(data: bytes, path: str = "README.md", **where: str | bool) -> ReadmeSource:
    """Place a README in a repository that every case shares."""
    facts = {"repository": "owner/name", "ref": COMMIT, "branch": "main", **where}
    return ReadmeSource(data=data, path=path, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """A README of a case folder, with its neighbours of the same name."""

    file: Path

    @property
    def source(self) -> ReadmeSource:
        """Give the README, placed where `NAME.json` says if there is one."""
        beside = self.file.with_suffix(".json")
        where = json.loads(beside.read_text()) if beside.exists() else {}
        return source_of(self.file.read_bytes(), where.pop("path", self.file.name), **where)

    def expected(self, suffix: str) -> str:
        """Read what must come of it."""
        return self.file.with_name(self.file.name + suffix).read_text("utf-8")


def cases(*kinds: str) -> list[Case]:
    """List the cases of some folders."""
    files = [file for kind in kinds for file in sorted((CASES / kind).iterdir())]
    return [Case(file) for file in files if file.suffix not in EXPECTED or _is_input(file)]


def _is_input(file: Path) -> bool:
    return file.with_name(f"{file.name}.html").exists()


def name_of(case: Case) -> str:
    """Name a case in the test's report."""
    return f"{case.file.parent.name}/{case.file.name}"
