"""Commit histories that are described by a few numbers and spelled out only when asked for.

Pure values, used by `model` and by the loaders. The same description always gives the same
commits, so a world of ten thousand repositories costs no memory for its half a million commits.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice

MESSAGES = (
    "Tidy up the README",
    "Add a test for missing values",
    "Fix the date parsing of the weekly extract",
    "Update dependencies",
    "Explain the method in more words",
    "Make the chart readable in black and white",
    "Handle an empty input without falling over",
    "Refactor the data loading",
    "Correct a label",
    "Add an example",
)


def stamp(moment: datetime) -> str:
    """Write a moment as GitHub writes it: UTC, whole seconds, `Z` at the end."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read a time as GitHub writes it; a time without a zone is taken as UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: who (a login; empty when not known), when, what."""

    oid: str
    date: str
    message: str
    author: str


@dataclass(frozen=True)
class History:
    """The commits of a default branch, newest first.

    Args of the constructor: `seed` makes ids differ between repositories; `first_at`, `last_at`
    and `described` say how many commits lie between which times; `authors` are pairs of author
    and share; `oid` fixes the id of the newest described commit; `pushed` are commits made later,
    newest first. `known_only`
    is for worlds that know the number of commits but not their dates: only the two ends are shown.
    `later` commits, the newest ones, have not been made yet.
    """

    seed: str = ""
    first_at: str = ""
    last_at: str = ""
    described: int = 0
    authors: tuple[tuple[str, int], ...] = ()
    oid: str | None = None
    messages: tuple[str, ...] = MESSAGES
    pushed: tuple[Commit, ...] = ()
    known_only: bool = False
    later: int = 0

    @property
    def count(self) -> int:
        """Count the commits."""
        return self.described - self.later + len(self.pushed)

    @cached_property
    def head(self) -> Commit | None:
        """Give the newest commit."""
        return next(iter(self), None)

    @cached_property
    def by_author(self) -> dict[str, int]:
        """Count the commits of each author, most first."""
        counts: dict[str, int] = {}
        for commit in self:
            counts[commit.author] = counts.get(commit.author, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def __iter__(self) -> Iterator[Commit]:
        yield from self.pushed
        ages: Iterable[int] = range(self.later, self.described)
        if self.known_only:
            ages = sorted({0, self.described - 1} if self.described else ())
        yield from (self._commit(age) for age in ages)

    def since(self, start: str | None, until: str | None = None) -> Iterator[Commit]:
        """Yield the commits between two times, newest first."""
        earliest = stamp(moment(start)) if start else ""
        latest = stamp(moment(until)) if until else "9999"
        for commit in self:
            if commit.date < earliest:
                return
            if commit.date <= latest:
                yield commit

    def find(self, oid: str) -> Commit | None:
        """Find a commit by its full id."""
        return next((c for c in islice(self, 5_000) if c.oid == oid), None)

    def as_of(self, date: str) -> "History":
        """Give the history as it was at a time in the past."""
        return replace(self, later=sum(commit.date > date for commit in self))

    def after(self, commit: Commit) -> "History":
        """Give the history with one more commit on top."""
        return replace(self, pushed=(commit, *self.pushed))

    def _commit(self, age: int) -> Commit:
        digest = hashlib.sha1(f"{self.seed}:{age}".encode(), usedforsecurity=False).digest()
        oid = self.oid if age == 0 and self.oid else digest.hex()
        return Commit(oid, self._date(age, digest), self._message(digest), self._author(digest))

    def _date(self, age: int, digest: bytes) -> str:
        """Spread the commits: more of them lately, none outside of the two ends."""
        if age == 0:
            return self.last_at
        if age == self.described - 1:
            return self.first_at
        last, first = moment(self.last_at), moment(self.first_at)
        shares = (age + digest[0] / 256) / self.described
        return stamp(last - (last - first) * shares**1.3)

    def _message(self, digest: bytes) -> str:
        return self.messages[digest[1] % len(self.messages)]

    def _author(self, digest: bytes) -> str:
        total = sum(share for _, share in self.authors)
        point = int.from_bytes(digest[2:6]) % max(total, 1)
        for author, share in self.authors:
            point -= share
            if point < 0:
                return author
        return ""
