"""What one of several machines that share a night wrote down of GitHub's answers, as values.

    entries --Shard.holds--> its part --asked--> answers by question and name --> Recording

Nothing is asked, judged or written here: `fetch.replay` asks and answers by these values, and
`store.shard_file` keeps them between the machines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from pydantic import Field

from aggregator.facts.base import Fact
from aggregator.facts.protocol import Depth, Sizes, Spent, Trouble
from aggregator.facts.record import ReadmeText
from aggregator.facts.repository import Contributors, Glance
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault

MOST_SHARDS = 256  # jobs of one matrix: docs.github.com, "Actions limits"

NotedAnswer = Glance | Depth | ReadmeText | Contributors | Outcome | Fault | Trouble
"""What was said of one repository; a trouble says why nothing was."""


class Question(StrEnum):
    """What a source may be asked, as its methods."""

    GLANCE = "glance"
    GLANCE_BY_ID = "glance_by_id"
    DEPTH = "depth"
    README = "readme"
    CONTRIBUTORS = "contributors"
    ABSENCE = "absence"
    EMPTINESS = "emptiness"


class Shard(Fact):
    """One of so many parts of the entries: `3/8`, the third of eight."""

    number: int = Field(ge=1, le=MOST_SHARDS)
    of: int = Field(ge=1, le=MOST_SHARDS)

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read `3/8`; raises ValueError for anything that names no part."""
        number, slash, of = text.strip().partition("/")
        if not (slash and number.isascii() and number.isdecimal() and of.isascii()):
            raise ValueError("write it as 3/8, the third of eight")
        shard = cls(number=int(number), of=int(of))
        if shard.number > shard.of:
            raise ValueError(f"there is no shard {number} of {of}")
        return shard

    @classmethod
    def that_holds(cls, key: str, of: int) -> "Shard":
        """Say in which of so many parts an entry is: adding another moves none."""
        digest = sha256(key.encode("utf-8", "surrogatepass")).digest()
        return cls(number=int.from_bytes(digest[:8], "big") % of + 1, of=of)

    def holds(self, key: str) -> bool:
        """Tell whether the entry of a key is in this part."""
        return Shard.that_holds(key, self.of) == self

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


class RecordingHeading(Fact):
    """Which part a recording is of, of which night, and whose."""

    shard: Shard
    now: datetime  # when it began; what it confirmed is as old as that
    base: datetime | None = None  # the newest facts of the catalogue that it began from
    community: str | None = None
    repository_id: int | None = None
    sizes: Sizes


class RecordingEnd(Fact):
    """How it ended; a recording that was killed has no end."""

    stopped: Trouble | None = None
    spent: Spent = Spent()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """All that one part brought, as far as it came."""

    heading: RecordingHeading
    answers: Mapping[Question, Mapping[str, NotedAnswer]] = field(default_factory=dict)
    end: RecordingEnd | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return the keys of the entries that it asked about."""
        return frozenset(name.casefold() for name in self.answers.get(Question.GLANCE, ()))
