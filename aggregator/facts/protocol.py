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
from aggregator.facts.repository import Contributors, Glance, ReadmeBlob, RepoFacts
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault

AnswerT = TypeVar("AnswerT")

NEWEST_COMMITS = 100  # that a look at people sees; GitHub gives no more in one answer
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


SILENCE = Trouble(TroubleKind.OVERLOADED, "GitHub gave no answer")


@dataclass(frozen=True, slots=True)
class Target:
    """One repository to ask about; ids are used where they are known."""

    name: str  # owner/name
    repository_id: int | None = None
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeepLook:
    """One repository to look into, and how far."""

    glance: Glance
    people: bool = False  # who wrote its newest commits; by far the largest part of an answer
    readme: bool = False  # its README in the same answer, where its name is the usual one


@dataclass(frozen=True, slots=True)
class Depth:
    """What a look into one repository brought."""

    facts: RepoFacts
    readme: ReadmeText | None = None  # exact bytes of the README that ``facts`` name


@dataclass(frozen=True, slots=True)
class Wanted:
    """One README whose bytes are not in the store."""

    glance: Glance  # of the repository that has it
    blob: ReadmeBlob


@dataclass(frozen=True, slots=True)
class Answer(Generic[AnswerT]):
    """What one batch brought: what is said of each target, by its name, and why the rest is not.

    The only envelope between GitHub and an observation. An ``Outcome`` in the place of facts says
    that we may not have them: gone, private, blocked, forbidden, or empty. A ``Fault`` says that
    this program failed at a repository: that is an answer too, and asking again would not help. A
    ``Trouble`` of one repository is set by the policy alone: asked often enough, never answered.
    """

    said: Mapping[str, AnswerT | Outcome | Fault | Trouble] = field(default_factory=dict)
    trouble: Trouble | None = None

    @property
    def found(self) -> dict[str, AnswerT]:
        """Return the targets of which there are facts."""
        return {
            name: one
            for name, one in self.said.items()
            if not isinstance(one, Outcome | Fault | Trouble)
        }


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
    depth: int  # looks into repositories; one that asks for people takes two places
    readmes: int
    readme_bytes: int  # most bytes of README text in one request
    rotates: bool  # whether unchanged repositories get pass 2 in rotation


class Source(Protocol):
    """Where facts come from; every method is one batch and never raises for a bad answer."""

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""

    @property
    def spent(self) -> Spent:
        """Return the running bill."""

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars, by name."""

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars by id, for repositories that their name no longer finds."""

    def depth(self, looks: Sequence[DeepLook]) -> Answer[Depth]:
        """Ask for details and counts, and as far as is asked for people and the README."""

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[ReadmeText]:
        """Ask for the bytes of README blobs."""

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count all contributors of one repository (one REST request for each hundred)."""

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask once more, in the way that names the reason best (one REST request)."""

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask in another way whether a repository has no commits (one REST request).

        Found means that it has some; ``Outcome.EMPTY`` means that it has none.
        """

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
