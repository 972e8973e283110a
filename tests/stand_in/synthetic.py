"""Make any number of repositories for benchmarks and for tests of scale.

The same number always gives the same world. Names, words and dates are made from the index alone.
"""

from datetime import UTC, datetime, timedelta

from aggregator.demo.git import History, Tree
from aggregator.demo.world import Account, Repository, Tag, WorldIssue, WorldRelease
from aggregator.words.phrases import timestamp
from tests.stand_in.world import World

LANGUAGES = ("Python", "R", "Jupyter Notebook", "HTML", "JavaScript", "TSQL")
LICENCES = ("MIT", "Apache-2.0", "GPL-3.0", None, "MIT", "BSD-3-Clause")
SUBJECTS = ("waiting-times", "bed-model", "discharge", "referrals", "theatre", "vaccines")
KINDS = ("dashboard", "pipeline", "package", "notebook", "report", "api")
OWNERS_SHARE = 12
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
SHARED_FILES = {
    "LICENSE": b"MIT License\n",
    "CONTRIBUTING.md": b"# Contributing\n\nSay hello in an issue first.\n",
    "pyproject.toml": b'[project]\nname = "example"\n',
    "src/example/__init__.py": b"",
    "tests/test_example.py": b"",
    ".github/workflows/tests.yml": b"on: push\n",
    "docs/index.md": b"# Documentation\n",
}


def synthetic_world(count: int) -> World:
    """Make a world of `count` public repositories with all that a fetcher may ask for."""
    owners = [f"synthetic-owner-{n}" for n in range(max(1, count // OWNERS_SHARE))]
    accounts = [Account(login, login.title(), "Organization") for login in owners]
    made = (_repository(n, owners[n % len(owners)]) for n in range(count))
    return World(made, accounts, now=timestamp(NOW))


def _repository(index: int, owner: str) -> Repository:
    subject, kind = SUBJECTS[index % 6], KINDS[index // 6 % 6]
    name = f"{subject}-{kind}-{index}"
    pushed = timestamp(NOW - timedelta(hours=index % 700 * 13))
    return Repository(
        id=100_000 + index,
        owner=owner,
        name=name,
        created_at=timestamp(NOW - timedelta(days=1200 + index % 400)),
        updated_at=pushed,
        pushed_at=pushed,
        description=f"A {kind} about {subject.replace('-', ' ')}, number {index}",
        homepage=None,
        topics=(subject, kind, "health"),
        language_bytes={LANGUAGES[index % 6]: 20_000 + index, "Shell": 400},
        licence=LICENCES[index % 6],
        stars=index % 97,
        forks=index % 13,
        tree=Tree({**SHARED_FILES, "README.md": _readme(name, subject, kind)}),
        history=_history(index, name, pushed),
        releases=_releases(index, pushed),
        tags=tuple(Tag(f"v0.{n}.0", pushed) for n in range(index % 4)),
        issues=_issues(index, pushed),
        open_issues=index % 7,
    )


def _readme(name: str, subject: str, kind: str) -> bytes:
    plain = subject.replace("-", " ")
    paragraph = f"This {kind} helps analysts who look after {plain} to see what changes. "
    return f"# {name}\n\n{paragraph * 6}\n\n## Use\n\n```sh\nmake {kind}\n```\n".encode()


def _history(index: int, name: str, pushed: str) -> History:
    first = timestamp(NOW - timedelta(days=1199 + index % 400))
    return History(
        seed=name,
        first_at=first,
        last_at=pushed,
        described=6 + index % 30,
        authors=((f"synthetic-person-{index % 50}", 3), (f"synthetic-person-{index % 7}", 1)),
    )


def _releases(index: int, pushed: str) -> tuple[WorldRelease, ...]:
    if index % 4 == 0:
        return ()
    return tuple(WorldRelease(f"v0.{n}.0", pushed, f"Version 0.{n}") for n in range(index % 4))


def _issues(index: int, pushed: str) -> tuple[WorldIssue, ...]:
    labels = ("good first issue", "help wanted")
    return tuple(
        WorldIssue(n + 1, f"Improve step {n + 1}", pushed, pushed, (labels[n % 2],))
        for n in range(index % 3)
    )
