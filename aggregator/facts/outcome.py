"""How a look at one registry entry can end."""

from enum import StrEnum


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
