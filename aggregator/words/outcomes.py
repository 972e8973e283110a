"""How a look at one registry entry can end, and the words for it: everything says the same.

The words are English, as messages. Pages say them in their language; reports, exports and the
command line take them as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from aggregator.words.speech import later, say


class Outcome(StrEnum):
    """How the last look at one registry entry ended."""

    ACTIVE = "active"  # answered, and something is new since the last look
    UNCHANGED = "unchanged"  # answered, nothing is new
    RENAMED = "renamed"  # answers under another name of the same owner
    TRANSFERRED = "transferred"  # answers under another owner
    NAME_REUSED = "name_reused"  # the name now belongs to a different repository
    GONE = "gone"  # answers neither by name nor by id
    PRIVATE = "private"  # our token can see that it is no longer public
    BLOCKED = "blocked"  # GitHub blocks it (HTTP 451)
    FORBIDDEN = "forbidden"  # the token is not let in (SAML single sign-on, IP allow list)
    EMPTY = "empty"  # exists and has no commits
    UNREACHABLE = "unreachable"  # GitHub gave no usable answer
    SKIPPED = "skipped"  # the budget of this run ended before its turn

    @property
    def answered(self) -> bool:
        """Whether GitHub confirmed the repository as public in that look."""
        return self in _ANSWERED

    @property
    def erases(self) -> bool:
        """Whether README, description and cached copies must be erased."""
        return self in _ERASING

    @property
    def inconclusive(self) -> bool:
        """Whether the look taught us nothing about the repository itself."""
        return self in _INCONCLUSIVE


_ANSWERED = frozenset(
    {
        Outcome.ACTIVE,
        Outcome.UNCHANGED,
        Outcome.RENAMED,
        Outcome.TRANSFERRED,
        Outcome.EMPTY,
    }
)
_ERASING = frozenset({Outcome.GONE, Outcome.PRIVATE, Outcome.BLOCKED})
_INCONCLUSIVE = frozenset({Outcome.UNREACHABLE, Outcome.SKIPPED})


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What we say of an outcome.

    Args:
        state: a few words for a list of entries.
        report: the same for the report of a run, after a number of entries.
        title: the heading of the notice to visitors; empty where none is needed.
        text: what visitors should know before reading on.
        badge: what the badge of such a project says; empty where it says how far it is.
    """

    state: str
    report: str
    title: str = ""
    text: str = ""
    badge: str = ""


_KNOWN: Mapping[Outcome, OutcomeWords] = {
    Outcome.ACTIVE: OutcomeWords(later("Confirmed, with news"), "new or changed"),
    Outcome.UNCHANGED: OutcomeWords(later("Confirmed"), "unchanged"),
    Outcome.RENAMED: OutcomeWords(later("Confirmed under a new name"), "renamed"),
    Outcome.TRANSFERRED: OutcomeWords(
        later("Confirmed with a new owner"), "transferred to another owner"
    ),
    Outcome.NAME_REUSED: OutcomeWords(
        later("Name taken by another repository"),
        "name now used by a different repository",
        later("This name now belongs to another repository"),
        later(
            "Somebody else uses the name that was listed here. What you see is about the project "
            "that was listed, not about theirs."
        ),
    ),
    Outcome.GONE: OutcomeWords(
        later("No longer on GitHub"),
        "gone",
        later("No longer on GitHub"),
        later(
            "Its owner may have moved or removed it. What was shown here has been taken "
            "down; this page stays so that links to it still lead somewhere."
        ),
        later("no longer listed"),
    ),
    Outcome.PRIVATE: OutcomeWords(
        later("No longer public"),
        "private",
        later("No longer public"),
        later(
            "Its owner has made this repository private. What was shown here has been "
            "taken down; this page stays so that links to it still lead somewhere."
        ),
        later("no longer listed"),
    ),
    Outcome.BLOCKED: OutcomeWords(
        later("Blocked by GitHub"),
        "blocked by GitHub",
        later("Not available on GitHub"),
        later(
            "GitHub does not show this repository at present, so nothing of it is shown here "
            "either."
        ),
        later("no longer listed"),
    ),
    Outcome.FORBIDDEN: OutcomeWords(
        later("Not allowed to look"),
        "closed to our token",
        later("GitHub did not let us in"),
        later(
            "Its owner limits who may read it by machine. What you see was true when it "
            "was last confirmed."
        ),
    ),
    Outcome.EMPTY: OutcomeWords(
        later("No commits yet"),
        "empty",
        later("No code yet"),
        later("The repository exists and is waiting for its first commit."),
    ),
    Outcome.UNREACHABLE: OutcomeWords(
        later("Could not be reached"),
        "not answered",
        later("GitHub could not be reached"),
        later(
            "The last look at this repository failed. What you see was true when it was "
            "last confirmed."
        ),
    ),
    Outcome.SKIPPED: OutcomeWords(later("Waiting for its turn"), "left for the next run"),
}
# Nothing was ever here that could have been lost or taken down.
_NEVER_FOUND: Mapping[Outcome, OutcomeWords] = {
    Outcome.GONE: OutcomeWords(
        later("Not found on GitHub: check the spelling"),
        "not found on GitHub: check the spelling",
        later("Not found on GitHub"),
        later(
            "GitHub knows no public repository of this name. Whoever listed it: check the "
            "spelling, and that the repository is public."
        ),
        later("not found on GitHub"),
    ),
    Outcome.PRIVATE: OutcomeWords(
        later("Not public"),
        "not public",
        later("Not public"),
        later("This repository is private, so nothing of it is shown here."),
        later("not public"),
    ),
    Outcome.BLOCKED: OutcomeWords(
        later("Blocked by GitHub"),
        "blocked by GitHub",
        later("Not available on GitHub"),
        later("GitHub does not show this repository, so nothing of it is shown here either."),
        later("not available"),
    ),
    Outcome.FORBIDDEN: OutcomeWords(
        later("Not allowed to look"),
        "closed to our token",
        later("GitHub did not let us in"),
        later(
            "Its owner limits who may read it by machine. It is asked again every night; "
            "until GitHub answers, nothing is known about it."
        ),
    ),
    Outcome.UNREACHABLE: OutcomeWords(
        later("Not answered yet"),
        "not answered",
        later("GitHub has not answered yet"),
        later("It is asked again every night; until GitHub answers, nothing is known about it."),
    ),
    Outcome.SKIPPED: OutcomeWords(
        later("Waiting for its first look"),
        "left for the next run",
        later("Waiting for its first look"),
        later("This project was listed lately. Its facts appear after the next nightly run."),
    ),
}


# What programs are told: "gone" is said only of what was there.
NamedOutcome = Outcome | Literal["not_found"]


def state_of(outcome: Outcome, ever_found: bool) -> NamedOutcome:
    """Name an outcome for programs; a name that GitHub never knew is "not_found"."""
    return "not_found" if outcome is Outcome.GONE and not ever_found else outcome


def words_of(outcome: Outcome, ever_found: bool) -> OutcomeWords:
    """Choose the words for an outcome.

    Args:
        outcome: how the last look ended.
        ever_found: whether GitHub ever showed us the repository.
    """
    never = None if ever_found else _NEVER_FOUND.get(outcome)
    return never or _KNOWN[outcome]


_SILENT: Mapping[Outcome, str] = {
    Outcome.SKIPPED: later("not asked"),
    Outcome.UNREACHABLE: later("not answered"),
    Outcome.FORBIDDEN: later("forbidden"),
}


@dataclass(frozen=True, slots=True)
class Silence:
    """Entries about which the last run learnt nothing, of one kind."""

    outcome: Outcome
    count: int
    since: datetime | None  # since when the one that waits longest has waited

    @property
    def words(self) -> str:
        """Say what kind it is: not asked, not answered, forbidden."""
        return say(_SILENT[self.outcome])


def silences(standings: Iterable[tuple[Outcome, datetime | None]]) -> tuple[Silence, ...]:
    """Count the entries that gave no answer, by kind.

    Args:
        standings: of every entry how its last look ended, and since when it stands so.
    """
    waiting: dict[Outcome, list[datetime | None]] = defaultdict(list)
    for outcome, since in standings:
        waiting[outcome].append(since)
    return tuple(
        Silence(outcome, len(found), min((s for s in found if s), default=None))
        for outcome in _SILENT
        if (found := waiting[outcome])
    )
