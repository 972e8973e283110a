"""The seam between the fetching policy and GitHub: what may be asked, and how answers look.

Only plain frozen values and one protocol live here; nothing in this module decides or does. The
policy in ``aggregator.fetch`` asks through it and ``aggregator.github`` answers through it, so
that neither needs to know the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from aggregator.facts.record import ReadmeText
from aggregator.facts.repository import Contributors, Counts, Details, Glance, ReadmeBlob
from aggregator.words.wall import Fault

AnswerT = TypeVar("AnswerT")

GOES_ON = "The next run goes on where this one stopped."  # the cure for every planned end


class TroubleKind(StrEnum):
    """What a failed request calls for."""

    OVERLOADED = "overloaded"  # ask for less at once (502, 504, time-out, resource limits)
    LIMITED = "limited"  # wait until a stated time (primary or secondary rate limit)
    BROKEN = "broken"  # an answer that makes no sense; ask again
    UNREACHABLE = "unreachable"  # no connection at all (DNS, refused, no route)
    REFUSED = "refused"  # asking again cannot help (401, missing scope)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request brought less than was asked for."""

    kind: TroubleKind
    message: str
    cure: str = ""
    wait: float | None = None  # seconds GitHub asked us to wait
    until: datetime | None = None  # or the moment it named
    fault: Fault | None = None  # it was this program that failed at the answer


class AbsenceKind(StrEnum):
    """In which way a repository did not answer."""

    NOT_FOUND = "not found"
    PRIVATE = "private"
    BLOCKED = "blocked"
    FORBIDDEN = "forbidden"
    EMPTY = "empty"  # it is there, and has no commits


@dataclass(frozen=True, slots=True)
class Absent:
    """GitHub answered for this repository, and the answer is that we may not have it."""

    kind: AbsenceKind
    message: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One repository to ask about; ids are used where they are known."""

    name: str  # owner/name
    repository_id: int | None = None
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class Depth:
    """All that pass 2 brings for one repository."""

    details: Details
    counts: Counts | None = None
    contributors: Contributors | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One README blob whose bytes are not in the store."""

    target: Target
    blob: ReadmeBlob


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of one README blob, and the encoding they were found to have."""

    readme: ReadmeText
    encoding: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[AnswerT]):
    """What one batch brought: by the name of its target, and why the rest is missing.

    The only envelope between GitHub and an observation. ``faults`` are the repositories at which
    this program failed; they are answered, in a way, and asking again would not help. Names in
    ``given_up`` are set by the policy alone: asked often enough, and never answered.
    """

    found: Mapping[str, AnswerT] = field(default_factory=dict)
    absent: Mapping[str, Absent] = field(default_factory=dict)
    trouble: Trouble | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    given_up: tuple[str, ...] = ()

    def speaks_of(self, name: str) -> bool:
        """Tell whether this answers for a repository, for better or worse."""
        return name in self.found or name in self.absent or name in self.faults


@dataclass(frozen=True, slots=True)
class Spent:
    """What a source has used so far, and what GitHub says is left."""

    requests: int = 0
    points: int = 0
    not_modified: int = 0
    bytes_received: int = 0
    left: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None
    server_time: datetime | None = None  # what the last answer said the time was


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a source takes at once."""

    wave: int | None  # repositories to carry through all passes before the next; None = all
    glance: int
    depth: int
    readmes: int
    readme_bytes: int  # most bytes of README text in one request
    rotates: bool  # whether unchanged repositories get pass 2 in rotation


class Source(Protocol):
    """Where facts come from; every method is one batch and never raises for a bad answer."""

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""
        ...

    @property
    def spent(self) -> Spent:
        """Return the running bill."""
        ...

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars, by name."""
        ...

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars by id, for repositories that their name no longer finds."""
        ...

    def depth(self, glances: Sequence[Glance]) -> Answer[Depth]:
        """Ask for details, counts and contributors."""
        ...

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[Fetched]:
        """Ask for the bytes of README blobs."""
        ...

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count all contributors of one repository (one REST request for each hundred)."""
        ...

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask once more, in the way that names the reason best (one REST request)."""
        ...

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask in another way whether a repository has no commits (one REST request).

        Found means that it has some; ``EMPTY`` among the absent means that it has none.
        """
        ...

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        ...
